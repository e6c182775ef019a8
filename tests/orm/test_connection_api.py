"""Connections as Django's users know them.

https://docs.djangoproject.com/en/stable/topics/db/sql/ and topics/db/instrumentation/
"""

import asyncio
import datetime as dt
import logging
from decimal import Decimal
from typing import Any

import pytest
from loops import run
from press import Author
from vendors import only

from raystack_orm import (
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
    connection,
    connections,
    run_sync,
    transaction,
)
from raystack_orm.configuration import Configuration, configured
from raystack_orm.settings import OrmSettings


def test_connection_is_the_default_databases(db: str) -> None:
    """It is a proxy: what ``connections["default"]`` is at that moment."""
    assert connection.alias == "default"
    assert connection.vendor == db == connections["default"].vendor
    assert connection == connections["default"]
    assert [c.alias for c in connections.all()] == ["default"]
    assert list(connections) == ["default"]
    assert connection.settings_dict["NAME"]
    assert connection.is_usable()
    connection.ensure_connection()


def test_flags_tell_what_a_database_can_do(db: str) -> None:
    """Under Django's names."""
    assert connection.features.has_select_for_update is (db != "sqlite")
    assert connection.ops.quote_name("x") == ("`x`" if db == "mysql" else '"x"')
    assert connection.ops.quote_name(connection.ops.quote_name("x")) == connection.ops.quote_name(
        "x"
    )


def test_tables_are_listed(committed_db: str) -> None:
    """Sorted; in both colours."""
    tables = connection.introspection.table_names()

    assert {"press_author", "press_article"} <= set(tables)
    assert tables == sorted(tables)
    assert run(lambda: run_sync(connection.introspection.table_names)) == tables


