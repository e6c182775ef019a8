"""Callbacks that wait for a commit, in tests, whose transaction is never committed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..databases import DEFAULT, connections
from ..databases.callbacks import call


@contextmanager
def capture_on_commit_callbacks(
    using: str = DEFAULT, execute: bool = False
) -> Iterator[list[Callable[[], object]]]:
    """Collect the callbacks that a block registers with ``on_commit()``.

    Args:
        using: The database.
        execute: Call them at the end of the block, as a commit would, and those that they register.

    https://docs.djangoproject.com/en/stable/topics/testing/tools/#django.test.TestCase.captureOnCommitCallbacks
    """
    captured: list[Callable[[], object]] = []
    connection = connections[using]
    start = len(connection.run_on_commit)
    try:
        yield captured
    finally:
        while True:
            known = len(connection.run_on_commit)
            new = connection.run_on_commit[start:]
            captured += [callback for _, callback, _ in new]
            if not execute:
                break
            for _, callback, robust in new:
                call(callback, robust=robust)
            start = known
            if len(connection.run_on_commit) == known:
                break
