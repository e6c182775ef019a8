"""HStoreField and range fields, on PostgreSQL.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.range import DateRange
from vendors import only

from raystack_orm import ValidationError, models
from raystack_orm.models import F, Func, Value
from raystack_orm.postgres.fields import (
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    HStoreField,
    IntegerRangeField,
    RangeBoundary,
    RangeOperators,
)
from raystack_orm.testing import override_settings

pytestmark = only("postgresql")


class Dog(models.Model):
    name = models.CharField(max_length=20)
    data = HStoreField(null=True)

    class Meta:
        app_label = "c1_pg"
        required_db_vendor = "postgresql"
        ordering = ("pk",)


class Event(models.Model):
    name = models.CharField(max_length=20, default="")
    ages = IntegerRangeField(null=True)
    days = DateRangeField(null=True)
    times = DateTimeRangeField(null=True)
    prices = DecimalRangeField(null=True)
    big = BigIntegerRangeField(null=True)

    class Meta:
        app_label = "c1_pg"
        required_db_vendor = "postgresql"
        ordering = ("pk",)


@pytest.fixture
def dogs(db: str) -> list[Dog]:
    return [
        Dog.objects.create(name="Rufus", data={"breed": "labrador", "owner": "Bob"}),
        Dog.objects.create(name="Meg", data={"breed": "collie", "owner": "Bob"}),
        Dog.objects.create(name="Fred", data={}),
    ]


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"data__breed": "collie"}, ["Meg"]),
        ({"data__breed__contains": "l"}, ["Rufus", "Meg"]),
        ({"data__contains": {"owner": "Bob"}}, ["Rufus", "Meg"]),
        ({"data__contained_by": {"breed": "collie", "owner": "Bob"}}, ["Meg", "Fred"]),
        ({"data__has_key": "owner"}, ["Rufus", "Meg"]),
        ({"data__has_any_keys": ["owner", "x"]}, ["Rufus", "Meg"]),
        ({"data__has_keys": ["breed", "owner"]}, ["Rufus", "Meg"]),
        ({"data__keys__overlap": ["breed", "toy"]}, ["Rufus", "Meg"]),
        ({"data__values__contains": ["collie"]}, ["Meg"]),
        ({"data": {}}, ["Fred"]),
    ],
)
def test_hstore_lookups(dogs: list[Dog], lookups: dict[str, Any], expected: list[str]) -> None:
    assert [dog.name for dog in Dog.objects.filter(**lookups)] == expected


def test_hstore_keys_in_expressions(dogs: list[Dog]) -> None:
    assert Dog.objects.annotate(breed=F("data__breed"))[0].breed == "labrador"


def test_hstore_values_are_strings_or_null(db: str) -> None:
    Dog.objects.create(name="x", data={"a": None, "b": "1"})
    assert Dog.objects.get().data == {"a": None, "b": "1"}
    with pytest.raises(ValidationError):
        Dog(name="x", data={"a": 1}).full_clean()


AGES = [("a", (1, 5)), ("b", (5, 10)), ("c", (20, None))]


@pytest.fixture
def events(db: str) -> list[Event]:
    return [Event.objects.create(name=name, ages=ages) for name, ages in AGES]


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"ages__contains": 4}, ["a"]),
        ({"ages__contains": (6, 8)}, ["b"]),
        ({"ages__contained_by": (0, 11)}, ["a", "b"]),
        ({"ages__overlap": (4, 6)}, ["a", "b"]),
        ({"ages__fully_lt": (11, 15)}, ["a", "b"]),
        ({"ages__fully_gt": (11, 15)}, ["c"]),
        ({"ages__not_lt": (5, 7)}, ["b", "c"]),
        ({"ages__not_gt": (5, 7)}, ["a"]),
        ({"ages__adjacent_to": (10, 12)}, ["b"]),
        ({"ages__startswith": 5}, ["b"]),
        ({"ages__endswith": 5}, ["a"]),
        ({"ages__endswith__isnull": True}, ["c"]),
        ({"ages__isempty": True}, []),
        ({"ages__lower_inc": True}, ["a", "b", "c"]),
        ({"ages__upper_inc": True}, []),
        ({"ages__upper_inf": True}, ["c"]),
        ({"ages__lower_inf": True}, []),
        ({"ages": (1, 5)}, ["a"]),
    ],
)
def test_range_lookups(events: list[Event], lookups: dict[str, Any], expected: list[str]) -> None:
    assert [event.name for event in Event.objects.filter(**lookups)] == expected


def test_ranges_come_back_as_ranges(events: list[Event]) -> None:
    ages = Event.objects.get(name="a").ages
    assert (ages.lower, ages.upper, ages.bounds) == (1, 5, "[)")
    assert 4 in ages


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("days", (dt.date(2024, 1, 1), dt.date(2024, 2, 1))),
        ("times", (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), None)),
        ("prices", (Decimal("1.5"), Decimal("2.5"))),
        ("big", (1, 2**40)),
    ],
)
def test_ranges_of_other_types(db: str, name: str, value: Any) -> None:
    Event.objects.create(**{name: value})
    found = getattr(Event.objects.get(), name)
    assert (found.lower, found.upper) == value


def test_range_boundaries(db: str) -> None:
    assert RangeOperators.OVERLAPS == "&&"
    assert RangeOperators.EQUAL == "="
    assert RangeBoundary(inclusive_lower=True, inclusive_upper=True) is not None


def test_a_project_without_time_zones_has_ranges_of_naive_moments(db: str) -> None:
    with override_settings(USE_TZ=False, TIME_ZONE="UTC"):
        start, end = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)  # noqa: DTZ001
        event = Event.objects.create(times=(start, end))
        event.refresh_from_db()
        assert (event.times.lower, event.times.upper) == (start, end)
        assert Event.objects.filter(times__contains=start).exists()


def test_a_range_contains_what_is_computed_as_its_kind_of_value(db: str) -> None:
    day = dt.date(2026, 1, 5)
    Event.objects.create(
        name="a",
        days=(day, day + dt.timedelta(days=2)),
        times=(dt.datetime(2026, 1, 5, tzinfo=dt.UTC), None),
    )
    start = Func(F("times"), function="LOWER", output_field=models.DateField())
    assert Event.objects.filter(days__contains=start).exists()
    assert Event.objects.filter(times__contains=Value(dt.date(2026, 1, 6))).exists()
    assert Event.objects.filter(days__contains=F("days")).exists()


class Booking(models.Model):
    hours = IntegerRangeField(db_default=(9, 17))
    none = DateRangeField(db_default=Value(DateRange(empty=True), output_field=DateRangeField()))

    class Meta:
        app_label = "c1_pg"
        required_db_vendor = "postgresql"


def test_a_range_can_be_the_databases_default(db: str) -> None:
    booking = Booking.objects.get(pk=Booking.objects.create().pk)
    assert (booking.hours.lower, booking.hours.upper) == (9, 17)
    assert booking.none.isempty
