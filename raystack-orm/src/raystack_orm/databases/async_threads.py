"""Drivers that block, behind threads: each statement is one hop to a worker and back."""

import threading
from asyncio import CancelledError
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from .async_driver import AsyncDriver
from .colour import is_abandoned, wait
from .driver import Chunks, Driver, Executed, Rows, Stream, Written
from .workers import Workers

T = TypeVar("T")


class Seat:
    """A task's place at a connection.

    Outside of a transaction there is a connection only while a statement runs.

    Attributes:
        raw: The connection, as long as there is one.
        lock: Held by the worker that uses it.
        dropped: The task is gone: what comes late has to give the connection back.
    """

    __slots__ = ("dropped", "lock", "raw")

    def __init__(self) -> None:
        self.raw: Any = None
        self.lock = threading.Lock()
        self.dropped = False


class Statement(Generic[T]):
    """What a worker runs on a task's connection, unless it was cancelled before.

    A worker may wait long for the connection. Each side first tells what it does and then looks at
    the other: so a statement that is cancelled either does not begin, or is interrupted.

    Args:
        function: Runs it, on the connection.
    """

    __slots__ = ("_cancelled", "_function", "_runs")

    def __init__(self, function: Callable[..., T]) -> None:
        self._function = function
        self._cancelled = False
        self._runs = False

    def __call__(self, raw: Any, *args: Any) -> T:
        """Run it, in a worker."""
        self._runs = True
        try:
            if self._cancelled:
                raise CancelledError
            return self._function(raw, *args)
        finally:
            self._runs = False

    def cancel(self) -> bool:
        """Do not let it begin; return whether it runs already."""
        self._cancelled = True
        return self._runs


class ThreadedDriver(AsyncDriver):
    """A database whose driver blocks.

    Who has a connection may hold the lock that others wait for in their workers, so it never waits
    for one of theirs: a task that has none yet, and waits for one or runs a single statement, has
    workers apart; and of either kind there are as many as connections.

    Args:
        sync: The synchronous driver.
        connections: How many connections there are at most.
    """

    def __init__(self, sync: Driver, connections: int) -> None:
        super().__init__(sync, connections)
        self.leasing = Workers(f"raystack-{sync.vendor}-lease", connections)

    # On the event loop ---------------------------------------------------------------------------

    def lease(self) -> Seat:
        """Return a seat, which gets its connection in a worker."""
        return Seat()

    def begin(self, raw: Seat, *, read_only: bool) -> None:
        """Lease a connection and begin a transaction, in one hop."""
        wait(self._begin(raw, read_only=read_only))

    async def _begin(self, seat: Seat, *, read_only: bool) -> None:
        begin = Statement(partial(self.sync.begin, read_only=read_only))
        cancel = partial(self._cancel, seat, begin)
        await self.leasing.run(self._take, seat, begin, interrupt=cancel)

    def release(self, raw: Seat) -> None:
        """Give the connection back, if there is one."""
        if is_abandoned():
            self.discard(raw)
        elif raw.raw is not None:
            wait(self.workers.finish(self._leave, raw))

    def discard(self, raw: Seat) -> None:
        """Let a worker give it back, once the statement that it runs has ended."""
        raw.dropped = True
        if raw.raw is not None:
            self.interrupt(raw)
        self.workers.post(partial(self._leave, raw))

    def interrupt(self, seat: Seat) -> None:
        """End the statement that runs, where the driver can; otherwise its end is waited for."""

    def fetch(self, raw: Seat, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        return wait(self.run(raw, sql, self.sync.fetch, sql, params))

    def write(self, raw: Seat, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        return wait(self.run(raw, sql, self.sync.write, sql, params))

    def execute(self, raw: Seat, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""
        return wait(self.run(raw, sql, partial(self.sync.execute, many=many), sql, params))

    def run(
        self, seat: Seat, sql: str, function: Callable[..., T], *args: Any
    ) -> Coroutine[Any, Any, T]:
        """Run a statement in a worker: on the seat's connection, or on one for it alone."""
        if seat.raw is not None:
            work, workers = self._use, self.workers
        else:
            work, workers = self._use_once, self.leasing
        statement = Statement(function)
        cancel = partial(self._cancel, seat, statement)
        return workers.run(work, seat, statement, args, interrupt=cancel)

    def _cancel(self, seat: Seat, statement: Statement[Any]) -> None:
        if statement.cancel():
            self.interrupt(seat)

    def stream(self, raw: Seat, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Run a statement whose rows come in chunks, each one hop."""
        if raw.raw is None:
            wait(self._take_for_stream(raw, sql))
        stream = wait(self.run(raw, sql, self.sync.stream, sql, params, size))
        chunks = stream.chunks

        def fetch_some() -> list[Any]:
            return wait(self.workers.run(self._use, raw, _next, (chunks,)))

        def close() -> None:
            if is_abandoned():
                self.workers.post(partial(self._use, raw, _close, (chunks,)))
            else:
                wait(self.workers.finish(self._use, raw, _close, (chunks,)))

        return Stream(stream.description, Chunks(fetch_some, close))

    async def _take_for_stream(self, seat: Seat, sql: str) -> None:
        await self.leasing.run(self._take, seat, None)

    def control(self, raw: Seat, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint, even when the task is cancelled."""
        wait(self.workers.finish(self._use, raw, self.sync.control, (sql,)))

    def rollback(self, raw: Seat) -> None:
        """Roll back, if a transaction is open, even when the task is cancelled."""
        wait(self.workers.finish(self._use, raw, self.sync.rollback, ()))

    def in_transaction(self, raw: Seat) -> bool:
        """Say whether a transaction is open."""
        return raw.raw is not None and self.sync.in_transaction(raw.raw)

    def check_constraints(self, raw: Seat) -> None:
        """Check the constraints that otherwise wait for the commit."""
        wait(self.workers.run(self._use, raw, self.sync.check_constraints, ()))

    def forget(self) -> None:
        """End the threads."""
        self.workers.stop()
        self.leasing.stop()

    # In a worker ---------------------------------------------------------------------------------

    def take(self, seat: Seat) -> Any:
        """Lease a connection."""
        return self.sync.lease()

    def give(self, raw: Any) -> None:
        """Give it back; what is open is rolled back."""
        self.sync.release(raw)

    def _take(self, seat: Seat, begin: Statement[None] | None) -> None:
        with seat.lock:
            if not seat.dropped:
                seat.raw = self.take(seat)
                if begin is not None:
                    begin(seat.raw)

    def _leave(self, seat: Seat) -> None:
        with seat.lock:
            raw, seat.raw = seat.raw, None
            if raw is not None:
                self.give(raw)

    def _use(self, seat: Seat, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        with seat.lock:
            return function(seat.raw, *args)

    def _use_once(self, seat: Seat, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        with seat.lock:
            raw = seat.raw = self.take(seat)
            try:
                return function(raw, *args)
            finally:
                seat.raw = None
                self.give(raw)


def _next(_raw: Any, chunks: Chunks) -> list[Any]:
    return next(chunks, [])


def _close(_raw: Any, chunks: Chunks) -> None:
    chunks.close()
