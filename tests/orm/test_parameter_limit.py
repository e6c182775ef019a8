"""A database takes so many parameters in a statement, and lists are divided to fit."""

import sqlite3
from collections.abc import Iterator

import pytest
from press import Article, Author, Tag

from raystack_orm import models
from raystack_orm.databases import connections
from raystack_orm.models import Q

LIMIT = 120
ROWS = 250


@pytest.fixture(autouse=True)
def limited(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that takes 120 parameters; SQLite refuses more of them itself."""
    connection = connections["default"]
    author = Author.objects.create(name="Ann")
    articles = Article.objects.bulk_create(
        Article(title=str(n), author=author, views=n) for n in range(ROWS)
    )
    tag = Tag.objects.create(name="a")
    tag.articles.add(*articles)
    monkeypatch.setattr(connection.driver, "max_query_params", LIMIT)
    if db != "sqlite":
        yield
        return
    raw = connection.held
    usual = raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, LIMIT)
    yield
    raw.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)


def keys() -> list[int]:
    return list(Article.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("number", [64, 65, 120])
def test_a_list_is_not_padded_beyond_the_limit(number: int) -> None:
    """Of 65 values the plan would otherwise be one for 128."""
    for _ in range(2):
        assert Article.objects.filter(pk__in=keys()[:number]).count() == number


def test_two_lists_that_fit_together_stay_together() -> None:
    """Padded, each of 40 values would be one of 64."""
    found = Article.objects.filter(Q(pk__in=keys()[:40]) | Q(views__in=range(50, 90)))

    assert found.count() == 80


def test_in_bulk() -> None:
    assert len(Article.objects.in_bulk(keys())) == ROWS


def test_a_deferred_field_of_many_peers() -> None:
    found = list(Article.objects.fetch_mode(models.FETCH_PEERS).only("views"))

    assert sorted(int(article.title) for article in found) == list(range(ROWS))


def test_the_related_object_of_many_peers_is_one() -> None:
    found = list(Article.objects.fetch_mode(models.FETCH_PEERS))

    assert len({id(article.author) for article in found}) == 1


def test_prefetching_what_many_instances_have() -> None:
    """Each instance gets what is its own, in the order that was asked for."""
    found = list(Article.objects.order_by("views").prefetch_related("tags", "comments", "author"))

    assert [[tag.name for tag in article.tags.all()] for article in found] == [["a"]] * ROWS
    assert [list(article.comments.all()) for article in found] == [[]] * ROWS
    assert {article.author.name for article in found} == {"Ann"}


def test_deleting_many() -> None:
    Article.objects.all().delete()

    assert not Article.objects.exists()
