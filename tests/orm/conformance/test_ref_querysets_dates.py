"""dates() and datetimes().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#dates
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from vendors import needs_time_zones

from raystack_orm import FieldError, models
from raystack_orm.testing import assert_num_queries


class Launch(models.Model):
    name = models.CharField(max_length=20)
    day = models.DateField()
    moment = models.DateTimeField()
    landed = models.DateTimeField(null=True)

    class Meta:
        app_label = "conf_dates"


class Sighting(models.Model):
    launch = models.ForeignKey(Launch, models.CASCADE)

    class Meta:
        app_label = "conf_dates"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


@pytest.fixture(autouse=True)
def launches(db: str) -> None:
    """Four launches: two on one day, one in the next month, one in the next year."""
    for name, day, moment in (
        ("a", dt.date(2005, 2, 20), utc(2005, 2, 20, 10, 15, 30)),
        ("b", dt.date(2005, 2, 20), utc(2005, 2, 20, 10, 15, 45)),
        ("c", dt.date(2005, 3, 20), utc(2005, 3, 20, 23, 30)),
        ("d", dt.date(2006, 1, 1), utc(2006, 1, 1, 0, 30)),
    ):
        Sighting.objects.create(launch=Launch.objects.create(name=name, day=day, moment=moment))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("year", [(2005, 1, 1), (2006, 1, 1)]),
        ("month", [(2005, 2, 1), (2005, 3, 1), (2006, 1, 1)]),
        ("week", [(2005, 2, 14), (2005, 3, 14), (2005, 12, 26)]),
        ("day", [(2005, 2, 20), (2005, 3, 20), (2006, 1, 1)]),
    ],
)
def test_dates_are_distinct_and_truncated(kind: str, expected: list[tuple[int, ...]]) -> None:
    dates = [dt.date(*parts) for parts in expected]  # type: ignore[arg-type]
    assert list(Launch.objects.dates("day", kind)) == dates
    assert list(Launch.objects.dates("day", kind, order="ASC")) == dates
    assert list(Launch.objects.dates("day", kind, order="DESC")) == dates[::-1]


def test_dates_obey_the_filters_and_can_be_sliced_and_counted() -> None:
    days = Launch.objects.exclude(name="c").dates("day", "day")
    assert list(days) == [dt.date(2005, 2, 20), dt.date(2006, 1, 1)]
    assert days[1] == dt.date(2006, 1, 1)
    assert days.count() == 2


def test_dates_can_be_of_a_related_model() -> None:
    assert list(Sighting.objects.dates("launch__day", "year")) == [
        dt.date(2005, 1, 1),
        dt.date(2006, 1, 1),
    ]


def test_dates_are_lazy_and_take_one_query() -> None:
    with assert_num_queries(0):
        days = Launch.objects.dates("day", "year")
    with assert_num_queries(1):
        list(days)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("nope", "year"), FieldError),
        (("name", "year"), (FieldError, ValueError, TypeError)),
        (("day", "hour"), ValueError),
        (("day", "century"), ValueError),
        (("day", "year; DROP TABLE"), ValueError),
        (("day", "year", "UP"), ValueError),
        (("day",), TypeError),
    ],
)
def test_dates_refuse_other_arguments(arguments: Any, error: Any) -> None:
    with pytest.raises(error):
        list(Launch.objects.dates(*arguments))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("year", [(2005, 1, 1), (2006, 1, 1)]),
        ("month", [(2005, 2, 1), (2005, 3, 1), (2006, 1, 1)]),
        ("week", [(2005, 2, 14), (2005, 3, 14), (2005, 12, 26)]),
        ("day", [(2005, 2, 20), (2005, 3, 20), (2006, 1, 1)]),
        ("hour", [(2005, 2, 20, 10), (2005, 3, 20, 23), (2006, 1, 1, 0)]),
        ("minute", [(2005, 2, 20, 10, 15), (2005, 3, 20, 23, 30), (2006, 1, 1, 0, 30)]),
        (
            "second",
            [
                (2005, 2, 20, 10, 15, 30),
                (2005, 2, 20, 10, 15, 45),
                (2005, 3, 20, 23, 30),
                (2006, 1, 1, 0, 30),
            ],
        ),
    ],
)
def test_datetimes_are_distinct_and_truncated(kind: str, expected: list[tuple[int, ...]]) -> None:
    moments = [utc(*parts) for parts in expected]
    assert list(Launch.objects.datetimes("moment", kind, tzinfo=dt.UTC)) == moments
    backwards = Launch.objects.datetimes("moment", kind, order="DESC", tzinfo=dt.UTC)
    assert list(backwards) == moments[::-1]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Tokyo", [(2005, 2, 20), (2005, 3, 21), (2006, 1, 1)]),
        ("America/New_York", [(2005, 2, 20), (2005, 3, 20), (2005, 12, 31)]),
    ],
)
def test_datetimes_are_converted_before_they_are_truncated(
    db: str, zone: str, expected: list[tuple[int, int, int]]
) -> None:
    needs_time_zones()
    tz = ZoneInfo(zone)
    moments = [dt.datetime(*parts, tzinfo=tz) for parts in expected]
    assert list(Launch.objects.datetimes("moment", "day", tzinfo=tz)) == moments


def test_datetimes_leave_out_null() -> None:
    assert list(Launch.objects.datetimes("landed", "year", tzinfo=dt.UTC)) == []
    Launch.objects.filter(name="a").update(landed=utc(2005, 7, 1))
    assert list(Launch.objects.datetimes("landed", "year", tzinfo=dt.UTC)) == [utc(2005, 1, 1)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("nope", "year"), FieldError),
        (("moment", "century"), ValueError),
        (("moment", "year", "UP"), ValueError),
    ],
)
def test_datetimes_refuse_other_arguments(arguments: Any, error: Any) -> None:
    with pytest.raises(error):
        list(Launch.objects.datetimes(*arguments))


def test_datetimes_refuse_a_date_field() -> None:
    with pytest.raises(ValueError):
        list(Launch.objects.datetimes("day", "hour"))
