"""Transactions on an event loop: whose they are, and what happens to those of others.

https://docs.djangoproject.com/en/stable/topics/db/transactions/
"""

import asyncio
import contextvars
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, HTTPException
from loops import names, run
from press import Article, Author
from starlette.testclient import TestClient
from vendors import only

from raystack_orm import (
    IntegrityError,
    OperationalError,
    TransactionManagementError,
    connection,
    connections,
    run_sync,
    transaction,
)


async def create(name: str) -> None:
    await run_sync(Author.objects.create, name=name)


def test_a_block_is_committed_or_rolled_back(committed_db: str) -> None:
    """As in synchronous code; the queries of the task are inside."""

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            assert await run_sync(names) == ["Ann"]
            with ThreadPoolExecutor(1) as other:  # a context without the transaction
                assert other.submit(names).result() == []
        with pytest.raises(KeyError):
            async with transaction.atomic():
                await create("Bob")
                raise KeyError
        assert await run_sync(names) == ["Ann"]

    run(main)


def test_inner_blocks_are_savepoints(committed_db: str) -> None:
    """An inner block can fail alone, unless it was told to have no savepoint."""

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            with pytest.raises(KeyError):
                async with transaction.atomic():
                    await create("Bob")
                    raise KeyError
            await create("Eve")
        assert await run_sync(names) == ["Ann", "Eve"]
        async with transaction.atomic():
            with pytest.raises(KeyError):
                async with transaction.atomic(savepoint=False):
                    raise KeyError
            assert transaction.get_rollback()

    run(main)


def test_both_colours_in_one_transaction(committed_db: str) -> None:
    """A function with blocks of its own runs inside of the task's."""

    @transaction.atomic
    def rename() -> None:
        author = Author.objects.get()
        author.name = "Bob"
        author.save()

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            await run_sync(rename)
            transaction.set_rollback(True)
        assert await run_sync(names) == []

    run(main)


def test_a_coroutine_function_can_be_atomic(committed_db: str) -> None:
    """The decorator takes both kinds, with and without arguments."""

    @transaction.atomic
    async def one(name: str) -> int:
        await create(name)
        return int(name)

    @transaction.atomic(durable=True)
    async def two() -> str:
        await create("durable")
        return "done"

    async def main() -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            await one("Ann")
        assert await one("1") == 1
        assert await two() == "done"
        async with transaction.atomic():
            with pytest.raises(RuntimeError, match="durable"):
                await two()
        assert await run_sync(names) == ["1", "durable"]

    run(main)


def test_after_a_failed_statement_nothing_runs_until_the_rollback(committed_db: str) -> None:
    """The same rule as in synchronous code."""

    async def main() -> None:
        await create("Ann")
        with pytest.raises(TransactionManagementError, match="An earlier query"):
            async with transaction.atomic():
                with pytest.raises(IntegrityError):
                    await run_sync(Article.objects.create, title=None, author_id=1)
                await run_sync(names)

    run(main)


def test_callbacks_may_be_asynchronous(committed_db: str) -> None:
    """After the commit they are awaited, in order; those of rolled-back blocks are not called."""
    called: list[str] = []

    async def later() -> None:
        await asyncio.sleep(0)
        called.append(f"later, {len(await run_sync(names))}")

    async def main() -> None:
        async with transaction.atomic():
            transaction.on_commit(later)
            transaction.on_commit(lambda: called.append("sync"))
            with pytest.raises(KeyError):
                async with transaction.atomic():
                    transaction.on_commit(lambda: called.append("never"))
                    raise KeyError
            await create("Ann")
            assert called == []

    run(main)
    assert called == ["later, 1", "sync"]


def test_tasks_do_not_share_a_connection(committed_db: str) -> None:
    """Two read-only transactions are open at once, and neither is the other's."""

    async def hold(ready: asyncio.Barrier) -> int:
        async with transaction.atomic(read_only=True):
            await run_sync(names)
            await ready.wait()
            mine = id(connections["default"].held)
            await ready.wait()
            return mine

    async def main() -> int:
        ready = asyncio.Barrier(3)
        return len(set(await asyncio.gather(*(hold(ready) for _ in range(3)))))

    assert run(main) == 3


