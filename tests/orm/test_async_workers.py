"""The threads that wait for a blocking driver: those of a transaction wait behind nobody."""

import asyncio
import contextvars
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from loops import run
from press import Article, Author, Tag
from vendors import only

from raystack_orm import connection, connections, run_sync, transaction
from raystack_orm.configuration import Configuration, configured

TIMEOUT_S = 8  # a lock is waited for much longer


@contextmanager
def with_options(**options: str) -> Iterator[None]:
    """Use the test's database with options of its own."""
    url = replace(connections.driver("default").url, options=options)
    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        yield
        connections.driver("default").close()


async def count_up(pk: int) -> None:
    """Lock a row, await something, and change it."""
    async with transaction.atomic():
        article = await Article.objects.select_for_update().aget(pk=pk)
        await asyncio.sleep(0.01)
        article.views += 1
        await article.asave()


@pytest.mark.parametrize("pool_size", [2, 10, 20])
def test_tasks_that_lock_one_row_take_turns(committed_db: str, pool_size: int) -> None:
    """More of them than connections, and more connections than one would start threads."""
    author = Author.objects.create(name="Ann")
    pk = Article.objects.create(title="Locks", author=author).pk

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_S):
            await asyncio.gather(*(count_up(pk) for _ in range(30)))

    before = set(threading.enumerate())
    options = {} if committed_db == "sqlite" else {"pool_size": str(pool_size)}
    with with_options(**options):
        run(main)
        assert Article.objects.get(pk=pk).views == 30
    made = [thread.name for thread in threading.enumerate() if thread not in before]
    assert sum(name.startswith(f"raystack-{committed_db}") for name in made) <= 2 * pool_size


@only("mysql")
@pytest.mark.usefixtures("committed_db")
def test_statements_that_wait_for_a_transaction_leave_it_a_thread() -> None:
    """As many UPDATEs outside of a block as there may be, all waiting for the row of a block."""
    tag = Tag.objects.create(name="0")

    async def change() -> None:
        await Tag.objects.filter(pk=tag.pk).aupdate(name="changed")

    async def main() -> None:
        changing = []
        async with asyncio.timeout(TIMEOUT_S):
            async with transaction.atomic():
                await Tag.objects.filter(pk=tag.pk).aupdate(name="locked")
                changing = [
                    asyncio.create_task(change(), context=contextvars.Context()) for _ in range(40)
                ]
                await asyncio.sleep(0.3)
                assert await Tag.objects.aget(pk=tag.pk)
            await asyncio.gather(*changing)

    run(main)
    assert Tag.objects.get().name == "changed"


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_statements_that_wait_for_sqlites_writer_leave_it_a_thread() -> None:
    """They stand in a queue on the event loop, also what writes behind a WITH."""
    tag = Tag.objects.create(name="0")
    sql = "WITH new(name) AS (SELECT 'changed') UPDATE press_tag SET name = new.name FROM new"

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    async def main() -> None:
        async with asyncio.timeout(TIMEOUT_S):
            async with transaction.atomic():
                await Tag.objects.filter(pk=tag.pk).aupdate(name="locked")
                changing = [
                    asyncio.create_task(run_sync(change), context=contextvars.Context())
                    for _ in range(20)
                ]
                await asyncio.sleep(0.2)
                assert (await Tag.objects.aget(pk=tag.pk)).name == "locked"
            await asyncio.gather(*changing)

    run(main)
    assert Tag.objects.get().name == "changed"
