"""A task's connection that threads may use too: a request's, whose endpoint runs in a worker.

A thread hands each statement to the event loop of the task, and waits for it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .async_driver import AsyncDriver
from .colour import in_job, run_sync
from .driver import Chunks, Executed, Rows, Stream, Written
from .ownership import on_event_loop

T = TypeVar("T")


class LentDriver(AsyncDriver):
    """What a task's driver does, also from threads.

    Args:
        inner: The driver of the event loop.
        loop: The event loop.
    """

    def __init__(self, inner: AsyncDriver, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(inner.sync)
        self._inner = inner
        self._loop = loop

    def _do(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if in_job() or on_event_loop():
            return function(*args, **kwargs)
        sent = asyncio.run_coroutine_threadsafe(run_sync(function, *args, **kwargs), self._loop)
        return sent.result()

    def aside(self, function: Callable[..., T], *args: Any) -> T:
        """Call something that blocks."""
        return self._inner.aside(function, *args)

    def locate(self, raw: Any, site: str) -> None:
        """Learn which code is about to begin a transaction."""
        self._inner.locate(raw, site)

    def lease(self) -> Any:
        """Lease a connection."""
        return self._do(self._inner.lease)

    def release(self, raw: Any) -> None:
        """Give it back."""
        self._do(self._inner.release, raw)

    def discard(self, raw: Any) -> None:
        """Drop it."""
        self._inner.discard(raw)

    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        return self._do(self._inner.fetch, raw, sql, params)

    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        return self._do(self._inner.write, raw, sql, params)

    def execute(self, raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""
        return self._do(self._inner.execute, raw, sql, params, many=many)

    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Run a statement whose rows come in chunks."""
        stream = self._do(self._inner.stream, raw, sql, params, size)
        chunks = stream.chunks
        return Stream(
            stream.description,
            Chunks(lambda: self._do(next, chunks, []), lambda: self._do(chunks.close)),
        )

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""
        self._do(self._inner.begin, raw, read_only=read_only)

    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint."""
        self._do(self._inner.control, raw, sql)

    def rollback(self, raw: Any) -> None:
        """Roll back, if a transaction is open."""
        self._do(self._inner.rollback, raw)

    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open."""
        return self._inner.in_transaction(raw)

    def check_constraints(self, raw: Any) -> None:
        """Check the constraints that otherwise wait for the commit."""
        self._do(self._inner.check_constraints, raw)

    def forget(self) -> None:
        """Do nothing: the connections are the inner driver's."""
