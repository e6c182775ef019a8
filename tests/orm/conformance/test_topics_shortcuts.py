"""topics/http/shortcuts: those that concern models."""

import asyncio
from typing import Any

import pytest
from fastapi import HTTPException
from loops import run
from press import Article, Author

from raystack_orm.models import Q
from raystack_orm.shortcuts import (
    aget_list_or_404,
    aget_object_or_404,
    get_list_or_404,
    get_object_or_404,
)


@pytest.fixture
def ann(db: str) -> Author:
    author = Author.objects.create(name="Ann")
    for title in ("One", "Two"):
        Article.objects.create(title=title, author=author)
    return author


def sources(ann: Author) -> list[Any]:
    return [Article, Article.objects, ann.articles, Article.objects.filter(views=0)]


def test_the_one_object(ann: Author) -> None:
    """Of a model, a manager, a related manager or a QuerySet."""
    for source in sources(ann):
        assert get_object_or_404(source, title="One").title == "One"
        assert get_object_or_404(source, Q(title="Two"), author=ann).title == "Two"

    async def main() -> list[str]:
        return [(await aget_object_or_404(source, title="One")).title for source in sources(ann)]

    assert run(main) == ["One"] * 4


def test_none_is_404(ann: Author) -> None:
    for source in sources(ann):
        for function in (get_object_or_404, get_list_or_404):
            with pytest.raises(HTTPException) as caught:
                function(source, title="Three")
            assert caught.value.status_code == 404
            assert caught.value.detail == "No Article matches the given query."
        for asynchronous in (aget_object_or_404, aget_list_or_404):
            with pytest.raises(HTTPException):
                asyncio.run(asynchronous(source, title="Three"))


def test_several_are_an_error(ann: Author) -> None:
    """As with get()."""
    with pytest.raises(Article.MultipleObjectsReturned):
        get_object_or_404(Article, author=ann)


def test_a_list(ann: Author) -> None:
    found = get_list_or_404(Article.objects.order_by("title"), author=ann)

    assert [article.title for article in found] == ["One", "Two"]
    assert asyncio.run(aget_list_or_404(Article.objects.order_by("title"), author=ann)) == found


@pytest.mark.parametrize("wrong", ["Article", Q(title="One"), int])
def test_only_models_managers_and_querysets(wrong: Any) -> None:
    with pytest.raises(ValueError, match="should be a model, a manager or a QuerySet"):
        get_object_or_404(wrong, pk=1)
    with pytest.raises(ValueError, match="aget_list_or_404"):
        asyncio.run(aget_list_or_404(wrong, pk=1))
