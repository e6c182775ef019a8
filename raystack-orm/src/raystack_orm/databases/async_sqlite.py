"""SQLite on an event loop: readers in parallel, one writer at a time, in the order they asked.

A file's connections belong to no thread here: a worker takes one for a statement, a task for a
transaction. A database in memory is one connection that everyone waits for.
"""

import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar
from weakref import finalize

from .async_threads import Seat, ThreadedDriver
from .colour import is_abandoned
from .opened import tell_opened
from .sqlite import SQLiteDriver
from .sqlite_open import SQLiteConnection, open_sqlite
from .sqlite_turns import needs_turn

T = TypeVar("T")

NUMBER_OF_WORKERS = 8  # of one writer, and of readers, who wait for nobody


class SQLiteSeat(Seat):
    """A task's place at a connection.

    Attributes:
        has_turn: It has the turn to write, and no connection yet that could have it.
        site: The code that begins a transaction.
    """

    __slots__ = ("has_turn", "site")

    def __init__(self) -> None:
        super().__init__()
        self.has_turn = False
        self.site = ""


class AsyncSQLiteDriver(ThreadedDriver):
    """A SQLite database, for the tasks of one event loop."""

    sync: SQLiteDriver

    def __init__(self, sync: SQLiteDriver) -> None:
        super().__init__(sync, NUMBER_OF_WORKERS)
        self._idle: list[SQLiteConnection] = []
        self._is_over = False
        finalize(self, _close_all, self._idle)  # of a loop that ended without aclose_all()

    def lease(self) -> SQLiteSeat:
        """Return a seat, which gets its connection in a worker."""
        return SQLiteSeat()

    def locate(self, raw: Any, site: str) -> None:
        """Learn which code will have the turn."""
        raw.site = site

    async def _begin(self, seat: Any, *, read_only: bool) -> None:
        if self.sync.in_memory or not read_only:
            await self._wait_for_turn(seat)
        await super()._begin(seat, read_only=read_only)

    def run(
        self, seat: Any, sql: str, function: Callable[..., T], *args: Any
    ) -> Coroutine[Any, Any, T]:
        """Run a statement in a worker; one that writes waits for its turn first."""
        running = super().run(seat, sql, function, *args)
        if seat.raw is None and (self.sync.in_memory or needs_turn(sql)):
            return self._run_in_turn(seat, running)
        return running

    async def _run_in_turn(self, seat: Any, running: Coroutine[Any, Any, T]) -> T:
        try:
            await self._wait_for_turn(seat)
        except BaseException:
            running.close()  # or Python warns that it was never awaited
            raise
        return await running

    async def _take_for_stream(self, seat: Any, sql: str) -> None:
        if self.sync.in_memory or needs_turn(sql):
            await self._wait_for_turn(seat)
        await super()._take_for_stream(seat, sql)

    async def _wait_for_turn(self, seat: SQLiteSeat) -> None:
        await self.sync.turn.aacquire(self.sync.options.timeout_s, seat.site)
        seat.has_turn = True

    def release(self, raw: Any) -> None:
        """Give the connection back, at once where nothing has to be rolled back."""
        if raw.raw is not None and not is_abandoned() and not raw.raw.in_transaction:
            self._leave(raw)
        else:
            super().release(raw)
            self._end_turn(raw)

    def _end_turn(self, seat: SQLiteSeat) -> None:
        if seat.has_turn:
            seat.has_turn = False
            self.sync.turn.release()

    def interrupt(self, seat: Seat) -> None:
        """End the statement that runs."""
        raw = seat.raw
        if raw is not None:
            try:
                raw.interrupt()
            except sqlite3.ProgrammingError:
                return  # it is closed

    def take(self, seat: Any) -> SQLiteConnection:
        """Take an idle connection, or open one; the one there is of a database in memory."""
        is_new = not self.sync.in_memory and not self._idle
        if self.sync.in_memory:
            raw = self.sync.shared()
        else:
            raw = open_sqlite(self.sync.url, self.sync.options) if is_new else self._idle.pop()
        if seat.has_turn:  # from now on it goes with the connection
            raw.has_turn = True
            seat.has_turn = False
        if is_new:
            tell_opened(self.sync, raw)
        return raw

    def give(self, raw: SQLiteConnection) -> None:
        """Roll back what is open, and keep the connection for the next one."""
        self.sync.release(raw)
        if self.sync.in_memory:
            return
        self._idle.append(raw)
        if self._is_over:  # a worker brings it late
            _close_all(self._idle)

    def forget(self) -> None:
        """Close the idle connections, and end the threads."""
        super().forget()
        self._is_over = True
        _close_all(self._idle)


def _close_all(connections: list[SQLiteConnection]) -> None:
    while connections:
        connections.pop().close()
