"""Bridge mode: one synchronous connection, for threads and tasks alike, as tests need it.

A thread uses it at once, a task through a worker thread; one at a time.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from .async_driver import AsyncDriver
from .colour import in_job, is_abandoned, wait
from .driver import Chunks, Driver, Executed, Rows, Stream, Written
from .ownership import on_event_loop

T = TypeVar("T")


class BridgeDriver(AsyncDriver):
    """A driver's one connection, lent to everyone.

    Args:
        sync: The synchronous driver.
    """

    def __init__(self, sync: Driver) -> None:
        super().__init__(sync)
        self._lock = threading.Lock()

    def aside(self, function: Callable[..., T], *args: Any) -> T:
        """Call something that blocks: here in a thread, from a job in a worker."""
        if in_job() or on_event_loop():
            # Not interrupted when the task is cancelled: SQLite would roll the test's work back.
            return cast("T", wait(self.workers.run(self._alone, function, args)))
        return self._alone(function, args)

    def _alone(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        with self._lock:
            return function(*args)

    def lease(self) -> Any:
        """Lease the connection, once."""
        return self.aside(self.sync.lease)

    def release(self, raw: Any) -> None:
        """Give it back, at the end."""
        self.aside(self.sync.release, raw)

    def discard(self, raw: Any) -> None:
        """Give it back."""
        self._alone(self.sync.release, (raw,))

    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        return self.aside(self.sync.fetch, raw, sql, params)

    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        return self.aside(self.sync.write, raw, sql, params)

    def execute(self, raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""
        return self.aside(lambda: self.sync.execute(raw, sql, params, many=many))

    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Run a statement whose rows come in chunks."""
        stream = self.aside(self.sync.stream, raw, sql, params, size)
        chunks = stream.chunks

        def close() -> None:
            if in_job() and not is_abandoned():
                wait(self.workers.finish(self._alone, chunks.close, ()))
            else:
                self._alone(chunks.close, ())

        return Stream(stream.description, Chunks(lambda: self.aside(next, chunks, []), close))

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin the transaction."""
        self.aside(lambda: self.sync.begin(raw, read_only=read_only))

    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint."""
        self._finish(self.sync.control, raw, sql)

    def rollback(self, raw: Any) -> None:
        """Roll back, if a transaction is open."""
        self._finish(self.sync.rollback, raw)

    def _finish(self, function: Callable[..., object], *args: Any) -> None:
        if in_job():
            wait(self.workers.finish(self._alone, function, args))
        else:
            self.aside(function, *args)

    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open."""
        return self.sync.in_transaction(raw)

    def check_constraints(self, raw: Any) -> None:
        """Check the constraints that otherwise wait for the commit."""
        self.aside(self.sync.check_constraints, raw)

    def forget(self) -> None:
        """End the worker."""
        self.workers.stop()
