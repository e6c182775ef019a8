"""Loading values again: deleted attributes and ``refresh_from_db()``.

https://docs.djangoproject.com/en/stable/ref/models/instances/#refreshing-objects-from-database
"""

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, FieldError, models
from raystack_orm.models import F, Value
from raystack_orm.testing import assert_num_queries


class ActiveManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(active=True)


class Shelf(models.Model):
    name = models.CharField(max_length=50)
    note = models.TextField(default="")
    code = models.UUIDField(default=uuid.uuid4)

    class Meta:
        app_label = "c1_refreshing"


class Book(models.Model):
    title = models.CharField(max_length=50)
    pages = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, null=True)

    objects = models.Manager()
    active_books = ActiveManager()

    class Meta:
        app_label = "c1_refreshing"

    @cached_property
    def double(self) -> int:
        return self.pages * 2


class Eager(models.Model):
    a = models.IntegerField(default=1)
    b = models.IntegerField(default=2)
    c = models.IntegerField(default=3)

    class Meta:
        app_label = "c1_refreshing"

    def refresh_from_db(self, using: Any = None, fields: Any = None, **kwargs: Any) -> None:
        if fields is not None:
            fields = set(fields)
            deferred = self.get_deferred_fields()
            if fields & deferred:
                fields |= deferred
        super().refresh_from_db(using, fields, **kwargs)


def test_deleting_an_attribute_makes_the_next_access_load_it(db: str) -> None:
    shelf = Shelf.objects.create(name="poems")
    Shelf.objects.update(name="novels")
    del shelf.name
    with assert_num_queries(1):
        assert shelf.name == "novels"
    with assert_num_queries(0):
        assert shelf.name == "novels"


def test_refresh_from_db_reloads_all_fields_in_one_query(db: str) -> None:
    book = Book.objects.create(title="x", pages=1)
    Book.objects.filter(pk=book.pk).update(pages=F("pages") + 1, title="y")
    assert book.pages == 1
    with assert_num_queries(1):
        book.refresh_from_db()
    assert (book.pages, book.title) == (2, "y")


def test_refresh_from_db_reloads_the_given_fields_only(db: str) -> None:
    book = Book.objects.create(title="x", pages=1)
    Book.objects.update(pages=2, title="y")
    book.refresh_from_db(fields=["pages"])
    assert (book.pages, book.title) == (2, "x")


def test_no_fields_to_refresh_are_no_query(db: str) -> None:
    book = Book.objects.create(title="x")
    with assert_num_queries(0):
        book.refresh_from_db(fields=[])


def test_deferred_fields_are_not_reloaded(db: str) -> None:
    Book.objects.create(title="x", pages=1)
    book = Book.objects.defer("pages").get()
    book.refresh_from_db()
    assert book.get_deferred_fields() == {"pages"}


def test_refresh_from_db_clears_cached_relations(db: str) -> None:
    poems, novels = Shelf.objects.create(name="poems"), Shelf.objects.create(name="novels")
    book = Book.objects.create(title="x", shelf=poems)
    Book.objects.update(shelf=novels)
    book.refresh_from_db()
    with assert_num_queries(1):
        assert book.shelf == novels


def test_refresh_from_db_clears_a_relation_whose_key_is_unchanged(db: str) -> None:
    book = Book.objects.create(title="x", shelf=Shelf.objects.create(name="poems"))
    Shelf.objects.update(name="novels")
    book.refresh_from_db()
    assert book.shelf.name == "novels"


def test_refresh_from_db_clears_prefetched_objects(db: str) -> None:
    shelf = Shelf.objects.create(name="poems")
    loaded = Shelf.objects.prefetch_related("book_set").get()
    assert list(loaded.book_set.all()) == []
    Book.objects.create(title="x", shelf=shelf)
    loaded.refresh_from_db()
    assert loaded.book_set.count() == 1


