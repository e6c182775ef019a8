"""The driver interface: all that the ORM asks of a database's driver, and no more.

Everything that waits for the database goes through these methods. That is what keeps the ORM above
them free of colour: a driver that awaits inside a greenlet implements the same interface.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from sqlalchemy.engine import Dialect, Engine

from ..configuration import DatabaseKey
from ..database_url import DatabaseURL
from .features import Features


class Rows(NamedTuple):
    """The rows of a query, as the driver's tuples, and the cursor, or what describes them else."""

    rows: list[Any]
    cursor: Any

    @property
    def description(self) -> Sequence[Any]:
        """The columns: names and type codes at least. Some drivers take their time for it."""
        return self.cursor.description or ()


class Written(NamedTuple):
    """What became of a statement that writes: the rows it matched, and a new row's key."""

    rowcount: int
    lastrowid: Any


class Executed(NamedTuple):
    """What became of any statement: its rows, if it has a description, and what was written."""

    rows: list[Any]
    description: Sequence[Any] | None
    rowcount: int
    lastrowid: Any


class Chunks(Iterator[list[Any]]):
    """The rows of a stream, some at a time. Close it, unless it is read to its end.

    Args:
        fetch_some: Returns the next rows, none at the end.
        close: Gives up what the rows come from.
    """

    def __init__(
        self, fetch_some: Callable[[], Sequence[Any]], close: Callable[[], object]
    ) -> None:
        self._fetch_some = fetch_some
        self._close: Callable[[], object] | None = close

    def __next__(self) -> list[Any]:
        if self._close is None:
            raise StopIteration
        rows = self._fetch_some()
        if not rows:
            self.close()
            raise StopIteration
        return list(rows)

    def close(self) -> None:
        """Close the cursor. The connection can be used for something else again."""
        close, self._close = self._close, None
        if close is not None:
            close()


class Stream(NamedTuple):
    """The description of a query's rows, and the rows in chunks."""

    description: Sequence[Any]
    chunks: Chunks


def in_chunks(found: Rows, size: int) -> Stream:
    """Return rows that are all there as a stream."""
    waiting = iter(found.rows)
    return Stream(found.description, Chunks(lambda: list(islice(waiting, size)), lambda: None))


class Driver(Features, ABC):
    """A database, what it can do, how to connect to it, and how to run SQL on a connection.

    Args:
        url: Where the database is.

    Attributes:
        vendor: Django's name of the database: ``sqlite``, ``postgresql``, ``mysql``.
        dialect: SQLAlchemy's dialect, with the parameter style that the driver is used with.
        error_class: The base of the driver's own exceptions.
        takes_arrays: A list is one parameter (``= ANY($1)``) rather than one for each value.
        tells_lastrowid: A new row's key comes with the statement; otherwise RETURNING is used.
        upper_before_like: LIKE respects case, so ``icontains`` compares in upper case.
        in_memory: There is one connection, for all threads and tasks.
        key: The alias that it is asked for by, and the URL.
    """

    in_memory: bool = False
    key: DatabaseKey | None = None

    vendor: ClassVar[str]
    dialect: Dialect
    error_class: type[Exception]
    takes_arrays: ClassVar[bool] = False
    tells_lastrowid: ClassVar[bool] = False
    upper_before_like: ClassVar[bool] = False

    def __init__(self, url: DatabaseURL) -> None:
        self.url = url

    @cached_property
    def plan_key(self) -> Hashable:
        """What all databases have in common that the same plans serve."""
        return self.vendor

    @abstractmethod
    def lease(self) -> Any:
        """Return a connection for the caller alone, in autocommit mode, outside a transaction."""

    @abstractmethod
    def release(self, raw: Any) -> None:
        """Take a leased connection back. A broken one is not used again."""

    @abstractmethod
    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""

    @abstractmethod
    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""

    @abstractmethod
    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Run a query whose rows are fetched ``size`` at a time, while they are used.

        The connection is the stream's until its chunks are closed; inside a transaction it may run
        other statements in between.
        """

    def execute(self, raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor.

        Args:
            raw: A leased connection.
            sql: The statement.
            params: Its parameters, ``None`` for none; with ``many`` a sequence of those.
            many: Run it once for each.
        """
        cursor = raw.cursor()
        try:
            if many:
                cursor.executemany(sql, params)
            else:
                cursor.execute(sql, *(() if params is None else (params,)))
            rows = list(cursor.fetchall()) if cursor.description is not None and not many else []
            lastrowid = getattr(cursor, "lastrowid", None)
            return Executed(rows, cursor.description, cursor.rowcount, lastrowid)
        finally:
            cursor.close()

    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint."""
        self.write(raw, sql, ())

    @abstractmethod
    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""

    @abstractmethod
    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open: some errors end it, and so does losing the server."""

    def rollback(self, raw: Any) -> None:
        """Roll the transaction back, if the database has not done so itself.

        Errors of a connection that is lost are no news here: the error that ended the transaction
        is what the user has to see.
        """
        if not self.in_transaction(raw):
            return
        try:
            self.write(raw, "ROLLBACK", ())
        except self.error_class as error:
            if self.in_transaction(raw) and not self.is_disconnect(error, raw):
                raise

    def is_disconnect(self, error: BaseException, raw: Any) -> bool:
        """Say whether an error means that the connection is lost."""
        return isinstance(error, self.error_class) and bool(
            self.dialect.is_disconnect(error, raw, None)  # type: ignore[arg-type]  # of this driver
        )

    @abstractmethod
    def check_constraints(self, raw: Any) -> None:
        """Check the constraints that otherwise wait for the commit.

        Raises:
            Exception: One of the driver's, or an ``IntegrityError``.
        """

    @abstractmethod
    def engine(self) -> Engine:
        """Make a SQLAlchemy engine for creating and inspecting tables; dispose of it afterwards."""

    @abstractmethod
    def for_tests(self, suffix: str) -> DatabaseURL:
        """Name the database that tests use in place of this one.

        Args:
            suffix: Tells the processes of one test run apart.
        """

    @abstractmethod
    def create_database(self) -> None:
        """Create this database, empty; one of the same name is dropped first."""

    @abstractmethod
    def drop_database(self) -> None:
        """Drop this database, if it is there."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections. A later lease opens new ones."""
