"""SQLite on an event loop: readers in parallel, one writer at a time, in the order they asked.

A file's connections belong to no thread here: a worker takes one for a statement, a task for a
transaction. A database in memory is one connection that everyone waits for.
"""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from .async_threads import Seat, ThreadedDriver
from .sqlite import SQLiteDriver

T = TypeVar("T")

READING = ("SELECT", "EXPLAIN", "PRAGMA", "VALUES", "WITH")
"""What a statement that takes no write lock begins with. WITH may write: then SQLite waits."""


class SQLiteSeat(Seat):
    """A task's place at a connection; ``has_turn`` while it holds the queue of writers."""

    __slots__ = ("has_turn", "site")

    def __init__(self) -> None:
        super().__init__()
        self.has_turn = False
        self.site = ""


class AsyncSQLiteDriver(ThreadedDriver):
    """A SQLite database, for the tasks of one event loop."""

    sync: SQLiteDriver

    def __init__(self, sync: SQLiteDriver) -> None:
        super().__init__(sync)
        self._idle: list[sqlite3.Connection] = []

    def lease(self) -> SQLiteSeat:
        """Return a seat, which gets its connection in a worker."""
        return SQLiteSeat()

    async def _begin(self, seat: Any, *, read_only: bool) -> None:
        if self.sync.is_memory or not read_only:
            await self._wait_for_turn(seat)
        await super()._begin(seat, read_only=read_only)

    async def run(self, seat: Any, sql: str, function: Callable[..., T], *args: Any) -> T:
        """Run a statement in a worker; one that writes waits for its turn first."""
        if seat.has_turn or not (self.sync.is_memory or is_writing(sql)) or seat.raw is not None:
            return await super().run(seat, sql, function, *args)
        await self._wait_for_turn(seat)
        try:
            return await super().run(seat, sql, function, *args)
        finally:
            self._end_turn(seat)

    async def _wait_for_turn(self, seat: SQLiteSeat) -> None:
        await self.sync.turn.aacquire(self.sync.timeout_s, seat.site)
        seat.has_turn = True

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

    def take(self) -> sqlite3.Connection:
        """Take an idle connection, or open one; the one there is of a database in memory."""
        if self.sync.is_memory:
            return self.sync.shared()
        while self._idle:
            raw = self._idle.pop()
            if self.sync.is_open(raw):
                return raw
        return self.sync.open()

    def give(self, raw: sqlite3.Connection, *, keep: bool) -> None:
        """Roll back what is open, and keep the connection for the next one."""
        if raw.in_transaction:
            raw.rollback()
        if self.sync.is_memory:
            return
        if keep:
            self._idle.append(raw)
        else:
            self.sync.shut(raw)
