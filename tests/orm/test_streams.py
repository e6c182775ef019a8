"""Streams: rows that are fetched while they are used, from a cursor of the server's if it has."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from loops import run
from press import Tag
from vendors import only

from raystack_orm import DatabaseError, run_sync, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.databases import Driver, connections
from raystack_orm.expressions import RawSQL


@pytest.fixture
def driver(committed_db: str) -> Driver:
    """The driver of a database with ten tags."""
    Tag.objects.bulk_create([Tag(name=f"tag {number}") for number in range(10)])
    return connections.driver("default")


@pytest.fixture
def raw(driver: Driver) -> Iterator[Any]:
    """A leased connection."""
    leased = driver.lease()
    yield leased
    driver.release(leased)


TAGS = "SELECT name FROM press_tag ORDER BY name"


def test_rows_come_in_chunks(driver: Driver, raw: Any) -> None:
    """Of the size that was asked for; the last may be smaller."""
    stream = driver.stream(raw, TAGS, (), 4)

    assert [len(rows) for rows in stream.chunks] == [4, 4, 2]
    assert [column[0] for column in stream.description] == ["name"]


def test_all_rows_come_in_order(driver: Driver, raw: Any) -> None:
    """They are tuples, like those of a query that is fetched at once."""
    stream = driver.stream(raw, TAGS, (), 3)

    assert [row for rows in stream.chunks for row in rows] == driver.fetch(raw, TAGS, ()).rows


def test_parameters_are_bound(driver: Driver, raw: Any) -> None:
    """As in any query."""
    mark = {"sqlite": "?", "postgresql": "$1", "mysql": "%s"}[driver.vendor]

    stream = driver.stream(raw, f"SELECT name FROM press_tag WHERE name = {mark}", ("tag 7",), 5)

    assert list(stream.chunks) == [[("tag 7",)]]


def test_inside_a_transaction_other_statements_run_in_between(driver: Driver, raw: Any) -> None:
    """A loop over rows usually changes something."""
    driver.begin(raw, read_only=False)
    stream = driver.stream(raw, TAGS, (), 4)

    first = next(stream.chunks)
    driver.write(raw, "UPDATE press_tag SET name = 'new' WHERE name = 'tag 0'", ())
    rest = [row for rows in stream.chunks for row in rows]

    assert len(first) + len(rest) == 10
    driver.rollback(raw)
    assert not driver.in_transaction(raw)


def test_a_stream_that_is_closed_early_leaves_a_usable_connection(driver: Driver, raw: Any) -> None:
    """Closing it twice does nothing."""
    stream = driver.stream(raw, TAGS, (), 2)
    next(stream.chunks)

    stream.chunks.close()
    stream.chunks.close()

    assert list(stream.chunks) == []
    assert driver.fetch(raw, "SELECT count(*) FROM press_tag", ()).rows[0][0] == 10


def test_a_wrong_query_fails_at_once(driver: Driver, raw: Any) -> None:
    """Not when the first row is asked for."""
    with pytest.raises(driver.error_class):
        driver.stream(raw, "SELECT nothing FROM press_tag", (), 2)

    assert driver.fetch(raw, "SELECT 1", ()).rows[0][0] == 1


@only("postgresql")
@pytest.mark.parametrize(("is_on", "open_cursors"), [(True, 1), (False, 0)])
def test_server_side_cursors_can_be_turned_off_in_both_colours(
    committed_db: str, is_on: bool, open_cursors: int
) -> None:
    """DISABLE_SERVER_SIDE_CURSORS: behind a PgBouncer the next chunk may ask another server."""
    Tag.objects.bulk_create([Tag(name=f"tag {number}") for number in range(10)])
    url = replace(connections.driver("default").url, server_side_cursors=is_on)

    def opened() -> int:
        sql = "SELECT count(*) FROM pg_cursors WHERE name LIKE 'raystack%'"
        return int(connections["default"].fetch(sql).rows[0][0])

    def count() -> list[int]:
        with transaction.atomic():
            return [opened() for _ in Tag.objects.iterator(chunk_size=5)]

    async def acount() -> list[int]:
        async with transaction.atomic():
            return [await run_sync(opened) async for _ in Tag.objects.aiterator(chunk_size=5)]

    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        assert count() == run(acount) == [open_cursors] * 10
        connections.driver("default").close()


@pytest.mark.usefixtures("committed_db")
@pytest.mark.filterwarnings("error")
def test_a_stream_that_fails_leaves_no_cursor_behind() -> None:
    """In both colours; the connection is of use to the next one."""
    wrong = Tag.objects.annotate(wrong=RawSQL("no_such_column", ()))

    async def main() -> None:
        with pytest.raises(DatabaseError):
            async for _ in wrong.aiterator():
                pass
        gc.collect()
        assert await Tag.objects.acount() == 0

    with pytest.raises(DatabaseError):
        list(wrong.iterator())
    gc.collect()
    assert Tag.objects.count() == 0
    run(main)
