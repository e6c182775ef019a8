"""Servers that end connections, and pools that are used up.

The ids are those of the project's list of cases.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pools
import pytest
from loops import run
from pools import end_all, use_all
from press import Author

from raystack_orm import OperationalError, connections, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import DatabaseURL
from raystack_orm.databases import Driver

pytestmark = pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
SLEEP = {"postgresql": "SELECT pg_sleep(0.02)", "mysql": "SELECT SLEEP(0.02)"}


@pytest.fixture
def small_pool(committed_db: str) -> Iterator[Driver]:
    """The database, with a pool of 5 connections that a thread waits 0.3 s for."""
    with pools.small_pool(0.3) as driver:
        yield driver


def test_da_07_requests_do_not_notice_that_idle_connections_were_ended(small_pool: Driver) -> None:
    """They are replaced before they are used."""
    for _ in range(3):
        use_all(small_pool)
        assert end_all(small_pool) >= 5

        with ThreadPoolExecutor(5) as threads:
            counts = list(threads.map(lambda _: Author.objects.count(), range(100)))

        assert counts == [0] * 100


def test_a_connection_that_is_lost_inside_atomic_is_an_error(small_pool: Driver) -> None:
    """The first half of the transaction is gone, so the second must not be made alone."""
    with pytest.raises(OperationalError), transaction.atomic():
        Author.objects.create(name="Ann")
        end_all(small_pool)
        Author.objects.create(name="Bob")

    assert Author.objects.count() == 0
    Author.objects.create(name="Eve")
    assert Author.objects.count() == 1


def test_what_fails_in_a_block_is_raised_though_its_connection_is_lost_too(
    small_pool: Driver,
) -> None:
    """Rolling back fails then, which says nothing to anyone."""
    with pytest.raises(KeyError), transaction.atomic():
        Author.objects.create(name="Ann")
        end_all(small_pool)
        raise KeyError

    assert Author.objects.count() == 0


def test_da_09_those_who_wait_for_a_connection_get_one(small_pool: Driver) -> None:
    """A hundred slow requests share five connections."""

    def request(_: int) -> None:
        connections["default"].fetch(SLEEP[small_pool.vendor])

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(request, range(100)))

    use_all(small_pool)


def test_da_09_those_who_wait_too_long_get_an_error_and_nothing_is_lost(
    small_pool: Driver,
) -> None:
    """The error names the pool; when all have finished, all connections are there."""
    held, enough = threading.Barrier(6, timeout=10), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.wait()
            enough.wait(10)

    holders = [threading.Thread(target=hold) for _ in range(5)]
    for holder in holders:
        holder.start()
    held.wait()
    started = time.monotonic()
    with ThreadPoolExecutor(20) as threads:
        outcomes = [threads.submit(Author.objects.count) for _ in range(20)]
    took = time.monotonic() - started
    enough.set()
    for holder in holders:
        holder.join()

    for outcome in outcomes:
        with pytest.raises(OperationalError, match="all 5 connections of the pool are in use"):
            outcome.result()
    assert took < 5
    use_all(small_pool)
    assert Author.objects.count() == 0


def test_a_connection_with_an_open_transaction_comes_back_clean(small_pool: Driver) -> None:
    """Whoever gets it next sees nothing of it."""
    raw = small_pool.lease()
    small_pool.begin(raw, read_only=False)
    small_pool.write(raw, "INSERT INTO press_author (name, email) VALUES ('Ann', '')", ())

    small_pool.release(raw)

    assert Author.objects.count() == 0


def test_a_read_only_transaction_refuses_to_write(small_pool: Driver) -> None:
    """Afterwards the connection writes again."""
    with pytest.raises(OperationalError), transaction.atomic(read_only=True):
        Author.objects.create(name="Ann")

    Author.objects.create(name="Bob")


def test_a_server_that_does_not_answer_is_an_operational_error(small_pool: Driver) -> None:
    """It is named, without the password."""
    url = small_pool.url
    options = {"pool_size": "1", "pool_timeout": "0.3"}
    nowhere = DatabaseURL(url.vendor, "x", url.host, 1, "ann", "hush", options)
    with configured(Configuration({"default": nowhere}, configured=True)):
        for ask in (Author.objects.count, Author(name="Ann").save) * 3:  # none uses the pool up
            with pytest.raises(OperationalError) as caught:
                ask()
            assert url.host in str(caught.value)
            assert "hush" not in str(caught.value)
        connections.driver("default").close()


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"database": "no_such_database"}, "no_such_database"),
        ({"user": "no_such_role", "password": "hush"}, "no_such_role"),
        ({"port": 1}, "refused"),
        ({"host": "no.such.host.invalid"}, "no.such.host.invalid"),
    ],
    ids=["database", "role", "port", "host"],
)
def test_why_no_connection_can_be_made_is_said_at_once(
    small_pool: Driver, wrong: dict[str, Any], reason: str, colour: str
) -> None:
    """In the server's own words, not when the pool has given up."""
    url = replace(small_pool.url, **wrong, options={"pool_timeout": "30"})
    start = time.monotonic()
    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        for _ in range(2):
            with pytest.raises(OperationalError) as caught:
                run(Author.objects.acount) if colour == "async" else Author.objects.count()
            assert reason in str(caught.value)
            assert "hush" not in str(caught.value)
        connections.driver("default").close()
    assert time.monotonic() - start < 10


def test_closing_a_database_breaks_nobody_who_has_a_connection(small_pool: Driver) -> None:
    """It is closed when it comes back, and counts for no pool that was opened since."""
    Author.objects.bulk_create([Author(name=str(number)) for number in range(10)])
    authors = Author.objects.order_by("pk").iterator(chunk_size=2)
    next(authors)

    small_pool.close()
    assert Author.objects.count() == 10
    assert len(list(authors)) == 9

    leased = [small_pool.lease() for _ in range(pools.SIZE)]
    with pytest.raises(OperationalError, match="within"):
        small_pool.lease()
    for raw in leased:
        small_pool.release(raw)
