"""Bridge mode: one synchronous connection, for threads and tasks alike, as tests need it.

A thread uses it at once, a task through a worker thread; one at a time.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from .async_driver import AsyncDriver
from .colour import in_job, wait
from .driver import Driver, Executed, Rows, Stream, Written
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
            return wait(self.workers.run(self._alone, function, args))
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

    def stream(self, raw: Any, sql: str, params: Sequence[Any], chunk_size: int) -> Stream:
        """Run a statement whose rows come in chunks."""
        description, chunks = self.aside(self.sync.stream, raw, sql, params, chunk_size)
        return Stream(description, self._chunks(iter(chunks)))

    def _chunks(self, chunks: Iterator[Any]) -> Iterator[Any]:
        while (chunk := self.aside(lambda: next(chunks, None))) is not None:
            yield chunk

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin the transaction."""
        self.aside(lambda: self.sync.begin(raw, read_only=read_only))

    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, ROLLBACK, or what concerns a savepoint."""
        if in_job():
            wait(self.workers.finish(self._alone, self.sync.control, (raw, sql)))
        else:
            self.aside(self.sync.control, raw, sql)

    def check_constraints(self, raw: Any) -> None:
        """Check the constraints that otherwise wait for the commit."""
        self.aside(self.sync.check_constraints, raw)

    def forget(self) -> None:
        """End the worker."""
        self.workers.stop()
