"""Aggregation functions.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#aggregation-functions
"""

import datetime as dt
import sqlite3
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.models import (
    AnyValue,
    Avg,
    BitAnd,
    BitOr,
    BitXor,
    Count,
    F,
    Max,
    Min,
    Q,
    StdDev,
    StringAgg,
    Sum,
    Value,
    Variance,
)
from raystack_orm.models.functions import Coalesce, Length


class Sale(models.Model):
    item = models.CharField(max_length=10)
    pieces = models.IntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)
    weight = models.FloatField(null=True)
    sold = models.DateField()
    took = models.DurationField()
    empty = models.IntegerField(null=True)

    class Meta:
        app_label = "conf_aggregates"


@pytest.fixture(autouse=True)
def sales(db: str) -> None:
    """Four sales of two items."""
    for item, pieces, price, weight, day in (
        ("pear", 1, "1.50", 0.5, 1),
        ("pear", 3, "2.50", 1.5, 2),
        ("plum", 3, "4.00", None, 3),
        ("plum", 5, "8.00", 4.0, 4),
    ):
        Sale.objects.create(
            item=item,
            pieces=pieces,
            price=Decimal(price),
            weight=weight,
            sold=dt.date(2026, 1, day),
            took=dt.timedelta(minutes=pieces),
        )


def total(aggregate: Any, found: Any = None) -> Any:
    rows = Sale.objects.all() if found is None else found
    return rows.aggregate(value=aggregate)["value"]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (Count("pk"), 4),
        (Count("*"), 4),
        (Count("weight"), 3),
        (Count("item", distinct=True), 2),
        (Count("pieces", filter=Q(item="pear")), 2),
        (Count("empty"), 0),
        (Sum("pieces"), 12),
        (Sum("pieces", distinct=True), 9),
        (Sum("price"), Decimal("16.00")),
        (Sum("weight"), 6.0),
        (Sum("took"), dt.timedelta(minutes=12)),
        (Sum("pieces", filter=Q(item="plum", pieces__gt=3)), 5),
        (Sum(F("pieces") * F("price")), Decimal("61.00")),
        (Sum("empty"), None),
        (Sum("empty", default=0), 0),
        (Sum("pieces", filter=Q(item="kiwi")), None),
        (Sum("pieces", filter=Q(item="kiwi"), default=7), 7),
        (Avg("pieces"), 3.0),
        (Avg("pieces", distinct=True), 3.0),
        (Avg("weight"), 2.0),
        (Avg("price"), Decimal("4.00")),
        (Avg("took"), dt.timedelta(minutes=3)),
        (Avg("pieces", filter=Q(item="pear")), 2.0),
        (Avg("empty"), None),
        (Avg("empty", default=1.5), 1.5),
        (Min("pieces"), 1),
        (Max("pieces"), 5),
        (Min("price"), Decimal("1.50")),
        (Max("item"), "plum"),
        (Min("sold"), dt.date(2026, 1, 1)),
        (Max("sold", filter=Q(item="pear")), dt.date(2026, 1, 2)),
        (Max("took"), dt.timedelta(minutes=5)),
        (Max("empty", default=9), 9),
        (Min(Length("item")), 4),
        (Count("pk") * 2 + 1, 9),
        (Sum("pieces") / Count("pk"), 3),
        (Coalesce(Sum("empty"), 5), 5),
        (Max("pieces") - Min("pieces"), 4),
        (Count("pk", filter=~Q(item="pear")), 2),
        (Count("pk", filter=Q(pieces__gt=F("weight"))), 3),
    ],
)
def test_aggregates_over_all_rows(aggregate: Any, expected: Any) -> None:
    value = total(aggregate)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("aggregate", "alias"),
    [
        (Count("item"), "item__count"),
        (Sum("pieces"), "pieces__sum"),
        (Avg("pieces"), "pieces__avg"),
        (Min("pieces"), "pieces__min"),
        (Max("pieces"), "pieces__max"),
        (StdDev("pieces"), "pieces__stddev"),
        (Variance("pieces"), "pieces__variance"),
    ],
)
def test_the_default_alias(aggregate: Any, alias: str) -> None:
    assert list(Sale.objects.aggregate(aggregate)) == [alias]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (StdDev("pieces"), 1.4142),
        (StdDev("pieces", sample=True), 1.6330),
        (Variance("pieces"), 2.0),
        (Variance("pieces", sample=True), 2.6667),
        (StdDev("price"), 2.4749),
        (StdDev("pieces", filter=Q(item="pear")), 1.0),
    ],
)
def test_deviation_and_variance(aggregate: Any, expected: float) -> None:
    assert float(total(aggregate)) == pytest.approx(expected, abs=0.001)


def test_deviation_of_nothing_is_none_or_the_default() -> None:
    none = Sale.objects.filter(item="kiwi")
    assert total(StdDev("pieces"), none) is None
    assert total(Variance("pieces", default=3.0), none) == 3.0


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [(BitAnd("pieces"), 1), (BitOr("pieces"), 7), (BitXor("pieces"), 4)],
)
def test_bits(aggregate: Any, expected: int) -> None:
    assert total(aggregate) == expected


@pytest.mark.parametrize("aggregate", [BitAnd, BitOr, BitXor])
def test_bits_of_nothing(db: str, aggregate: Any) -> None:
    if db != "mysql":
        assert total(aggregate("empty")) is None
        assert total(aggregate("empty", default=5)) == 5
        return
    with pytest.raises(NotSupportedError):
        total(aggregate("empty", default=5))


