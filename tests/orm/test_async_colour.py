"""Colour: synchronous ORM code that asynchronous code awaits, in greenlets of a pool.

The tests say, sentence by sentence, what docs/explanation/orm-async.md promises.
"""

import asyncio
import contextvars
import gc
import threading
from collections.abc import Callable
from typing import Any

import pytest
from greenlet import getcurrent
from loops import names, run
from press import Author

from raystack_orm import (
    IntegrityError,
    SynchronousOnlyOperation,
    connections,
    models,
    run_sync,
    transaction,
)
from raystack_orm.databases.colour import MAX_IDLE_JOBS, Job, wait

tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="nobody")


def test_synchronous_code_runs_on_the_event_loop(committed_db: str) -> None:
    """A whole function of several queries is awaited as one thing."""

    def rename() -> list[str]:
        author = Author.objects.create(name="Ann")
        author.name = "Bob"
        author.save()
        return names()

    async def main() -> tuple[list[str], int]:
        return await run_sync(rename), await run_sync(Author.objects.count)

    assert run(main) == (["Bob"], 1)


def test_code_runs_in_the_thread_of_the_event_loop(committed_db: str) -> None:
    """Only the database is waited for elsewhere."""

    async def main() -> bool:
        return await run_sync(threading.get_ident) == threading.get_ident()

    assert run(main)


def test_arguments_results_and_errors_pass_through(committed_db: str) -> None:
    """An error has the lines of the code that raised it."""

    def fail(*args: int, **kwargs: int) -> None:
        raise KeyError(args, kwargs)

    async def main() -> int:
        with pytest.raises(KeyError) as caught:
            await run_sync(fail, 1, two=2)
        assert caught.value.args == ((1,), {"two": 2})
        assert caught.traceback[-1].name == "fail"
        return await run_sync(max, 1, 2)

    assert run(main) == 2


def test_errors_of_the_database_are_the_orms(committed_db: str) -> None:
    """As in synchronous code."""

    async def main() -> None:
        with pytest.raises(IntegrityError):
            await run_sync(lambda: [Author.objects.create(pk=1, name=n) for n in "ab"])
        assert await run_sync(names) == ["a"]

    run(main)


def test_overridden_methods_work_in_both_colours(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing between the caller and the driver knows which it is."""

    def save_loudly(author: Author, **kwargs: Any) -> None:
        author.name = f"{author.name}, one of {Author.objects.count() + 1}"
        models.Model.save(author, **kwargs)

    monkeypatch.setattr(Author, "save", save_loudly)

    async def main() -> list[str]:
        await run_sync(Author.objects.create, name="Ann")
        return await run_sync(names)

    assert run(main) == ["Ann, one of 1"]


def test_context_variables_reach_the_code_and_come_back() -> None:
    """It runs in the caller's own context: what it sets is seen afterwards."""

    def read_and_set() -> str:
        before = tenant.get()
        tenant.set("blue")
        return before

    async def main() -> tuple[str, str]:
        tenant.set("green")
        return await run_sync(read_and_set), tenant.get()

    assert asyncio.run(main()) == ("green", "blue")


def test_context_variables_survive_a_wait(committed_db: str) -> None:
    """Other tasks run meanwhile, each with its own."""

    def read_twice() -> tuple[str, str]:
        before = tenant.get()
        Author.objects.count()
        return before, tenant.get()

    async def one(name: str) -> tuple[str, str]:
        tenant.set(name)
        return await run_sync(read_twice)

    async def main() -> list[tuple[str, str]]:
        return await asyncio.gather(*(one(str(n)) for n in range(20)))

    assert run(main) == [(str(n), str(n)) for n in range(20)]


def test_context_variables_do_not_leak_into_the_next_job() -> None:
    """A greenlet of the pool keeps nothing of its last caller."""

    async def one() -> None:
        await run_sync(tenant.set, "secret")

    async def main() -> str:
        await asyncio.create_task(one())
        return await asyncio.create_task(run_sync(tenant.get))

    assert asyncio.run(main()) == "nobody"


def test_what_a_caller_had_in_its_context_is_freed() -> None:
    """The pool would keep it alive otherwise."""

    class Thing:
        alive = 0

        def __init__(self) -> None:
            type(self).alive += 1

        def __del__(self) -> None:
            type(self).alive -= 1

    held: contextvars.ContextVar[Thing] = contextvars.ContextVar("held")

    async def one() -> None:
        held.set(Thing())
        await run_sync(lambda: held.get() and None)

    async def main() -> int:
        await asyncio.create_task(one())
        await asyncio.sleep(0)  # asyncio itself lets go of the task's context
        gc.collect()
        return Thing.alive

    assert asyncio.run(main()) == 0


def test_greenlets_are_used_again_and_bounded() -> None:
    """One after another they are one; a crowd of them is not kept."""
    seen = set()

    def note() -> None:
        seen.add(id(getcurrent()))

    def hold() -> None:
        note()
        wait(asyncio.sleep(0.01))

    def jobs() -> int:
        gc.collect()
        return sum(type(found) is Job for found in gc.get_objects())

    before = jobs()

    async def main() -> int:
        for _ in range(10):
            await run_sync(note)
        alone = len(seen)
        await asyncio.gather(*(run_sync(hold) for _ in range(3 * MAX_IDLE_JOBS)))
        assert jobs() - before <= MAX_IDLE_JOBS
        return alone

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize(
    ("call", "spelling"),
    [
        (lambda: list(Author.objects.all()), "async for"),
        (lambda: transaction.atomic().__enter__(), "async with transaction.atomic()"),
        (Author.objects.count, "acount|run_sync"),
    ],
)
def test_a_synchronous_call_on_the_event_loop_names_the_other_spelling(
    committed_db: str, call: Callable[[], Any], spelling: str
) -> None:
    """It would block the loop; nothing is sent to the database."""

    async def main() -> str:
        with pytest.raises(SynchronousOnlyOperation) as caught:
            call()
        return str(caught.value)

    message = run(main)

    assert any(part in message for part in spelling.split("|"))


def test_what_needs_no_database_may_be_asked_on_the_event_loop(committed_db: str) -> None:
    """State is no I/O: the vendor, whether a block is open, the rollback flag."""

    async def main() -> None:
        connection = connections["default"]
        assert connection.vendor == committed_db
        assert not connection.in_atomic_block
        async with transaction.atomic():
            assert connections["default"].in_atomic_block
            assert not transaction.get_rollback()
            transaction.set_rollback(True)
            await asyncio.sleep(0)

    run(main)


def test_event_loops_come_and_go(committed_db: str) -> None:
    """Each asyncio.run() is a loop; nobody has to close anything between two of them."""

    async def main() -> int:
        await run_sync(Author.objects.create, name="Ann")
        return await run_sync(Author.objects.count)

    assert [asyncio.run(main()) for _ in range(3)] == [1, 2, 3]
    run(main)
    assert Author.objects.count() == 4


def test_two_loops_in_two_threads(committed_db: str) -> None:
    """Each has connections of its own."""
    counts: list[int] = []

    async def main() -> None:
        for _ in range(10):
            async with transaction.atomic():
                await run_sync(Author.objects.create, name="Ann")
                await asyncio.sleep(0)

    def work() -> None:
        run(main)
        counts.append(Author.objects.count())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(counts) == 20