def test_a_cursor_runs_sql_written_by_hand(db: str) -> None:
    """With the same placeholders on every database."""
    Author.objects.bulk_create([Author(name=name, email=f"{name}@x") for name in "abc"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email FROM press_author WHERE name <> %s ORDER BY 1", ["a"])
        assert [column[0] for column in cursor.description or ()] == ["name", "email"]
        assert cursor.fetchone() == ("b", "b@x")
        assert cursor.fetchall() == [("c", "c@x")]
        assert cursor.fetchone() is None
        cursor.execute("SELECT name FROM press_author ORDER BY name")
        assert cursor.fetchmany(2) == [("a",), ("b",)]
        assert list(cursor) == [("c",)]
        cursor.execute(
            "SELECT name FROM press_author WHERE name = %(name)s OR email = %(email)s "
            "OR name = %(name)s ORDER BY name",
            {"name": "a", "email": "b@x"},
        )
        assert cursor.fetchall() == [("a",), ("b",)]
        cursor.execute("UPDATE press_author SET email = %s", ["x"])
        assert cursor.rowcount == 3
        cursor.executemany(
            "INSERT INTO press_author (name, email) VALUES (%s, %s)", [("d", ""), ("e", "")]
        )
        assert Author.objects.count() == 5
    with pytest.raises(InterfaceError, match="closed"):
        cursor.execute("SELECT 1")


def test_a_percent_sign_is_doubled_where_there_are_parameters(db: str) -> None:
    """Without them it means itself, as in Django."""
    Author.objects.create(name="100%")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM press_author WHERE name LIKE '%0%'")
        assert cursor.fetchone() == ("100%",)
        cursor.execute("SELECT name FROM press_author WHERE name LIKE '%%0%%' AND id <> %s", [0])
        assert cursor.fetchone() == ("100%",)


def test_parameters_are_of_any_usual_type(db: str) -> None:
    """What a model's field would take, too."""
    moment = dt.datetime(2026, 1, 2, 3, 4, tzinfo=None)  # noqa: DTZ001 - UTC, as in the column
    given = (Decimal("1.50"), moment, moment.date(), None)
    with connection.cursor() as cursor:
        for value in given:
            cursor.execute("SELECT name FROM press_author WHERE name = %s", [str(value)])
        cursor.execute(
            "UPDATE press_everything SET price = %s, moment = %s, day = %s, text = %s", given
        )
        assert cursor.rowcount == 0


def test_a_missing_named_parameter_is_named(db: str) -> None:
    """Instead of a KeyError from somewhere."""
    if db == "mysql":
        pytest.skip("PyMySQL fills the statement in itself")
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match=r"%\(name\)s"):
        cursor.execute("SELECT %(name)s", {"nmae": 1})


def test_errors_of_a_cursor_are_the_orms(db: str) -> None:
    """Whatever the driver calls them."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO press_tag (name) VALUES (NULL)")
    assert connection.is_usable()


def test_stored_procedures(db: str) -> None:
    """Where the database has them."""
    with connection.cursor() as cursor:
        if db == "sqlite":
            with pytest.raises(NotSupportedError):
                cursor.callproc("abs", [-1])
        elif db == "postgresql":
            cursor.callproc("abs", [-3])
            assert cursor.fetchone() == (3,)


def test_a_cursor_in_asynchronous_code(committed_db: str) -> None:
    """In a function that run_sync() runs."""

    def insert() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO press_author (name, email) VALUES (%s, %s)", ["a", "b"])
            assert cursor.rowcount == 1
            cursor.execute("SELECT name FROM press_author")
            return cursor.fetchall()

    assert run(lambda: run_sync(insert)) == [("a",)]


# Instrumentation ----------------------------------------------------------------------------------


class Logger:
    def __init__(self) -> None:
        self.seen: list[tuple[str, bool, str]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        status = "error"
        try:
            result = execute(sql, params, many, context)
            status = "ok"
            return result
        finally:
            self.seen.append((sql.split()[0], many, status))


def test_a_wrapper_sees_every_query_of_its_block(db: str) -> None:
    """Those of the ORM and those of cursors, with what they are about."""
    logger = Logger()
    with connection.execute_wrapper(logger):
        Author.objects.create(name="Ann")
        list(Author.objects.all())
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO press_author (name, email) VALUES (%s, %s)", [("b", ""), ("c", "")]
            )
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO press_tag (name) VALUES (NULL)")
    Author.objects.count()

    assert logger.seen == [
        ("INSERT", False, "ok"),
        ("SELECT", False, "ok"),
        ("INSERT", True, "ok"),
        ("INSERT", False, "error"),
    ]


def test_wrappers_are_nested_and_can_block(db: str) -> None:
    """The last one is the outermost, and may refuse."""
    order: list[str] = []

    def first(execute: Any, *args: Any) -> Any:
        order.append("first")
        return execute(*args)

    def second(execute: Any, *args: Any) -> Any:
        order.append("second")
        return execute(*args)

    def blocker(*args: Any) -> None:
        raise RuntimeError(f"No access to {args[-1]['connection'].alias} here.")

    with connection.execute_wrapper(first), connection.execute_wrapper(second):
        Author.objects.count()
    assert order == ["first", "second"]
    with (
        connection.execute_wrapper(blocker),
        pytest.raises(RuntimeError, match="No access to default"),
    ):
        Author.objects.count()
    assert Author.objects.count() == 0


def test_a_wrapper_is_for_its_own_task(committed_db: str) -> None:
    """And for what that starts; other tasks do not see it."""
    logger = Logger()

    async def main() -> None:
        other = asyncio.create_task(_count_later())
        with connection.execute_wrapper(logger):
            await run_sync(Author.objects.count)
            await asyncio.create_task(run_sync(Author.objects.count))
            await asyncio.to_thread(Author.objects.count)
            await other

    run(main)
    assert len(logger.seen) == 3


async def _count_later() -> None:
    await asyncio.sleep(0)
    await run_sync(Author.objects.count)


def test_queries_are_logged_when_asked_for(db: str, caplog: pytest.LogCaptureFixture) -> None:
    """With the time that each took."""
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    try:
        with caplog.at_level(logging.DEBUG, "raystack_orm.queries"):
            Author.objects.filter(name="Ann").exists()
    finally:
        connection.force_debug_cursor = False
    Author.objects.count()

    [entry] = connection.queries
    assert entry["sql"].startswith("SELECT")
    assert "Ann" in map(str, entry["params"])
    assert float(entry["time"]) >= 0
    [record] = caplog.records
    assert record.getMessage().startswith("(0.")


def test_a_stream_is_logged_like_any_query(db: str) -> None:
    """Once, with its parameters and the time that it took."""
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    try:
        list(Author.objects.filter(name="Ann").iterator())
    finally:
        connection.force_debug_cursor = False

    [entry] = connection.queries
    assert "press_author" in entry["sql"]
    assert "Ann" in map(str, entry["params"])
    assert float(entry["time"]) >= 0


def test_what_a_block_on_a_loop_sets_holds_after_it(committed_db: str) -> None:
    """Its connection is another than the loop's, but they have one log."""

    async def main() -> None:
        async with transaction.atomic():
            connections["default"].force_debug_cursor = True
        connections["default"].queries_log.clear()
        await Author.objects.acount()
        assert len(connections["default"].queries) == 1

        async with transaction.atomic():
            connections["default"].force_debug_cursor = False
        await Author.objects.acount()
        assert len(connections["default"].queries) == 1

    run(main)


def test_slow_queries_are_warned_about(db: str, caplog: pytest.LogCaptureFixture) -> None:
    """SLOW_QUERY_LOG_MS says from when on; the parameters are not in the log."""
    active = connections["default"].key[1]
    made = Configuration({"default": active}, configured=True, orm=OrmSettings(SLOW_QUERY_LOG_MS=0))
    with configured(made), caplog.at_level(logging.WARNING, "raystack_orm.slow"):
        Author.objects.filter(name="secret").exists()

    [record] = caplog.records
    assert record.getMessage().startswith("A query took 0.")
    assert "secret" not in record.getMessage()


@pytest.mark.parametrize("slow_ms", [0, 60_000])
def test_slow_streams_are_warned_about(
    db: str, slow_ms: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Be it the query that takes long, or the database to find the next rows."""
    Author.objects.create(name="secret")
    active = connections["default"].key[1]
    orm = OrmSettings(SLOW_QUERY_LOG_MS=slow_ms)
    made = Configuration({"default": active}, configured=True, orm=orm)
    with configured(made), caplog.at_level(logging.WARNING, "raystack_orm.slow"):
        list(Author.objects.filter(name="secret").iterator())

    assert bool(caplog.records) == (slow_ms == 0)
    assert "secret" not in caplog.text


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_a_closed_connection_opens_again() -> None:
    """close() outside of a transaction changes nothing for the next query."""
    connection.close()
    assert Author.objects.count() == 0
    with transaction.atomic():
        Author.objects.create(name="Ann")
        connections["default"].close()
    assert Author.objects.count() == 0
