"""PostgreSQL through psycopg 3 and its connection pool.

Connections are in autocommit mode and speak PostgreSQL's own ``$1`` parameters (psycopg's raw
cursor), so that one value used twice is one parameter. The session's time zone is UTC, or
``TIME_ZONE`` where ``USE_TZ`` is off: the day that a moment is truncated to is that zone's.
"""

import itertools
import threading
import time
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.dialects.postgresql import psycopg as dialects
from sqlalchemy.engine import Engine

from ..configuration import configuration
from ..database_url import DatabaseURL
from ..exceptions import ImproperlyConfigured
from .driver import Chunks, Driver, Rows, Stream, Written
from .opened import tell_opened
from .options import PoolLimits, isolation_level, without_pool_options
from .pool import exhausted
from .sockets import has_news

try:
    import psycopg
    import psycopg_pool
    from psycopg import sql as quoting
    from psycopg.pq import TransactionStatus

    from .postgresql_cursors import Connection
except ImportError as error:
    raise ImproperlyConfigured(
        "PostgreSQL needs psycopg and psycopg_pool. "
        "Install them with: pip install 'raystack-orm[postgres]'"
    ) from error

MAINTENANCE_DATABASE = "postgres"
REACH_TIMEOUT_S = 5  # for a server that answers nothing