def test_a_child_task_may_not_use_the_transaction(committed_db: str) -> None:
    """The error names both; the transaction goes on."""

    async def child() -> None:
        await run_sync(names)

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            task = asyncio.create_task(child(), name="the-child")
            with pytest.raises(TransactionManagementError) as caught:
                await task
        message = str(caught.value)
        assert "the task the-child (test_a_child_task" in message
        assert "test_async_transactions.py" in message
        assert message.count("the task") == 2
        await asyncio.create_task(child())  # afterwards it is nobody's
        assert await run_sync(names) == ["Ann"]

    run(main)


def test_a_child_thread_may_not_use_the_transaction(committed_db: str) -> None:
    """asyncio.to_thread() copies the context, and so does FastAPI for a synchronous endpoint."""

    async def main() -> None:
        async with transaction.atomic():
            with pytest.raises(TransactionManagementError, match="the thread .* the task"):
                await asyncio.to_thread(names)
        assert await asyncio.to_thread(names) == []

    run(main)


@pytest.mark.parametrize("kind", ["thread", "executor"])
def test_a_thread_of_ones_own_is_beside_the_transaction(committed_db: str, kind: str) -> None:
    """Python starts it with an empty context: it does not see what the block has written."""

    def seen() -> list[str]:
        if kind == "executor":
            with ThreadPoolExecutor(1) as worker:
                return worker.submit(names).result()
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.extend(names()))
        thread.start()
        thread.join()
        return found

    with transaction.atomic():
        Author.objects.create(name="Ann")
        assert seen() == []
    assert seen() == ["Ann"]


def test_a_query_in_a_block_is_limited_by_a_timeout(committed_db: str) -> None:
    """asyncio.timeout() makes no task; the error of who has made one names it."""

    async def main() -> None:
        async with transaction.atomic():
            async with asyncio.timeout(5):
                await create("Ann")
            with pytest.raises(TransactionManagementError, match=r"async with asyncio\.timeout"):
                await asyncio.gather(create("Bob"))
        assert await run_sync(names) == ["Ann"]

    run(main)


def test_a_generator_is_not_decorated(committed_db: str) -> None:
    """Its body would run when the block has ended; so it is refused before it runs."""

    def rows() -> Iterator[int]:
        yield 1

    async def async_rows() -> AsyncIterator[int]:
        yield 1

    for generator in (rows, async_rows):
        with pytest.raises(TypeError, match="rows is a generator, whose body would run outside"):
            transaction.atomic(generator)
        with pytest.raises(TypeError, match="Write `with transaction.atomic"):
            transaction.atomic(durable=True)(generator)


def test_a_task_without_the_context_works_beside_the_transaction(committed_db: str) -> None:
    """That is what the error advises for work that is meant to be separate."""

    async def main() -> None:
        async with transaction.atomic(read_only=True):
            await run_sync(names)
            context = contextvars.Context()
            await asyncio.create_task(create("Ann"), context=context)
        assert await run_sync(names) == ["Ann"]

    run(main)


def test_a_loop_inside_of_a_threads_transaction(committed_db: str) -> None:
    """asyncio.run() in a block inherits it too."""
    with (
        transaction.atomic(),
        pytest.raises(TransactionManagementError, match="the task .* the thread"),
    ):
        asyncio.run(run_sync(names))


def test_leaving_in_another_task_rolls_back(committed_db: str) -> None:
    """A block is entered and left in one task."""

    async def main() -> None:
        block = transaction.atomic()
        await block.__aenter__()
        await create("Ann")
        with pytest.raises(TransactionManagementError, match="entered by the task .* left by"):
            await asyncio.create_task(block.__aexit__(None, None, None))
        assert not connections["default"].in_atomic_block
        assert await run_sync(names) == []

    run(main)


def test_another_context_of_the_same_thread_is_not_inside(committed_db: str) -> None:
    """A worker thread that was left with an open transaction does not lend it to the next job."""
    block = transaction.atomic()

    def enter() -> None:
        block.__enter__()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(contextvars.Context().run, enter).result()
        try:
            with pytest.raises(TransactionManagementError, match="entered at .*test_async"):
                worker.submit(contextvars.Context().run, names).result()
        finally:
            worker.submit(block.__exit__, None, None, None).result()


