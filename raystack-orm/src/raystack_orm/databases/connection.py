"""A connection to one database: leased for one operation, or held by ``atomic``.

Outside of a transaction it holds nothing: each operation takes a connection of the driver's and
gives it back. The package ``transaction`` makes it hold one.
"""

from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeGuard, TypeVar

from sqlalchemy import ClauseElement

from ..configuration import Configuration, DatabaseKey
from ..exceptions import Error, TransactionManagementError
from .colour import run_sync
from .cursor import Cursor
from .driver import Chunks, Driver, Executed, Rows, Stream, Written, in_chunks
from .instrumentation import QueryLog, Wrapper, recorders, wrapped, wrappers
from .introspection import Introspection, Operations
from .ownership import next_block
from .statements import Result, run_statement
from .transactions import Transactions

T = TypeVar("T")


class Connection(Transactions):
    """One thread's, or one transaction's, way to one database.

    Args:
        key: The database.
        driver: How to speak to it.
        log: The log of queries, which transactions share with what is outside of them.
        is_of_loop: All tasks of an event loop share it, so it never holds a connection.
    """

    def __init__(
        self,
        key: DatabaseKey,
        driver: Driver,
        log: QueryLog | None = None,
        *,
        is_of_loop: bool = False,
    ) -> None:
        super().__init__(key, driver, log or QueryLog())
        self.is_of_loop = is_of_loop
        self.configuration: Configuration | None = None  # the one that it follows
        self.ops = Operations(self)
        self.introspection = Introspection(self)
        self.look()

    def for_block(self) -> "Connection":
        """Return the connection that an outermost block uses: on an event loop one of its own."""
        if not self.is_of_loop:
            return self
        lent: Connection | None = next_block.get()
        if lent is not None and lent.place == self.place and not lent.is_held:
            return lent
        return Connection(self.key, self.driver, self.log)

    # What the ORM runs ---------------------------------------------------------------------------
    # fetch() and write() are the same text twice: a call more would be felt in each query.

    def fetch(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Run a query and return its rows."""
        driver, held = self.driver, self.held
        if self.guarded or self.log.is_on or recorders or wrappers.get():
            return self._watched(driver.fetch, sql, params)  # type: ignore[no-any-return]
        if held is not None:
            try:
                return driver.fetch(held, sql, params)
            except BaseException as error:  # noqa: BLE001 - a cancelled statement broke it too
                self._break(error)
        raw = self.lease()
        try:
            return driver.fetch(raw, sql, params)
        except (driver.error_class, OverflowError) as error:
            self.fail(error)
        finally:
            driver.release(raw)

    def write(self, sql: str, params: Sequence[Any] = ()) -> Written:
        """Run a statement that changes rows."""
        driver, held = self.driver, self.held
        if self.guarded or self.log.is_on or recorders or wrappers.get():
            return self._watched(driver.write, sql, params)  # type: ignore[no-any-return]
        if held is not None:
            try:
                return driver.write(held, sql, params)
            except BaseException as error:  # noqa: BLE001 - a cancelled statement broke it too
                self._break(error)
        raw = self.lease()
        try:
            return driver.write(raw, sql, params)
        except (driver.error_class, OverflowError) as error:
            self.fail(error)
        finally:
            driver.release(raw)

    def execute_sql(self, sql: str, params: Any = None, *, many: bool = False) -> Executed:
        """Run any statement, for a cursor."""

        def run(raw: Any, sql: str, params: Any) -> Executed:
            return self.driver.execute(raw, sql, params, many=many)

        return self._watched(run, sql, params, many=many)  # type: ignore[no-any-return]

    def stream(self, sql: str, params: Sequence[Any], chunk_size: int) -> Stream:
        """Run a query whose rows come in chunks; the connection is taken until they end.

        A database in memory has but one, so its rows are read at once: what is done with them may
        need it.
        """
        held = self.held
        if held is None and self.driver.in_memory:
            return in_chunks(self.fetch(sql, params), chunk_size)
        raw = held if held is not None else self.lease()

        def run(sql: str, params: Any) -> Stream:
            with self._translated_here(held):
                return self.driver.stream(raw, sql, params, chunk_size)

        try:
            description, chunks = self._observed(run, sql, params)
        except BaseException:
            if held is None:
                self.driver.release(raw)
            raise
        return Stream(description, self._chunks(raw, held, chunks, sql))

    def _chunks(self, raw: Any, held: Any, chunks: Chunks, sql: str) -> Chunks:
        def fetch_some() -> list[Any]:
            with self._translated_here(held), self.log.timed_chunk(self.alias, sql):
                return next(chunks, [])

        def close() -> None:
            try:
                chunks.close()
            finally:
                if held is None:
                    self.driver.release(raw)

        return Chunks(fetch_some, close)

    # The long way, where somebody watches --------------------------------------------------------

    def _watched(
        self, run: Callable[[Any, str, Any], T], sql: str, params: Any, *, many: bool = False
    ) -> Any:
        def on_connection(sql: str, params: Any) -> T:
            return self._run(run, sql, params)

        return self._observed(on_connection, sql, params, many=many)

    def _observed(
        self, run: Callable[[str, Any], T], sql: str, params: Any, *, many: bool = False
    ) -> Any:
        self._check_and_record(sql, params)

        def now(sql: str, params: Any) -> T:
            if not self.log.is_on:
                return run(sql, params)
            with self.log.timed(self.alias, sql, params, many=many):
                return run(sql, params)

        if wrappers.get():
            return wrapped(self, now, sql, params, many=many)
        return now(sql, params)

    def _check_and_record(self, sql: str, params: Any) -> None:
        self.validate_no_broken_transaction()
        self.begin_if_needed()
        for record in recorders:
            record(self.alias, sql, params or ())

    def _run(self, run: Callable[[Any, str, Any], T], sql: str, params: Any) -> T:
        held = self.held
        raw = held if held is not None else self.lease()
        try:
            with self._translated_here(held):
                return run(raw, sql, params)
        finally:
            if held is None:
                self.driver.release(raw)

    @contextmanager
    def _translated_here(self, held: Any) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if held is not None:
                self._break(error)
            if self._is_of_database(error):
                self.fail(error)
            raise

    def _is_of_database(self, error: BaseException) -> TypeGuard[Exception]:
        return isinstance(error, (self.driver.error_class, OverflowError))

    def _break(self, error: BaseException) -> NoReturn:
        """Let nothing run after a statement that failed inside of a block."""
        broken = self._is_of_database(error)
        # A test's statement is not interrupted when its task is cancelled, so that breaks nothing.
        cut_off = isinstance(error, CancelledError) and not self.in_test_transaction
        if self.blocks and (broken or cut_off):
            self.needs_rollback = True
            self.rollback_exc = error
        if not self._is_of_database(error):
            raise error
        try:
            self.fail(error)
        except Error as translated:
            if self.blocks and broken:
                self.rollback_exc = translated
            raise

    # What Django's connections have --------------------------------------------------------------

    @property
    def vendor(self) -> str:
        """The database's name: ``sqlite``, ``postgresql``, ``mysql``."""
        return self.driver.vendor

    @property
    def features(self) -> Driver:
        """What the database can do: flags with Django's names."""
        return self.driver

    @property
    def settings_dict(self) -> dict[str, Any]:
        """How the database is configured, under Django's names."""
        url = self.key[1]
        return {
            "ENGINE": url.vendor,
            "NAME": url.database,
            "USER": url.user,
            "PASSWORD": url.password,
            "HOST": url.host,
            "PORT": url.port or "",
            "OPTIONS": dict(url.options),
        }

    def cursor(self) -> Cursor:
        """Return a cursor for SQL written by hand; use it as a context manager."""
        return Cursor(self)

    def execute(self, statement: ClauseElement) -> Result:
        """Run a statement of SQLAlchemy Core on this connection, inside of its transaction.

        Args:
            statement: ``select()``, ``insert()``, ``update()``, ``delete()``, ``text()``; the table
                of a model is ``Model._meta.table``.

        Returns:
            SQLAlchemy's result, with all rows in it: ``all()``, ``scalars()``, ``mappings()``,
            ``one()``; and ``rowcount``.
        """
        return run_statement(self, statement)

    async def aexecute(self, statement: ClauseElement) -> Result:
        """Run a statement of SQLAlchemy Core, as ``execute`` does, without blocking the loop."""
        return await run_sync(self.execute, statement)

    @contextmanager
    def execute_wrapper(self, wrapper: Wrapper) -> Iterator[None]:
        """Call ``wrapper(execute, sql, params, many, context)`` for each query of a block.

        It is for the queries of this context: of this task or thread, and of those it starts.
        """
        token = wrappers.set((*wrappers.get(), (self.alias, wrapper)))
        try:
            yield
        finally:
            wrappers.reset(token)

    @property
    def queries_log(self) -> deque[dict[str, Any]]:
        """The last queries, while ``force_debug_cursor`` is set or in debug mode."""
        return self.log.entries

    @property
    def queries(self) -> list[dict[str, Any]]:
        """The last queries: ``sql``, ``params`` and ``time`` in seconds."""
        return list(self.log.entries)

    @property
    def force_debug_cursor(self) -> bool:
        """Whether queries are logged in any case."""
        return self.log.forced

    @force_debug_cursor.setter
    def force_debug_cursor(self, value: bool) -> None:
        self.log.force(value)

    @property
    def queries_logged(self) -> bool:
        """Whether queries are logged now."""
        return self.log.forced or self.log.wanted

    def ensure_connection(self) -> None:
        """Connect, if there is no connection yet.

        Raises:
            OperationalError: The database cannot be reached.
        """
        if self.held is None:
            self.driver.release(self.lease())
            self.fetch("SELECT 1")

    connect = ensure_connection

    def is_usable(self) -> bool:
        """Say whether the database answers."""
        try:
            self.fetch("SELECT 1")
        except Error:
            return False
        return True

    def close(self) -> None:
        """Give up the connection; an open transaction is lost. The next query takes another.

        Raises:
            TransactionManagementError: It is a test's transaction.
        """
        if self.in_test_transaction:
            raise TransactionManagementError(
                "A test's transaction cannot be closed. Use transactional_db for such a test."
            )
        if self.held is not None:
            self.drop()
            if self.blocks:
                self.needs_rollback = True
            self._autocommit, self._begun = True, False
            self.look()