def test_any_value_is_one_of_the_values(db: str) -> None:
    if db != "sqlite":
        with pytest.raises(NotSupportedError):  # PostgreSQL has it from 16, MariaDB not at all
            total(AnyValue("item"))
        return
    assert total(AnyValue("item")) in {"pear", "plum"}
    assert total(AnyValue("empty", default=3)) == 3
    rows = Sale.objects.values("item").annotate(day=AnyValue("sold"), n=Count("pk"))
    assert {row["n"] for row in rows} == {2}


def needs_order(db: str) -> None:
    if db == "sqlite" and sqlite3.sqlite_version_info < (3, 44):
        pytest.skip("SQLite orders inside of aggregates from 3.44")


def test_string_agg_joins_texts(db: str) -> None:
    needs_order(db)
    assert total(StringAgg("item", Value("-"), order_by="pk")) == "pear-pear-plum-plum"
    assert total(StringAgg("item", delimiter=Value(", "), order_by=["-item", "pk"])) == (
        "plum, plum, pear, pear"
    )
    assert total(StringAgg("item", Value("|"), order_by="pk", filter=Q(pieces__gt=2))) == (
        "pear|plum|plum"
    )


def test_string_agg_distinct_default_and_empty() -> None:
    assert total(StringAgg("item", Value(","), distinct=True)) in {"pear,plum", "plum,pear"}
    nothing = Sale.objects.filter(item="kiwi")
    assert total(StringAgg("item", Value(",")), nothing) is None
    assert total(StringAgg("item", Value(","), default=Value("none")), nothing) == "none"


def test_string_agg_of_groups(db: str) -> None:
    needs_order(db)
    rows = Sale.objects.values("item").annotate(
        days=StringAgg(
            models.functions.Cast("pieces", models.CharField(max_length=5)),
            Value("+"),
            order_by=F("pieces").desc(),
        )
    )
    assert list(rows.order_by("item").values_list("item", "days")) == [
        ("pear", "3+1"),
        ("plum", "5+3"),
    ]


def test_an_empty_queryset_gives_none_or_the_default() -> None:
    assert Sale.objects.none().aggregate(
        n=Count("pk"), total=Sum("pieces"), more=Sum("pieces", default=0), low=Min("sold")
    ) == {"n": 0, "total": None, "more": 0, "low": None}


def test_the_default_may_be_an_expression() -> None:
    assert total(Max("empty", default=Value(4) + 1)) == 5


def test_count_has_no_default() -> None:
    with pytest.raises(TypeError):
        Count("pk", default=1)


@pytest.mark.parametrize("aggregate", [StdDev, Variance, Max, Min])
def test_distinct_is_refused_where_it_makes_no_sense(aggregate: Any) -> None:
    with pytest.raises(TypeError):
        aggregate("pieces", distinct=True)


def test_order_by_is_refused_where_the_order_does_not_matter() -> None:
    with pytest.raises(TypeError):
        Sum("pieces", order_by="pk")


def test_star_takes_no_filter() -> None:
    with pytest.raises(ValueError):
        Count("*", filter=Q(item="pear"))


def test_an_aggregate_of_an_aggregate_is_an_error() -> None:
    with pytest.raises(FieldError):
        Sale.objects.annotate(n=Count("pk")).annotate(bad=Sum(Max("pieces")))
    with pytest.raises(FieldError):
        Sale.objects.annotate(n=Count("pk")).annotate(bad=Sum("n"))


def test_a_later_aggregate_may_use_an_earlier_one() -> None:
    assert Sale.objects.aggregate(total=Sum("pieces"), double=F("total") * 2) == {
        "total": 12,
        "double": 24,
    }


def test_an_aggregate_in_filter_needs_an_annotation() -> None:
    rows = Sale.objects.values("item").annotate(total=Sum("pieces")).filter(total__gt=4)
    assert [row["item"] for row in rows] == ["plum"]


def test_an_unknown_field_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        Sale.objects.aggregate(Sum("nope"))


def test_a_set_of_rows_can_be_annotated_before() -> None:
    rows = Sale.objects.annotate(value=F("pieces") + 1)
    assert rows.aggregate(Sum("value")) == {"value__sum": 16}
    assert rows.filter(value__gt=4).aggregate(Avg("value")) == {"value__avg": 6.0}


@pytest.mark.parametrize("aggregate", [Sum, Avg, StdDev, Variance])
def test_sqlite_computes_with_no_dates(db: str, aggregate: Any) -> None:
    if db != "sqlite":
        pytest.skip("SQLite has text for dates")
    with pytest.raises(NotSupportedError):
        Sale.objects.aggregate(aggregate("sold"))


class Vote(models.Model):
    yes = models.BooleanField()

    class Meta:
        app_label = "conf_aggregates"


def test_true_counts_as_one_where_booleans_are_numbers(db: str) -> None:
    if db == "postgresql":
        pytest.skip("Its booleans are no numbers")
    for yes in (True, True, False):
        Vote.objects.create(yes=yes)
    assert Vote.objects.aggregate(Sum("yes"))["yes__sum"] == 2
    assert Vote.objects.aggregate(Avg("yes"))["yes__avg"] == pytest.approx(2 / 3, abs=1e-4)


def test_what_has_no_type_of_its_own_is_added_up_as_it_is_told() -> None:
    mixed = Sum(F("pieces") + F("weight") + F("price"), output_field=models.FloatField())
    assert Sale.objects.aggregate(mixed=mixed)["mixed"] == pytest.approx(27)
