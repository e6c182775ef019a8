"""The ORM's long runs: many writers, killed processes, ended backends, full pools, deadlocks.

``nox -s torture`` runs them with the tests that are marked slow, and shows what they print.
"""

import asyncio
import logging
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from loops import run
from pools import end_all, small_pool, use_all
from press import Author, Tag

from raystack_orm import (
    DeadlockError,
    OperationalError,
    UnavailableError,
    connections,
    transaction,
)

pytestmark = pytest.mark.torture

SERVERS = pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
WRITERS = Path(__file__).parent / "support" / "writers.py"


def write(path: Path, what: str) -> list[str]:
    """Run processes that write to a SQLite file; return the lines that they printed."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(WRITERS), str(path), what],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    print(f"{what}: {time.monotonic() - started:.1f} s, ended as {done.stdout.strip()}")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def pairs(path: Path) -> set[str]:
    """Return the names of the pairs of rows in a file that is whole; none is half there."""
    raw = sqlite3.connect(path)
    names = [name for (name,) in raw.execute("SELECT name FROM press_tag")]
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    first, second = ({n[:-2] for n in names if n.endswith(end)} for end in ("-a", "-b"))
    assert first == second
    assert len(names) == 2 * len(first)
    print(f"{len(first)} pairs of rows, none half")
    return first


def test_eight_processes_commit_500_transactions_each(tmp_path: Path) -> None:
    """None is "locked", none is lost."""
    path = tmp_path / "db.sqlite3"

    assert write(path, "five_hundred") == [str([0] * 8)]

    assert pairs(path) == {f"{w}-{n}" for w in range(8) for n in range(500)}


def test_four_of_eight_processes_are_killed_and_lose_nothing(tmp_path: Path) -> None:
    """The others go on, and finish."""
    path = tmp_path / "db.sqlite3"

    assert write(path, "half_killed") == [str([9, 0] * 4)]

    acked = set(path.with_suffix(".acked").read_text().split())
    found = pairs(path)
    assert acked <= found
    assert found >= {f"{w}-{n}" for w in (1, 3, 5, 7) for n in range(500)}
    assert len(found) < 4000


def test_four_event_loops_of_fifty_writers(tmp_path: Path) -> None:
    """200 tasks in 4 processes write to one file; no loop lags more than 100 ms."""
    path = tmp_path / "db.sqlite3"

    *lags, ended = write(path, "loops")

    assert ended == str([0] * 4)
    assert len(pairs(path)) == 2000
    assert max(map(int, lags)) < 100


@SERVERS
def test_backends_end_under_twenty_writers(
    committed_db: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What was acknowledged is there, nothing is half there, and every error is one of ours."""
    caplog.set_level(logging.ERROR, "psycopg.pool")  # it tells of each connection that ended
    stop = time.monotonic() + 8
    acked: list[str] = []
    errors: Counter[str] = Counter()

    def work(writer: int) -> None:
        number = 0
        while time.monotonic() < stop:
            number += 1
            name = f"{writer}-{number}"
            try:
                with transaction.atomic():
                    Tag.objects.create(name=f"{name}-a")
                    Tag.objects.create(name=f"{name}-b")
            except OperationalError as error:
                errors[type(error).__name__] += 1
            else:
                acked.append(name)

    with small_pool(timeout_s=10) as driver:
        with ThreadPoolExecutor(20) as threads:
            done = [threads.submit(work, writer) for writer in range(20)]
            ended = 0
            while time.monotonic() < stop - 1:
                time.sleep(0.2)
                ended += end_all(driver, until_gone=False)
            for one in done:
                one.result()
        use_all(driver)
        names = set(Tag.objects.values_list("name", flat=True))

    print(f"{len(acked)} acknowledged, {ended} backends ended, errors: {dict(errors)}")
    assert {f"{name}-{half}" for name in acked for half in "ab"} <= names
    assert {name[:-2] for name in names if name.endswith("-a")} == {
        name[:-2] for name in names if name.endswith("-b")
    }
    assert errors
    assert set(errors) == {"UnavailableError"}


