"""Cancellation: at whatever point it comes, nothing is half done and the connection is clean."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import pytest
from loops import names, run
from pools import SIZE, small_pool
from press import Author
from vendors import only

from raystack_orm import connections, run_sync, transaction

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i < 200000000) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(20)",
    "mysql": "SELECT SLEEP(20)",
}


class CancelAt:
    """Drives a coroutine, and cancels its task at the n-th time that it waits."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.waits = 0

    async def __call__(self, work: Callable[[], Awaitable[Any]]) -> bool:
        """Return whether the work was cancelled."""
        task = asyncio.ensure_future(_stepped(work(), self))
        self.task = task
        try:
            await task
        except asyncio.CancelledError:
            return True
        return False

    def step(self) -> None:
        self.waits += 1
        if self.waits == self.number:
            asyncio.get_running_loop().call_soon(self.task.cancel)


class _Stepped:
    def __init__(self, inner: Any, at: CancelAt) -> None:
        self.inner = inner
        self.at = at

    def __await__(self) -> Any:
        steps = self.inner.__await__()
        value, error = None, None
        while True:
            try:
                waited = steps.throw(error) if error is not None else steps.send(value)
            except StopIteration as stop:
                return stop.value
            self.at.step()
            value, error = None, None
            try:
                value = yield waited
            except BaseException as raised:  # noqa: BLE001 - all go on to the coroutine
                error = raised


async def _stepped(work: Any, at: CancelAt) -> Any:
    return await _Stepped(work, at)


async def transfer() -> None:
    async with transaction.atomic():
        await run_sync(Author.objects.create, name="Ann")
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="Bob")
        await asyncio.sleep(0)
        await run_sync(Author.objects.create, name="Eve")


def test_cancelled_at_every_await_point(committed_db: str) -> None:
    """All of the transaction or nothing, and the next one finds everything as it should be."""

    async def main() -> int:
        number, cancelled = 0, True
        while cancelled:
            number += 1
            cancelled = await CancelAt(number)(transfer)
            found = await run_sync(names)
            assert found in ([], ["Ann", "Bob", "Eve"]), number
            if cancelled and found:  # the COMMIT was under way, and was brought to its end
                cancelled = number < 100
            assert not connections["default"].in_atomic_block
            async with transaction.atomic():
                await run_sync(Author.objects.all().delete)
            assert number < 100
        return number

    assert run(main) > 5


def test_cancelled_single_statements(committed_db: str) -> None:
    """Outside of a transaction too."""

    async def main() -> None:
        for number in range(1, 8):
            await CancelAt(number)(lambda: run_sync(Author.objects.create, name="Ann"))
            assert await run_sync(Author.objects.count) in range(number + 1)

    run(main)


def test_a_running_statement_is_interrupted(committed_db: str) -> None:
    """The driver is told to stop: nobody waits for the rest of a long query."""

    async def main() -> float:
        start = time.monotonic()
        task = asyncio.create_task(be_slow(committed_db))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await run_sync(Author.objects.count) == 0
        return time.monotonic() - start

    assert run(main) < 4


def test_a_statement_that_waits_behind_others_is_never_run(committed_db: str) -> None:
    """It is cancelled at once, whatever it waits for: a thread, or a connection."""
    with nullcontext() if committed_db == "sqlite" else small_pool(timeout_s=30):
        at_once = 8 if committed_db == "sqlite" else SIZE

        async def main() -> float:
            busy = [asyncio.create_task(be_slow(committed_db)) for _ in range(at_once)]
            await asyncio.sleep(0.3)
            waiting = [
                asyncio.create_task(run_sync(Author.objects.create, name="Ann")),
                asyncio.create_task(in_a_block()),
                asyncio.create_task(be_slow(committed_db)),
            ]
            await asyncio.sleep(0.1)
            start = time.monotonic()
            assert await cancelled(waiting)
            took_s = time.monotonic() - start
            assert await cancelled(busy)
            return took_s

        assert run(main) < 2
        assert names() == []


