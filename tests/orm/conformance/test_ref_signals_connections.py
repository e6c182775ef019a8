"""connection_created: sent when a connection is opened.

https://docs.djangoproject.com/en/stable/ref/signals/#connection-created
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from raystack_orm import connections, models
from raystack_orm.signals import connection_created


class Note(models.Model):
    text = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_connections"


@pytest.fixture
def opened() -> Iterator[list[dict[str, Any]]]:
    """What receivers are told, with what each asks on the connection that it is given."""
    told: list[dict[str, Any]] = []

    def note(signal: Any, **named: Any) -> None:
        with named["connection"].cursor() as cursor:
            cursor.execute("SELECT 1 + 1")
            told.append({**named, "answer": cursor.fetchone()[0]})

    connection_created.connect(note)
    yield told
    connection_created.disconnect(note)


def reopened() -> None:
    """Close all connections: the next query opens one."""
    connections.driver("default").close()


def check(told: dict[str, Any], vendor: str) -> None:
    connection = told["connection"]
    assert told["sender"] is type(connection)
    assert (connection.alias, connection.vendor) == ("default", vendor)
    assert told["answer"] == 2


def test_the_sender_is_the_class_and_the_connection_runs_sql(
    committed_db: str, opened: list[dict[str, Any]]
) -> None:
    reopened()
    assert Note.objects.count() == 0
    assert Note.objects.count() == 0
    assert len(opened) == 1  # it is opened once and used again
    check(opened[0], committed_db)


def test_connections_of_asynchronous_code_are_told_too(
    committed_db: str, opened: list[dict[str, Any]]
) -> None:
    reopened()
    opened.clear()

    async def count() -> int:
        try:
            return await Note.objects.acount()
        finally:
            await connections.aclose_all()

    assert asyncio.run(count()) == 0
    assert opened
    check(opened[-1], committed_db)


SETTINGS = {  # what a receiver sets, and how it is asked for
    "sqlite": ("PRAGMA cache_size = 777", "PRAGMA cache_size"),
    "postgresql": ("SET lock_timeout = '777ms'", "SHOW lock_timeout"),
    "mysql": ("SET SESSION lock_wait_timeout = 777", "SELECT @@lock_wait_timeout"),
}


def test_what_a_receiver_sets_is_there_for_the_queries(committed_db: str) -> None:
    statement, asked = SETTINGS[committed_db]

    def prepare(connection: Any, **named: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    connection_created.connect(prepare)
    try:
        reopened()
        with connections["default"].cursor() as cursor:
            cursor.execute(asked)
            assert str(cursor.fetchone()[0]).startswith("777")
    finally:
        connection_created.disconnect(prepare)
        reopened()
