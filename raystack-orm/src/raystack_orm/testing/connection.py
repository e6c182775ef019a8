"""The connection of a test, which its threads and tasks share as if each had one of its own.

In production a transaction belongs to the task or thread that entered it, and others run beside it
on other connections. Here there is but one connection, so the others wait for its block to end;
otherwise its savepoints would undo what they wrote. A child of the block's task gets production's
error.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ..configuration import DatabaseKey
from ..databases import Connection
from ..databases.colour import in_job, wait
from ..databases.driver import Driver, Executed, Rows, Stream, Written
from ..databases.instrumentation import QueryLog
from ..databases.ownership import foreign, here, next_block, on_event_loop
from ..databases.turn import Turn

TIMEOUT_S = 5.0

_inside: ContextVar[object] = ContextVar("inside", default=None)
"""What the outermost block of this context's code is told by, also after it has ended."""


class TestConnection(Connection):
    """A test's: its outermost block is the test itself, those right inside are the code's."""

    __test__ = False  # pytest: no tests in here
    in_test_transaction = True

    def __init__(self, key: DatabaseKey, driver: Driver, log: QueryLog | None = None) -> None:
        super().__init__(key, driver, log)
        self._turn = Turn(f'the one connection that a test has to "{key[0]}"')
        self._token: object = None  # of the block that has the turn
        self._site_of_test = ""

    def claim(self, site: str) -> None:
        """Wait until no other task or thread has a block open, and take the turn for this one."""
        if self._is_inside():
            return
        self._wait_for_turn(site)
        self.owner = None if next_block.get() is self else here()
        self._site_of_test, self.site = self.site, site
        self._token = object()
        _inside.set(self._token)

    def unclaim(self) -> None:
        """Let the next one have the turn, once the code's outermost block has ended."""
        if self._token is not None and len(self.blocks) <= 1:
            self._token = self.owner = None
            self.site = self._site_of_test
            self._turn.release()

    def forget_inner_blocks(self) -> None:
        """End those that a task or thread has left open: they are rolled back with the test."""
        del self.blocks[1:]
        self.unclaim()

    def _is_inside(self) -> bool:
        """Say whether this code is in the block that has the turn.

        Raises:
            TransactionManagementError: It has inherited the block of another task or thread.
        """
        if self._token is None:
            return False
        inherited = _inside.get() is self._token
        if self.owner is None:
            return inherited
        if self.owner is here():
            return True
        if inherited:
            raise foreign(self)
        return False

    def _wait_for_turn(self, site: str = "") -> None:
        if in_job() or on_event_loop():
            wait(self._turn.aacquire(TIMEOUT_S, site))
        else:
            self._turn.acquire(TIMEOUT_S, site)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Run a statement in the block that has the turn, or when none is open."""
        if self._is_inside():
            yield
            return
        self._wait_for_turn()
        try:
            yield
        finally:
            self._turn.release()

    def fetch(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Run a query and return its rows."""
        with self._in_turn():
            return super().fetch(sql, params)

    def write(self, sql: str, params: Sequence[Any] = ()) -> Written:
        """Run a statement that changes rows."""
        with self._in_turn():
            return super().write(sql, params)

    def execute_sql(self, sql: str, params: Any = None, *, many: bool = False) -> Executed:
        """Run any statement, for a cursor."""
        with self._in_turn():
            return super().execute_sql(sql, params, many=many)

    def stream(self, sql: str, params: Sequence[Any], chunk_size: int) -> Stream:
        """Run a query whose rows come in chunks."""
        with self._in_turn():
            return super().stream(sql, params, chunk_size)
