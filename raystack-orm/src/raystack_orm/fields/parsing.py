"""Dates, times and durations written as text, in the forms that Django documents."""

import datetime as dt
import re
from contextlib import suppress

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CLOCK = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d{0,6})?)?"
_TIME = re.compile(_CLOCK, re.ASCII)
_DATETIME = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})[T ](" + _CLOCK + r")\s?(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_NUMBER = r"\d{1,12}(?:[.,]\d{1,9})?"
_STANDARD = re.compile(
    r"(?:(?P<days>-?\d{1,9}) (?:days?,? ?)?)?(?P<sign>[-+]?)"
    r"(?:(?:(?P<hours>\d{1,12}):)?(?P<minutes>\d{1,12}):)?"
    r"(?P<seconds>\d{1,15})(?:[.,](?P<fraction>\d{1,6})\d{0,6})?",
    re.ASCII,
)
_DAYS = re.compile(r"(?P<sign>)(?P<days>-?\d{1,9}) days?", re.ASCII)
_ISO = re.compile(
    rf"(?P<sign>[-+]?)P(?=.)(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})S)?)?",
    re.ASCII,
)


class ImpossibleError(ValueError):
    """Text of the right form says what is in no calendar and on no clock."""


def parse_date(text: str) -> dt.date:
    """Read ``YYYY-MM-DD``, or another date of ISO 8601.

    Raises:
        ValueError: It is no date.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return dt.date.fromisoformat(text)
    year, month, day = match.groups()
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise ImpossibleError(f"{text!r} is in no calendar.") from error


def parse_time(text: str) -> dt.time:
    """Read ``HH:MM[:SS[.ffffff]]``.

    Raises:
        ValueError: It is no time, or has an offset.
    """
    match = _TIME.fullmatch(text)
    if match is not None:
        hour, minute, second, fraction = match.groups()
        try:
            return dt.time(
                int(hour), int(minute), int(second or 0), int((fraction or "").ljust(6, "0"))
            )
        except ValueError as error:
            raise ImpossibleError(f"{text!r} is on no clock.") from error
    made = dt.time.fromisoformat(text)
    if made.tzinfo is not None:
        raise ValueError(f"{text!r} has an offset, which a time of day cannot have.")
    return made


def parse_datetime(text: str) -> dt.datetime:
    """Read a date and time of ISO 8601, with or without an offset.

    Raises:
        ValueError: It is none.
    """
    with suppress(ValueError):
        return dt.datetime.fromisoformat(text)
    match = _DATETIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date and time.")
    made = dt.datetime.combine(parse_date(match[1]), parse_time(match[2]))
    offset = match[7]
    return made if offset is None else made.replace(tzinfo=_offset(offset))


def _offset(text: str) -> dt.timezone:
    if text == "Z":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    size = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-size if text[0] == "-" else size)


def parse_duration(text: str) -> dt.timedelta:
    """Read ``[D ][HH:]MM:SS[.ffffff]``, a duration of ISO 8601, or PostgreSQL's form.

    Raises:
        ValueError: It is none, or too long.
    """
    iso = _ISO.fullmatch(text)
    match = iso or _STANDARD.fullmatch(text) or _DAYS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration.")
    parts = {
        name: float(value.replace(",", "."))
        for name, value in match.groupdict().items()
        if value and name not in {"sign", "fraction"}
    }
    fraction = match.groupdict().get("fraction")
    if fraction:
        parts["microseconds"] = int(fraction.ljust(6, "0"))
    sign = -1 if match["sign"] == "-" else 1
    days = dt.timedelta(parts.pop("days", 0.0))
    try:
        return (days * sign if iso else days) + sign * dt.timedelta(**parts)
    except OverflowError:
        raise ValueError(f"{text!r} is too long a duration.") from None


def duration_string(duration: dt.timedelta) -> str:
    """Write a duration as ``[D ]HH:MM:SS[.ffffff]``."""
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{duration.days} " if duration.days else ""
    fraction = f".{duration.microseconds:06d}" if duration.microseconds else ""
    return f"{days}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"
