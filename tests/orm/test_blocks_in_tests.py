"""atomic blocks of several tasks and threads under the fixture db, which has one connection."""

import asyncio
import threading

import pytest
from loops import names, run
from press import Author

from raystack_orm import OperationalError, TransactionManagementError, run_sync, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.testing import connection as shared
from raystack_orm.testing.databases import rolled_back


async def create(name: str) -> None:
    await Author.objects.acreate(name=name)


def test_a_block_that_fails_undoes_nothing_of_other_tasks(db: str) -> None:
    """As in production, where each has a connection of its own."""

    async def block(number: int) -> None:
        async with transaction.atomic():
            await create(f"block {number}")
            await asyncio.sleep(0.01 * (3 - number))
            if number == 1:
                raise ValueError

    async def single(number: int) -> None:
        await asyncio.sleep(0.005 * number)
        await create(f"single {number}")

    async def main() -> None:
        tasks = [*(block(number) for number in range(4)), *(single(number) for number in range(4))]
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(result) for result in ended if result is not None] == [ValueError]

    run(main)
    assert names() == [
        *("block 0", "block 2", "block 3"),
        *(f"single {number}" for number in range(4)),
    ]


def test_threads_wait_for_each_others_blocks(db: str) -> None:
    """Also for those of tasks."""
    entered, others = threading.Event(), []

    def write() -> None:
        entered.wait()
        Author.objects.create(name="thread")

    async def main() -> None:
        with pytest.raises(ValueError, match="undone"):
            async with transaction.atomic():
                await create("task")
                entered.set()
                await asyncio.sleep(0.05)
                raise ValueError("undone")

    for _ in range(3):
        others.append(threading.Thread(target=write))
        others[-1].start()
    run(main)
    for thread in others:
        thread.join()
    assert names() == ["thread"] * 3


@pytest.mark.parametrize("kind", ["task", "thread"])
def test_a_child_may_not_use_its_parents_block(db: str, kind: str) -> None:
    """The error is production's: code that is wrong there is wrong in tests."""

    async def main() -> None:
        async with transaction.atomic():
            await create("Ann")
            with pytest.raises(TransactionManagementError, match="belongs to who entered it"):
                if kind == "task":
                    await asyncio.gather(create("Bob"), create("Eve"))
                else:
                    await asyncio.to_thread(lambda: Author.objects.create(name="Bob"))
        await asyncio.gather(create("Joe"), create("Zoe"))

    run(main)
    assert names() == ["Ann", "Joe", "Zoe"]


def test_a_block_is_left_where_it_was_entered(db: str) -> None:
    """Otherwise it is rolled back, and with it what the test has written so far."""

    async def main() -> None:
        block = transaction.atomic()
        await block.__aenter__()
        with pytest.raises(TransactionManagementError, match="entered by the task .* left by"):
            await asyncio.create_task(block.__aexit__(None, None, None))

    run(main)


def test_a_durable_block_waits_too(db: str) -> None:
    """A block of another task is no block around it."""

    async def durable(name: str) -> None:
        async with transaction.atomic(durable=True):
            await create(name)
            await asyncio.sleep(0.01)

    async def main() -> None:
        await asyncio.gather(durable("Ann"), durable("Bob"))
        async with transaction.atomic():
            with pytest.raises(RuntimeError, match="durable"):
                await durable("Eve")

    run(main)
    assert names() == ["Ann", "Bob"]


def test_a_cancelled_task_leaves_the_queue(db: str) -> None:
    """And the next one in it gets the connection."""

    async def block(name: str) -> None:
        async with transaction.atomic():
            await create(name)
            await asyncio.sleep(0.05)

    async def main() -> None:
        tasks = [asyncio.create_task(block(name)) for name in ("Ann", "Bob", "Eve")]
        await asyncio.sleep(0.02)
        tasks[1].cancel()
        await asyncio.wait(tasks)
        await create("Zoe")

    run(main)
    assert names() == ["Ann", "Eve", "Zoe"]


def test_waiting_for_a_block_that_waits_in_turn_is_an_error(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the block, instead of hanging the test."""
    monkeypatch.setattr(shared, "TIMEOUT_S", 0.1)

    async def main() -> None:
        asked = asyncio.Event()

        async def sibling() -> None:
            await asked.wait()
            await create("Bob")

        waiting = asyncio.create_task(sibling())
        async with transaction.atomic():
            await create("Ann")
            asked.set()
            with pytest.raises(OperationalError, match=r"held by .*test_blocks_in_tests.py:\d+"):
                await waiting

    run(main)
    assert names() == ["Ann"]


def test_a_block_that_is_never_left_ends_with_the_test(database: Configuration) -> None:
    """The next test finds the connection free."""
    with configured(database):
        with rolled_back():
            thread = threading.Thread(target=lambda: transaction.atomic().__enter__())
            thread.start()
            thread.join()
        with rolled_back():
            assert names() == []


def test_a_sync_block_and_an_event_loop_inside_of_it(db: str) -> None:
    with transaction.atomic():
        Author.objects.create(name="Ann")
        with pytest.raises(TransactionManagementError, match="the task .* the thread"):
            asyncio.run(run_sync(names))
    assert asyncio.run(run_sync(names)) == ["Ann"]
