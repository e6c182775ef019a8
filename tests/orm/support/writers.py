"""Processes that write to one SQLite file, for tests that count or kill them.

Run with the file's path and what to do: the name of a function here that takes a path.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import press

import raystack_orm
from raystack_orm import models, transaction


def count(path: Path) -> None:
    """Let 8 processes raise one counter 200 times each, and add a row each time."""
    press.Author.objects.create(name="counter", email="0")

    def write(_writer: int) -> None:
        for _ in range(200):
            with transaction.atomic():
                counter = press.Author.objects.get(name="counter")
                counter.email = str(int(counter.email) + 1)
                counter.save()
                press.Comment.objects.create(article=article, author=counter.email)

    article = press.Article.objects.create(
        title="Counted", author=press.Author.objects.get(name="counter")
    )
    print([os.waitpid(child, 0)[1] for child in fork(8, write)])


def until_killed(path: Path) -> None:
    """Kill 4 processes 25 times while they write pairs of rows; each commit is told to a file."""
    with path.with_suffix(".acked").open("ab", buffering=0) as acked:
        for turn in range(25):

            def write(writer: int, turn: int = turn) -> None:
                for number in range(10**6):
                    name = f"{turn}-{writer}-{number}"
                    with transaction.atomic():
                        press.Tag.objects.create(name=f"{name}-a")
                        press.Tag.objects.create(name=f"{name}-b")
                    acked.write(f"{name}\n".encode())

            children = fork(4, write)
            time.sleep(0.05 + 0.01 * (turn % 5))
            for child in children:
                os.kill(child, signal.SIGKILL)
            for child in children:
                os.waitpid(child, 0)


def five_hundred(path: Path) -> None:
    """Let 8 processes commit 500 pairs of rows each; each commit is told to a file."""
    print([os.waitpid(child, 0)[1] for child in fork(8, pairs(path, 500))])


def half_killed(path: Path) -> None:
    """The same, and kill 4 of the 8 in the middle."""
    children = fork(8, pairs(path, 500))
    acked = path.with_suffix(".acked")
    while acked.read_bytes().count(b"\n") < 500:
        time.sleep(0.01)
    for child in children[::2]:
        os.kill(child, signal.SIGKILL)
    print([os.waitpid(child, 0)[1] for child in children])


def pairs(path: Path, number: int) -> Callable[[int], None]:
    """Return what commits so many pairs of rows, and tells each commit to a file."""
    acked = path.with_suffix(".acked").open("ab", buffering=0)

    def write(writer: int) -> None:
        for index in range(number):
            name = f"{writer}-{index}"
            with transaction.atomic():
                press.Tag.objects.create(name=f"{name}-a")
                press.Tag.objects.create(name=f"{name}-b")
            acked.write(f"{name}\n".encode())

    return write


def loops(path: Path) -> None:
    """Let 4 processes run 50 asynchronous writers each, of 10 pairs; print the worst lag in ms."""

    def write(writer: int) -> None:
        print(f"{asyncio.run(fifty(str(writer))) * 1000:.0f}", flush=True)

    print([os.waitpid(child, 0)[1] for child in fork(4, write)])


async def fifty(prefix: str) -> float:
    """Run 50 writers on this event loop; return its worst lag in seconds."""
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before - 0.005)

    async def write(number: int) -> None:
        for index in range(10):
            async with transaction.atomic():
                name = f"{prefix}-{number}-{index}"
                await press.Tag.objects.acreate(name=f"{name}-a")
                await asyncio.sleep(0.001)
                await press.Tag.objects.acreate(name=f"{name}-b")

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(write(number) for number in range(50)))
    watching.cancel()
    await raystack_orm.connections.aclose_all()
    return worst


def fork(number: int, function: Callable[[int], None]) -> list[int]:
    """Run a function in processes of their own, each told its number."""
    raystack_orm.connections.close_all()
    children = []
    for index in range(number):
        child = os.fork()
        if not child:
            status = 1
            try:
                function(index)
                status = 0
            except raystack_orm.Error as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            finally:
                os._exit(status)
        children.append(child)
    return children


if __name__ == "__main__":
    raystack_orm.configure(
        databases={"default": f"sqlite:///{sys.argv[1]}?timeout=60"},
        installed_apps={"press": "press"},
    )
    raystack_orm.create_all(
        [m for m in vars(press).values() if isinstance(m, type) and issubclass(m, models.Model)]
    )
    what: Callable[[Path], None] = globals()[sys.argv[2]]
    what(Path(sys.argv[1]))
