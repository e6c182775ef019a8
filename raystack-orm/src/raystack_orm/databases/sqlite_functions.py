"""Functions that SQLite lacks, in Python, registered on each connection.

Those of the SQL standard, of PostgreSQL or of MySQL have the name from there; others begin with
``raystack_``. ``zone`` is the name of a time zone, ``+02:00``, or NULL for a datetime that is not
in UTC and stays as it is (``USE_TZ = False``); ``part`` is one of ``sqlite_dates.PARTS``; durations
are microseconds. NULL for an argument gives NULL, unless it says otherwise.

Dates and times (text, see ``sqlite_dates``):

===============================================  ==================================================
``raystack_date_extract(part, date)``            a number
``raystack_datetime_extract(part, text, zone)``  a number
``raystack_time_extract(part, time)``            a number
``raystack_date_trunc(part, text, zone)``        a date; ``text`` is a date or a datetime
``raystack_datetime_trunc(part, text, zone)``    a datetime in that zone, naive
``raystack_time_trunc(part, time)``              a time
``raystack_datetime_date(text, zone)``           a date
``raystack_datetime_time(text, zone)``           a time
``raystack_local(text, zone)``                   a datetime in that zone, naive
``raystack_datetime_add(text, duration)``        a datetime; ``text`` is a date or a datetime
``raystack_time_add(time, duration)``            a time, around the clock
``raystack_datetime_diff(text, subtracted)``     a duration
``raystack_time_diff(time, subtracted)``         a duration
``raystack_now()``                               a datetime in UTC; for a column's default rather
                                                 ``strftime('%Y-%m-%d %H:%M:%f000', 'now')``, which
                                                 other programs know, too
===============================================  ==================================================

Text: ``text REGEXP pattern``, ``lpad(text, length, fill)``, ``rpad(text, length, fill)``,
``repeat(text, count)``, ``reverse(text)``, ``md5(text)``, ``sha1(text)``, ``sha224``, ``sha256``,
``sha384``, ``sha512``.

Numbers: ``sign(x)``, ``cot(x)``, ``bitxor(x, y)``, ``rand()``; and where SQLite was built without
them ``acos``, ``asin``, ``atan``, ``atan2(y, x)``, ``ceiling``, ``cos``, ``degrees``, ``exp``,
``floor``, ``ln``, ``log(base, x)``, ``mod(x, y)``, ``pi()``, ``power(x, y)``, ``radians``, ``sin``,
``sqrt``, ``tan``. Outside of their domain they are NULL, as SQLite's own.

JSON: ``raystack_json_part(document, keys)``, where ``keys`` is a JSON array: the part of the
document that they lead to, as JSON; NULL if there is none. SQLite's own paths cannot name each key.

UUIDs, as 32 hexadecimal digits: ``uuidv4()``, ``uuidv7()``.

Aggregates and window functions: ``stddev_pop``, ``stddev_samp``, ``var_pop``, ``var_samp``,
``any_value``, ``bit_and``, ``bit_or``, ``bit_xor``.
"""

import hashlib
import json
import math
import operator
import random
import re
import sqlite3
import time
import uuid
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from . import sqlite_aggregates as aggregates
from . import sqlite_dates as dates

Function = Callable[..., Any]


