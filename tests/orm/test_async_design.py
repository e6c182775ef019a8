"""What the design of the asynchronous ORM says, where no other file tests it.

Context variables, greenlets and colours are in ``test_async_colour.py``, cancellation at every
await point in ``test_async_cancellation.py``, whose a transaction is in
``test_async_transactions.py``, bridge mode and databases in memory in ``test_async_testing.py``.
"""

import asyncio
import gc
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from greenlet import getcurrent
from loops import names, run
from press import Article, Author, Tag
from vendors import only

from raystack_orm import connection, connections, run_sync, transaction
from raystack_orm.databases import workers
from raystack_orm.databases.colour import Job
from raystack_orm.models.signals import post_save

LOCKS = (type(threading.Lock()), type(threading.RLock()))


def test_an_operation_of_several_queries_is_one_job(committed_db: str) -> None:
    """``aget`` with its prefetched relations runs in one greenlet, from its first query on."""
    author = Author.objects.create(name="Ann")
    Article.objects.create(title="a", author=author).tags.set([Tag.objects.create(name="x")])
    jobs: list[Any] = []

    def note(execute: Callable[..., Any], *args: Any) -> Any:
        jobs.append(getcurrent())
        return execute(*args)

    async def main() -> None:
        with connection.execute_wrapper(note):
            await Article.objects.prefetch_related("tags").select_related("author").aget()

    run(main)

    assert len(jobs) == 2
    assert type(jobs[0]) is Job
    assert jobs[0] is jobs[1]


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_an_operation_of_one_query_is_one_hop_to_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hops are most of what an asynchronous query costs."""
    Author.objects.create(name="Ann")
    hops: list[object] = []

    class Counted(workers._Hop):
        def __init__(self, *args: Any) -> None:
            hops.append(self)
            super().__init__(*args)

    monkeypatch.setattr(workers, "_Hop", Counted)
    counts = {}

    async def main() -> None:
        await Author.objects.acount()  # the first one opens the connection
        for name, work in {
            "get": lambda: Author.objects.aget(name="Ann"),
            "list": lambda: run_sync(list, Author.objects.all()),
            "count": Author.objects.acount,
            "create": lambda: Author.objects.acreate(name="Bob"),
            "update": lambda: Author.objects.filter(name="Bob").aupdate(name="Eve"),
        }.items():
            hops.clear()
            await work()
            counts[name] = len(hops)

    run(main)

    assert counts == dict.fromkeys(counts, 1)


def test_greenlets_stay_in_their_thread() -> None:
    """Each thread has a pool of its own: a greenlet cannot change its thread."""

    async def main() -> set[Any]:
        return {await run_sync(getcurrent) for _ in range(3)}

    with ThreadPoolExecutor(1) as other:
        here, there = asyncio.run(main()), other.submit(asyncio.run, main()).result()

    assert (len(here), len(there)) == (1, 1)
    assert here.isdisjoint(there)


def locked() -> list[str]:
    """Return the locks of the ORM's objects that are held, and stay so for a while."""
    found = []
    for thing in gc.get_objects():
        if not str(type(thing).__module__).startswith("raystack_orm."):
            continue
        for name, value in getattr(thing, "__dict__", {}).items():
            if isinstance(value, LOCKS[1]) and value._is_owned():  # by a job of this thread
                found.append(f"{type(thing).__name__}.{name}")
            elif isinstance(value, LOCKS):
                tries = 0
                while not value.acquire(blocking=False) and tries < 20:  # by a worker, perhaps
                    tries += 1
                    time.sleep(0.001)
                if tries == 20:
                    found.append(f"{type(thing).__name__}.{name}")
                else:
                    value.release()
    return found


class _Watched:
    """Awaits something, and looks at all locks whenever it waits."""

    def __init__(self, work: Any) -> None:
        self.work = work
        self.waits = 0
        self.held: list[str] = []

    def __await__(self) -> Any:
        steps = self.work.__await__()
        try:
            waited = steps.send(None)
            while True:
                self.waits += 1
                self.held += locked()
                got = yield waited
                waited = steps.send(got)
        except StopIteration:
            return


