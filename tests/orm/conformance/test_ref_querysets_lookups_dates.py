"""Field lookups of dates, times and numbers.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#date
"""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import F


class Event(models.Model):
    label = models.CharField(max_length=5)
    day = models.DateField()
    ends = models.DateField(null=True)
    moment = models.DateTimeField()
    clock = models.TimeField()
    length = models.DurationField(default=dt.timedelta(hours=1))

    class Meta:
        app_label = "conf_date_lookups"


class Measure(models.Model):
    label = models.CharField(max_length=5)
    whole = models.IntegerField()
    real = models.FloatField()
    exact_value = models.DecimalField(max_digits=8, decimal_places=2)
    flag = models.BooleanField()
    maybe = models.BooleanField(null=True)
    key = models.UUIDField()
    address = models.GenericIPAddressField()
    blob = models.BinaryField()

    class Meta:
        app_label = "conf_date_lookups"


KEYS = [uuid.UUID(int=number) for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def rows(db: str) -> None:
    """Three events and three measures."""
    for label, moment in (
        ("a", dt.datetime(2005, 1, 1, 3, 10, 20, tzinfo=dt.UTC)),
        ("b", dt.datetime(2005, 7, 31, 23, 40, 50, tzinfo=dt.UTC)),
        ("c", dt.datetime(2020, 12, 28, 12, 0, 0, tzinfo=dt.UTC)),
    ):
        Event.objects.create(
            label=label, day=moment.date(), moment=moment, clock=moment.time(), ends=moment.date()
        )
    for label, number, key in zip("abc", (1, 2, 3), KEYS, strict=True):
        Measure.objects.create(
            label=label,
            whole=number,
            real=number + 0.5,
            exact_value=Decimal(f"{number}.25"),
            flag=number == 1,
            maybe={1: True, 2: False}.get(number),
            key=key,
            address=f"192.0.2.{number}",
            blob=bytes([number]),
        )


def events(**conditions: Any) -> str:
    return "".join(sorted(Event.objects.filter(**conditions).values_list("label", flat=True)))


def measures(**conditions: Any) -> str:
    return "".join(sorted(Measure.objects.filter(**conditions).values_list("label", flat=True)))


DAY_LOOKUPS = [
    ("year", 2005, "ab"),
    ("year__gt", 2005, "c"),
    ("year__gte", 2005, "abc"),
    ("year__lt", 2020, "ab"),
    ("year__lte", 2005, "ab"),
    ("year__in", [2004, 2020], "c"),
    ("year__range", (2006, 2030), "c"),
    ("year__exact", 2020, "c"),
    ("iso_year", 2004, "a"),
    ("iso_year", 2005, "b"),
    ("iso_year__gt", 2005, "c"),
    ("iso_year__lte", 2004, "a"),
    ("month", 12, "c"),
    ("month__gte", 7, "bc"),
    ("month__in", [1, 7], "ab"),
    ("day", 31, "b"),
    ("day__gt", 1, "bc"),
    ("week", 53, "ac"),
    ("week__lt", 53, "b"),
    ("week_day", 7, "a"),
    ("week_day", 1, "b"),
    ("week_day__gte", 2, "ac"),
    ("iso_week_day", 6, "a"),
    ("iso_week_day", 7, "b"),
    ("iso_week_day", 1, "c"),
    ("quarter", 1, "a"),
    ("quarter", 3, "b"),
    ("quarter__gte", 3, "bc"),
]


@pytest.mark.parametrize("field", ["day", "moment"])
@pytest.mark.parametrize(("lookup", "value", "expected"), DAY_LOOKUPS)
def test_parts_of_dates_and_datetimes(field: str, lookup: str, value: Any, expected: str) -> None:
    assert events(**{f"{field}__{lookup}": value}) == expected


@pytest.mark.parametrize("field", ["clock", "moment"])
@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        ("hour", 23, "b"),
        ("hour__gte", 12, "bc"),
        ("hour__in", [3, 12], "ac"),
        ("minute", 40, "b"),
        ("minute__gt", 0, "ab"),
        ("second", 20, "a"),
        ("second__lt", 30, "ac"),
    ],
)
def test_parts_of_times_and_datetimes(field: str, lookup: str, value: Any, expected: str) -> None:
    assert events(**{f"{field}__{lookup}": value}) == expected


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"moment__date": dt.date(2005, 7, 31)}, "b"),
        ({"moment__date__gt": dt.date(2005, 1, 1)}, "bc"),
        ({"moment__date__in": [dt.date(2005, 1, 1)]}, "a"),
        ({"moment__date__year": 2005}, "ab"),
        ({"moment__date": F("day")}, "abc"),
        ({"moment__time": dt.time(12, 0)}, "c"),
        ({"moment__time__range": (dt.time(3), dt.time(12))}, "ac"),
        ({"moment__time__hour": 23}, "b"),
        ({"moment__gt": dt.datetime(2005, 1, 1, 3, 10, 20, tzinfo=dt.UTC)}, "bc"),
        ({"moment__lte": dt.datetime(2005, 1, 1, 3, 10, 20, tzinfo=dt.UTC)}, "a"),
        (
            {
                "moment": dt.datetime(
                    2005, 1, 1, 5, 10, 20, tzinfo=dt.timezone(dt.timedelta(hours=2))
                )
            },
            "a",
        ),
        ({"day": dt.date(2005, 1, 1)}, "a"),
        ({"day": "2005-01-01"}, "a"),
        ({"day__in": ["2005-01-01", dt.date(2020, 12, 28)]}, "ac"),
        ({"day__gt": dt.date(2005, 1, 1)}, "bc"),
        ({"day__range": (dt.date(2005, 1, 1), dt.date(2005, 7, 31))}, "ab"),
        ({"day__year": F("ends__year")}, "abc"),
        ({"day__month__lt": F("day__day")}, "bc"),
        ({"day__contains": "2005-07"}, "b"),
        ({"day__startswith": "2005"}, "ab"),
        ({"clock": dt.time(12)}, "c"),
        ({"clock__lt": dt.time(12)}, "a"),
        ({"clock": "12:00"}, "c"),
        ({"length": dt.timedelta(hours=1)}, "abc"),
        ({"length__gt": dt.timedelta(minutes=59)}, "abc"),
        ({"length__lt": dt.timedelta(minutes=59)}, ""),
        ({"ends__isnull": False}, "abc"),
    ],
)
def test_dates_times_and_durations_compare(conditions: dict[str, Any], expected: str) -> None:
    assert events(**conditions) == expected