def register(raw: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    builtin = _builtin()
    for (name, count), function in DETERMINISTIC.items():
        raw.create_function(name, count, function, deterministic=True)
    for (name, count), function in MATHEMATICAL.items():
        if name not in builtin:
            raw.create_function(name, count, function, deterministic=True)
    for name, made in CHANGING.items():
        raw.create_function(name, 0, made)
    for name, aggregate in AGGREGATES.items():
        raw.create_window_function(name, 1, aggregate)


@lru_cache(maxsize=1)
def _builtin() -> frozenset[str]:
    raw = sqlite3.connect(":memory:")
    try:
        return frozenset(row[0] for row in raw.execute("PRAGMA function_list"))
    finally:
        raw.close()


def _strict(function: Function) -> Function:
    """Give NULL for NULL, and where there is no result."""

    def strict(*args: Any) -> Any:
        if None in args:
            return None
        try:
            return function(*args)
        except (ValueError, ZeroDivisionError, OverflowError):
            return None

    return strict


def _regexp(pattern: str, text: Any) -> bool:
    return re.search(pattern, text if isinstance(text, str) else str(text)) is not None


def _padding(text: str, length: int, fill: str) -> str:
    missing = length - len(text)
    return (fill * missing)[:missing] if fill and missing > 0 else ""


def _lpad(given: Any, length: int, fill: Any) -> str:
    text = str(given)
    return _padding(text, length, str(fill)) + text[: max(length, 0)]


def _rpad(given: Any, length: int, fill: Any) -> str:
    text = str(given)
    return text[: max(length, 0)] + _padding(text, length, str(fill))


def _hash(name: str, value: Any) -> str:
    data = value if isinstance(value, bytes) else str(value).encode()
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _json_part(document: Any, keys: str) -> str | None:
    here = json.loads(str(document))  # a document that is a number is stored as one
    for key in json.loads(keys):
        try:
            if isinstance(here, str):
                return None
            here = here[key]  # text leads into objects, numbers into arrays
        except (KeyError, IndexError, TypeError):
            return None
    return json.dumps(here)


def _uuid7() -> str:
    """Make a UUID of version 7 (RFC 9562): milliseconds, then chance."""
    bits = (time.time_ns() // 1_000_000 << 80) | random.SystemRandom().getrandbits(80)
    bits = bits & ~(0xF << 76) | (7 << 76)
    return uuid.UUID(int=bits & ~(0b11 << 62) | (0b10 << 62)).hex


DETERMINISTIC: dict[tuple[str, int], Function] = {
    ("raystack_date_extract", 2): dates.extract,
    ("raystack_datetime_extract", 3): dates.extract,
    ("raystack_time_extract", 2): dates.extract_of_time,
    ("raystack_date_trunc", 3): dates.truncate_to_date,
    ("raystack_datetime_trunc", 3): dates.truncate,
    ("raystack_time_trunc", 2): dates.truncate_time,
    ("raystack_datetime_date", 2): dates.date_of,
    ("raystack_datetime_time", 2): dates.time_of,
    ("raystack_local", 2): dates.local,
    ("raystack_datetime_add", 2): dates.add,
    ("raystack_time_add", 2): dates.add_to_time,
    ("raystack_datetime_diff", 2): dates.difference,
    ("raystack_time_diff", 2): dates.difference_of_times,
    # An invalid pattern stays an error: NULL would hide it.
    ("regexp", 2): lambda pattern, text: (
        None if None in (pattern, text) else _regexp(pattern, text)
    ),
    ("lpad", 3): _strict(_lpad),
    ("rpad", 3): _strict(_rpad),
    ("repeat", 2): _strict(lambda text, count: str(text) * count),
    ("reverse", 1): _strict(lambda text: str(text)[::-1]),
    **{
        (name, 1): _strict(partial(_hash, name))
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    },
    ("raystack_json_part", 2): _strict(_json_part),
    ("sign", 1): _strict(lambda x: (x > 0) - (x < 0)),
    ("cot", 1): _strict(lambda x: 1 / math.tan(x)),
    ("bitxor", 2): _strict(operator.xor),
}
MATHEMATICAL: dict[tuple[str, int], Function] = {
    **{
        (name, 1): _strict(getattr(math, name))
        for name in (
            "acos", "asin", "atan", "cos", "degrees", "exp", "floor", "radians", "sin", "sqrt",
            "tan",
        )
    },
    ("atan2", 2): _strict(math.atan2),
    ("ceiling", 1): _strict(math.ceil),
    ("ln", 1): _strict(math.log),
    ("log", 2): _strict(lambda base, x: math.log(x, base)),
    ("mod", 2): _strict(math.fmod),
    ("pi", 0): lambda: math.pi,
    ("power", 2): _strict(math.pow),
}  # fmt: skip
CHANGING: dict[str, Callable[[], Any]] = {
    "raystack_now": dates.now,
    "rand": random.random,  # SQLite's own random() is an integer of 64 bits
    "uuidv4": lambda: uuid.uuid4().hex,
    "uuidv7": _uuid7,
}
AGGREGATES: dict[str, Any] = {
    "stddev_pop": aggregates.DeviationPopulation,
    "stddev_samp": aggregates.DeviationSample,
    "var_pop": aggregates.VariancePopulation,
    "var_samp": aggregates.VarianceSample,
    "any_value": aggregates.AnyValue,
    "bit_and": aggregates.BitAnd,
    "bit_or": aggregates.BitOr,
    "bit_xor": aggregates.BitXor,
}