def test_no_lock_is_held_while_a_job_waits(committed_db: str) -> None:
    """Another job of the loop that wants it would wait for ever."""

    async def work() -> None:
        async with transaction.atomic():
            await Author.objects.acreate(name="Ann")
            async with transaction.atomic():
                await Author.objects.acreate(name="Bob")
        assert await Author.objects.acount() == 2

    async def main() -> _Watched:
        watched = _Watched(work())
        await watched
        return watched

    watched = run(main)

    assert watched.waits > 4
    assert watched.held == []


def test_asynchronous_receivers_are_awaited_where_there_is_a_loop(committed_db: str) -> None:
    """In asynchronous code on its own loop; in synchronous code on one for all receivers."""
    loops: list[Any] = []

    async def receiver(**_: Any) -> None:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())

    async def another(**_: Any) -> None:
        await receiver()

    receivers = (receiver, another)
    for one in receivers:
        post_save.connect(one, sender=Author)
    try:

        async def main() -> Any:
            await Author.objects.acreate(name="Ann")
            return asyncio.get_running_loop()

        loop = run(main)
        Author.objects.create(name="Bob")
    finally:
        for one in receivers:
            post_save.disconnect(one, sender=Author)

    assert loops[:2] == [loop, loop]
    assert loops[2] is loops[3]
    assert loops[2] is not loop


def test_outside_of_a_transaction_a_connection_is_leased_for_one_operation(
    committed_db: str,
) -> None:
    """In both colours; a hundred tasks that hold none between their queries share the few."""
    Author.objects.count()
    assert connections["default"].held is None

    async def work() -> None:
        for _ in range(3):
            await Author.objects.acount()
            assert connections["default"].held is None
            await asyncio.sleep(0.001)

    async def main() -> None:
        await asyncio.gather(*(work() for _ in range(100)))

    run(main)


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_each_thread_has_one_connection_to_a_file() -> None:
    """It keeps it, and no other thread gets it."""

    def leased() -> list[Any]:
        driver = connections.driver("default")
        found = []
        for _ in range(3):
            found.append(driver.lease())
            driver.release(found[-1])
        return found

    mine = leased()
    with ThreadPoolExecutor(1) as other:
        its = other.submit(leased).result()

    assert len({id(raw) for raw in mine}) == len({id(raw) for raw in its}) == 1
    assert mine[0] is not its[0]


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_a_transaction_of_sqlite_writes_from_its_beginning_unless_it_only_reads() -> None:
    """BEGIN IMMEDIATE, so that it cannot fail halfway; one that reads takes no lock."""
    other = sqlite3.connect(
        connections.driver("default").url.database, timeout=0, isolation_level=None
    )

    def others_may_write() -> bool:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        other.execute("ROLLBACK")
        return True

    async def main() -> None:
        async with transaction.atomic():
            await run_sync(names)
            assert not others_may_write()
        async with transaction.atomic(read_only=True):
            await run_sync(names)
            assert others_may_write()

    run(main)
    with transaction.atomic():
        names()
        assert not others_may_write()
    with transaction.atomic(read_only=True):
        names()
        assert others_may_write()
    other.close()


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_a_transaction_of_postgresql_that_reads_is_read_only() -> None:
    """In both colours; the next one on the same connection writes again."""

    def read_only() -> str:
        return str(connections["default"].fetch("SHOW transaction_read_only").rows[0][0])

    async def main() -> list[str]:
        found = []
        for only_reads in (True, False):
            async with transaction.atomic(read_only=only_reads):
                found.append(await run_sync(read_only))
        return found

    assert run(main) == ["on", "off"]
    for only_reads, expected in ((True, "on"), (False, "off")):
        with transaction.atomic(read_only=only_reads):
            assert read_only() == expected


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_readers_run_in_parallel() -> None:
    """Two tasks are in the middle of reading at the same time, in threads of their own."""
    inside = threading.Barrier(2, timeout=10)

    async def read() -> None:
        def meet(value: int) -> int:
            inside.wait()
            return value

        async with transaction.atomic(read_only=True):
            connections["default"].held.raw.create_function("meet", 1, meet)
            assert await run_sync(lambda: connections["default"].fetch("SELECT meet(7)").rows) == [
                (7,)
            ]

    async def main() -> None:
        await asyncio.gather(read(), read())

    run(main)