def test_a_read_only_block_refuses_to_write(committed_db: str) -> None:
    """On every database."""

    async def main() -> None:
        with pytest.raises(OperationalError):
            async with transaction.atomic(read_only=True):
                await create("Ann")
        await create("Bob")
        assert await run_sync(names) == ["Bob"]

    run(main)


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_da_03_fifty_tasks_that_hold_a_transaction_over_an_await() -> None:
    """All finish, one after another, while the event loop goes on."""
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before - 0.005)

    async def write(number: int) -> None:
        async with transaction.atomic():
            before = await run_sync(Author.objects.count)
            await asyncio.sleep(0.01)
            await create(f"{number} after {before}")

    async def main() -> None:
        watching = asyncio.create_task(watch())
        await asyncio.gather(*(write(number) for number in range(50)))
        watching.cancel()

    run(main)

    assert sorted(int(name.split()[-1]) for name in names()) == list(range(50))
    assert worst < 0.1


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_da_04_reads_do_not_wait_for_a_writer() -> None:
    """Readers see what was committed before."""

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            reader = asyncio.create_task(run_sync(names), context=contextvars.Context())
            assert await asyncio.wait_for(reader, 1) == []

    run(main)


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_threads_and_tasks_stand_in_one_queue() -> None:
    """Writers of both colours finish without "database is locked"."""

    def work() -> None:
        for _ in range(10):
            with transaction.atomic():
                before = Author.objects.count()
                Author.objects.create(name=f"thread after {before}")

    async def write() -> None:
        for _ in range(10):
            async with transaction.atomic():
                before = await run_sync(Author.objects.count)
                await asyncio.sleep(0)
                await create(f"task after {before}")

    async def main() -> None:
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        await asyncio.gather(*(write() for _ in range(3)))
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])

    run(main)

    assert sorted(int(name.split()[-1]) for name in names()) == list(range(60))


# A request's transaction --------------------------------------------------------------------------


def application() -> FastAPI:
    app = FastAPI(dependencies=[Depends(transaction.atomic_request, scope="function")])

    def author() -> Author:
        return Author.objects.create(name="from a dependency")

    @app.post("/sync")
    def sync(author: Annotated[Author, Depends(author)], fail: bool = False) -> list[str]:
        assert connection.in_atomic_block
        Author.objects.create(name="from the endpoint")
        if fail:
            raise HTTPException(409)
        return names()

    @app.post("/async")
    async def asynchronous(
        author: Annotated[Author, Depends(author)], fail: bool = False
    ) -> list[str]:
        assert connection.in_atomic_block
        await create("from the endpoint")
        if fail:
            raise HTTPException(409)
        return await run_sync(names)

    @app.post("/apart")
    @transaction.non_atomic_requests
    def apart() -> bool:
        return connection.in_atomic_block

    return app


@pytest.mark.parametrize("path", ["/sync", "/async"])
def test_a_request_is_one_transaction(committed_db: str, path: str) -> None:
    """Synchronous dependencies, the endpoint's thread and the task share it."""
    both = ["from a dependency", "from the endpoint"]
    with TestClient(application()) as client:
        assert client.post(path, params={"fail": True}).status_code == 409
        assert names() == []
        assert client.post(path).json() == both
        assert names() == both
        assert client.post("/apart").json() is False


def test_a_request_is_one_transaction_in_a_test(db: str) -> None:
    """There it is a savepoint of the test's."""
    with TestClient(application()) as client:
        assert client.post("/sync", params={"fail": True}).status_code == 409
        assert names() == []
        assert len(client.post("/async").json()) == 2
    assert len(names()) == 2


def test_a_forked_process_has_no_part_in_the_transaction(committed_db: str) -> None:
    """It opens a connection of its own: the parent's is the parent's."""
    with transaction.atomic(read_only=True):
        Author.objects.count()
        held = connections["default"].held
        child = os.fork()
        if child == 0:
            mine = connections["default"]
            os._exit(0 if mine.held is None and not mine.in_atomic_block else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert connections["default"].held is held
