"""Methods that read: count, in_bulk, iterator, latest, earliest, first, last, exists, contains.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#count
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, FieldError, models
from raystack_orm.models import Count, F, Max, Value
from raystack_orm.testing import assert_num_queries, capture_queries


class Race(models.Model):
    name = models.CharField(max_length=20)
    code = models.CharField(max_length=5, unique=True)
    held = models.DateField()
    closed = models.DateField(null=True)
    runners = models.ManyToManyField("Runner", related_name="races")

    class Meta:
        app_label = "conf_read"
        get_latest_by = "held"


class Runner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_read"
        ordering = ("-name",)


@pytest.fixture(autouse=True)
def races(db: str) -> None:
    """Three races: c is the latest, a and b were held on one day, b closed first."""
    for name, day, closed in (("a", 1, 9), ("b", 1, 8), ("c", 2, None)):
        Race.objects.create(
            name=name,
            code=name.upper(),
            held=dt.date(2024, 5, day),
            closed=closed and dt.date(2024, 5, closed),
        )
    for name in ("kim", "lee"):
        runner = Runner.objects.create(name=name)
        runner.races.set(Race.objects.filter(name__in=["a", "b"]))


def names(found: Any) -> str:
    return "".join(race.name for race in found)


def race(name: str) -> Race:
    return Race.objects.get(name=name)


@pytest.mark.parametrize(
    ("found", "number"),
    [
        (lambda: Race.objects.all(), 3),
        (lambda: Race.objects.filter(name="a"), 1),
        (lambda: Race.objects.filter(name="x"), 0),
        (lambda: Race.objects.all()[1:], 2),
        (lambda: Race.objects.all()[:0], 0),
        (lambda: Race.objects.filter(runners__name__gt="a"), 4),
        (lambda: Race.objects.filter(runners__name__gt="a").distinct(), 2),
        (lambda: Race.objects.values("held").distinct(), 2),
        (lambda: Race.objects.values("held").annotate(n=Count("pk")), 2),
        (lambda: Race.objects.annotate(n=Count("runners")).filter(n=2), 2),
        (lambda: Race.objects.order_by("name"), 3),
        (lambda: Race.objects.none(), 0),
    ],
)
def test_count_is_the_number_of_rows(found: Any, number: int) -> None:
    assert found().count() == number
    assert len(found()) == number
    assert found().exists() is (number > 0)


def test_count_takes_one_query_with_count_in_it() -> None:
    with assert_num_queries(1):
        assert Race.objects.count() == 3


def test_in_bulk_maps_keys_to_objects() -> None:
    a, b = race("a"), race("b")
    with assert_num_queries(1):
        assert Race.objects.in_bulk([a.pk, b.pk, 0]) == {a.pk: a, b.pk: b}
    assert set(Race.objects.in_bulk()) == {race.pk for race in Race.objects.all()}
    assert Race.objects.in_bulk((a.pk,)) == {a.pk: a}
    assert Race.objects.in_bulk({a.pk: 1}) == {a.pk: a}


def test_in_bulk_of_an_empty_list_runs_no_query() -> None:
    with assert_num_queries(0):
        assert Race.objects.in_bulk([]) == {}


def test_in_bulk_by_a_unique_field() -> None:
    assert Race.objects.in_bulk(["A", "Z"], field_name="code") == {"A": race("a")}
    assert set(Race.objects.in_bulk(field_name="code")) == {"A", "B", "C"}


def test_in_bulk_wants_a_unique_field() -> None:
    with pytest.raises(ValueError):
        Race.objects.in_bulk(["a"], field_name="name")


def test_in_bulk_by_the_only_distinct_field(db: str) -> None:
    if db != "postgresql":
        pytest.skip("distinct() with fields is PostgreSQL's")
    found = Race.objects.order_by("held", "name").distinct("held").in_bulk(field_name="held")
    assert {day.day: race.name for day, race in found.items()} == {1: "a", 2: "c"}


def test_in_bulk_after_values_maps_to_what_they_give() -> None:
    pk = race("a").pk
    assert Race.objects.values("name").in_bulk([pk]) == {pk: {"name": "a"}}
    assert Race.objects.values_list("name").in_bulk([pk]) == {pk: ("a",)}
    assert Race.objects.values_list("name", flat=True).in_bulk([pk]) == {pk: "a"}
    assert Race.objects.values("id", "name").in_bulk([pk]) == {pk: {"id": pk, "name": "a"}}


def test_in_bulk_of_a_slice_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Race.objects.all()[:1].in_bulk([1])


def test_iterator_yields_without_filling_the_cache() -> None:
    found = Race.objects.order_by("name")
    with assert_num_queries(2):
        rows = found.iterator()
        assert isinstance(rows, Iterator)
        assert names(rows) == "abc"
        assert names(found.iterator(chunk_size=1)) == "abc"
    with assert_num_queries(1):
        list(found)


def test_iterator_of_values() -> None:
    assert list(Race.objects.order_by("name").values_list("name", flat=True).iterator(2)) == [
        "a",
        "b",
        "c",
    ]


def test_iterator_with_prefetch_needs_a_chunk_size() -> None:
    found = Race.objects.order_by("name").prefetch_related("runners")
    with pytest.raises(ValueError):
        found.iterator()
    with assert_num_queries(3):  # the races, then the runners of two chunks
        races = list(found.iterator(chunk_size=2))
    with assert_num_queries(0):
        assert [len(race.runners.all()) for race in races] == [2, 2, 0]


@pytest.mark.parametrize("size", [0, -1])
def test_chunk_size_must_be_positive(size: int) -> None:
    with pytest.raises(ValueError):
        Race.objects.iterator(chunk_size=size)


@pytest.mark.parametrize(
    ("fields", "latest", "earliest"),
    [
        ([], "c", "ab"),
        (["held"], "c", "ab"),
        (["name"], "c", "a"),
        (["-name"], "a", "c"),
        (["held", "-name"], "c", "b"),
        (["-held", "name"], "b", "c"),
        ([F("held").asc(), F("name").desc()], "c", "b"),
    ],
)
def test_latest_and_earliest(fields: list[Any], latest: str, earliest: str) -> None:
    assert Race.objects.latest(*fields).name in latest
    assert Race.objects.earliest(*fields).name in earliest


def test_latest_ignores_the_order_and_obeys_the_filter() -> None:
    assert Race.objects.order_by("-name").latest("name").name == "c"
    assert Race.objects.filter(name__lt="c").latest("name").name == "b"
    assert Race.objects.annotate(up=F("name")).latest("up").name == "c"


def test_latest_of_nothing_does_not_exist() -> None:
    for method in ("latest", "earliest"):
        with pytest.raises(Race.DoesNotExist):
            getattr(Race.objects.filter(name="x"), method)()


def test_latest_without_get_latest_by_wants_a_field() -> None:
    for method in ("latest", "earliest"):
        with pytest.raises(ValueError):
            getattr(Runner.objects, method)()
        with pytest.raises(FieldError):
            getattr(Runner.objects, method)("nope")


def test_nulls_can_be_left_out_of_latest() -> None:
    assert Race.objects.filter(closed__isnull=False).latest("closed").name == "a"


def test_first_and_last_follow_the_order() -> None:
    assert Race.objects.order_by("name").first() == race("a")
    assert Race.objects.order_by("name").last() == race("c")
    assert Race.objects.order_by("-held", "-name").first() == race("c")
    assert Race.objects.order_by("-held", "-name").last() == race("a")


def test_first_and_last_use_the_key_without_an_order() -> None:
    assert Race.objects.first() == race("a")
    assert Race.objects.last() == race("c")
    assert Runner.objects.first().name == "lee"
    assert Runner.objects.last().name == "kim"


def test_first_of_a_cleared_order_does_not_order() -> None:
    """Then the database is free to give any row."""
    assert Race.objects.order_by().first() in Race.objects.all()
    assert Race.objects.order_by().last() in Race.objects.all()


def test_first_and_last_of_nothing_are_none() -> None:
    assert Race.objects.filter(name="x").first() is None
    assert Race.objects.filter(name="x").last() is None


def test_first_takes_one_query_and_one_of_a_slice_is_within_it() -> None:
    with assert_num_queries(1):
        Race.objects.first()
    assert Race.objects.order_by("name")[1:].first() == race("b")


def test_first_of_grouped_values_needs_an_order() -> None:
    grouped = Race.objects.values("held").annotate(n=Count("pk"))
    assert grouped.order_by("held").first() == {"held": dt.date(2024, 5, 1), "n": 2}
    with pytest.raises(TypeError):
        grouped.first()


def test_exists_takes_one_small_query() -> None:
    with assert_num_queries(1):
        assert Race.objects.filter(name="a").exists() is True
    with assert_num_queries(1):
        assert Race.objects.filter(name="x").exists() is False
    assert Race.objects.order_by("name")[2:].exists()
    assert not Race.objects.order_by("name")[3:].exists()


def test_contains_looks_for_one_object() -> None:
    a = race("a")
    with assert_num_queries(1):
        assert Race.objects.contains(a) is True
    assert Race.objects.exclude(name="a").contains(a) is False
    found = Race.objects.all()
    list(found)
    with assert_num_queries(0):
        assert found.contains(a)


def test_contains_of_another_model_is_false_without_a_query() -> None:
    runner = Runner.objects.first()
    with assert_num_queries(0):
        assert Race.objects.contains(runner) is False


def test_contains_refuses_unsaved_objects_values_and_others() -> None:
    with pytest.raises(ValueError):
        Race.objects.contains(Race())
    with pytest.raises(TypeError):
        Race.objects.contains("a")
    with pytest.raises(TypeError):
        Race.objects.values("name").contains(race("a"))


def test_explain_is_the_databases_text() -> None:
    with assert_num_queries(1):
        plan = Race.objects.filter(name="a").explain()
    assert isinstance(plan, str)
    assert plan


def test_explain_takes_the_formats_and_options_of_the_database(db: str) -> None:
    if db == "postgresql":
        assert '"Plan"' in Race.objects.explain(format="json")
        assert "Planning Time" in Race.objects.explain(analyze=True)
        assert "Output:" in Race.objects.explain(verbose=True, analyze=False)
    elif db == "mysql":
        assert "query_block" in Race.objects.explain(format="json")
        assert "r_rows" in Race.objects.explain(format="json", analyze=True)
        with pytest.raises(ValueError):
            Race.objects.explain(format="tree")  # MySQL's
    else:
        assert "SCAN" in Race.objects.explain()


def test_explain_refuses_unknown_formats_and_options() -> None:
    with pytest.raises(ValueError):
        Race.objects.explain(format="poem")
    with pytest.raises(ValueError):
        Race.objects.explain(**{"a; DROP TABLE x": True})
    with pytest.raises(ValueError):
        Race.objects.explain(poetic=True)


def test_aggregate_gives_a_dictionary() -> None:
    assert Race.objects.aggregate(Max("held"), n=Count("pk"), one=Count("pk") - 2) == {
        "held__max": dt.date(2024, 5, 2),
        "n": 3,
        "one": 1,
    }
    assert Race.objects.aggregate() == {}


def test_aggregate_wants_aggregates() -> None:
    with pytest.raises(TypeError):
        Race.objects.aggregate(x=F("name"))
    with pytest.raises(TypeError):
        Race.objects.aggregate(x=Value(1))
    with pytest.raises(TypeError):
        Race.objects.aggregate(Count("pk") + 1)


def test_in_bulk_by_a_field_that_is_not_there() -> None:
    with pytest.raises(FieldDoesNotExist):
        Race.objects.in_bulk(field_name="nope")


def test_first_and_last_sort_by_nothing_where_order_by_took_the_order_away() -> None:
    for found in (Race.objects.order_by().first, Race.objects.order_by().last):
        with capture_queries() as captured:
            assert found() is not None
        assert "ORDER BY" not in captured[0]["sql"]


def test_explain_of_nothing_asks_nothing() -> None:
    with assert_num_queries(0):
        assert Race.objects.none().explain() == ""
