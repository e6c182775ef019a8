"""SQLite through the standard library's ``sqlite3``.

This is the one place that opens SQLite connections. The driver's own transaction control is off
(``isolation_level=None``): it breaks savepoints, and a transaction that starts reading and writes
later fails as "locked" at once. ``atomic()`` begins IMMEDIATE instead, so writers queue.
"""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool

from ..database_url import MEMORY, DatabaseURL
from ..exceptions import IntegrityError, OperationalError
from .driver import Driver, Rows, Written
from .turn import Turn
from .sqlite_functions import register

BUSY_TIMEOUT_S = 5.0


class _Opened:
    """Closes its connection when it is forgotten, as with the thread that opened it."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw

    def __del__(self) -> None:
        self.raw.close()


class SQLiteDriver(Driver):
    """A SQLite file with one connection per thread, or a database in memory with one for all."""

    vendor = "sqlite"
    error_class = sqlite3.Error
    tells_lastrowid = True
    can_return_rows_from_update = True
    supports_default_keyword_in_insert = False
    max_query_params = 32_766
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
        self.dialect = pysqlite.dialect(paramstyle="qmark")
        self._local = threading.local()
        self._opened: WeakSet[_Opened] = WeakSet()
        self._memory: _Opened | None = None
        self._loose: dict[sqlite3.Connection, _Opened] = {}  # those of no thread
        self.is_memory = url.database == MEMORY
        self.timeout_s = float(url.options.get("timeout", BUSY_TIMEOUT_S))
        self.turn = Turn(str(url))  # who may use a database in memory; a file's asynchronous writer

    def lease(self) -> sqlite3.Connection:
        """Return this thread's connection, or wait for the only one there is."""
        if self.is_memory:
            self.turn.acquire()
            return self.shared()
        opened = getattr(self._local, "opened", None)
        if opened is None:
            opened = self._local.opened = self._open()
        return opened.raw

    def release(self, raw: sqlite3.Connection) -> None:
        """Let the next one have it."""
        try:
            if raw.in_transaction:
                raw.rollback()
        finally:
            if self.is_memory:
                self.turn.release()

    def shared(self) -> sqlite3.Connection:
        """Return the one connection of a database in memory, to whoever has the turn."""
        if self._memory is None:
            self._memory = self._open()
        return self._memory.raw

    def open(self) -> sqlite3.Connection:
        """Open a connection that belongs to no thread."""
        opened = self._open()
        self._loose[opened.raw] = opened
        return opened.raw

    def is_open(self, raw: sqlite3.Connection) -> bool:
        """Say whether a connection of ``open()`` has not been closed."""
        return raw in self._loose

    def shut(self, raw: sqlite3.Connection) -> None:
        """Close a connection of ``open()``."""
        self._loose.pop(raw, None)
        raw.close()

    def _open(self) -> _Opened:
        try:
            raw = sqlite3.connect(
                self.url.database,
                timeout=self.timeout_s,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.OperationalError as error:
            raise OperationalError(f"{error}: {self.url.database}") from error
        raw.execute("PRAGMA foreign_keys = ON")
        if self.url.database != MEMORY:
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = NORMAL")
        register(raw)
        opened = _Opened(raw)
        self._opened.add(opened)
        return opened

    def fetch(self, raw: sqlite3.Connection, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        cursor = raw.execute(sql, params)
        return Rows(cursor.fetchall(), cursor.description)

    def write(self, raw: sqlite3.Connection, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        cursor = raw.execute(sql, params)
        return Written(cursor.rowcount, cursor.lastrowid)

    def begin(self, raw: sqlite3.Connection, *, read_only: bool) -> None:
        """Begin a transaction: with the write lock, unless it only reads."""
        raw.execute("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

    def check_constraints(self, raw: sqlite3.Connection) -> None:
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
        if self.url.database == MEMORY:
            self._memory = opened
        else:
            self._local.opened = opened
        return create_engine("sqlite://", creator=lambda: _Kept(opened.raw), poolclass=StaticPool)

    def for_tests(self, suffix: str) -> DatabaseURL:
        """Test in memory, which belongs to the process."""
        return DatabaseURL("sqlite", MEMORY, testing=True)

    def create_database(self) -> None:
        """Remove the file; connecting makes a new one."""
        self.drop_database()

    def drop_database(self) -> None:
        """Close and remove the file with its journals."""
        self.close()
        if self.url.database != MEMORY:
            for ending in ("", "-wal", "-shm"):
                Path(self.url.database + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections of all threads."""
        for opened in list(self._opened):
            opened.raw.close()
        self._opened.clear()
        self._loose.clear()
        self._local = threading.local()
        self._memory = None


class _Kept:
    """A connection that SQLAlchemy may use but not close."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def close(self) -> None:
        """Leave it open: its thread goes on using it."""
