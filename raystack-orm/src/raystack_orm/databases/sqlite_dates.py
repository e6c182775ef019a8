"""Dates and times on SQLite, which stores them as text: the functions for queries about them.

A datetime is ``2026-02-28 23:59:59.000000``, in UTC if ``USE_TZ`` is true. What these functions
return is written in the same way, because SQLite compares text. Text that is no date gives NULL.
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
FIXED_OFFSET = re.compile(r"(?:UTC)?([+-])(\d\d):?(\d\d)")

Parts = dict[str, Callable[[Any], int]]
DATE_PARTS: Parts = {
    "year": lambda day: day.year,
    "iso_year": lambda day: day.isocalendar().year,
    "quarter": lambda day: (day.month + 2) // 3,
    "month": lambda day: day.month,
    "week": lambda day: day.isocalendar().week,
    "day": lambda day: day.day,
    "week_day": lambda day: day.isoweekday() % 7 + 1,
    "iso_week_day": lambda day: day.isoweekday(),
}
TIME_PARTS: Parts = {
    "hour": lambda time: time.hour,
    "minute": lambda time: time.minute,
    "second": lambda time: time.second,
}
PARTS: Parts = {**DATE_PARTS, **TIME_PARTS}

MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
TRUNCATED: dict[str, Callable[[Any], Any]] = {
    "year": lambda moment: moment.replace(month=1, day=1, **MIDNIGHT),
    "quarter": lambda moment: moment.replace(
        month=(moment.month - 1) // 3 * 3 + 1, day=1, **MIDNIGHT
    ),
    "month": lambda moment: moment.replace(day=1, **MIDNIGHT),
    "week": lambda moment: moment.replace(**MIDNIGHT) - moment.weekday() * DAY,
    "day": lambda moment: moment.replace(**MIDNIGHT),
    "hour": lambda moment: moment.replace(minute=0, second=0, microsecond=0),
    "minute": lambda moment: moment.replace(second=0, microsecond=0),
    "second": lambda moment: moment.replace(microsecond=0),
}


@lru_cache(maxsize=64)
def _zone(name: str) -> dt.tzinfo:
    fixed = FIXED_OFFSET.fullmatch(name)
    if fixed is None:
        return ZoneInfo(name)
    offset = dt.timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
    return dt.timezone(-offset if fixed[1] == "-" else offset)


def _moment(text: str | None, zone: str | None = None) -> dt.datetime | None:
    """Read a date or datetime; move it from UTC to a zone, if one is given."""
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        if zone is not None:
            moment = moment.replace(tzinfo=dt.UTC).astimezone(_zone(zone)).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment


def _time(text: str | None) -> dt.time | None:
    if text is None:
        return None
    try:
        return dt.time.fromisoformat(text)
    except (TypeError, ValueError):
        moment = _moment(text)
        return None if moment is None else moment.time()


def _written(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(" ", "microseconds")


def local(text: str | None, zone: str | None) -> str | None:
    """Return a datetime in a zone."""
    return _written(_moment(text, zone))


def extract(part: str, text: str | None, zone: str | None = None) -> int | None:
    """Return a part of a date or datetime."""
    moment = _moment(text, zone)
    return None if moment is None else PARTS[part](moment)


def extract_of_time(part: str, text: str | None) -> int | None:
    """Return a part of a time."""
    time = _time(text)
    return None if time is None else TIME_PARTS[part](time)


def truncate(part: str, text: str | None, zone: str | None) -> str | None:
    """Return the start of the year, ... second that a datetime is in, in that zone."""
    moment = _moment(text, zone)
    return None if moment is None else _written(TRUNCATED[part](moment))


def truncate_to_date(part: str, text: str | None, zone: str | None) -> str | None:
    """Return the first day of the year, ... week that a date or datetime is in."""
    moment = _moment(text, zone)
    return None if moment is None else TRUNCATED[part](moment).date().isoformat()


def truncate_time(part: str, text: str | None) -> str | None:
    """Return the start of the hour, minute or second that a time is in."""
    time = _time(text)
    return None if time is None else TRUNCATED[part](time).isoformat("microseconds")


def date_of(text: str | None, zone: str | None) -> str | None:
    """Return the date of a datetime."""
    moment = _moment(text, zone)
    return None if moment is None else moment.date().isoformat()


def time_of(text: str | None, zone: str | None) -> str | None:
    """Return the time of a datetime."""
    moment = _moment(text, zone)
    return None if moment is None else moment.time().isoformat("microseconds")


def add(text: str | None, microseconds: int | None) -> str | None:
    """Return a date or datetime moved by a duration."""
    moment = _moment(text)
    if moment is None or microseconds is None:
        return None
    try:
        moved = moment + microseconds * MICROSECOND
    except OverflowError:
        return None
    if len(text or "") == len("2000-01-01") and moved.time() == dt.time():
        return moved.date().isoformat()  # a date that was moved by days compares with dates
    return _written(moved)


def add_to_time(text: str | None, microseconds: int | None) -> str | None:
    """Return a time moved by a duration, around the clock."""
    time = _time(text)
    if time is None or microseconds is None:
        return None
    moment = dt.datetime.combine(dt.date(2000, 1, 1), time)
    since_midnight = (moment - dt.datetime(2000, 1, 1) + microseconds * MICROSECOND) % DAY  # noqa: DTZ001 - a time has no zone
    return (dt.datetime(2000, 1, 1) + since_midnight).time().isoformat("microseconds")  # noqa: DTZ001


def difference(text: str | None, subtracted: str | None) -> int | None:
    """Return the microseconds between two dates or datetimes."""
    moment, other = _moment(text), _moment(subtracted)
    return None if moment is None or other is None else (moment - other) // MICROSECOND


def difference_of_times(text: str | None, subtracted: str | None) -> int | None:
    """Return the microseconds between two times."""
    time, other = _time(text), _time(subtracted)
    if time is None or other is None:
        return None
    day = dt.date(2000, 1, 1)
    return (dt.datetime.combine(day, time) - dt.datetime.combine(day, other)) // MICROSECOND


def now() -> str:
    """Return the current moment in UTC, to the microsecond."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