class PostgreSQLDriver(Driver):
    """A PostgreSQL database with a pool of connections, opened on first use."""

    vendor = "postgresql"
    error_class = psycopg.Error
    takes_arrays = True
    upper_before_like = True
    can_return_rows_from_update = True
    max_query_params = 65_535
    has_select_for_no_key_update = True
    allows_group_by_selected_pks = True
    can_distinct_on_fields = True
    only_supports_unbounded_with_preceding_and_following = True
    supports_frame_range_fixed_distance = False
    greatest_least_ignores_nulls = True
    has_native_duration_field = True
    supports_covering_indexes = True
    supports_deferrable_unique_constraints = True
    supports_nulls_distinct_unique_constraints = True
    supports_comments = True
    supports_tablespaces = True
    supported_explain_formats = frozenset({"JSON", "TEXT", "XML", "YAML"})

    def __init__(self, url: DatabaseURL) -> None:
        super().__init__(url)
        self.dialect = dialects.dialect(  # type: ignore[no-untyped-call]  # SQLAlchemy's
            dbapi=psycopg, paramstyle="numeric_dollar"
        )
        self.limits = PoolLimits.of(url)
        self._options = without_pool_options(url)
        self._isolation_level = isolation_level(self._options).lower().replace(" ", r"\ ")
        self._pool: Any = None
        self._reached: Any = None  # the pool, while there is no reason to doubt the server
        self._living: WeakSet[Any] = WeakSet()
        self._opening = threading.Lock()
        self._knocking = threading.Lock()
        self._refused: tuple[float, psycopg.Error] | None = None  # when, and what was said
        self._server_version = 0  # each connection knows
        self._cursor_numbers = itertools.count(1)

    @cached_property
    def plan_key(self) -> Hashable:
        """The server: SQL differs by version, which would have to be asked for."""
        return (self.vendor, self.url.host, self.url.port, self.url.options.get("host"))

    @property
    def supports_any_value(self) -> bool:
        """Since PostgreSQL 16."""
        return self.server_version >= 160_000

    @property
    def supports_virtual_generated_columns(self) -> bool:
        """Since PostgreSQL 18."""
        return self.server_version >= 180_000

    @property
    def supports_uuid7_function(self) -> bool:
        """Since PostgreSQL 18."""
        return self.server_version >= 180_000

    @property
    def server_version(self) -> int:
        """The server's version: 150004 is 15.4."""
        if not self._server_version:  # so this thread holds no connection, and may take one
            self.release(self.lease())
        return self._server_version

    def _opened(self, pool: Any, raw: Any) -> None:
        raw.home = pool
        self._server_version = int(raw.info.server_version)
        tell_opened(self, raw)
        with self._opening:
            self._living.add(raw)

    def lease(self) -> Any:
        """Take a connection from the pool.

        Raises:
            OperationalError: None became free in time, or the server cannot be reached.
        """
        while True:
            pool = self._reached or self._reach()
            try:
                raw = pool.getconn()
            except psycopg_pool.PoolTimeout as error:
                self._reach()
                raise exhausted(str(self.url), self.limits.size, self.limits.timeout_s) from error
            if not has_news(raw.fileno()):
                return raw
            self._reached = None
            raw.close()  # the server ended it while it was idle; the pool opens another
            pool.putconn(raw)

    def _reach(self) -> Any:
        """Return the pool; where no connection is known to live, find out whether one can be made.

        The pool tries that again and again, and keeps to itself what the server says.
        """
        self._reached = None
        asked = time.monotonic()
        with self._knocking:  # one at a time: a hundred threads would be a hundred connections
            pool = self._reached or self._pool or self._open_pool()
            if self._reached is None:
                self._knock(asked)
                self._reached = pool
            return pool

    def _knock(self, asked: float) -> None:
        """Connect once, unless a connection lives, or somebody was refused since ``asked``."""
        with self._opening:
            if any(not raw.closed for raw in self._living):
                return
        if self._refused is not None and self._refused[0] >= asked:
            raise self._refused[1]
        try:
            psycopg.connect(self.conninfo(), **self.reach_options).close()
        except psycopg.Error as error:
            self._refused = time.monotonic(), error
            raise

    @property
    def reach_options(self) -> dict[str, Any]:
        """For how long a server may answer nothing that is asked for the first time."""
        given = "connect_timeout" in self._options
        return {} if given else {"connect_timeout": REACH_TIMEOUT_S}

    def _open_pool(self) -> Any:
        with self._opening:
            if self._pool is None:
                self._pool = self._make_pool()
            return self._pool

    def _make_pool(self) -> Any:
        pool = psycopg_pool.ConnectionPool(
            self.conninfo(),
            connection_class=Connection,
            min_size=0,
            max_size=self.limits.size,
            timeout=self.limits.timeout_s,
            kwargs={"autocommit": True, "cursor_factory": psycopg.RawCursor},
            configure=lambda raw: self._opened(pool, raw),
            open=False,
        )
        pool.open()
        return pool

    def conninfo(self, database: str = "") -> str:
        """Return what libpq connects with."""
        given = {
            "dbname": database or self.url.database,
            "host": self.url.host,
            "port": self.url.port,
            "user": self.url.user,
            "password": self.url.password,
        }
        known: dict[str, Any] = {name: value for name, value in given.items() if value}
        zone = "UTC" if configuration().use_tz else configuration().zone
        options = (
            f"{self._options.get('options', '')} -c TimeZone={zone} "
            f"-c default_transaction_isolation={self._isolation_level}"
        )
        try:
            return psycopg.conninfo.make_conninfo(**known, **{**self._options, "options": options})
        except psycopg.ProgrammingError as error:
            raise ImproperlyConfigured(f"An option of {self.url}: {error}") from None

    def release(self, raw: Any) -> None:
        """Put a connection back; the pool drops a broken one and rolls back an open transaction."""
        try:
            if self.in_transaction(raw):
                raw.rollback()
        except psycopg.Error:
            raw.close()  # it broke in the meantime, and the server rolls back itself
        finally:
            raw.home.putconn(raw)  # one that was closed in the meantime closes it

    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        return raw.fetch(sql, params)  # type: ignore[no-any-return]

    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        return raw.write(sql, params)  # type: ignore[no-any-return]

    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Read from a cursor of the server's. Outside a transaction it lives on WITH HOLD."""
        if not self.url.server_side_cursors:
            rows = raw.execute(sql, params)
            return Stream(rows.description or (), Chunks(lambda: rows.fetchmany(size), rows.close))
        cursor = psycopg.RawServerCursor(
            raw,
            f"raystack_{next(self._cursor_numbers)}",
            scrollable=False,
            withhold=not self.in_transaction(raw),
        )
        try:
            cursor.execute(sql, params)
        except BaseException:
            cursor.close()
            raise
        return Stream(
            cursor.description or (), Chunks(lambda: cursor.fetchmany(size), cursor.close)
        )

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""
        raw.execute("BEGIN READ ONLY" if read_only else "BEGIN")

    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open, be it one that failed."""
        return not raw.closed and raw.info.transaction_status != TransactionStatus.IDLE

    def check_constraints(self, raw: Any) -> None:
        """Check the deferred constraints now, and defer them again."""
        raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raw.execute("SET CONSTRAINTS ALL DEFERRED")

    def engine(self) -> Engine:
        """Make an engine with a connection of its own."""
        url = URL.create("postgresql+psycopg")
        return create_engine(
            url, creator=lambda: psycopg.connect(self.conninfo()), poolclass=NullPool
        )

    def for_tests(self, suffix: str) -> DatabaseURL:
        """Test in a database of its own beside this one."""
        name = self.url.test_name or f"test_{self.url.database}"
        return replace(self.url, database=f"{name}{suffix}", testing=True)

    def create_database(self) -> None:
        """Create this database, empty."""
        self.drop_database()
        self._maintain("CREATE DATABASE {}")

    def drop_database(self) -> None:
        """Drop this database; whoever is connected to it is disconnected."""
        self.close()
        self._maintain("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _maintain(self, statement: str) -> None:
        named = quoting.SQL(statement).format(quoting.Identifier(self.url.database))
        with psycopg.connect(self.conninfo(MAINTENANCE_DATABASE), autocommit=True) as raw:
            raw.execute(named)

    def close(self) -> None:
        """Close the pool."""
        pool, self._pool, self._reached = self._pool, None, None
        if pool is not None:
            pool.close()
