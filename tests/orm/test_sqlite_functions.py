"""Functions that the ORM's queries need and SQLite lacks: each as SQL that a query may contain."""

import math
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from raystack_orm import OperationalError
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import DatabaseURL
from raystack_orm.databases import connections, sqlite_functions
from raystack_orm.databases.sqlite_dates import PARTS

MOMENT = "'2024-12-31 22:30:45.123456'"  # in UTC: in Zurich, the year has half an hour left


@pytest.fixture(scope="module", autouse=True)
def memory() -> Iterator[None]:
    """A database in memory."""
    with configured(Configuration({"default": DatabaseURL("sqlite", ":memory:")}, configured=True)):
        yield


def value(sql: str, *params: Any) -> Any:
    """Return what an expression is."""
    return connections["default"].fetch(f"SELECT {sql}", params).rows[0][0]


@pytest.mark.parametrize(
    ("part", "in_utc", "in_zurich"),
    [
        ("year", 2024, 2024),
        ("iso_year", 2025, 2025),  # the 31st is a Tuesday, of the first week of 2025
        ("quarter", 4, 4),
        ("month", 12, 12),
        ("week", 1, 1),
        ("day", 31, 31),
        ("week_day", 3, 3),
        ("iso_week_day", 2, 2),
        ("hour", 22, 23),
        ("minute", 30, 30),
        ("second", 45, 45),
    ],
)
def test_a_part_of_a_datetime_is_that_in_the_zone(part: str, in_utc: int, in_zurich: int) -> None:
    """``published_at__hour=23`` speaks of the clock on the wall."""
    assert value(f"raystack_datetime_extract('{part}', {MOMENT}, NULL)") == in_utc
    assert value(f"raystack_datetime_extract('{part}', {MOMENT}, 'Europe/Zurich')") == in_zurich
    assert value(f"raystack_datetime_extract('{part}', NULL, 'Europe/Zurich')") is None


def test_parts_of_dates_and_times() -> None:
    """Sunday is the first day of the week to ``week_day``, the seventh to ``iso_week_day``."""
    assert value("raystack_date_extract('week_day', '2026-02-01')") == 1
    assert value("raystack_date_extract('iso_week_day', '2026-02-01')") == 7
    assert value("raystack_date_extract('quarter', '2026-04-01')") == 2
    assert value("raystack_time_extract('second', '10:20:30.5')") == 30


@pytest.mark.parametrize(
    ("part", "start"),
    [
        ("year", "2025-01-01 00:00:00.000000"),
        ("quarter", "2025-01-01 00:00:00.000000"),
        ("month", "2025-01-01 00:00:00.000000"),
        ("week", "2024-12-30 00:00:00.000000"),
        ("day", "2025-01-01 00:00:00.000000"),
        ("hour", "2025-01-01 01:00:00.000000"),
        ("minute", "2025-01-01 01:30:00.000000"),
        ("second", "2025-01-01 01:30:45.000000"),
    ],
)
def test_truncating_a_datetime_happens_in_the_zone(part: str, start: str) -> None:
    """It is written like what is stored, so that comparing the text compares the time."""
    assert value(f"raystack_datetime_trunc('{part}', {MOMENT}, '+03:00')") == start


def test_truncating_dates_and_times() -> None:
    """The result is a date, or a time."""
    assert value("raystack_date_trunc('week', '2026-03-01', NULL)") == "2026-02-23"
    assert value(f"raystack_date_trunc('year', {MOMENT}, 'UTC+03:00')") == "2025-01-01"
    assert value("raystack_time_trunc('minute', '10:20:30.5')") == "10:20:00.000000"


def test_the_date_and_the_time_of_a_datetime() -> None:
    """An offset works like a zone."""
    assert value(f"raystack_datetime_date({MOMENT}, 'Asia/Tokyo')") == "2025-01-01"
    assert value(f"raystack_datetime_time({MOMENT}, '-05:30')") == "17:00:45.123456"
    assert value(f"raystack_local({MOMENT}, NULL)") == MOMENT.strip("'")
    assert value("raystack_datetime_date('no date', NULL)") is None


def test_durations_are_microseconds() -> None:
    """Added, and subtracted."""
    day = 24 * 60 * 60 * 10**6
    assert value(f"raystack_datetime_add('2024-02-28', {day})") == "2024-02-29"
    assert value("raystack_datetime_add('9999-12-31', 86400000000)") is None
    assert value("raystack_time_add('23:59:59', 2000000)") == "00:00:01.000000"
    assert value("raystack_datetime_diff('2024-03-01', '2024-02-28 12:00:00')") == day * 3 // 2
    assert value("raystack_time_diff('10:00:00.000001', '10:00:01')") == -999_999


