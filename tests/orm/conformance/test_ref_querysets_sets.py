"""none(), all(), union(), intersection() and difference().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#union
"""

from typing import Any

import pytest

from raystack_orm import (
    DatabaseError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    models,
)
from raystack_orm.models import Count, F, Value
from raystack_orm.models.functions import Lower
from raystack_orm.testing import assert_num_queries


class River(models.Model):
    name = models.CharField(max_length=20)
    length = models.IntegerField()

    class Meta:
        app_label = "conf_sets"


class Lake(models.Model):
    name = models.CharField(max_length=20)
    depth = models.IntegerField()

    class Meta:
        app_label = "conf_sets"
        ordering = ("-name",)


@pytest.fixture(autouse=True)
def waters(db: str) -> None:
    """Three rivers and two lakes; one name in both."""
    for number, name in enumerate(["aare", "brda", "cher"], 1):
        River.objects.create(name=name, length=number)
    for number, name in enumerate(["brda", "como"], 1):
        Lake.objects.create(name=name, depth=number)


def rivers(*names: str) -> Any:
    return River.objects.filter(name__in=names)


def names(found: Any) -> list[str]:
    return [water.name for water in found]


def test_none_is_empty_and_runs_no_query() -> None:
    with assert_num_queries(0):
        empty = River.objects.none()
        assert list(empty) == []
        assert empty.count() == 0
        assert not empty.exists()
        assert empty.first() is None
        assert list(empty.filter(name="aare").order_by("name").values("name")[:2]) == []
        assert empty.update(name="x") == 0
        assert empty.aggregate(Count("pk")) == {"pk__count": 0}
        assert list(empty.iterator()) == []
        assert empty.in_bulk() == {}


def test_none_deletes_nothing() -> None:
    assert River.objects.none().delete()[0] == 0
    assert River.objects.count() == 3


def test_none_is_an_empty_queryset() -> None:
    from raystack_orm.models.query import EmptyQuerySet

    assert isinstance(River.objects.none(), EmptyQuerySet)
    assert not isinstance(River.objects.all(), EmptyQuerySet)


def test_get_on_none_does_not_exist() -> None:
    with pytest.raises(River.DoesNotExist):
        River.objects.none().get()


def test_all_is_a_copy() -> None:
    found = River.objects.filter(name="aare")
    assert found.all() is not found
    assert names(found.all()) == ["aare"]


def test_union_joins_the_results_in_one_query() -> None:
    with assert_num_queries(1):
        found = rivers("aare").union(rivers("brda"), rivers("cher"))
        assert sorted(names(found)) == ["aare", "brda", "cher"]


def test_union_drops_duplicates_unless_all_are_wanted() -> None:
    twice = rivers("aare", "brda"), rivers("brda")
    assert sorted(names(twice[0].union(twice[1]))) == ["aare", "brda"]
    assert sorted(names(twice[0].union(twice[1], all=True))) == ["aare", "brda", "brda"]


def test_intersection_and_difference() -> None:
    one, other = rivers("aare", "brda"), rivers("brda", "cher")
    assert names(one.intersection(other)) == ["brda"]
    assert names(one.difference(other)) == ["aare"]
    assert names(one.difference(rivers("aare"), rivers("brda"))) == []
    assert names(one.intersection(other, rivers("brda"))) == ["brda"]


def test_the_first_queryset_gives_the_model() -> None:
    found = River.objects.values_list("name", "length").union(
        Lake.objects.order_by().values_list("name", "depth")
    )
    assert sorted(found) == [("aare", 1), ("brda", 1), ("brda", 2), ("cher", 3), ("como", 2)]


def test_the_column_names_are_those_of_the_first() -> None:
    found = River.objects.values("length").union(Lake.objects.order_by().values("depth"))
    assert sorted(row["length"] for row in found) == [1, 2, 3]


def test_values_of_different_models_combine_with_intersection_and_difference() -> None:
    lakes = Lake.objects.order_by().values_list("name", flat=True)
    river_names = River.objects.values_list("name", flat=True)
    assert list(river_names.intersection(lakes)) == ["brda"]
    assert sorted(river_names.difference(lakes)) == ["aare", "cher"]


