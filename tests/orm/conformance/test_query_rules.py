"""Rules of queries that Django keeps without a page of their own: groups, subqueries, unions.

https://docs.djangoproject.com/en/stable/topics/db/aggregation/
"""

import pickle
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import DatabaseError, FieldDoesNotExist, FieldError, connection, models
from raystack_orm.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value
from raystack_orm.testing import assert_num_queries


class Yard(models.Model):
    name = models.CharField(max_length=20)
    rank = models.IntegerField(default=0)

    class Meta:
        app_label = "query_rules"
        ordering = ("-name",)


class Ship(models.Model):
    name = models.CharField(max_length=20)
    tons = models.IntegerField()
    yard = models.ForeignKey(Yard, on_delete=models.CASCADE, related_name="ships")
    built = models.DateField(null=True)

    class Meta:
        app_label = "query_rules"


class Dock(models.Model):
    pk = models.CompositePrimaryKey("harbour", "number")
    harbour = models.IntegerField()
    number = models.IntegerField()
    label = models.CharField(max_length=10, default="")

    class Meta:
        app_label = "query_rules"


@pytest.fixture(autouse=True)
def fleet(db: str) -> None:
    """Two yards: one with three ships, one with one, and an idle one."""
    north, south = Yard.objects.create(name="north", rank=1), Yard.objects.create(name="south")
    Yard.objects.create(name="idle")
    for name, tons, yard in (("a", 10, north), ("b", 20, north), ("c", 20, north), ("d", 5, south)):
        Ship.objects.create(name=name, tons=tons, yard=yard)


def test_count_counts_the_groups_that_values_made() -> None:
    """What is grouped by stays in the query that is counted; aggregates that are unused go."""
    groups = Ship.objects.values(heavy=F("tons") / 10).annotate(number=Count("*"))

    assert groups.count() == len(groups) == 3


def test_a_sort_key_is_a_group_in_count_too() -> None:
    by_yard = Ship.objects.values("yard__name").annotate(number=Count("pk"))

    assert by_yard.order_by("tons").count() == len(by_yard.order_by("tons")) == 3


def test_an_existing_subquery_is_grouped_by_as_a_whole() -> None:
    """Not by the outer columns that it refers to."""
    has_heavy = Exists(Ship.objects.filter(yard=OuterRef("pk"), tons__gte=20))

    found = Yard.objects.values(heavy=has_heavy).annotate(number=Count("pk")).order_by("heavy")

    assert list(found.values_list("heavy", "number")) == [(False, 2), (True, 1)]


def test_an_aggregates_filter_may_refer_to_an_annotated_aggregate() -> None:
    yards = Yard.objects.annotate(most=Max("ships__tons"))

    assert yards.aggregate(n=Count("pk", filter=Q(most__gte=F("rank"))))["n"] == 2
    assert yards.aggregate(n=Count("pk", filter=Q(most__in=[F("rank"), 5])))["n"] == 1


def test_an_aggregate_of_an_aggregate_of_the_same_call_is_an_error() -> None:
    with pytest.raises(FieldError, match="is an aggregate"):
        Ship.objects.aggregate(total=Sum("tons"), more=Sum("total"))


def test_a_subquery_in_an_annotated_query_selects_the_key() -> None:
    """Annotations do not make it a query of several columns."""
    busy = Yard.objects.annotate(number=Count("ships")).filter(number__gt=2).order_by("number")

    assert [s.name for s in Ship.objects.filter(yard__in=busy).order_by("name")] == ["a", "b", "c"]


def test_slices_of_other_sizes_are_other_queries() -> None:
    """The plan of one is not the plan of the other with the first one's numbers in it."""
    for number in (1, 2, 3):
        part = Ship.objects.order_by("name")[number:4]
        assert part.count() == 4 - number
        named = Ship.objects.filter(name__in=list(part.values_list("name", flat=True)))
        assert named.count() == 4 - number
        assert Yard.objects.filter(Exists(Ship.objects.all()[number * 2 - 1 :])).exists() == (
            number < 3
        )


def test_a_sliced_query_can_be_joined_by_or() -> None:
    first = Ship.objects.filter(tons=20).order_by("name")

    if connection.driver.allow_sliced_subqueries_with_in:
        assert {s.name for s in first[:1] | Ship.objects.filter(tons=5)} == {"b", "d"}
    with pytest.raises(TypeError):
        _ = first[:1] & Ship.objects.all()


def test_exists_of_nothing_is_false() -> None:
    nothing = Exists(Ship.objects.none())

    assert Yard.objects.annotate(any=nothing).filter(any=False).count() == 3
    assert Yard.objects.filter(~nothing).count() == 3
    assert Yard.objects.annotate(any=nothing, number=Count("ships")).count() == 3


