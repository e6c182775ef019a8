"""Database routers: which database a query goes to.

https://docs.djangoproject.com/en/stable/topics/db/multi-db/#automatic-database-routing
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.testing import override_settings


class Author(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_routers"


class Tag(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_routers"


class Book(models.Model):
    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, null=True)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = "c1_routers"


class Split:
    """Read from one database, write to the other."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "other" if model is Tag else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "default" if model is Tag else None

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        return True if isinstance(obj1, Tag) or isinstance(obj2, Tag) else None


class Follow:
    """Do as the hint says, else write elsewhere."""

    seen: list[Any] = []  # noqa: RUF012 - a test's notes

    def db_for_write(self, model: Any, instance: Any = None, **hints: Any) -> str | None:
        self.seen.append((model, instance))
        return "other" if model is Author else None


@pytest.fixture
def split(two_dbs: str) -> Iterator[None]:
    with override_settings(DATABASE_ROUTERS=[Split()]):
        yield


def test_a_router_sends_reads_and_writes_apart(split: None) -> None:
    tag = Tag.objects.create(name="t")
    assert tag._state.db == "default"
    assert Tag.objects.count() == 0
    assert Tag.objects.using("default").count() == 1
    assert Tag.objects.db == "other"


def test_a_router_without_an_opinion_leaves_the_default(split: None) -> None:
    assert Author.objects.create(name="ann")._state.db == "default"
    assert Author.objects.count() == 1


def test_using_comes_before_the_router(split: None) -> None:
    Tag.objects.using("other").create(name="t")
    assert Tag.objects.count() == 1


def test_a_router_may_allow_relations_across(split: None) -> None:
    book = Book.objects.using("default").create(title="x")
    tag = Tag.objects.using("other").create(name="t")
    Tag.objects.using("default").create(pk=tag.pk, name="t")
    book.tags.add(tag)
    assert book.tags.through.objects.using("default").count() == 1


def test_update_and_get_or_create_write_where_the_router_says(split: None) -> None:
    tag, created = Tag.objects.get_or_create(name="t")
    assert (tag._state.db, created) == ("default", True)
    assert Tag.objects.update(name="u") == 1
    assert Tag.objects.using("default").get().name == "u"


def test_routers_are_asked_with_the_instance(two_dbs: str) -> None:
    Follow.seen.clear()
    with override_settings(DATABASE_ROUTERS=[Follow()]):
        ann = Author(name="ann")
        ann.save()
    assert ann._state.db == "other"
    assert Follow.seen == [(Author, ann)]


def test_routers_are_asked_in_their_order(two_dbs: str) -> None:
    class First:
        def db_for_write(self, model: Any, **hints: Any) -> str:
            return "other"

    class Second(First):
        def db_for_write(self, model: Any, **hints: Any) -> str:
            return "default"

    for routers, expected in (((First, Second), "other"), ((Second, First), "default")):
        with override_settings(DATABASE_ROUTERS=[router() for router in routers]):
            assert Author.objects.create(name="a")._state.db == expected


def test_async_methods_take_using(two_dbs: str, run: Callable[..., Any]) -> None:
    async def work() -> None:
        ann = await Author.objects.using("other").acreate(name="ann")
        await ann.asave(using="default", force_insert=True)
        assert await Author.objects.acount() == 1
        assert await Author.objects.using("other").acount() == 1

    run(work())
