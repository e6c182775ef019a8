"""Lookups of arrays, ranges and stores of keys, as Django documents them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.types.range import Range
from vendors import only

from raystack_orm import FieldError, connections, create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.models import Func, Value
from raystack_orm.postgres import fields

DAY = dt.date(2026, 1, 10)
MOMENT = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)


class Box(models.Model):
    name = models.CharField(max_length=10)
    tags = fields.ArrayField(models.CharField(max_length=10), null=True)
    grid = fields.ArrayField(fields.ArrayField(models.IntegerField()), null=True)
    ages = fields.IntegerRangeField(null=True)
    days = fields.DateRangeField(null=True)
    period = fields.DateTimeRangeField(null=True)
    words = fields.HStoreField(null=True)
    count = models.SmallIntegerField(null=True)
    ratio = models.FloatField(null=True)
    moment = models.DateTimeField(null=True)

    class Meta:
        app_label = "boxes"


@pytest.fixture
def boxes(database: Configuration) -> Iterator[None]:
    with configured(database):
        connections["default"].write("CREATE EXTENSION IF NOT EXISTS hstore", ())
        create_all([Box])
        Box.objects.create(
            name="a",
            tags=["x", "y"],
            grid=[[1, 2], [3, 4]],
            ages=(1, 10),
            days=(DAY, DAY + dt.timedelta(5)),
            period=(MOMENT, MOMENT + dt.timedelta(1)),
            words={"k": "v", "n": None},
            count=5,
            ratio=0.5,
            moment=MOMENT,
        )
        Box.objects.create(
            name="b",
            tags=["y", "z", "w"],
            ages=Range(10, None),
            days=Range(empty=True),
            words={"other": "v"},
            count=50,
        )
        Box.objects.create(name="c", tags=[])
        Box.objects.create(name="d")
        yield
        drop_all([Box])


@only("postgresql")
@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("tags__contains", ["y"], "ab"),
        ("tags__contains", ["y", "x"], "a"),
        ("tags__contained_by", ["x", "y"], "ac"),
        ("tags__overlap", ["x", "z"], "ab"),
        ("tags__len", 2, "a"),
        ("tags__len__gte", 0, "abc"),
        ("tags__0", "y", "b"),
        ("tags__1__startswith", "z", "b"),
        ("tags__0_2", ["y", "z"], "b"),
        ("tags__0_1__contains", ["x"], "a"),
        ("tags__in", [["x", "y"], []], "ac"),
        ("grid__1__0", 3, "a"),
        ("ages__contains", 5, "a"),
        ("ages__contains", (2, 4), "a"),
        ("ages__contains", Range(20, 30), "b"),
        ("ages__contained_by", (0, 20), "a"),
        ("ages__overlap", (9, 12), "ab"),
        ("ages__fully_lt", (10, 12), "a"),
        ("ages__fully_gt", (0, 1), "ab"),
        ("ages__not_lt", (5, 7), "b"),
        ("ages__not_gt", (5, 10), "a"),
        ("ages__adjacent_to", (10, 12), "a"),
        ("ages__startswith", 1, "a"),
        ("ages__endswith__lt", 11, "a"),
        ("ages__upper_inf", True, "b"),
        ("ages__lower_inf", False, "ab"),
        ("ages__lower_inc", True, "ab"),
        ("ages__upper_inc", False, "ab"),
        ("days__isempty", True, "b"),
        ("days__contains", DAY, "a"),
        ("period__contains", MOMENT, "a"),
        ("period__contains", MOMENT + dt.timedelta(1), ""),
        ("words__contains", {"k": "v"}, "a"),
        ("words__contained_by", {"k": "v", "n": None, "more": "x"}, "a"),
        ("words__has_key", "other", "b"),
        ("words__has_keys", ["k", "n"], "a"),
        ("words__has_any_keys", ["k", "other"], "ab"),
        ("words__k", "v", "a"),
        ("words__k__contains", "v", "a"),
        ("words__keys__contains", ["k"], "a"),
        ("words__values__contains", ["v"], "ab"),
        ("count__contained_by", (1, 10), "a"),
        ("ratio__contained_by", (0, 1), "a"),
        ("moment__contained_by", (MOMENT, None), "a"),
    ],
)
def test_lookups(boxes: None, db: str, lookup: str, value: Any, expected: str) -> None:
    """Twice: the second time the plan is in the cache."""
    for _ in range(2):
        found = Box.objects.filter(**{lookup: value}).order_by("name")
        assert "".join(box.name for box in found) == expected


@only("postgresql")
def test_one_plan_fits_other_values(boxes: None, db: str) -> None:
    """Another value, another index, another key are not mixed up."""
    assert Box.objects.filter(ages__contains=5).count() == 1
    assert Box.objects.filter(ages__contains=50).get().name == "b"
    assert Box.objects.filter(tags__0="x").get().name == "a"
    assert Box.objects.filter(tags__1="x").count() == 0
    assert Box.objects.filter(words__k="v").count() == 1
    assert Box.objects.filter(words__other="v").get().name == "b"


@only("postgresql")
def test_functions_make_ranges_with_bounds(boxes: None, db: str) -> None:
    """RangeBoundary says which ends belong to it."""
    made = Func(
        Value(1),
        Value(5),
        fields.RangeBoundary(inclusive_lower=False, inclusive_upper=True),
        function="numrange",
        output_field=fields.DecimalRangeField(),
    )

    assert Box.objects.annotate(range=made).values_list("range", flat=True)[0] == Range(1, 5, "(]")


@only("postgresql")
def test_what_is_no_lookup_of_an_array_is_named(boxes: None, db: str) -> None:
    """As for every field."""
    with pytest.raises(FieldError):
        list(Box.objects.filter(tags__nothing=1))


@only("postgresql")
def test_a_key_is_bound(boxes: None, db: str) -> None:
    """SQ-07: whatever it is called, it is a key."""
    assert not Box.objects.filter(**{"words__k' OR '1'='1": "v"}).exists()