def test_a_combined_queryset_can_be_ordered_and_sliced() -> None:
    found = rivers("aare", "brda").union(rivers("cher"))
    assert names(found.order_by("-name")) == ["cher", "brda", "aare"]
    assert names(found.order_by("-name")[1:]) == ["brda", "aare"]
    assert names(found.order_by("length")[:1]) == ["aare"]
    assert names(found.order_by("name").reverse()) == ["cher", "brda", "aare"]


def test_a_combined_queryset_can_be_counted_and_tested() -> None:
    found = rivers("aare", "brda").union(rivers("brda", "cher"))
    with assert_num_queries(1):
        assert found.count() == 3
    assert found.exists()
    assert not rivers("aare").intersection(rivers("brda")).exists()


def test_values_after_a_union_choose_the_columns() -> None:
    found = rivers("aare").union(rivers("brda"))
    assert list(found.order_by("name").values_list("name", flat=True)) == ["aare", "brda"]
    assert list(found.order_by("name").values("length")) == [{"length": 1}, {"length": 2}]


def test_annotations_and_constants_combine() -> None:
    found = (
        River.objects.annotate(kind=Value("river"))
        .values_list("name", "kind")
        .union(Lake.objects.order_by().annotate(kind=Value("lake")).values_list("name", "kind"))
    )
    assert ("como", "lake") in set(found)
    assert len(found) == 5


def test_order_by_an_annotation_of_a_union() -> None:
    found = (
        rivers("aare").annotate(low=Lower("name")).union(rivers("cher").annotate(low=Lower("name")))
    )
    assert names(found.order_by("-low")) == ["cher", "aare"]


def test_combining_with_none_leaves_it_out() -> None:
    none = River.objects.none()
    assert names(rivers("aare").union(none)) == ["aare"]
    assert names(none.union(rivers("aare"))) == ["aare"]
    assert names(none.union(none)) == []
    assert names(rivers("aare").intersection(none)) == []
    assert names(rivers("aare").difference(none)) == ["aare"]
    assert names(none.difference(rivers("aare"))) == []


def test_a_union_can_be_nested() -> None:
    inner = rivers("aare").union(rivers("brda"))
    assert sorted(names(inner.union(rivers("cher")))) == ["aare", "brda", "cher"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("filter", {"name": "aare"}),
        ("exclude", {"name": "aare"}),
        ("annotate", {"x": Value(1)}),
        ("alias", {"x": Value(1)}),
        ("defer", "name"),
        ("only", "name"),
        ("delete", None),
        ("update", {"name": "x"}),
        ("distinct", None),
        ("select_related", None),
        ("get", {"name": "aare"}),
    ],
)
def test_other_methods_are_not_supported_after_a_combination(name: str, arguments: Any) -> None:
    found = rivers("aare").union(rivers("brda"))
    with pytest.raises(NotSupportedError):
        if isinstance(arguments, dict):
            getattr(found, name)(**arguments)
        elif arguments:
            getattr(found, name)(arguments)
        else:
            getattr(found, name)()


def test_order_by_names_must_be_in_the_result() -> None:
    with pytest.raises(DatabaseError):
        list(River.objects.values("name").union(River.objects.values("name")).order_by("length"))


def test_a_combination_can_be_the_right_side_of_in(db: str) -> None:
    found = River.objects.filter(
        pk__in=rivers("aare").values("pk").union(rivers("cher").values("pk"))
    )
    assert sorted(names(found)) == ["aare", "cher"]


def test_first_and_last_of_an_ordered_union() -> None:
    found = rivers("aare", "brda").union(rivers("cher")).order_by("name")
    assert found.first().name == "aare"
    assert found.last().name == "cher"


def test_iterator_of_a_union() -> None:
    found = rivers("aare").union(rivers("cher")).order_by("name")
    assert names(found.iterator()) == ["aare", "cher"]


def test_an_expression_orders_by_the_column_of_the_first() -> None:
    found = rivers("aare", "cher").union(rivers("brda")).order_by(F("length").desc())
    assert names(found) == ["cher", "brda", "aare"]


def test_earliest_and_latest_of_a_union() -> None:
    found = rivers("aare", "brda").union(rivers("cher"))
    assert found.earliest("length").name == "aare"
    assert found.latest("length").name == "cher"


def test_parts_with_different_numbers_of_columns_are_the_databases_error(db: str) -> None:
    error = ProgrammingError if db == "postgresql" else OperationalError
    with pytest.raises(error):
        list(River.objects.values("name", "length").union(Lake.objects.values("name")))