def test_annotations_are_not_reloaded(db: str) -> None:
    Book.objects.create(title="x")
    book = Book.objects.annotate(extra=Value(1)).get()
    book.extra = 5
    book.refresh_from_db()
    assert book.extra == 5


def test_cached_properties_are_not_cleared(db: str) -> None:
    book = Book.objects.create(title="x", pages=2)
    assert book.double == 4
    Book.objects.update(pages=5)
    book.refresh_from_db()
    assert (book.pages, book.double) == (5, 4)


def test_refreshing_what_is_gone_raises_does_not_exist(db: str) -> None:
    book = Book.objects.create(title="x")
    Book.objects.all().delete()
    with pytest.raises(Book.DoesNotExist):
        book.refresh_from_db()


def test_refreshing_an_unknown_field_is_an_error(db: str) -> None:
    book = Book.objects.create(title="x")
    with pytest.raises((FieldDoesNotExist, FieldError)):
        book.refresh_from_db(fields=["titel"])


def test_refreshing_uses_the_base_manager(db: str) -> None:
    book = Book.objects.create(title="x", active=False)
    Book.objects.update(pages=3)
    book.refresh_from_db()
    assert book.pages == 3


def test_from_queryset_takes_the_place_of_the_base_manager(db: str) -> None:
    book = Book.objects.create(title="x", active=False)
    with pytest.raises(Book.DoesNotExist):
        book.refresh_from_db(from_queryset=Book.active_books.all())


def test_from_queryset_may_load_related_objects_along(db: str) -> None:
    book = Book.objects.create(title="x", shelf=Shelf.objects.create(name="poems"))
    with assert_num_queries(1):
        book.refresh_from_db(from_queryset=Book.objects.select_related("shelf"))
        assert book.shelf.name == "poems"


def test_from_queryset_may_lock_the_row(db: str) -> None:
    book = Book.objects.create(title="x")
    book.refresh_from_db(from_queryset=Book.objects.select_for_update())
    assert book.title == "x"


def test_fields_may_name_a_relation_or_its_attribute(db: str) -> None:
    poems, novels = Shelf.objects.create(name="poems"), Shelf.objects.create(name="novels")
    book = Book.objects.create(title="x", shelf=poems)
    Book.objects.update(shelf=novels)
    book.refresh_from_db(fields=["shelf"])
    assert book.shelf_id == novels.pk


def test_arefresh_from_db(db: str, run: Callable[..., Any]) -> None:
    book = Book.objects.create(title="x")
    Book.objects.update(title="y", pages=2)
    run(book.arefresh_from_db(fields=["pages"]))
    assert (book.title, book.pages) == ("x", 2)
    run(book.arefresh_from_db())
    assert book.title == "y"


def test_arefresh_from_db_takes_a_queryset(db: str, run: Callable[..., Any]) -> None:
    book = Book.objects.create(title="x", active=False)
    with pytest.raises(Book.DoesNotExist):
        run(book.arefresh_from_db(from_queryset=Book.active_books.all()))


def test_an_overridden_refresh_decides_how_deferred_fields_load(db: str) -> None:
    Eager.objects.create()
    eager = Eager.objects.only("a").get()
    with assert_num_queries(1):
        assert (eager.b, eager.c) == (2, 3)


def test_get_deferred_fields_names_attributes(db: str) -> None:
    Book.objects.create(title="x")
    book = Book.objects.only("title").get()
    assert book.get_deferred_fields() == {"pages", "active", "shelf_id"}
    assert Book.objects.get().get_deferred_fields() == set()
    assert book.pages == 0
    assert book.get_deferred_fields() == {"active", "shelf_id"}


def test_from_queryset_asks_the_database_that_the_object_came_from(two_dbs: str) -> None:
    shelf = Shelf.objects.using("other").create(name="a")
    Shelf.objects.using("other").update(name="b")
    shelf.refresh_from_db(from_queryset=Shelf.objects.using("default"))
    assert shelf.name == "b"
