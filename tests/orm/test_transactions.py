"""Transactions: atomic blocks, savepoints, on_commit, and who owns them.

https://docs.djangoproject.com/en/stable/topics/db/transactions/
"""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from press import Article, Author, Comment
from vendors import only

from raystack_orm import (
    IntegrityError,
    SynchronousOnlyOperation,
    TransactionManagementError,
    connections,
    transaction,
)
from raystack_orm.testing import assert_num_queries


def names() -> list[str]:
    return list(Author.objects.order_by("name").values_list("name", flat=True))


def test_a_block_that_fails_leaves_nothing(committed_db: str) -> None:
    """All of it is rolled back."""
    with pytest.raises(KeyError), transaction.atomic():
        Author.objects.create(name="Ann")
        raise KeyError

    assert names() == []
    assert connections["default"].in_atomic_block is False


def test_a_block_that_ends_is_committed(committed_db: str) -> None:
    """Another connection sees it afterwards, and not before."""
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Author.objects.create(name="Ann")
        assert other.submit(Author.objects.count).result() == 0

    with ThreadPoolExecutor(1) as other:
        assert other.submit(Author.objects.count).result() == 1


def test_an_inner_block_can_fail_alone(committed_db: str) -> None:
    """It is a savepoint: what was done before it stays."""
    with transaction.atomic():
        Author.objects.create(name="Ann")
        with pytest.raises(KeyError), transaction.atomic():
            Author.objects.create(name="Bob")
            raise KeyError
        with transaction.atomic():
            Author.objects.create(name="Eve")

    assert names() == ["Ann", "Eve"]


def test_after_a_failed_statement_nothing_runs_until_the_rollback(committed_db: str) -> None:
    """As on PostgreSQL so everywhere: the block has to be rolled back first."""
    author = Author.objects.create(name="Ann")
    message = "An earlier query in this atomic block"
    with pytest.raises(TransactionManagementError, match=message), transaction.atomic():
        Article.objects.create(title="One", author=author)
        with pytest.raises(IntegrityError):
            Article.objects.create(title="One", author=author)
        Article.objects.count()

    assert Article.objects.count() == 0
    with transaction.atomic():
        Article.objects.create(title="One", author=author)
        with pytest.raises(IntegrityError), transaction.atomic():
            Article.objects.create(title="One", author=author)
        assert Article.objects.count() == 1


def test_a_swallowed_failure_still_rolls_back(committed_db: str) -> None:
    """A block that ends without an exception after a failed statement is not committed."""
    author = Author.objects.create(name="Ann")
    with transaction.atomic():
        Article.objects.create(title="One", author=author)
        with pytest.raises(IntegrityError):
            Article.objects.create(title="One", author=author)

    assert Article.objects.count() == 0


def test_a_missing_parent_is_found_at_the_commit(committed_db: str) -> None:
    """Foreign keys are deferred, as Django's are."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(article_id=4711, author="x")

    assert Comment.objects.count() == 0
    with pytest.raises(IntegrityError):
        Comment.objects.create(article_id=4711, author="x")
    assert Comment.objects.count() == 0


def test_callbacks_wait_for_the_commit(committed_db: str) -> None:
    """on_commit() calls after the outermost block, and forgets what was rolled back."""
    called: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: called.append("outer"))
        with transaction.atomic():
            transaction.on_commit(lambda: called.append("inner"))
        with pytest.raises(KeyError), transaction.atomic():
            transaction.on_commit(lambda: called.append("rolled back"))
            raise KeyError
        assert called == []
    transaction.on_commit(lambda: called.append("at once"))

    assert called == ["outer", "inner", "at once"]
    with pytest.raises(KeyError), transaction.atomic():
        transaction.on_commit(lambda: called.append("never"))
        raise KeyError
    assert called == ["outer", "inner", "at once"]


def test_a_function_can_be_atomic(committed_db: str) -> None:
    """As a decorator, with or without arguments; each call is a block of its own."""

    @transaction.atomic
    def create(name: str) -> int:
        Author.objects.create(name=name)
        return int(name)

    @transaction.atomic(durable=True)
    def durable() -> None:
        Author.objects.create(name="durable")

    durable()
    with pytest.raises(ValueError, match="invalid literal"):
        create("Ann")
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        durable()

    assert names() == ["durable"]


def test_set_rollback_decides_without_an_exception(committed_db: str) -> None:
    """set_rollback(True) rolls the innermost block back."""
    with transaction.atomic():
        Author.objects.create(name="Ann")
        transaction.set_rollback(True)

    assert names() == []


def test_savepoints_count_as_queries_and_begin_does_not(committed_db: str) -> None:
    """Query counts are Django's."""
    with assert_num_queries(3), transaction.atomic(), transaction.atomic():
        Author.objects.count()


def test_leaving_in_another_thread_is_an_error(committed_db: str) -> None:
    """The transaction belongs to the thread that entered it; it is rolled back and said so."""
    block = transaction.atomic()
    block.__enter__()
    Author.objects.create(name="Ann")

    message = "was entered by the thread MainThread and left by the thread ThreadPool"
    with ThreadPoolExecutor(1) as other, pytest.raises(TransactionManagementError, match=message):
        other.submit(block.__exit__, None, None, None).result()

    assert connections["default"].in_atomic_block is False
    assert names() == []


def test_the_event_loop_is_not_blocked(db: str) -> None:
    """A synchronous call inside of `async def` is an error that says what to do."""

    async def view() -> int:
        return Author.objects.count()

    with pytest.raises(SynchronousOnlyOperation, match="or write the endpoint as `def`"):
        asyncio.run(view())


def test_many_threads_write_at_once(committed_db: str) -> None:
    """Writers queue: no "database is locked", and every row is there."""
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        for turn in range(10):
            with transaction.atomic():
                before = Author.objects.count()
                Author.objects.create(name=f"{number}-{turn} after {before}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))

    assert Author.objects.count() == 80


@only("sqlite")
@pytest.mark.usefixtures("committed_db")
def test_sqlite_really_begins() -> None:
    """The block holds the write lock from its start: a second writer has to wait."""
    connection = connections["default"]
    with transaction.atomic():
        other = sqlite3.connect(connection.driver.url.database, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
        assert connection.fetch("PRAGMA foreign_keys").rows == [(1,)]
        assert connection.fetch("PRAGMA journal_mode").rows == [("wal",)]
    with transaction.atomic(read_only=True):
        other = sqlite3.connect(connection.driver.url.database, timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.close()
