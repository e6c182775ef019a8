"""A thread's connection to one database: leased for one operation, or held by ``atomic``.

Outside a transaction it holds nothing: each operation takes a connection of the driver's and gives
it back. ``transaction.py`` makes it hold one.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any, NoReturn, TypeVar

from ..exceptions import SynchronousOnlyOperation, TransactionManagementError
from .driver import Driver, Rows, Written
from .errors import translate

T = TypeVar("T")

Recorder = Callable[[str, str, Sequence[Any]], None]
recorders: list[Recorder] = []
"""Called with alias, SQL and parameters before each query; see ``testing.queries``."""


class Connection:
    """One thread's way to one database.

    Attributes:
        alias: The database's name in the settings.
        driver: The database.
        blocks: The open ``atomic`` blocks, outermost first: the name of each one's savepoint.
        needs_rollback: A statement failed; nothing more runs until the block is rolled back.
        run_on_commit: What waits for the commit, each with the number of blocks around it.
    """

    def __init__(self, alias: str, driver: Driver) -> None:
        self.alias = alias
        self.driver = driver
        self.held: Any = None
        self.blocks: list[str | None] = []
        self.needs_rollback = False
        self.run_on_commit: list[tuple[int, Callable[[], object], bool]] = []
        self.in_test_transaction = False
        self.lock: RLock | None = None  # set while a test shares it between threads
        self.savepoints = 0

    @property
    def vendor(self) -> str:
        """The database's name: ``sqlite``, ``postgresql``."""
        return self.driver.vendor

    @property
    def in_atomic_block(self) -> bool:
        """Whether a transaction is open."""
        return bool(self.blocks)

    def fetch(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Run a query and return its rows."""
        return self._run(self.driver.fetch, sql, params)

    def write(self, sql: str, params: Sequence[Any] = ()) -> Written:
        """Run a statement that changes rows."""
        return self._run(self.driver.write, sql, params)

    def _run(
        self, run: Callable[[Any, str, Sequence[Any]], T], sql: str, params: Sequence[Any]
    ) -> T:
        if self.lock is not None:
            with self.lock:
                return self._run_here(run, sql, params)
        return self._run_here(run, sql, params)

    def _run_here(
        self, run: Callable[[Any, str, Sequence[Any]], T], sql: str, params: Sequence[Any]
    ) -> T:
        check_not_on_event_loop()
        if self.needs_rollback:
            raise TransactionManagementError(
                "An earlier query in this atomic block failed, so nothing more runs until the "
                "block ends. Put what may fail into an inner `with transaction.atomic():`."
            )
        for record in recorders:
            record(self.alias, sql, params)
        held = self.held
        raw = held if held is not None else self.lease()
        try:
            return run(raw, sql, params)
        except (self.driver.error_class, OverflowError) as error:
            if held is not None:
                self.needs_rollback = True
            self._fail(error)
        finally:
            if held is None:
                self.driver.release(raw)

    def lease(self) -> Any:
        """Lease a connection of the driver's, which the caller gives back."""
        try:
            return self.driver.lease()
        except self.driver.error_class as error:
            self._fail(error)

    def _fail(self, error: Exception) -> NoReturn:
        raise translate(error) from error

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the driver's errors into the ORM's."""
        try:
            yield
        except self.driver.error_class as error:
            self._fail(error)

    def control(self, sql: str) -> None:
        """Run a statement of transaction control on the held connection."""
        with self.translated():
            self.driver.write(self.held, sql, ())

    def rollback(self) -> None:
        """Roll the held connection's transaction back, if there still is one."""
        with self.translated():
            self.driver.rollback(self.held)

    def record(self, sql: str) -> None:
        """Count a savepoint among the queries, as Django does."""
        for record in recorders:
            record(self.alias, sql, ())


def check_not_on_event_loop() -> None:
    """Refuse to block an event loop.

    Raises:
        SynchronousOnlyOperation: One runs in this thread.
    """
    if asyncio._get_running_loop() is not None:  # noqa: SLF001 - asyncio's own fast way to ask
        raise SynchronousOnlyOperation(
            "The ORM was used synchronously inside of `async def`, where it would block the event "
            "loop.\n  Write the endpoint as `def`, which FastAPI runs in a worker thread, or call "
            "`await raystack.run_sync(function, ...)`."
        )
