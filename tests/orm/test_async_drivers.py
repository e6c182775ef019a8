"""What the drivers of event loops can do too: streams, stale connections, limits."""

import asyncio
import contextvars
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loops import names, run
from press import Author
from vendors import only

from raystack_orm import OperationalError, connections, run_sync, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url
from raystack_orm.databases import make_driver

SQL = "SELECT name FROM press_author ORDER BY name"


@pytest.mark.parametrize("inside", [False, True])
def test_rows_come_in_chunks(committed_db: str, inside: bool) -> None:
    """Each job takes some; other statements run in between."""
    Author.objects.bulk_create([Author(name=str(number)) for number in range(5)])

    async def read() -> list[int]:
        _, chunks = await run_sync(connections["default"].stream, SQL, (), 2)
        sizes = []
        while rows := await run_sync(next, chunks, []):
            sizes.append(len(rows))
            await run_sync(names)
        return sizes

    async def main() -> list[int]:
        if not inside:
            return await read()
        async with transaction.atomic():
            return await read()

    assert run(main) == [2, 2, 1]


def test_a_stream_that_is_closed_early_gives_its_connection_back(committed_db: str) -> None:
    """More often than there are connections."""
    Author.objects.bulk_create([Author(name=str(number)) for number in range(5)])

    async def main() -> None:
        for _ in range(12):
            _, chunks = await run_sync(connections["default"].stream, SQL, (), 2)
            assert await run_sync(next, chunks) == [("0",), ("1",)]
            await run_sync(chunks.close)
        assert len(await run_sync(names)) == 5

    run(main)


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_da_07_a_connection_that_the_server_ended_is_replaced() -> None:
    """The next query of the event loop works."""

    def end_all() -> None:
        driver = make_driver(connections.driver("default").url)
        raw = driver.lease()
        driver.fetch(
            raw,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            (),
        )
        driver.release(raw)
        driver.close()

    async def main() -> None:
        await asyncio.gather(*(run_sync(names) for _ in range(5)))
        await asyncio.to_thread(end_all)
        await asyncio.gather(*(run_sync(names) for _ in range(5)))

    run(main)


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_an_exhausted_pool_says_so() -> None:
    """As in synchronous code, while the event loop goes on."""
    url = connections.driver("default").url
    given = f"postgresql://{url.user}@{url.host}:{url.port}/{url.database}"
    small = parse_url(f"{given}?pool_size=1&pool_timeout=0.2")

    async def main() -> None:
        async with transaction.atomic(read_only=True):
            await run_sync(names)
            with pytest.raises(OperationalError, match="all 1 connections of the pool are in use"):
                await _apart(lambda: run_sync(names))
            assert await run_sync(names) == []

    with configured(Configuration({"default": small}, configured=True)):
        run(main)


@only("postgresql")  # PyMySQL has no limit but read_timeout
@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("colour", ["sync", "async"])
def test_a_server_that_stays_silent_is_not_waited_for_long(colour: str) -> None:
    """No longer than connect_timeout says."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = replace(
            connections.driver("default").url,
            host="127.0.0.1",
            port=silent.getsockname()[1],
            options={"pool_timeout": "30", "connect_timeout": "2"},
        )
        start = time.monotonic()
        with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
            with pytest.raises(OperationalError):
                run(Author.objects.acount) if colour == "async" else Author.objects.count()
            connections.driver("default").close()
        assert time.monotonic() - start < 10


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_a_writer_that_waits_too_long_is_told_for_whom() -> None:
    """The error names the file and line of the block that holds the turn."""
    url = connections.driver("default").url
    quick = parse_url(f"sqlite:///{url.database}?timeout=0.2")

    async def write() -> None:
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="Ann")

    async def main() -> None:
        async with transaction.atomic():
            await asyncio.sleep(0)
            other = asyncio.create_task(_apart(write))
            with pytest.raises(OperationalError, match=r"held by .*test_async_drivers.py:\d+"):
                await other
        await write()

    with configured(Configuration({"default": quick}, configured=True)):
        run(main)
        assert names() == ["Ann"]


async def _apart(work: Callable[[], Any]) -> None:
    await asyncio.create_task(work(), context=contextvars.Context())
