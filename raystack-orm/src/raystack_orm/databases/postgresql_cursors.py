"""Cursors of psycopg that are used again: making one costs as much as running a short query.

A connection lends its cursors, so that two threads which share it, as in a test, have one each.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.pq.abc import PGresult

from .driver import Rows, Written

MOST_ROWS = 1_000  # a cursor keeps its last result: with more rows it is not worth keeping


class Described:
    """The columns of a result, for who asks: the cursor would take as long as for a query.

    Args:
        result: The result.
    """

    __slots__ = ("_result",)

    def __init__(self, result: PGresult) -> None:
        self._result = result

    @property
    def description(self) -> Sequence[tuple[str, int]]:
        """The columns' names and types."""
        result = self._result
        names = [result.fname(number) or b"" for number in range(result.nfields)]
        return [(name.decode(), result.ftype(number)) for number, name in enumerate(names)]


class Connection(psycopg.Connection[Any]):
    """A connection that keeps cursors.

    Attributes:
        home: The pool that it came from, and goes back to.
    """

    home: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free: list[psycopg.Cursor[Any]] = []

    def fetch(self, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        cursor = self.free.pop() if self.free else self.cursor()
        cursor.execute(sql, params)
        found = Rows(cursor.fetchall(), Described(cursor.pgresult))  # type: ignore[arg-type]  # it has one
        if len(found.rows) <= MOST_ROWS:
            self.free.append(cursor)
        return found

    def write(self, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        cursor = self.free.pop() if self.free else self.cursor()
        cursor.execute(sql, params)
        written = Written(cursor.rowcount, None)
        self.free.append(cursor)
        return written


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """An asynchronous connection that keeps cursors.

    Attributes:
        home: The pool that it came from, and goes back to.
    """

    home: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free: list[psycopg.AsyncCursor[Any]] = []

    async def fetch(self, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        cursor = self.free.pop() if self.free else self.cursor()
        await cursor.execute(sql, params)
        result = cursor.pgresult
        found = Rows(await cursor.fetchall(), Described(result))  # type: ignore[arg-type]  # it has one
        if len(found.rows) <= MOST_ROWS:
            self.free.append(cursor)
        return found

    async def write(self, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        cursor = self.free.pop() if self.free else self.cursor()
        await cursor.execute(sql, params)
        written = Written(cursor.rowcount, None)
        self.free.append(cursor)
        return written
