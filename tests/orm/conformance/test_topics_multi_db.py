"""Several databases: ``using``, and relations across.

https://docs.djangoproject.com/en/stable/topics/db/multi-db/
"""

from typing import Any

import pytest

from raystack_orm import connections, models, transaction
from raystack_orm.exceptions import ConnectionDoesNotExist
from raystack_orm.models import Q
from raystack_orm.testing import assert_num_queries


class Author(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_multi_db"


class Tag(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_multi_db"


class BookManager(models.Manager):
    def create_book(self, title: str) -> "Book":
        book = self.model(title=title)
        book.save(using=self.db)
        return book


class OtherManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().using("other")


class Book(models.Model):
    title = models.CharField(max_length=50)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, null=True)
    tags = models.ManyToManyField(Tag)

    objects = BookManager()
    elsewhere = OtherManager()

    class Meta:
        app_label = "c1_multi_db"


def test_using_selects_the_database_of_a_queryset(two_dbs: str) -> None:
    Author.objects.using("other").create(name="ann")
    assert Author.objects.count() == 0
    assert Author.objects.using("default").count() == 0
    assert Author.objects.using("other").get().name == "ann"
    assert Author.objects.using("other").db == "other"


def test_using_may_come_at_any_point_of_a_chain(two_dbs: str) -> None:
    Author.objects.using("other").create(name="ann")
    assert Author.objects.filter(name="ann").using("other").exists()
    assert Author.objects.using("other").filter(name="ann").using("default").count() == 0


def test_objects_remember_where_they_come_from(two_dbs: str) -> None:
    Author.objects.using("other").create(name="ann")
    ann = Author.objects.using("other").get()
    assert ann._state.db == "other"
    ann.name = "bob"
    ann.save()
    assert Author.objects.using("other").get().name == "bob"
    ann.refresh_from_db()
    assert ann.name == "bob"


def test_save_takes_using(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="other")
    assert ann._state.db == "other"
    assert Author.objects.count() == 0


def test_saving_into_a_second_database_keeps_the_key(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="default")
    ann.save(using="other")
    assert Author.objects.using("other").get(pk=ann.pk).name == "ann"


def test_a_cleared_key_makes_a_new_object_there(two_dbs: str) -> None:
    Author.objects.using("other").create(name="there")
    ann = Author(name="ann")
    ann.save(using="default")
    ann.pk = None
    ann.save(using="other")
    assert Author.objects.using("other").count() == 2


def test_force_insert_avoids_overwriting(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="default")
    ann.save(using="other", force_insert=True)
    assert Author.objects.using("other").count() == 1


def test_delete_uses_the_objects_database(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="default")
    ann.save(using="other")
    Author.objects.using("other").get().delete()
    assert (Author.objects.count(), Author.objects.using("other").count()) == (1, 0)


def test_delete_takes_using(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="other")
    ann.save(using="default")
    ann.delete(using="other")
    assert (Author.objects.count(), Author.objects.using("other").count()) == (1, 0)


def test_db_manager_gives_a_manager_of_another_database(two_dbs: str) -> None:
    book = Book.objects.db_manager("other").create_book("On databases")
    assert book._state.db == "other"
    assert Book.objects.db_manager("other").count() == 1
    assert Book.objects.db == "default"
    assert Book.objects.db_manager("other").db == "other"


def test_a_managers_get_queryset_may_choose(two_dbs: str) -> None:
    Book.objects.using("other").create(title="there")
    assert Book.elsewhere.get().title == "there"
    assert Book.objects.count() == 0


def test_relations_are_loaded_from_the_same_database(two_dbs: str) -> None:
    ann = Author.objects.using("other").create(name="ann")
    Book.objects.using("other").create(title="x", author=ann)
    book = Book.objects.using("other").get()
    with assert_num_queries(0), assert_num_queries(1, using="other"):
        assert book.author._state.db == "other"
    assert ann.book_set.get() == book
    assert ann.book_set.create(title="y")._state.db == "other"


def test_related_managers_take_using(two_dbs: str) -> None:
    ann = Author(name="ann")
    ann.save(using="default")
    ann.save(using="other")
    Book.objects.using("other").create(title="x", author_id=ann.pk)
    home = Author.objects.get()
    assert home.book_set.count() == 0
    assert home.book_set.using("other").count() == 1
    assert home.book_set.db_manager("other").count() == 1


def test_relations_across_databases_are_refused(two_dbs: str) -> None:
    ann = Author.objects.using("other").create(name="ann")
    book = Book.objects.create(title="x")
    with pytest.raises(ValueError, match=r"."):
        book.author = ann
    tag = Tag.objects.using("other").create(name="t")
    with pytest.raises(ValueError, match=r"."):
        book.tags.add(tag)
    with pytest.raises(ValueError, match=r"."):
        ann.book_set.add(book)


@pytest.mark.parametrize("alias", ["default", "other"])
def test_a_subquery_on_another_database_is_refused_when_the_query_runs(
    two_dbs: str, alias: str
) -> None:
    elsewhere = {"default": "other", "other": "default"}[alias]
    ann = Author.objects.using(elsewhere).create(name="ann")
    inner = Author.objects.using(elsewhere)
    for found in (
        Book.objects.filter(author__in=inner),
        Book.objects.filter(author_id__in=inner.values("id")),
        Book.objects.exclude(author__in=Author.objects.db_manager(elsewhere).all()),
        Book.objects.filter(Q(title="x") | Q(author__in=inner)),
    ):
        with pytest.raises(ValueError, match="list"):
            list(found.using(alias))
        assert list(found.using(elsewhere)) == []
    assert list(Book.objects.using(alias).filter(author__in=list(inner))) == []
    assert list(inner) == [ann]


def test_a_subquery_that_names_no_database_runs_where_the_query_runs(two_dbs: str) -> None:
    book = Book.objects.using("other").create(
        title="x", author=Author.objects.using("other").create(name="ann")
    )
    found = Book.objects.filter(author__in=Author.objects.filter(name="ann"))
    assert list(found) == []
    assert list(found.using("other")) == [book]


def test_a_new_object_takes_its_relations_database(two_dbs: str) -> None:
    ann = Author.objects.using("other").create(name="ann")
    book = Book(title="x", author=ann)
    assert book._state.db == "other"
    book.save()
    assert Book.objects.using("other").count() == 1


def test_prefetch_and_select_related_stay_on_the_database(two_dbs: str) -> None:
    ann = Author.objects.using("other").create(name="ann")
    book = Book.objects.using("other").create(title="x", author=ann)
    book.tags.add(Tag.objects.using("other").create(name="t"))
    with assert_num_queries(2, using="other"):
        found = Book.objects.using("other").select_related("author").prefetch_related("tags").get()
        assert found.author._state.db == "other"
        assert found.tags.all()[0]._state.db == "other"


def test_querysets_of_two_databases_do_not_mix(two_dbs: str) -> None:
    inner = Author.objects.using("other").all()
    with pytest.raises(ValueError, match=r"."):
        list(Book.objects.using("default").filter(author__in=inner))


def test_atomic_speaks_of_one_database(two_dbs: str) -> None:
    with pytest.raises(KeyError), transaction.atomic(using="other"):
        Author.objects.create(name="kept")
        Author.objects.using("other").create(name="lost")
        raise KeyError
    assert Author.objects.count() == 1
    assert Author.objects.using("other").count() == 0


def test_connections_by_alias(two_dbs: str) -> None:
    assert set(connections) >= {"default", "other"}
    assert connections["other"].alias == "other"
    assert connections["other"].vendor == "sqlite"
    with connections["other"].cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone()[0] == 1


def test_an_unknown_alias_is_an_error(two_dbs: str) -> None:
    with pytest.raises(ConnectionDoesNotExist, match="nowhere"):
        list(Author.objects.using("nowhere"))
    with pytest.raises(ConnectionDoesNotExist):
        connections["nowhere"]


class Told(models.Func):
    """An expression that notes which database its SQL is for."""

    function = "UPPER"
    cacheable = False
    alias = ""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        type(self).alias = compiler.using
        return super().as_sql(compiler, connection, **context)


def test_an_expressions_sql_is_told_the_database(two_dbs: str) -> None:
    """Also where the SQL is only shown."""
    asked = Author.objects.annotate(told=Told("name"))

    list(asked)
    assert Told.alias == "default"
    list(asked.using("other"))
    assert Told.alias == "other"
    list(asked)
    str(asked.using("other").query)
    assert Told.alias == "other"
