"""Database access optimization: what costs a query, and what does not.

https://docs.djangoproject.com/en/stable/topics/db/optimization/
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import F, prefetch_related_objects
from raystack_orm.testing import assert_num_queries


class Blog(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_costs"


class Entry(models.Model):
    headline = models.CharField(max_length=50)
    blog = models.ForeignKey(Blog, models.CASCADE)
    authors = models.ManyToManyField("Author")
    rating = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_costs"
        ordering = ("pk",)


class Author(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_costs"


@pytest.fixture(autouse=True)
def entries(db: str) -> list[Entry]:
    made = []
    for number in range(3):
        blog = Blog.objects.create(name=f"b{number}")
        entry = Entry.objects.create(headline=f"e{number}", blog=blog)
        entry.authors.add(Author.objects.create(name=f"a{number}"))
        made.append(entry)
    return made


def test_querysets_are_lazy(db: str) -> None:
    with assert_num_queries(0):
        query = Entry.objects.filter(headline="x").exclude(rating=1).order_by("headline")
    with assert_num_queries(1):
        list(query)


def test_a_queryset_remembers_its_result(db: str) -> None:
    query = Entry.objects.all()
    with assert_num_queries(1):
        assert len(query) == 3
        assert bool(query) is True
        assert [entry.headline for entry in query] == ["e0", "e1", "e2"]
        assert query[1].headline == "e1"


def test_relations_are_cached_but_managers_are_not(db: str) -> None:
    entry = Entry.objects.get(headline="e0")
    with assert_num_queries(1):
        assert entry.blog is entry.blog
    with assert_num_queries(2):
        list(entry.authors.all())
        list(entry.authors.all())


def test_iterator_does_not_remember(db: str) -> None:
    query = Entry.objects.all()
    with assert_num_queries(2):
        assert len(list(query.iterator())) == 3
        assert len(list(query)) == 3


def test_explain_tells_the_plan(db: str) -> None:
    with assert_num_queries(1):
        assert isinstance(Entry.objects.filter(headline="x").explain(), str)


def test_work_is_done_in_the_database(db: str) -> None:
    with assert_num_queries(1):
        Entry.objects.update(rating=F("rating") + 1)
    assert set(Entry.objects.values_list("rating", flat=True)) == {1}


def test_select_related_is_one_query(db: str) -> None:
    with assert_num_queries(1):
        assert [entry.blog.name for entry in Entry.objects.select_related("blog")] == [
            "b0",
            "b1",
            "b2",
        ]


def test_prefetch_related_is_one_query_per_relation(db: str) -> None:
    with assert_num_queries(3):
        for entry in Entry.objects.prefetch_related("authors", "blog"):
            assert entry.authors.all()[0].name
            assert entry.blog.name


def test_prefetch_related_objects_loads_for_objects_at_hand(db: str) -> None:
    found = list(Entry.objects.all())
    with assert_num_queries(1):
        prefetch_related_objects(found, "authors")
    with assert_num_queries(0):
        assert [entry.authors.all()[0].name for entry in found] == ["a0", "a1", "a2"]


def test_values_make_no_objects(db: str) -> None:
    with assert_num_queries(1):
        assert Entry.objects.values_list("headline", "blog__name")[0] == ("e0", "b0")


def test_deferred_columns_cost_a_query_when_read(db: str) -> None:
    with assert_num_queries(2):
        assert Entry.objects.defer("headline").first().headline == "e0"


@pytest.mark.parametrize(
    "work",
    [
        lambda entry: Entry.objects.contains(entry),
        lambda entry: Entry.objects.count(),
        lambda entry: Entry.objects.filter(pk=entry.pk).exists(),
    ],
)
def test_contains_count_and_exists_are_one_query(entries: list[Entry], work: Any) -> None:
    with assert_num_queries(1):
        assert work(entries[0])


def test_contains_count_and_exists_use_a_loaded_result(entries: list[Entry]) -> None:
    query = Entry.objects.all()
    list(query)
    with assert_num_queries(0):
        assert query.contains(entries[0])
        assert query.count() == 3
        assert query.exists() is True


def test_update_and_delete_in_bulk(db: str) -> None:
    with assert_num_queries(1):
        assert Entry.objects.filter(rating=0).update(rating=5) == 3
    with assert_num_queries(3):  # select, the relation to authors, the entries
        assert Entry.objects.filter(rating=5).delete()[0] == 6


def test_a_foreign_keys_value_costs_nothing(db: str) -> None:
    entry = Entry.objects.first()
    with assert_num_queries(0):
        assert entry.blog_id


def test_order_can_be_removed(db: str) -> None:
    assert Entry.objects.order_by().ordered is False
    assert Entry.objects.all().ordered is True


def test_bulk_create_is_one_query(db: str) -> None:
    blog = Blog.objects.first()
    with assert_num_queries(1):
        Entry.objects.bulk_create([Entry(headline=str(n), blog=blog) for n in range(50)])


def test_bulk_update_is_one_query(entries: list[Entry]) -> None:
    for entry in entries:
        entry.headline = "new"
    with assert_num_queries(1):
        assert Entry.objects.bulk_update(entries, ["headline"]) == 3


def test_many_relations_are_added_in_one_query(entries: list[Entry]) -> None:
    authors = Author.objects.bulk_create([Author(name=str(n)) for n in range(10)])
    through = Entry.authors.through
    pairs = [
        through(entry_id=entry.pk, author_id=author.pk)
        for entry in entries
        for author in Author.objects.filter(name__in=[author.name for author in authors])
    ]
    with assert_num_queries(1):
        through.objects.bulk_create(pairs, ignore_conflicts=True)
    assert through.objects.count() == 33


def test_many_relations_are_removed_in_two_queries(entries: list[Entry]) -> None:
    authors = list(Author.objects.all())
    with assert_num_queries(1):
        entries[0].authors.remove(*authors)


def test_aprefetch_related_objects(db: str, run: Callable[..., Any]) -> None:
    async def work() -> list[str]:
        found = [entry async for entry in Entry.objects.all()]
        await models.aprefetch_related_objects(found, "authors")
        return [entry.authors.all()[0].name for entry in found]

    assert run(work()) == ["a0", "a1", "a2"]