@pytest.mark.parametrize("condition", ["day__hour", "clock__year", "day__time", "length__year"])
def test_a_part_that_the_type_has_not_is_an_error(condition: str) -> None:
    with pytest.raises((FieldError, ValueError)):
        list(Event.objects.filter(**{condition: 1}))


@pytest.mark.parametrize("value", ["soon", "2005-13-01"])
def test_a_date_that_is_none_is_a_validation_error(value: str) -> None:
    from raystack_orm import ValidationError

    with pytest.raises(ValidationError):
        list(Event.objects.filter(day=value))
    with pytest.raises(ValidationError):
        list(Event.objects.filter(moment__gt=value))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"whole": 2}, "b"),
        ({"whole": "2"}, "b"),
        ({"whole__gt": 1}, "bc"),
        ({"whole__gte": 2}, "bc"),
        ({"whole__lt": 2}, "a"),
        ({"whole__lte": 2}, "ab"),
        ({"whole__gt": 1.5}, "bc"),
        ({"whole__gte": 1.5}, "bc"),
        ({"whole__lt": 1.5}, "a"),
        ({"whole__range": (2, 3)}, "bc"),
        ({"whole__in": [1, 3, 99]}, "ac"),
        ({"whole__in": ["1", 3]}, "ac"),
        ({"whole__gt": 10**30}, ""),
        ({"whole__lt": 10**30}, "abc"),
        ({"whole": 10**30}, ""),
        ({"whole__in": [10**30]}, ""),
        ({"whole__range": (2, 10**30)}, "bc"),
        ({"whole__range": (-(10**30), 10**30)}, "abc"),
        ({"whole__range": (10**30, 10**31)}, ""),
        ({"whole": F("exact_value") - Decimal("0.25")}, "abc"),
        ({"real": 2.5}, "b"),
        ({"real__gt": 2}, "bc"),
        ({"real__lt": F("whole") + 1}, "abc"),
        ({"exact_value": Decimal("1.25")}, "a"),
        ({"exact_value": "1.25"}, "a"),
        ({"exact_value": 1.25}, "a"),
        ({"exact_value__gt": 2}, "bc"),
        ({"exact_value__range": (1, Decimal("2.25"))}, "ab"),
        ({"exact_value__in": [Decimal("3.25"), 1]}, "c"),
        ({"flag": True}, "a"),
        ({"flag": False}, "bc"),
        ({"flag": 1}, "a"),
        ({"flag__in": [True]}, "a"),
        ({"maybe": True}, "a"),
        ({"maybe": False}, "b"),
        ({"maybe": None}, "c"),
        ({"maybe__isnull": False}, "ab"),
        ({"key": KEYS[0]}, "a"),
        ({"key": str(KEYS[1])}, "b"),
        ({"key__in": KEYS[1:]}, "bc"),
        ({"key__gt": KEYS[0]}, "bc"),
        ({"key__contains": "0003"}, "c"),
        ({"key__icontains": "0003"}, "c"),
        ({"key__endswith": "2"}, "b"),
        ({"key__startswith": "0000"}, "abc"),
        ({"key__iexact": str(KEYS[2]).upper()}, "c"),
        ({"address": "192.0.2.2"}, "b"),
        ({"address__in": ["192.0.2.1", "192.0.2.3"]}, "ac"),
        ({"address__startswith": "192.0.2."}, "abc"),
        ({"blob": b"\x02"}, "b"),
        ({"blob__in": [b"\x01", b"\x03"]}, "ac"),
    ],
)
def test_numbers_and_other_values_compare(conditions: dict[str, Any], expected: str) -> None:
    assert measures(**conditions) == expected


@pytest.mark.parametrize(
    "conditions",
    [
        {"whole": "many"},
        {"real": "much"},
        {"exact_value": "much"},
        {"flag": "perhaps"},
        {"key": "no-uuid"},
        {"whole__in": ["many"]},
        {"whole": [1]},
        {"exact_value": object()},
    ],
)
def test_a_value_that_does_not_fit_is_an_error(conditions: dict[str, Any]) -> None:
    from raystack_orm import ValidationError

    with pytest.raises((ValueError, TypeError, ValidationError)):
        list(Measure.objects.filter(**conditions))


@pytest.mark.parametrize(("values", "error"), [((1,), IndexError), ((1, 2, 3), TypeError)])
def test_a_range_has_two_ends(values: tuple[int, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        list(Measure.objects.filter(whole__range=values))