def test_now_is_written_like_what_is_stored() -> None:
    """To the microsecond."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", value("raystack_now()"))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("'Ann' REGEXP '^a'", 0),
        ("'Ann' REGEXP '(?i)^a'", 1),
        ("12 REGEXP '^1'", 1),
        ("NULL REGEXP 'a'", None),
        ("lpad('a', 4, 'xy')", "xyxa"),
        ("lpad('abc', 2, 'x')", "ab"),
        ("lpad('a', 3, '')", "a"),
        ("rpad('a', 4, 'xy')", "axyx"),
        ("rpad('abc', 2, 'x')", "ab"),
        ("repeat('ab', 2)", "abab"),
        ("repeat('ab', -1)", ""),
        ("reverse('äb')", "bä"),
        ("sign(-2.5)", -1),
        ("sign(0)", 0),
        ("bitxor(6, 3)", 5),
        ("power(2, 10)", 1024),
        ("log(2, 8)", 3),
        ("mod(7, 4)", 3),
        ("sqrt(-1)", None),
        ("ceiling(1.2)", 2),
        ("reverse(NULL)", None),
        ("lpad('a', NULL, 'x')", None),
    ],
)
def test_text_and_numbers(sql: str, expected: Any) -> None:
    """As PostgreSQL and MariaDB have it."""
    assert value(sql) == expected


@pytest.mark.parametrize(
    ("name", "digits"),
    [("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)],
)
def test_digests(name: str, digits: int) -> None:
    """Of the text in UTF-8, in hexadecimal."""
    assert len(value(f"{name}('Zoë')")) == digits


def test_a_wrong_pattern_is_an_error() -> None:
    """It does not just find nothing."""
    with pytest.raises(OperationalError):
        value("'a' REGEXP '('")


@pytest.mark.parametrize(("name", "version"), [("uuidv4", 4), ("uuidv7", 7)])
def test_uuids_have_their_version(name: str, version: int) -> None:
    """Of the variant of RFC 9562."""
    made = uuid.UUID(value(f"{name}()"))

    assert (made.version, made.variant) == (version, uuid.RFC_4122)


def test_random_numbers_are_below_one() -> None:
    """Unlike SQLite's own random()."""
    assert 0 <= value("rand()") < 1


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("var_pop", 1.25),
        ("var_samp", 5 / 3),
        ("stddev_pop", math.sqrt(1.25)),
        ("stddev_samp", math.sqrt(5 / 3)),
        ("any_value", 1),
        ("bit_and", 0),
        ("bit_or", 7),
        ("bit_xor", 4),
    ],
)
def test_aggregates_pass_over_nulls(aggregate: str, expected: float) -> None:
    """As all of SQL's do; of nothing they are NULL."""
    rows = "(SELECT column1 AS x FROM (VALUES (1), (2), (3), (4), (NULL)))"

    assert value(f"{aggregate}(x) FROM {rows}") == pytest.approx(expected)
    assert value(f"{aggregate}(x) FROM {rows} WHERE x > 9") is None
    assert value(f"var_samp(x) FROM {rows} WHERE x = 1") is None


def test_aggregates_work_over_windows() -> None:
    """Rows leave the frame as they came."""
    rows = "(SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 4)"
    frame = "OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"

    sql = f"SELECT var_pop(x) {frame}, bit_or(x) {frame}, any_value(x) {frame} FROM {rows}"

    assert connections["default"].fetch(sql).rows == [(0, 1, 1), (0.25, 3, 1), (1, 6, 2)]


def test_what_never_changes_may_be_in_an_index() -> None:
    """Functions say that they are deterministic."""
    connection = connections["default"]
    connection.write("CREATE TABLE words (word TEXT)")

    connection.write("CREATE INDEX backwards ON words (reverse(word), md5(word))")

    assert connection.fetch("SELECT word FROM words WHERE reverse(word) = 'a'").rows == []


def test_the_module_documents_every_function() -> None:
    """Those who compile queries read it there."""
    text = str(sqlite_functions.__doc__)
    known = [
        *(name for name, _ in sqlite_functions.DETERMINISTIC if name != "regexp"),
        *(name for name, _ in sqlite_functions.MATHEMATICAL),
        *sqlite_functions.CHANGING,
        *sqlite_functions.AGGREGATES,
    ]

    assert [name for name in known if f"``{name}" not in text] == []
    assert "REGEXP" in text
    assert len(PARTS) == 11
