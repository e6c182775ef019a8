"""Connections: one for each database, by alias.

https://docs.djangoproject.com/en/stable/topics/db/sql/#connections-and-cursors
"""

import pytest

from raystack_orm import connection, connections, models, transaction
from raystack_orm.exceptions import ConnectionDoesNotExist
from raystack_orm.testing import capture_queries


class Row(models.Model):
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_connections"


def test_the_connection_is_the_default_one(db: str) -> None:
    assert connection.alias == "default"
    assert connections["default"].alias == "default"
    assert connection.vendor == connections["default"].vendor == db


def test_all_lists_the_connections(db: str) -> None:
    assert "default" in {made.alias for made in connections.all()}
    assert "default" in list(connections)
    assert "default" in connections
    assert "nowhere" not in connections


def test_an_unknown_alias_is_named(db: str) -> None:
    with pytest.raises(ConnectionDoesNotExist, match="nowhere"):
        connections["nowhere"]


def test_in_atomic_block_follows_the_blocks(committed_db: str) -> None:
    assert connection.in_atomic_block is False
    with transaction.atomic():
        assert connection.in_atomic_block is True
        with transaction.atomic():
            assert connection.in_atomic_block is True
    assert connection.in_atomic_block is False


def test_a_closed_connection_opens_again(committed_db: str) -> None:
    Row.objects.create(name="kept")
    connection.close()
    assert Row.objects.get().name == "kept"
    connections.close_all()
    assert Row.objects.count() == 1


def test_a_cursor_is_closed_after_its_block(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(Exception, match=r"(?i)close|cursor|connect|program"):
        cursor.execute("SELECT 1")


def test_lastrowid_and_rowcount(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO c1_connections_row (name) VALUES (%s)", ["a"])
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM c1_connections_row WHERE name = %s", ["nothing"])
        assert cursor.rowcount == 0


def test_a_cursor_sees_the_transaction_of_the_models(db: str) -> None:
    Row.objects.create(name="a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM c1_connections_row")
        assert [tuple(row) for row in cursor.fetchall()] == [("a",)]
        cursor.execute("UPDATE c1_connections_row SET name = 'b'")
    assert Row.objects.get().name == "b"


def test_parameters_are_bound(db: str) -> None:
    hostile = "x'); DROP TABLE c1_connections_row; --"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO c1_connections_row (name) VALUES (%s)", [hostile[:20]])
    assert Row.objects.get().name == hostile[:20]


def test_queries_of_a_cursor_are_captured(db: str) -> None:
    with capture_queries() as captured, connection.cursor() as cursor:
        cursor.execute("SELECT %s", [5])
        assert cursor.fetchone()[0] in (5, "5")
    assert len(captured) == 1


def test_quote_name_quotes_once(db: str) -> None:
    quoted = connection.ops.quote_name("order")
    assert quoted in ('"order"', "`order`")
    assert connection.ops.quote_name(quoted) == quoted


def test_nulls_and_types_come_back(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULL, 1, 'text'")
        assert tuple(cursor.fetchone()) == (None, 1, "text")