@only("mysql")
@pytest.mark.usefixtures("committed_db")
def test_a_statement_whose_connection_comes_too_late_is_not_run() -> None:
    """It has a thread, which waits for a connection; then it is cancelled, then there is one."""
    with small_pool(timeout_s=30) as driver:

        async def main() -> None:
            held = [driver.lease() for _ in range(SIZE)]
            waiting = [
                asyncio.create_task(run_sync(Author.objects.create, name="Ann")),
                asyncio.create_task(in_a_block()),
            ]
            await asyncio.sleep(0.1)
            for task in waiting:
                task.cancel()
            await asyncio.sleep(0.1)
            for raw in held:
                driver.release(raw)
            assert await cancelled(waiting)

        run(main)
        assert names() == []


async def be_slow(vendor: str) -> None:
    await run_sync(lambda: connections["default"].fetch(SLOW[vendor]))


async def in_a_block() -> None:
    async with transaction.atomic():
        await run_sync(Author.objects.create, name="Bob")


async def cancelled(tasks: list[asyncio.Task[None]]) -> bool:
    """Cancel tasks; return whether all of them ended by that."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return all(task.cancelled() for task in tasks)


def test_a_timeout_inside_of_a_block_rolls_back(committed_db: str) -> None:
    """asyncio.timeout() is a cancellation, and still ends as a TimeoutError."""

    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), transaction.atomic():
                await run_sync(Author.objects.create, name="Ann")
                await asyncio.sleep(5)
        assert await run_sync(names) == []

    run(main)


def test_callbacks_of_a_cancelled_transaction_are_not_called(committed_db: str) -> None:
    """DA-05: an exception, a cancellation or a timeout leaves nothing behind."""
    called: list[str] = []

    async def block() -> None:
        async with transaction.atomic():
            transaction.on_commit(lambda: called.append("outer"))
            async with transaction.atomic():
                transaction.on_commit(lambda: called.append("inner"))
                await run_sync(Author.objects.create, name="Ann")
            await asyncio.sleep(5)

    async def main() -> None:
        task = asyncio.create_task(block())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await run_sync(names) == []

    run(main)
    assert called == []


def test_a_closed_coroutine_awaits_nothing_and_drops_its_connection(committed_db: str) -> None:
    """GeneratorExit: no I/O is awaited; the transaction is lost with the connection."""

    async def block() -> None:
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="Ann")
            await asyncio.Event().wait()

    async def main() -> None:
        coroutine = block()
        task = asyncio.create_task(_until_it_waits(coroutine))
        await task
        coroutine.close()
        assert await run_sync(names) == []
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="Bob")
        assert await run_sync(names) == ["Bob"]

    run(main)


async def _until_it_waits(coroutine: Any) -> None:
    """Drive a coroutine as far as its wait for an event that never comes."""
    while True:
        waited = coroutine.send(None)
        if waited is not None and not isinstance(waited, asyncio.Future):
            raise AssertionError(waited)
        if waited is not None and "Event.wait" in str(_innermost(coroutine)):
            return
        if waited is not None:
            waited._asyncio_future_blocking = False
            await asyncio.wait([waited])


def _innermost(coroutine: Any) -> Any:
    while getattr(coroutine, "cr_await", None) is not None:
        inner = coroutine.cr_await
        if not hasattr(inner, "cr_code"):
            break
        coroutine = inner
    return coroutine.cr_code.co_qualname


def test_a_coroutine_closed_while_a_statement_runs(committed_db: str) -> None:
    """The job ends too, and its greenlet is not used again."""

    async def main() -> None:
        for _ in range(5):
            coroutine = run_sync(Author.objects.create, name="Ann")
            waited = coroutine.send(None)
            coroutine.close()
            if waited is not None:
                waited._asyncio_future_blocking = False
            await asyncio.sleep(0.05)
        assert await run_sync(Author.objects.count) <= 5
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="Bob")

    run(main)
