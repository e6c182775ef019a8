"""SQLite through the standard library's ``sqlite3``.

This is the one place that opens SQLite connections. The driver's own transaction control is off
(``isolation_level=None``): it breaks savepoints, and a transaction that starts reading and writes
later fails as "locked" at once. ``atomic()`` begins IMMEDIATE instead, so writers queue: those of
one process in the order in which they came, those of several by SQLite's busy timeout.
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet, finalize

from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

from ..database_url import MEMORY, DatabaseURL
from ..exceptions import IntegrityError
from .driver import Chunks, Driver, Executed, Rows, Stream, Written
from .opened import tell_opened
from .spelling import call_site
from .sqlite_open import SQLiteConnection, SQLiteOptions, most_parameters, open_sqlite
from .sqlite_turns import needs_turn
from .turn import Turn


class _Opened:
    """Closes its connection when it is forgotten, as with the thread that opened it.

    That ends an open transaction, so the next one may write.
    """

    def __init__(self, raw: SQLiteConnection, turn: Turn) -> None:
        self.raw = raw
        self.close = finalize(self, _close, raw, turn)  # before the connection itself is garbage


def _close(raw: SQLiteConnection, turn: Turn) -> None:
    raw.close()
    leave_turn(raw, turn)


def leave_turn(raw: SQLiteConnection, turn: Turn) -> None:
    """Let the next one write, if this connection has the turn."""
    if raw.has_turn:
        raw.has_turn = False
        turn.release()


class SQLiteDriver(Driver):
    """A SQLite file with one connection per thread, or a database in memory with one for all.

    Attributes:
        turn: What the writers of a file queue for, and all who use a database in memory.
    """

    vendor = "sqlite"
    error_class = sqlite3.Error
    tells_lastrowid = True
    can_return_rows_from_update = True
    supports_default_keyword_in_insert = False
    max_query_params = most_parameters()
    has_select_for_update = False
    has_select_for_update_nowait = False
    has_select_for_update_skip_locked = False
    has_select_for_update_of = False
    order_by_nulls_first = True
    supports_parentheses_in_compound = False
    supports_slicing_ordering_in_compound = False
    supports_aggregate_order_by_clause = sqlite3.sqlite_version_info >= (3, 44)
    supports_aggregate_distinct_multiple_argument = False
    supports_json_field_contains = False

    def __init__(self, url: DatabaseURL) -> None:
        super().__init__(url)
        self.dialect = pysqlite.dialect(dbapi=sqlite3, paramstyle="qmark")
        self.options = SQLiteOptions.of(url)
        self.in_memory = url.database == MEMORY  # one connection, for all threads
        self.turn = Turn(str(url))
        self._local = threading.local()
        self._opened: WeakSet[_Opened] = WeakSet()
        self._memory: _Opened | None = None

    def lease(self) -> SQLiteConnection:
        """Return this thread's connection, or wait for the only one there is.

        Raises:
            OperationalError: The only one did not become free in time.
        """
        if self.in_memory:
            self.turn.acquire(self.options.timeout_s, call_site())
            try:
                return self.shared()
            except BaseException:
                self.turn.release()
                raise
        opened = getattr(self._local, "opened", None)
        if opened is None:
            opened = self._local.opened = self._open()
            tell_opened(self, opened.raw)
        return opened.raw

    def shared(self) -> SQLiteConnection:
        """Return the one connection of a database in memory to who has the turn."""
        is_new = self._memory is None
        self._memory = self._memory or self._open()
        self._memory.raw.has_turn = True
        if is_new:
            tell_opened(self, self._memory.raw)
        return self._memory.raw

    def release(self, raw: SQLiteConnection) -> None:
        """Let the next one have it."""
        try:
            if not (raw.has_turn or raw.only_reads or raw.in_transaction):
                return  # after a statement that only read, outside of a transaction
            self.rollback(raw)
            if raw.only_reads:
                raw.only_reads = False
                raw.execute("PRAGMA query_only = OFF")
        except sqlite3.ProgrammingError:
            return  # close() came in between
        finally:
            leave_turn(raw, self.turn)

    def control(self, raw: SQLiteConnection, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint."""
        raw.execute(sql)
        self._let_others_write(raw)

    def rollback(self, raw: SQLiteConnection) -> None:
        """Roll the transaction back."""
        super().rollback(raw)
        self._let_others_write(raw)

    def _let_others_write(self, raw: SQLiteConnection) -> None:
        """Leave the turn after a transaction: with autocommit off the connection stays leased."""
        if not self.in_memory and not raw.in_transaction:
            leave_turn(raw, self.turn)

    def take_turn(self, raw: SQLiteConnection, site: str = "") -> None:
        """Wait until no other connection of this process writes.

        Args:
            raw: The connection; it keeps the turn until it is released.
            site: Where the code is that writes, for the error of those who wait in vain.

        Raises:
            OperationalError: The turn did not come in time.
        """
        if not raw.has_turn:
            self.turn.acquire(self.options.timeout_s, site)
            raw.has_turn = True

    def _open(self) -> _Opened:
        opened = _Opened(open_sqlite(self.url, self.options), self.turn)
        self._opened.add(opened)
        return opened

    def fetch(self, raw: SQLiteConnection, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        if not sql.startswith("SELECT") and not raw.in_transaction and needs_turn(sql):
            self.take_turn(raw)
        cursor = raw.execute(sql, params)
        return Rows(cursor.fetchall(), cursor)

    def write(self, raw: SQLiteConnection, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        if not sql.startswith("SELECT") and not raw.in_transaction and needs_turn(sql):
            self.take_turn(raw)
        cursor = raw.execute(sql, params)
        return Written(cursor.rowcount, cursor.lastrowid)

    def stream(self, raw: SQLiteConnection, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Read from a cursor of its own, beside which the connection runs other statements."""
        if not raw.in_transaction and needs_turn(sql):
            self.take_turn(raw)
        cursor = raw.execute(sql, params)
        return Stream(cursor.description, Chunks(lambda: cursor.fetchmany(size), cursor.close))

    def execute(self, raw: SQLiteConnection, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""
        if not raw.in_transaction and needs_turn(sql):
            self.take_turn(raw)
        return super().execute(raw, sql, params, many=many)

    def begin(self, raw: SQLiteConnection, *, read_only: bool) -> None:
        """Begin a transaction: with the write lock, unless it only reads."""
        if read_only:
            raw.execute("PRAGMA query_only = ON")
            raw.only_reads = True
            raw.execute("BEGIN DEFERRED")
        else:
            self.take_turn(raw, call_site())
            raw.execute("BEGIN IMMEDIATE")

    def in_transaction(self, raw: SQLiteConnection) -> bool:
        """Say whether a transaction is open: a full disk ends it."""
        return raw.in_transaction

    def check_constraints(self, raw: SQLiteConnection) -> None:
        """Look for rows whose parents are missing."""
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            table, rowid, parent, _ = broken[0]
            raise IntegrityError(
                f"FOREIGN KEY constraint failed: row {rowid} of {table} refers to a row of "
                f"{parent} that does not exist."
            )

    def engine(self) -> Engine:
        """Make an engine on this thread's connection, the only one for a database in memory."""
        opened = getattr(self._local, "opened", None) or self._memory or self._open()
        if self.in_memory:
            self._memory = opened
        else:
            self._local.opened = opened
        return create_engine("sqlite://", creator=lambda: _Kept(opened.raw), poolclass=StaticPool)

    def for_tests(self, suffix: str) -> DatabaseURL:
        """Test in memory, which belongs to the process; or in the file of ``TEST["NAME"]``."""
        name = self.url.test_name
        if not name or name == MEMORY:
            return DatabaseURL("sqlite", MEMORY, testing=True)
        beside = Path(self.url.database).parent / name
        path = beside.with_name(f"{beside.stem}{suffix}{beside.suffix}")
        return replace(self.url, database=str(path), testing=True)

    def create_database(self) -> None:
        """Remove the file; connecting makes a new one."""
        self.drop_database()

    def drop_database(self) -> None:
        """Close and remove the file with its journals."""
        self.close()
        if not self.in_memory:
            for ending in ("", "-wal", "-shm"):
                Path(self.url.database + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections of all threads."""
        for opened in list(self._opened):
            opened.close()
        self._opened.clear()
        self._local = threading.local()
        self._memory = None


class _Kept:
    """A connection that SQLAlchemy may use but not close.

    A transaction that is open already is not SQLAlchemy's to end.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._is_within = raw.in_transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def create_function(self, *args: Any, **kwargs: Any) -> None:
        """Keep our functions: SQLAlchemy's ``floor`` and ``regexp`` fail for NULL."""

    def commit(self) -> None:
        """Commit what SQLAlchemy has begun."""
        if not self._is_within:
            self._raw.commit()

    def rollback(self) -> None:
        """Roll back what SQLAlchemy has begun."""
        if not self._is_within:
            self._raw.rollback()

    def close(self) -> None:
        """Leave it open: its thread goes on using it."""
