"""Testing asynchronous code: one transaction for a test and for all that it calls."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from loops import names, run
from press import Author

import raystack_orm
from raystack import Kernel
from raystack.kernel import use_kernel
from raystack_orm import IntegrityError, connection, connections, run_sync, transaction
from raystack_orm.configuration import Configuration, configuration, configured
from raystack_orm.settings import OrmSettings
from raystack_orm.testing import (
    CaptureQueriesContext,
    assert_num_queries,
    capture_on_commit_callbacks,
    capture_queries,
    override_settings,
)
from raystack_orm.testing.databases import rolled_back


def test_both_colours_and_all_threads_share_the_tests_transaction(db: str) -> None:
    """What one of them does, the others see."""
    Author.objects.create(name="test")

    async def main() -> list[str]:
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="task")
        await asyncio.create_task(run_sync(Author.objects.create, name="child"))
        await asyncio.to_thread(lambda: Author.objects.create(name="thread"))
        return await run_sync(names)

    assert run(main) == ["child", "task", "test", "thread"]
    assert len(names()) == 4


def test_nothing_of_it_is_left(db: str) -> None:
    """The test before this one was rolled back."""
    assert names() == []


def test_a_test_on_an_event_loop_of_its_own(db: str) -> None:
    """Loops come and go within one test."""
    for number in range(3):
        asyncio.run(run_sync(Author.objects.create, name=str(number)))
    assert names() == ["0", "1", "2"]


def test_requests_at_the_same_time(db: str) -> None:
    """Their blocks lie inside of each other in the one transaction; none fails for that."""

    async def request(number: int) -> None:
        async with transaction.atomic():
            await run_sync(Author.objects.create, name=str(number))
            await asyncio.sleep(0.001 * (number % 3))

    async def main() -> None:
        await asyncio.gather(*(request(number) for number in range(10)))

    run(main)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: Author.objects.create(name=f"t{n}"), range(10)))
    assert len(names()) == 20


def test_a_cancelled_task_leaves_the_tests_transaction_alone(db: str) -> None:
    """Its own block is rolled back, no more."""
    Author.objects.create(name="test")

    async def block() -> None:
        async with transaction.atomic():
            await run_sync(Author.objects.create, name="task")
            await asyncio.sleep(5)

    async def main() -> None:
        task = asyncio.create_task(block())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])

    run(main)
    assert names() == ["test"]


def test_a_failed_block_leaves_the_tests_transaction_alone(db: str) -> None:
    """An error inside of an inner block is undone with it."""

    async def main() -> None:
        with pytest.raises(IntegrityError):
            async with transaction.atomic():
                await run_sync(Author.objects.create, name="task")
                await run_sync(lambda: connection.write("INSERT INTO press_tag VALUES (1, NULL)"))

    run(main)
    assert names() == []


def test_a_durable_block_is_outermost_in_a_test(db: str) -> None:
    """The test's own block does not count; one inside of that does."""

    async def main() -> None:
        async with transaction.atomic(durable=True):
            with pytest.raises(RuntimeError, match="durable"):
                async with transaction.atomic(durable=True):
                    pass

    run(main)
    with transaction.atomic(durable=True):
        pass


def test_a_database_in_memory_is_shared_too() -> None:
    """By the test, its threads and its tasks."""
    made = Configuration.of(
        _settings("sqlite://:memory:"), use_tz=True, time_zone="UTC", apps={}, settings={}
    )
    with configured(made):
        raystack_orm.create_all([Author])
        with rolled_back():
            Author.objects.create(name="test")
            run(lambda: run_sync(Author.objects.create, name="task"))
            with ThreadPoolExecutor(1) as other:
                assert other.submit(names).result() == ["task", "test"]
        assert names() == []
        assert run(lambda: run_sync(names)) == []


def test_a_database_in_memory_outside_of_tests() -> None:
    """Its one connection has a queue, for tasks and threads alike."""
    made = Configuration.of(
        _settings("sqlite://:memory:?timeout=2"), use_tz=True, time_zone="UTC", apps={}, settings={}
    )

    async def write(number: int) -> None:
        async with transaction.atomic():
            before = await run_sync(Author.objects.count)
            await asyncio.sleep(0)
            await run_sync(Author.objects.create, name=f"{number} after {before}")

    async def main() -> int:
        await asyncio.gather(*(write(number) for number in range(20)))
        return await run_sync(Author.objects.count)

    with configured(made):
        raystack_orm.create_all([Author])
        assert run(main) == 20
        assert Author.objects.count() == 20
        connections.driver("default").close()


def _settings(url: str) -> OrmSettings:
    return OrmSettings(DATABASES={"default": url})


def test_queries_are_counted_in_both_colours(db: str) -> None:
    """Savepoints count, BEGIN and COMMIT do not."""

    async def main() -> None:
        with assert_num_queries(3):
            async with transaction.atomic():
                await run_sync(Author.objects.count)

    run(main)
    with capture_queries() as captured, CaptureQueriesContext(connection) as same:
        Author.objects.filter(name="Ann").exists()
    assert len(captured) == len(same) == 1
    assert captured[0]["sql"].startswith("SELECT")
    assert same.captured_queries == list(captured)


def test_callbacks_are_captured(db: str) -> None:
    """And called, if the test wants that."""
    called: list[str] = []

    def first() -> None:
        called.append("first")
        transaction.on_commit(lambda: called.append("second"))

    with capture_on_commit_callbacks() as callbacks, transaction.atomic():
        transaction.on_commit(first)
    assert callbacks == [first]
    assert called == []
    with capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        transaction.on_commit(first)
        assert callbacks == []
    assert called == ["first", "second"]
    assert len(callbacks) == 2


def test_settings_are_overridden(db: str) -> None:
    """For a block or a function of either colour; connections stay what they are."""

    @override_settings(TIME_ZONE="Europe/Zurich")
    def zone() -> str:
        return configuration().time_zone

    @override_settings(TIME_ZONE="Asia/Tokyo")
    async def far_zone() -> str:
        return configuration().time_zone

    before = configuration()
    Author.objects.create(name="Ann")
    with override_settings(USE_TZ=False, DEFAULT_FETCH_MODE="FETCH_RAISE", MINE=1):
        assert configuration().use_tz is False
        assert configuration().default_fetch_mode == "FETCH_RAISE"
        assert configuration().settings["MINE"] == 1
        assert names() == ["Ann"]
    assert zone() == "Europe/Zurich"
    assert asyncio.run(far_zone()) == "Asia/Tokyo"
    assert configuration() is before


def test_databases_are_overridden(tmp_path: Path, db: str) -> None:
    """Those of the block are others; the test's transaction goes on afterwards."""
    Author.objects.create(name="Ann")
    with override_settings(DATABASES={"default": f"sqlite:////{tmp_path}/other.sqlite3"}):
        raystack_orm.create_all([Author])
        assert names() == []
        assert run(lambda: run_sync(names)) == []
    assert names() == ["Ann"]


def test_settings_are_overridden_where_they_are_read(db: str) -> None:
    """A kernel that the configuration does not come from has no part in it."""
    with use_kernel(Kernel()), override_settings(USE_TZ=False):
        assert configuration().use_tz is False
