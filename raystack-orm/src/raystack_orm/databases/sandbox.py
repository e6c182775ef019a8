"""A connection whose transaction is never committed, while work on it goes on as if it were.

Outside of blocks a statement that fails undoes itself alone, as it does where each is committed by
itself. So somebody at a shell can go on after a mistake.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..exceptions import TransactionManagementError
from .connection import Connection
from .driver import Executed, Rows, Stream, Written

SAVEPOINT = "raystack_sandbox"


class SandboxConnection(Connection):
    """The connection of a sandbox: its outermost block is the sandbox itself."""

    always_savepoint = True
    in_test_transaction = True

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Put a statement that stands outside of all blocks into a savepoint of its own."""
        if len(self.blocks) != 1:
            yield
            return
        self.control(f"SAVEPOINT {SAVEPOINT}")
        try:
            yield
        except BaseException:
            self.needs_rollback = False  # that of the savepoint is enough
            self.control(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
            raise
        finally:
            self.control(f"RELEASE SAVEPOINT {SAVEPOINT}")

    def fetch(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """Run a query and return its rows."""
        with self._apart():
            return super().fetch(sql, params)

    def write(self, sql: str, params: Sequence[Any] = ()) -> Written:
        """Run a statement that changes rows."""
        with self._apart():
            return super().write(sql, params)

    def execute_sql(self, sql: str, params: Any = None, *, many: bool = False) -> Executed:
        """Run any statement, for a cursor."""
        with self._apart():
            return super().execute_sql(sql, params, many=many)

    def stream(self, sql: str, params: Sequence[Any], chunk_size: int) -> Stream:
        """Run a query whose rows come in chunks."""
        with self._apart():
            return super().stream(sql, params, chunk_size)

    def close(self) -> None:
        """Refuse to lose the sandbox.

        Raises:
            TransactionManagementError: Always.
        """
        raise TransactionManagementError(
            f'The sandbox holds the connection to "{self.alias}". It is closed when the shell ends.'
        )
