"""Date functions: Extract, Now and Trunc.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#date-functions
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from vendors import needs_time_zones

from raystack_orm import DatabaseError, models
from raystack_orm.models import Count, DateField, DateTimeField, F, TimeField
from raystack_orm.models.functions import (
    Extract,
    ExtractDay,
    ExtractHour,
    ExtractIsoWeekDay,
    ExtractIsoYear,
    ExtractMinute,
    ExtractMonth,
    ExtractQuarter,
    ExtractSecond,
    ExtractWeek,
    ExtractWeekDay,
    ExtractYear,
    Now,
    Trunc,
    TruncDate,
    TruncDay,
    TruncHour,
    TruncMinute,
    TruncMonth,
    TruncQuarter,
    TruncSecond,
    TruncTime,
    TruncWeek,
    TruncYear,
)

PARIS, SYDNEY = ZoneInfo("Europe/Paris"), ZoneInfo("Australia/Sydney")


class Trial(models.Model):
    began = models.DateTimeField()
    day = models.DateField()
    clock = models.TimeField()
    ended = models.DateTimeField(null=True)
    length = models.DurationField(default=dt.timedelta(days=2, hours=3, minutes=4))

    class Meta:
        app_label = "conf_date_functions"


MOMENT = dt.datetime(2015, 6, 15, 23, 30, 1, 321, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def trials(db: str) -> None:
    """A trial that began on a Monday, late in the evening."""
    Trial.objects.create(began=MOMENT, day=MOMENT.date(), clock=MOMENT.time())


def value(expression: Any) -> Any:
    return Trial.objects.annotate(value=expression).get().value


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


PARTS = [
    (ExtractYear, "year", 2015),
    (ExtractIsoYear, "iso_year", 2015),
    (ExtractQuarter, "quarter", 2),
    (ExtractMonth, "month", 6),
    (ExtractWeek, "week", 25),
    (ExtractDay, "day", 15),
    (ExtractWeekDay, "week_day", 2),
    (ExtractIsoWeekDay, "iso_week_day", 1),
    (ExtractHour, "hour", 23),
    (ExtractMinute, "minute", 30),
    (ExtractSecond, "second", 1),
]
TIME_PARTS = {"hour", "minute", "second"}


@pytest.mark.parametrize(("function", "name", "expected"), PARTS)
def test_extract_gives_a_number(function: Any, name: str, expected: int) -> None:
    assert function.lookup_name == name
    assert value(function("began")) == expected
    assert value(Extract("began", name)) == expected
    assert value(F(f"began__{name}")) == expected
    column = "clock" if name in TIME_PARTS else "day"
    assert value(function(column)) == expected
    assert value(Extract(column, lookup_name=name)) == expected


@pytest.mark.parametrize(("function", "name", "expected"), PARTS)
def test_extract_filters_and_orders(function: Any, name: str, expected: int) -> None:
    assert Trial.objects.filter(**{f"began__{name}": function("began")}).exists()
    assert Trial.objects.annotate(part=function("began")).filter(part=expected).exists()
    assert Trial.objects.order_by(function("began")).count() == 1


def test_extract_of_null_is_null() -> None:
    for function, _, _ in PARTS:
        assert value(function("ended")) is None


def test_extract_wants_a_date_or_time_and_a_known_part() -> None:
    with pytest.raises(ValueError):
        value(ExtractHour("day"))
    with pytest.raises(ValueError):
        value(Extract("id", "year"))
    with pytest.raises(ValueError):
        Extract("began")
    with pytest.raises((ValueError, DatabaseError)):
        value(Extract("began", "century'; DROP TABLE x; --"))


def test_extract_converts_to_the_time_zone(db: str) -> None:
    needs_time_zones()
    assert value(ExtractDay("began", tzinfo=PARIS)) == 16
    assert value(ExtractHour("began", tzinfo=PARIS)) == 1
    assert value(Extract("began", "hour", tzinfo=SYDNEY)) == 9
    assert value(ExtractWeekDay("began", tzinfo=SYDNEY)) == 3
    fixed = dt.timezone(dt.timedelta(hours=-5, minutes=-30))
    assert value(ExtractHour("began", tzinfo=fixed)) == 18
    assert value(ExtractMinute("began", tzinfo=fixed)) == 0


@pytest.mark.parametrize(
    ("function", "kind", "expected"),
    [
        (TruncYear, "year", (2015, 1, 1)),
        (TruncQuarter, "quarter", (2015, 4, 1)),
        (TruncMonth, "month", (2015, 6, 1)),
        (TruncWeek, "week", (2015, 6, 15)),
        (TruncDay, "day", (2015, 6, 15)),
        (TruncHour, "hour", (2015, 6, 15, 23)),
        (TruncMinute, "minute", (2015, 6, 15, 23, 30)),
        (TruncSecond, "second", (2015, 6, 15, 23, 30, 1)),
    ],
)
def test_trunc_cuts_off_what_is_finer(function: Any, kind: str, expected: Any) -> None:
    assert function.kind == kind
    assert value(function("began")) == utc(*expected)
    assert value(Trunc("began", kind)) == utc(*expected)
    assert value(Trunc("began", kind, output_field=DateTimeField())) == utc(*expected)
    assert Trial.objects.filter(began__gte=function("began")).exists()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (TruncYear, (2015, 1, 1)),
        (TruncQuarter, (2015, 4, 1)),
        (TruncMonth, (2015, 6, 1)),
        (TruncWeek, (2015, 6, 15)),
    ],
)
def test_trunc_of_a_date_is_a_date(function: Any, expected: Any) -> None:
    assert value(function("day")) == dt.date(*expected)
    assert value(function("began", output_field=DateField())) == dt.date(*expected)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (TruncHour, dt.time(23)),
        (TruncMinute, dt.time(23, 30)),
        (TruncSecond, dt.time(23, 30, 1)),
    ],
)
def test_trunc_of_a_time_is_a_time(function: Any, expected: dt.time) -> None:
    assert value(function("clock")) == expected
    assert value(function("began", output_field=TimeField())) == expected


def test_trunc_date_and_time_are_casts() -> None:
    assert value(TruncDate("began")) == dt.date(2015, 6, 15)
    assert value(TruncTime("began")) == MOMENT.time()
    assert value(F("began__date")) == dt.date(2015, 6, 15)
    assert Trial.objects.filter(began__date=TruncDate("began")).exists()
    assert (TruncDate.lookup_name, TruncTime.lookup_name) == ("date", "time")


def test_trunc_of_null_is_null(db: str) -> None:
    needs_time_zones()
    for function in (TruncYear, TruncDay, TruncHour, TruncDate, TruncTime):
        assert value(function("ended")) is None


def test_trunc_converts_to_the_time_zone(db: str) -> None:
    needs_time_zones()
    assert value(TruncDay("began", tzinfo=PARIS)) == dt.datetime(2015, 6, 16, tzinfo=PARIS)
    assert value(TruncHour("began", tzinfo=SYDNEY)) == dt.datetime(2015, 6, 16, 9, tzinfo=SYDNEY)
    assert value(TruncDate("began", tzinfo=PARIS)) == dt.date(2015, 6, 16)
    assert value(TruncTime("began", tzinfo=PARIS)).hour == 1
    assert value(TruncMonth("began", tzinfo=PARIS, output_field=DateField())) == dt.date(2015, 6, 1)


def test_grouping_by_a_truncated_date() -> None:
    Trial.objects.create(began=utc(2015, 6, 1), day=dt.date(2015, 6, 1), clock=dt.time(0))
    Trial.objects.create(began=utc(2016, 1, 1), day=dt.date(2016, 1, 1), clock=dt.time(0))
    rows = (
        Trial.objects.annotate(month=TruncMonth("began"))
        .values("month")
        .annotate(n=Count("pk"))
        .order_by("month")
    )
    assert [(row["month"], row["n"]) for row in rows] == [
        (utc(2015, 6, 1), 2),
        (utc(2016, 1, 1), 1),
    ]
    years = Trial.objects.values(year=ExtractYear("day")).annotate(n=Count("pk")).order_by("year")
    assert list(years.values_list("year", "n")) == [(2015, 2), (2016, 1)]
    assert Trial.objects.annotate(y=ExtractYear("day")).filter(y=2016).count() == 1


def test_now_is_the_databases_time() -> None:
    moment = value(Now())
    assert isinstance(moment, dt.datetime)
    assert abs(moment - dt.datetime.now(dt.UTC)) < dt.timedelta(days=1)
    assert Trial.objects.filter(began__lte=Now()).exists()
    assert not Trial.objects.filter(began__gt=Now()).exists()


def test_now_is_written() -> None:
    Trial.objects.update(ended=Now())
    trial = Trial.objects.get()
    assert trial.ended is not None
    assert abs(trial.ended - dt.datetime.now(dt.UTC)) < dt.timedelta(days=1)


def test_transforms_of_dates_chain() -> None:
    assert Trial.objects.filter(began__date__year=2015).exists()
    assert Trial.objects.filter(began__date__month__gte=6).exists()
    assert Trial.objects.filter(began__time__hour=23).exists()
    assert Trial.objects.values_list("began__date__day", flat=True).get() == 15
