"""MariaDB and MySQL through PyMySQL and a pool of our own.

Connections are in autocommit mode, isolated READ COMMITTED as in Django, and strict: a value that
does not fit is an error. The session's time zone is UTC, its character set utf8mb4, its tables are
InnoDB's. UPDATE counts the rows that it matched, not those that it changed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.dialects.mysql import pymysql as dialects
from sqlalchemy.dialects.mysql.base import MySQLDDLCompiler
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError

from ..database_url import DatabaseURL
from ..exceptions import ImproperlyConfigured
from .driver import Chunks, Driver, Rows, Stream, Written
from .errors import translate
from .mysql_features import MySQLFeatures
from .opened import tell_opened
from .options import PoolLimits, isolation_level, without_pool_options
from .pool import Pool
from .sockets import has_news

try:
    import pymysql
    from pymysql.constants.ER import LOCK_DEADLOCK
    from pymysql.constants.SERVER_STATUS import SERVER_STATUS_IN_TRANS
    from pymysql.cursors import Cursor, SSCursor
except ImportError as error:
    raise ImproperlyConfigured(
        "MariaDB and MySQL need PyMySQL. Install it with: pip install 'raystack-orm[mysql]'"
    ) from error

SQL_MODE = (
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)


class MySQLDriver(MySQLFeatures, Driver):
    """A MariaDB or MySQL database with a pool of connections, opened on first use."""

    vendor = "mysql"
    error_class = pymysql.Error
    tells_lastrowid = True

    def __init__(self, url: DatabaseURL) -> None:
        super().__init__(url)
        self.limits = PoolLimits.of(url)
        self._options = without_pool_options(url)
        self._isolation_level = isolation_level(self._options)
        self._version = ""  # as the server tells it; each connection knows
        self._pool = self._make_pool()

    def _make_pool(self) -> Pool[Any]:
        def open_one() -> Any:
            raw = self._open()
            raw.home = pool  # where it goes back to, whatever close() does in the meantime
            tell_opened(self, raw)
            return raw

        pool: Pool[Any] = Pool(
            open_one,
            _close,
            _is_usable,
            size=self.limits.size,
            timeout_s=self.limits.timeout_s,
            name=str(self.url),
        )
        return pool

    @cached_property
    def dialect(self) -> Dialect:  # type: ignore[override]  # known once a server has answered
        """SQLAlchemy's dialect of this server: which of the two it is, and its version."""
        engine = MySQLDriver.engine(self)  # no use of the database that a test has to ask for
        try:
            with engine.connect():  # one of its own: the thread may hold the last of the pool
                return engine.dialect
        except DBAPIError as error:  # SQLAlchemy's, around the driver's
            raise translate(error.orig or error) from error

    @property
    def is_mariadb(self) -> bool:
        """Whether the server is MariaDB, rather than MySQL."""
        return bool(self.dialect.is_mariadb)  # type: ignore[attr-defined]  # a MySQLDialect

    @cached_property
    def plan_key(self) -> Hashable:
        """MariaDB or MySQL, and the version: SQL differs."""
        return (self.vendor, self.is_mariadb, self.server_version)

    @cached_property
    def has_zoneinfo_database(self) -> bool:  # type: ignore[override]  # the server's tables say
        """Whether the server's tables of time zones are filled: mysql_tzinfo_to_sql does that."""
        raw = self._open()
        try:
            asked = "SELECT CONVERT_TZ('2000-01-01', 'UTC', 'Europe/Zurich')"
            return self.fetch(raw, asked, ()).rows != [(None,)]
        finally:
            raw.close()

    @property
    def server_version(self) -> tuple[int, ...]:
        """The server's version."""
        return tuple(self.dialect.server_version_info)  # type: ignore[arg-type]  # known by now

    def lease(self) -> Any:
        """Take a connection from the pool."""
        return self._pool.take()

    def release(self, raw: Any) -> None:
        """Put a connection back; an open transaction is rolled back, a broken one closed."""
        keep = bool(raw.open)
        try:
            if self.in_transaction(raw):
                raw.rollback()
        except pymysql.Error:
            keep = False  # it broke in the meantime, and the server rolls back itself
        finally:
            raw.home.give(raw, keep=keep)

    def _open(self, database: str | None = None, *, autocommit: bool = True) -> Any:
        dialect = dialects.dialect(dbapi=pymysql)
        _, known = dialect.create_connect_args(self._sa_url())
        given: dict[str, Any] = {
            **known,
            "database": self.url.database if database is None else database,
            "autocommit": autocommit,
            "sql_mode": SQL_MODE,
            "init_command": f"SET SESSION TRANSACTION ISOLATION LEVEL {self._isolation_level}",
        }
        try:
            raw = pymysql.connect(**{"charset": "utf8mb4", **given})
            with raw.cursor() as cursor:
                cursor.execute("SET time_zone = '+00:00', default_storage_engine = InnoDB")
        except TypeError as error:  # an argument that it does not have
            raise ImproperlyConfigured(f"An option of {self.url}: {error}") from None
        except pymysql.Error as error:
            raise translate(error) from error
        self._version = str(raw.get_server_info())  # type: ignore[no-untyped-call]  # by the stubs
        return raw

    def _sa_url(self) -> URL:
        return URL.create(
            "mysql+pymysql",
            username=self.url.user or None,
            password=self.url.password or None,
            host=self.url.host or None,
            port=self.url.port,
            query=self._options,
        )

    def cancel(self, connection_id: int) -> None:
        """End the statement that a connection runs, by another connection."""
        raw = self._open("")
        try:
            self.write(raw, "KILL QUERY %s", (connection_id,))
        except pymysql.Error:
            return  # it is closed by now
        finally:
            raw.close()

    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        with raw.cursor() as cursor:
            _execute(raw, cursor, sql, params)
            return Rows(list(cursor.fetchall()), cursor)

    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        with raw.cursor() as cursor:
            _execute(raw, cursor, sql, params)
            return Written(cursor.rowcount, cursor.lastrowid)

    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Read the rows from the server as they come; inside a transaction, from memory.

        The protocol has one result at a time, and inside a transaction the loop over the rows wants
        to run other statements on the same connection. Closing it early reads the rest.
        """
        from_memory = self.in_transaction(raw) or not self.url.server_side_cursors
        cursor = raw.cursor(Cursor if from_memory else SSCursor)
        try:
            _execute(raw, cursor, sql, params)
        except BaseException:
            cursor.close()
            raise
        return Stream(
            cursor.description or (), Chunks(lambda: cursor.fetchmany(size), cursor.close)
        )

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""
        self.write(raw, "START TRANSACTION READ ONLY" if read_only else "START TRANSACTION", ())

    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open."""
        return bool(raw.open and raw.server_status & SERVER_STATUS_IN_TRANS)

    def check_constraints(self, raw: Any) -> None:
        """Do nothing: InnoDB checks foreign keys at each statement, and cannot defer that."""

    def engine(self) -> Engine:
        """Make an engine with a connection of its own."""
        if not self._version:
            self._open("").close()
        mariadb = "MariaDB" in self._version
        engine = create_engine(
            URL.create("mariadb+pymysql" if mariadb else "mysql+pymysql"),
            creator=lambda: self._open(autocommit=False),
            paramstyle="format",
            poolclass=NullPool,
        )
        engine.dialect.ddl_compiler = _DDLCompiler
        return engine

    def for_tests(self, suffix: str) -> DatabaseURL:
        """Test in a database of its own beside this one."""
        name = self.url.test_name or f"test_{self.url.database}"
        return replace(self.url, database=f"{name}{suffix}", testing=True)

    def create_database(self) -> None:
        """Create this database, empty."""
        self.drop_database()
        self._maintain("CREATE DATABASE {} CHARACTER SET utf8mb4")

    def drop_database(self) -> None:
        """Drop this database; whoever is connected to it is disconnected."""
        self.close()
        self._maintain("DROP DATABASE IF EXISTS {}")

    def _maintain(self, statement: str) -> None:
        raw = self._open("")
        try:
            # Their open transactions would hold a lock on tables that DROP waits for.
            others = "SELECT id FROM information_schema.processlist WHERE db = %s"
            for (connection_id,) in self.fetch(raw, others, (self.url.database,)).rows:
                _kill(raw, connection_id)
            self.write(raw, statement.format(_quoted(self.url.database)), ())
        finally:
            raw.close()

    def close(self) -> None:
        """Close the pool."""
        pool, self._pool = self._pool, self._make_pool()
        pool.close()


class _DDLCompiler(MySQLDDLCompiler):
    """Leaves DEFERRABLE out, which these databases cannot parse: they check at once."""

    def define_constraint_deferrability(self, constraint: Any) -> str:
        """Write nothing."""
        return ""


def _execute(raw: Any, cursor: Any, sql: str, params: Sequence[Any]) -> None:
    try:
        cursor.execute(sql, params)
    except pymysql.OperationalError as error:
        if error.args[0] == LOCK_DEADLOCK:  # the server ended the transaction, and does not say so
            raw.server_status &= ~SERVER_STATUS_IN_TRANS
        raise


def _quoted(name: str) -> str:
    dialect = dialects.dialect()
    return str(dialect.identifier_preparer.quote_identifier(name))


def _is_usable(raw: Any) -> bool:
    return bool(raw.open) and not has_news(raw._sock.fileno())  # noqa: SLF001 - no public way


def _close(raw: Any) -> None:
    if raw.open:
        raw.close()


def _kill(raw: Any, connection_id: int) -> None:
    try:
        with raw.cursor() as cursor:
            cursor.execute("KILL %s", (connection_id,))
    except pymysql.Error:
        return  # it ended by itself
