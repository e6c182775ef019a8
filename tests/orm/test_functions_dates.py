"""Extract, Trunc, Now and the lookups of parts of dates, in time zones."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from press import Everything

from raystack_orm import connection
from raystack_orm.models import DateField, F
from raystack_orm.models.functions import (
    Extract,
    ExtractHour,
    ExtractIsoYear,
    ExtractSecond,
    ExtractWeekDay,
    ExtractYear,
    Now,
    Trunc,
    TruncDate,
    TruncMonth,
    TruncTime,
    TruncWeek,
)

MOMENT = dt.datetime(2025, 12, 31, 23, 30, 15, 250_000, tzinfo=dt.UTC)
PLUS_TWO = dt.timezone(dt.timedelta(hours=2))
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def everything(db: str) -> None:
    """A moment that is in the next year further east."""
    Everything.objects.create(moment=MOMENT, day=MOMENT.date(), clock=MOMENT.time())


def value(expression: Any) -> Any:
    return Everything.objects.annotate(value=expression).get().value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (ExtractYear("moment"), 2025),
        (ExtractYear("moment", tzinfo=PLUS_TWO), 2026),
        (ExtractIsoYear("day"), 2026),
        (ExtractHour("moment", tzinfo=PLUS_TWO), 1),
        (ExtractSecond("clock"), 15),
        (ExtractWeekDay("day"), 4),
        (Extract("day", "quarter"), 4),
        (TruncMonth("day"), dt.date(2025, 12, 1)),
        (TruncWeek("day"), dt.date(2025, 12, 29)),
        (TruncMonth("moment"), dt.datetime(2025, 12, 1, tzinfo=dt.UTC)),
        (TruncMonth("moment", tzinfo=PLUS_TWO), dt.datetime(2026, 1, 1, tzinfo=PLUS_TWO)),
        (TruncMonth("moment", tzinfo=PLUS_TWO, output_field=DateField()), dt.date(2026, 1, 1)),
        (Trunc("clock", "minute"), dt.time(23, 30)),
        (TruncDate("moment", tzinfo=PLUS_TWO), dt.date(2026, 1, 1)),
        (TruncTime("moment"), dt.time(23, 30, 15, 250_000)),
    ],
)
def test_a_moment_is_looked_at_in_its_zone(expression: Any, expected: Any) -> None:
    assert value(expression) == expected


def test_a_named_zone_counts_where_the_database_knows_it() -> None:
    if not connection.driver.has_zoneinfo_database:
        with pytest.raises(ValueError, match="time zone definitions"):
            value(TruncMonth("moment", tzinfo=ZURICH))
        return
    assert value(ExtractYear("moment", tzinfo=ZURICH)) == 2026
    assert value(TruncMonth("moment", tzinfo=ZURICH)) == dt.datetime(2026, 1, 1, tzinfo=ZURICH)


@pytest.mark.parametrize(
    ("keyword", "given", "found"),
    [
        ("moment__year", 2025, True),
        ("moment__year", 2026, False),
        ("moment__year__gt", 2024, True),
        ("moment__year__lte", 2024, False),
        ("moment__year__in", [2024, 2025], True),
        ("moment__year", 100_000, False),
        ("moment__year__lt", 100_000, True),
        ("moment__year__gte", -5, True),
        ("day__iso_year", 2026, True),
        ("day__year__gte", F("whole"), False),
        ("moment__date", dt.date(2025, 12, 31), True),
        ("moment__date__gt", "2025-12-31", False),
        ("moment__time__hour", 23, True),
        ("clock__minute__range", (29, 31), True),
        ("day__week_day", 4, True),
    ],
)
def test_parts_can_be_compared(keyword: str, given: Any, found: bool) -> None:
    assert Everything.objects.filter(**{keyword: given}).exists() is found


def test_a_year_is_compared_as_a_range_that_an_index_serves() -> None:
    assert "BETWEEN" in str(Everything.objects.filter(moment__year=2025).query)


def test_now_is_the_database_s_clock() -> None:
    assert abs(value(Now()) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert (
        Everything.objects.filter(moment__gt=Now()).count() == 0 or dt.datetime.now(dt.UTC) < MOMENT
    )


def test_what_a_date_does_not_have_is_an_error() -> None:
    for wrong in (ExtractHour("day"), Trunc("day", "hour"), Trunc("clock", "year")):
        with pytest.raises(ValueError):
            value(wrong)
    with pytest.raises(ValueError, match="tzinfo can only"):
        value(ExtractYear("day", tzinfo=PLUS_TWO))
    with pytest.raises(TypeError):
        value(TruncMonth("whole"))
