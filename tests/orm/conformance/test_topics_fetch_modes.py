"""Fetch modes: what is loaded when an attribute is missing.

https://docs.djangoproject.com/en/stable/topics/db/fetch-modes/
Here FETCH_PEERS is the default: see the notes on differences.
"""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.exceptions import FieldFetchBlocked
from raystack_orm.testing import assert_num_queries


class Country(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_fetch"


class Author(models.Model):
    name = models.CharField(max_length=20)
    country = models.ForeignKey(Country, models.CASCADE, null=True)

    class Meta:
        app_label = "c1_fetch"


class RaisingManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().fetch_mode(models.FETCH_RAISE)


class Book(models.Model):
    title = models.CharField(max_length=20)
    blurb = models.TextField(default="")
    author = models.ForeignKey(Author, models.CASCADE, null=True)

    objects = models.Manager()
    strict = RaisingManager()

    class Meta:
        app_label = "c1_fetch"
        ordering = ("pk",)


class Cover(models.Model):
    book = models.OneToOneField(Book, models.CASCADE)

    class Meta:
        app_label = "c1_fetch"


@pytest.fixture(autouse=True)
def books(db: str) -> list[Book]:
    country = Country.objects.create(name="X")
    made = []
    for name in ("a", "b", "c"):
        author = Author.objects.create(name=name, country=country)
        book = Book.objects.create(title=name, author=author, blurb=name * 3)
        Cover.objects.create(book=book)
        made.append(book)
    return made


def test_fetch_one_asks_for_each(db: str) -> None:
    with assert_num_queries(4):
        for book in Book.objects.fetch_mode(models.FETCH_ONE):
            assert book.author.name == book.title


def test_fetch_peers_asks_once_for_all(db: str) -> None:
    with assert_num_queries(2):
        for book in Book.objects.fetch_mode(models.FETCH_PEERS):
            assert book.author.name == book.title


def test_fetch_raise_refuses(db: str) -> None:
    book = Book.objects.fetch_mode(models.FETCH_RAISE)[0]
    with assert_num_queries(0), pytest.raises(FieldFetchBlocked, match="author"):
        book.author  # noqa: B018 - reading it is what is refused


def test_the_default_here_is_fetch_peers(db: str) -> None:
    with assert_num_queries(2):
        assert [book.author.name for book in Book.objects.all()] == ["a", "b", "c"]


def test_the_mode_goes_along_a_tree_of_relations(db: str) -> None:
    with assert_num_queries(3):
        for book in Book.objects.fetch_mode(models.FETCH_PEERS):
            assert book.author.country.name == "X"


def test_the_mode_goes_to_objects_of_related_managers(db: str) -> None:
    author = Author.objects.fetch_mode(models.FETCH_RAISE).first()
    book = author.book_set.get()
    with pytest.raises(FieldFetchBlocked):
        book.cover  # noqa: B018 - reading it is what is refused


@pytest.mark.parametrize(("mode", "queries"), [("FETCH_ONE", 4), ("FETCH_PEERS", 2)])
def test_deferred_fields(db: str, mode: str, queries: int) -> None:
    with assert_num_queries(queries):
        for book in Book.objects.defer("blurb").fetch_mode(getattr(models, mode)):
            assert book.blurb == book.title * 3


def test_deferred_fields_may_be_blocked(db: str) -> None:
    book = Book.objects.only("title").fetch_mode(models.FETCH_RAISE)[0]
    with pytest.raises(FieldFetchBlocked, match="blurb"):
        book.blurb  # noqa: B018 - reading it is what is refused


@pytest.mark.parametrize(("mode", "queries"), [("FETCH_ONE", 4), ("FETCH_PEERS", 2)])
def test_the_reverse_of_one_to_one(db: str, mode: str, queries: int) -> None:
    with assert_num_queries(queries):
        for book in Book.objects.fetch_mode(getattr(models, mode)):
            assert book.cover.book_id == book.pk


@pytest.mark.parametrize(("mode", "queries"), [("FETCH_ONE", 4), ("FETCH_PEERS", 2)])
def test_one_to_one(db: str, mode: str, queries: int) -> None:
    with assert_num_queries(queries):
        for cover in Cover.objects.fetch_mode(getattr(models, mode)):
            assert cover.book.pk == cover.book_id


def test_what_was_selected_along_is_not_fetched(db: str) -> None:
    with assert_num_queries(1):
        for book in Book.objects.select_related("author").fetch_mode(models.FETCH_RAISE):
            assert book.author.name


def test_what_was_prefetched_is_not_fetched(db: str) -> None:
    with assert_num_queries(2):
        for book in Book.objects.prefetch_related("author").fetch_mode(models.FETCH_RAISE):
            assert book.author.name


def test_nulls_are_not_fetched(db: str) -> None:
    Book.objects.update(author=None)
    with assert_num_queries(1):
        for book in Book.objects.fetch_mode(models.FETCH_RAISE):
            assert book.author is None


def test_a_manager_makes_a_mode_the_default_of_a_model(db: str) -> None:
    with pytest.raises(FieldFetchBlocked):
        Book.strict.first().author  # noqa: B018 - reading it is what is refused


def test_the_last_mode_of_a_chain_counts(db: str) -> None:
    query = Book.objects.fetch_mode(models.FETCH_RAISE).fetch_mode(models.FETCH_ONE)
    assert query.filter(title="a").get().author.name == "a"


def test_peers_that_are_gone_are_not_loaded(db: str) -> None:
    first = Book.objects.fetch_mode(models.FETCH_PEERS)[0]
    with assert_num_queries(1):
        assert first.author.name == "a"


def test_a_single_object_has_no_peers(db: str) -> None:
    book = Book.objects.fetch_mode(models.FETCH_PEERS).get(title="b")
    with assert_num_queries(1):
        assert book.author.name == "b"


def test_the_mode_survives_pickling(db: str) -> None:
    book = pickle.loads(pickle.dumps(Book.objects.fetch_mode(models.FETCH_RAISE).first()))
    with pytest.raises(FieldFetchBlocked):
        book.author  # noqa: B018 - reading it is what is refused


def test_peers_are_dropped_by_pickling(db: str) -> None:
    first, *_ = pickle.loads(pickle.dumps(list(Book.objects.fetch_mode(models.FETCH_PEERS))))
    with assert_num_queries(1):
        assert first.author.name == "a"


def test_the_mode_of_an_instance_can_be_read(db: str) -> None:
    assert Book.objects.fetch_mode(models.FETCH_ONE).first()._state.fetch_mode is models.FETCH_ONE


def test_async_iteration_takes_the_mode(db: str, run: Callable[..., Any]) -> None:
    async def work() -> list[str]:
        query = Book.objects.fetch_mode(models.FETCH_RAISE).select_related("author")
        return [book.author.name async for book in query]

    assert run(work()) == ["a", "b", "c"]


def test_a_deleted_object_says_so_after_the_query_for_its_peers(db: str) -> None:
    first, second, _ = Book.objects.fetch_mode(models.FETCH_PEERS).defer("blurb").order_by("title")
    Book.objects.filter(pk=first.pk).delete()
    with assert_num_queries(1), pytest.raises(Book.DoesNotExist):
        first.blurb  # noqa: B018 - reading it is what fails
    with assert_num_queries(0):
        assert second.blurb == "bbb"
