"""What 10,000 instances keep in memory, against plain objects with the same attributes.

Run by itself, ``python memory.py DATABASE`` prints both in bytes.
"""

import gc
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import databases
from data import ARTICLES, COLUMNS
from databases import Target

HEADS = ("10,000 of", "bytes each", "ratio", "target", "verdict")
TARGET = 1.2


class Plain:
    """An object with the columns for attributes."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        (
            self.id,
            self.title,
            self.body,
            self.views,
            self.rating,
            self.published,
            self.created,
            self.author_id,
        ) = values


def kept(make: Callable[[], list[Any]]) -> float:
    """Return the bytes that each object of a list keeps."""
    make()  # what is made once is not part of it
    gc.collect()
    tracemalloc.start()
    found = make()
    gc.collect()
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / len(found)


def measure(database: str) -> tuple[float, float]:
    """Return the bytes of a plain object and of an instance."""
    from adapters.raystack import Article, Peer  # in the process that measures only

    peer = Peer(Target("sqlite", database))
    rows = Article.objects.order_by("id").values_list(*COLUMNS)
    assert len(rows) == ARTICLES
    return kept(lambda: [Plain(row) for row in rows.all()]), kept(peer.everything)


def main(_rounds: int) -> list[list[object]]:
    """Measure in a process of its own and return the table's rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = databases.template("sqlite", Path(folder)).name
        command = [sys.executable, __file__, database]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    plain, ours = map(float, done.stdout.split())
    verdict = "met" if ours <= TARGET * plain else "**missing**"
    return [
        ["plain objects", plain, "", "", ""],
        ["instances", ours, ours / plain, TARGET, verdict],
    ]


if __name__ == "__main__":
    print(*measure(sys.argv[1]))
