"""Faults in the middle of requests, over a real server. The ids are those of the list of cases."""

import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message

import pytest
from faulty_app import happened, make_application, served
from loops import names
from pools import SIZE, end_all, small_pool, use_all

from raystack_orm import connection, connections

SERVERS = pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
COLOURS = pytest.mark.parametrize("colour", ["", "/async"], ids=["sync", "async"])


def request(url: str, method: str = "GET") -> tuple[int, Message]:
    """Return the status and the headers of the answer."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method), timeout=30
        ) as found:
            return found.status, found.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def many(url: str, number: int) -> list[tuple[int, Message]]:
    """Request something many times, all at once."""
    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(lambda _: request(url), range(number)))


@pytest.fixture
def server(committed_db: str) -> Iterator[str]:
    """The address of the application."""
    with served(make_application()) as url:
        yield url


def clean(server: str) -> bool:
    """Say whether all connections are without a transaction, and new requests see no rows."""
    counts = [many(f"{server}{path}", 10) for path in ("/count", "/async/count")]
    driver = connections.driver("default")
    raw = driver.lease()
    open_one = driver.in_transaction(raw)
    driver.release(raw)
    return not open_one and all(status == 200 for each in counts for status, _ in each)


@pytest.mark.parametrize("path", ["/fail", "/async/fail", "/async/timeout"])
def test_da_05_a_failure_inside_atomic_rolls_everything_back(server: str, path: str) -> None:
    """DA-05: an exception or a timeout; savepoints too, and on_commit is not called."""
    for _ in range(8):  # more often than a pool has connections
        assert request(server + path, "POST")[0] == 500

    assert (names(), happened) == ([], [])
    assert clean(server)


@pytest.mark.parametrize("path", ["/fail-inside", "/async/fail-inside"])
def test_da_05_a_failure_inside_a_savepoint_rolls_that_back(server: str, path: str) -> None:
    """DA-05: what is around it is committed, and only its on_commit is called."""
    assert request(server + path, "POST")[0] == 200

    assert names() == ["afterwards", "outer"]
    assert happened == ["outer", "afterwards"]
    assert clean(server)


def test_da_05_a_client_that_is_gone_rolls_everything_back(server: str) -> None:
    """DA-05: the answer was on its way, and the transaction around it open."""
    for _ in range(8):
        with urllib.request.urlopen(f"{server}/async/stream", timeout=30) as answer:
            assert answer.read(5) == b"first"

    until = time.monotonic() + 10
    while len(happened) < 8 and time.monotonic() < until:
        time.sleep(0.02)
    assert happened == ["the stream ended"] * 8
    assert names() == []
    assert clean(server)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_da_06_a_full_disk_is_a_503_until_there_is_space(server: str) -> None:
    """DA-06: what was acknowledged is there, and afterwards writing goes on."""
    [(pages,)] = connection.fetch("PRAGMA page_count").rows
    [(unlimited,)] = connection.fetch("PRAGMA max_page_count").rows
    acknowledged = 0
    while (answer := request(f"{server}/fill?pages={pages + 20}", "POST"))[0] == 200:
        acknowledged += 100
    status, headers = answer

    assert (status, headers["retry-after"]) == (503, "5")
    assert len(names()) == acknowledged
    assert request(f"{server}/fill?pages={unlimited}", "POST")[0] == 200
    assert len(names()) == acknowledged + 100


@SERVERS
@COLOURS
def test_da_07_requests_do_not_notice_that_idle_connections_were_ended(
    committed_db: str, colour: str
) -> None:
    """DA-07: 0 of 100 requests fail."""
    with small_pool(timeout_s=20) as driver, served(make_application()) as server:
        many(f"{server}{colour}/slow", SIZE)
        assert end_all(driver) >= SIZE

        statuses = Counter(status for status, _ in many(f"{server}{colour}/count", 100))

    assert statuses == {200: 100}


@SERVERS
@COLOURS
def test_da_09_slow_requests_queue_for_a_small_pool(committed_db: str, colour: str) -> None:
    """DA-09: a hundred of them share five connections, and all are answered."""
    with small_pool(timeout_s=20) as driver, served(make_application()) as server:
        statuses = Counter(status for status, _ in many(f"{server}{colour}/slow", 100))
        use_all(driver)

    assert statuses == {200: 100}


@SERVERS
@COLOURS
def test_da_09_who_waits_too_long_is_told_to_come_again(committed_db: str, colour: str) -> None:
    """DA-09: 503 with Retry-After; neither threads nor connections are lost over it."""
    with small_pool(timeout_s=0.3) as driver, served(make_application()) as server:
        started = time.monotonic()
        answers = many(f"{server}{colour}/slow", 100)
        took = time.monotonic() - started
        afterwards = [many(f"{server}{path}/slow", SIZE) for path in ("", "/async")]
        use_all(driver)

    statuses = Counter(status for status, _ in answers)
    assert set(statuses) == {200, 503}
    assert {headers["retry-after"] for status, headers in answers if status == 503} == {"5"}
    assert took < 10
    assert [status for each in afterwards for status, _ in each] == [200] * 2 * SIZE