def test_an_order_may_come_of_the_outer_query() -> None:
    better = (
        Yard.objects.annotate(lead=F("rank") - OuterRef("rank"))
        .order_by("-lead")
        .values("lead")[:1]
    )

    found = Yard.objects.annotate(lead=Subquery(better)).order_by("name")

    assert [yard.lead for yard in found] == [1, 0, 1]


def test_a_combined_query_has_the_models_order() -> None:
    found = Yard.objects.filter(rank=1).union(Yard.objects.filter(name__in=["idle", "south"]))

    assert [yard.name for yard in found] == ["south", "north", "idle"]
    assert [yard.name for yard in found.order_by("name")] == ["idle", "north", "south"]


def test_a_combined_query_is_sorted_by_what_it_does_not_select() -> None:
    """A field, an annotation or an expression is selected in all parts, and left out again."""
    parts = [Ship.objects.annotate(x=Value(n)).filter(tons=t) for n, t in ((2, 10), (1, 5))]
    both = parts[0].union(parts[1])

    assert list(both.order_by("x").values_list("name", flat=True)) == ["d", "a"]
    assert list(both.order_by(F("x") * F("tons")).values_list("name", flat=True)) == ["d", "a"]
    with pytest.raises(DatabaseError):
        list(Ship.objects.values("name").union(Ship.objects.values("name")).order_by("tons"))


def test_names_of_a_combined_query_are_those_that_were_asked_for() -> None:
    found = Ship.objects.values(label=F("name")).union(Yard.objects.values(other=F("name")))

    assert {row["label"] for row in found.order_by("label")} >= {"a", "north"}
    assert {row["name"] for row in found.values("name")} >= {"a", "north"}


def test_defer_checks_the_whole_path() -> None:
    with pytest.raises(FieldDoesNotExist):
        list(Ship.objects.defer("yard__nothing"))
    with pytest.raises(FieldError):
        list(Ship.objects.defer("name__nothing"))


def test_a_subquery_is_pickled_without_being_run() -> None:
    has = Exists(Ship.objects.filter(yard=OuterRef("pk")))

    again: Any = pickle.loads(pickle.dumps(has))
    with assert_num_queries(1):
        assert Yard.objects.filter(again).count() == 2


def test_named_rows_can_be_pickled() -> None:
    row = Ship.objects.values_list("name", "tons", named=True).get(name="a")

    assert pickle.loads(pickle.dumps(row)) == row == ("a", 10)


def test_an_iterator_may_be_compared_with() -> None:
    found = Ship.objects.annotate(weight=F("tons")).filter(weight__in=iter([5, 10]))

    assert (found.count(), found.count()) == (2, 2)


def test_a_decimal_divides_as_a_fraction() -> None:
    ship = Ship.objects.annotate(part=F("tons") / Value(Decimal("3.0"), models.DecimalField())).get(
        name="a"
    )

    assert round(ship.part, 2) == Decimal("3.33")


def test_or_joins_again_for_each_filter_of_the_other_side() -> None:
    """Two filters of one side speak of two rows, also when joined with another query."""
    one = Yard.objects.filter(ships__tons=5)
    two = Yard.objects.filter(ships__name="a").filter(ships__name="b")

    assert {yard.name for yard in one | two} == {"north", "south"}


def test_in_bulk_keeps_the_order_of_the_keys() -> None:
    keys = list(Ship.objects.order_by("-name").values_list("pk", flat=True))

    assert list(Ship.objects.in_bulk(keys)) == keys


def test_updating_by_an_annotation_of_a_related_row_is_an_error() -> None:
    with pytest.raises(FieldError):
        Ship.objects.annotate(where=F("yard__name")).update(name=F("where"))


def test_a_composite_key_is_compared_with_keys_alone() -> None:
    Dock.objects.create(harbour=1, number=1)
    Dock.objects.create(harbour=1, number=2)

    assert Dock.objects.filter(pk__gt=Subquery(Dock.objects.values("pk")[:1])).count() == 1
    assert Dock.objects.values("pk").annotate(most=Max("number")).first()["pk"] == (1, 1)
    with pytest.raises(ValueError, match="CompositePrimaryKey"):
        Dock.objects.filter(label=F("pk"))
    with pytest.raises(ValueError, match="selected fields"):
        Dock.objects.filter(pk__in=Dock.objects.values("pk", "label"))
    with pytest.raises(FieldError):
        Dock.objects.update(label=F("pk"))