@SERVERS
def test_deadlocks_are_repeated_until_all_is_paid(committed_db: str) -> None:
    """Eight threads move money between four accounts in any order; the sum stays."""
    accounts = [Author.objects.create(name=f"account {n}", email="") for n in range(4)]
    Author.objects.update(email="1000")
    deadlocks: list[DeadlockError] = []

    def move(giver: int, taker: int) -> None:
        with transaction.atomic():
            if committed_db == "postgresql":  # which looks for deadlocks after a second otherwise
                connections["default"].write("SET LOCAL deadlock_timeout = '20ms'")
            for pk, change in ((giver, -1), (taker, 1)):
                account = Author.objects.select_for_update().get(pk=pk)
                account.email = str(int(account.email) + change)
                account.save()
                time.sleep(0.001)

    def work(seed: int) -> None:
        choice = random.Random(seed)
        for _ in range(25):
            giver, taker = choice.sample([account.pk for account in accounts], 2)
            while True:
                try:
                    move(giver, taker)
                    break
                except DeadlockError as error:
                    deadlocks.append(error)

    with ThreadPoolExecutor(8) as threads:
        for one in [threads.submit(work, seed) for seed in range(8)]:
            one.result()

    balances = [int(account.email) for account in Author.objects.all()]
    print(f"200 transfers, {len(deadlocks)} deadlocks, balances {balances}")
    assert deadlocks
    assert sum(balances) == 4000


@SERVERS
@pytest.mark.parametrize("timeout_s", [0.5, 60])
def test_a_pool_of_five_under_two_hundred_threads(committed_db: str, timeout_s: float) -> None:
    """Each gets a connection or a clear error in time; afterwards all five are there."""
    outcomes: Counter[str] = Counter()
    waited: list[float] = []

    def work(_: int) -> None:
        started = time.monotonic()
        try:
            with transaction.atomic():
                waited.append(time.monotonic() - started)
                Author.objects.count()
                time.sleep(0.05)
            outcomes["done"] += 1
        except UnavailableError:
            outcomes["unavailable"] += 1

    with small_pool(timeout_s) as driver:
        with ThreadPoolExecutor(200) as threads:
            list(threads.map(work, range(400)))
        use_all(driver)

    print(f"timeout {timeout_s:g} s: {dict(outcomes)}, waited {max(waited):.2f} s at most")
    assert outcomes.total() == 400
    assert outcomes["done"] >= 5
    assert bool(outcomes["unavailable"]) == (timeout_s < 1)
    assert max(waited) < timeout_s + 2


def test_a_storm_of_cancellations_leaves_no_half_transaction(committed_db: str) -> None:
    """500 tasks are cancelled at any moment; what was acknowledged is there, in pairs."""
    acked: list[str] = []
    choice = random.Random(1)

    async def work(name: str) -> None:
        async with transaction.atomic():
            await Tag.objects.acreate(name=f"{name}-a")
            await asyncio.sleep(0)
            await Tag.objects.acreate(name=f"{name}-b")
        acked.append(name)

    async def main() -> int:
        cancelled = 0
        for turn in range(20):
            tasks = [asyncio.create_task(work(f"{turn}-{n}")) for n in range(25)]
            for task in choice.sample(tasks, 15):
                await asyncio.sleep(choice.random() * 0.003)
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            cancelled += sum(isinstance(one, asyncio.CancelledError) for one in ended)
            assert all(one is None or isinstance(one, asyncio.CancelledError) for one in ended)
            assert not connections["default"].in_atomic_block
        return cancelled

    cancelled = run(main)

    names = set(Tag.objects.values_list("name", flat=True))
    halves = [{name[:-2] for name in names if name.endswith(f"-{half}")} for half in "ab"]
    print(f"{cancelled} of 500 cancelled, {len(acked)} acknowledged, {len(halves[0])} stored")
    assert halves[0] == halves[1]
    assert set(acked) <= halves[0]
    assert cancelled > 10


@SERVERS
def test_counters_of_threads_and_tasks_miss_nothing(committed_db: str) -> None:
    """Rows that are locked for an update are so in both colours."""
    counter = Author.objects.create(name="0")

    def work() -> None:
        for _ in range(100):
            with transaction.atomic():
                locked = Author.objects.select_for_update().get(pk=counter.pk)
                Author.objects.filter(pk=counter.pk).update(name=str(int(locked.name) + 1))

    async def awork() -> None:
        for _ in range(50):
            async with transaction.atomic():
                locked = await Author.objects.select_for_update().aget(pk=counter.pk)
                await Author.objects.filter(pk=counter.pk).aupdate(name=str(int(locked.name) + 1))

    async def main() -> None:
        await asyncio.gather(*(awork() for _ in range(8)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    run(main)
    for thread in threads:
        thread.join()

    counter.refresh_from_db()
    print(f"counted to {counter.name}")
    assert counter.name == "800"
