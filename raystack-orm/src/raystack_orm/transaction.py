"""Transactions: ``with transaction.atomic():``.

https://docs.djangoproject.com/en/stable/topics/db/transactions/
"""

import logging
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from .databases import DEFAULT, Connection, connections
from .databases.connection import check_not_on_event_loop
from .exceptions import Error, TransactionManagementError

P = ParamSpec("P")
T = TypeVar("T")


class Atomic:
    """A block whose changes are made all together, or not at all.

    The outermost block is a transaction, those inside are savepoints. It is a context manager and a
    decorator.

    Args:
        using: The database.
        savepoint: Whether an inner block can be rolled back alone.
        durable: It has to be the outermost block.
        read_only: The outermost block only reads: it takes no write lock on SQLite.
    """

    def __init__(
        self,
        using: str | None = None,
        *,
        savepoint: bool = True,
        durable: bool = False,
        read_only: bool = False,
    ) -> None:
        self.using = using or DEFAULT
        self.savepoint = savepoint
        self.durable = durable
        self.read_only = read_only
        self._entered: list[Connection] = []

    def __enter__(self) -> None:
        check_not_on_event_loop()
        connection = connections[self.using]
        if connection.lock is not None:
            with connection.lock:
                self._enter(connection)
        else:
            self._enter(connection)
        self._entered.append(connection)

    def _enter(self, connection: Connection) -> None:
        if not connection.blocks:
            _begin(connection, read_only=self.read_only)
            return
        if self.durable and not (connection.in_test_transaction and len(connection.blocks) == 1):
            raise TransactionManagementError(
                "A durable atomic block cannot be inside of another atomic block."
            )
        name = None
        if self.savepoint and not connection.needs_rollback:
            connection.savepoints += 1
            name = f"raystack_{connection.savepoints}"
            connection.record(f"SAVEPOINT {name}")
            connection.control(f"SAVEPOINT {name}")
        connection.blocks.append(name)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection = self._entered.pop()
        if connections[self.using] is not connection:
            _abandon(connection)
            raise TransactionManagementError(
                f'An atomic block on "{self.using}" was entered in one thread and left in another, '
                f"so it was rolled back. Enter and leave it in the same function."
            )
        if connection.lock is not None:
            with connection.lock:
                callbacks = _leave(connection, failed=exc_type is not None)
        else:
            callbacks = _leave(connection, failed=exc_type is not None)
        for callback, robust in callbacks:
            _call(callback, robust=robust)

    def __call__(self, func: Callable[P, T]) -> Callable[P, T]:
        """Run a function in such a block."""

        @wraps(func)
        def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            with Atomic(
                self.using,
                savepoint=self.savepoint,
                durable=self.durable,
                read_only=self.read_only,
            ):
                return func(*args, **kwargs)

        return inside


@overload
def atomic(using: Callable[P, T]) -> Callable[P, T]: ...
@overload
def atomic(
    using: str | None = ...,
    savepoint: bool = ...,
    durable: bool = ...,
    *,
    read_only: bool = ...,
) -> Atomic: ...
def atomic(
    using: Any = None, savepoint: bool = True, durable: bool = False, *, read_only: bool = False
) -> Any:
    """Make the changes of a block, or of a function, all together or not at all.

    Args:
        using: The database's alias, or the function to decorate.
        savepoint: Whether an inner block can be rolled back alone.
        durable: It has to be the outermost block.
        read_only: It only reads, and takes no write lock on SQLite.

    Raises:
        TransactionManagementError: A durable block is inside of another.
    """
    if callable(using):
        return Atomic()(using)
    return Atomic(using, savepoint=savepoint, durable=durable, read_only=read_only)


def _begin(connection: Connection, *, read_only: bool) -> None:
    raw = connection.lease()
    try:
        with connection.translated():
            connection.driver.begin(raw, read_only=read_only)
    except BaseException:
        connection.driver.release(raw)
        raise
    connection.held = raw
    connection.blocks.append(None)
    connection.needs_rollback = False


def _leave(connection: Connection, *, failed: bool) -> list[tuple[Callable[[], object], bool]]:
    """End the innermost block; return the callbacks of a transaction that was committed."""
    name = connection.blocks.pop()
    rolled_back = failed or connection.needs_rollback
    if connection.blocks:
        _leave_inner(connection, name, rolled_back=rolled_back)
        return []
    try:
        if rolled_back:
            connection.rollback()
        else:
            try:
                connection.control("COMMIT")
            except Error:
                rolled_back = True
                connection.rollback()
                raise
    finally:
        waiting = _reset(connection)
    return [] if rolled_back else [(callback, robust) for _, callback, robust in waiting]


def _leave_inner(connection: Connection, name: str | None, *, rolled_back: bool) -> None:
    depth = len(connection.blocks)
    waiting = connection.run_on_commit
    if not rolled_back:  # from now on they share the fate of the block around this one
        connection.run_on_commit = [(min(d, depth), f, robust) for d, f, robust in waiting]
    else:
        connection.run_on_commit = [entry for entry in waiting if entry[0] <= depth]
        if name is None or not connection.driver.in_transaction(connection.held):
            connection.needs_rollback = True  # no savepoint, or none left: the block around has to
            return
        connection.needs_rollback = False
        connection.record(f"ROLLBACK TO SAVEPOINT {name}")
        connection.control(f"ROLLBACK TO SAVEPOINT {name}")
    if name is not None:
        connection.record(f"RELEASE SAVEPOINT {name}")
        connection.control(f"RELEASE SAVEPOINT {name}")


def _reset(connection: Connection) -> list[tuple[int, Callable[[], object], bool]]:
    raw, connection.held = connection.held, None
    waiting, connection.run_on_commit = connection.run_on_commit, []
    connection.blocks = []
    connection.needs_rollback = False
    connection.savepoints = 0
    if raw is not None:
        connection.driver.release(raw)
    return waiting


def _abandon(connection: Connection) -> None:
    try:
        connection.rollback()
    finally:
        _reset(connection)


def _call(callback: Callable[[], object], *, robust: bool) -> None:
    try:
        callback()
    except Exception:
        if not robust:
            raise
        logging.getLogger("raystack_orm").exception("A robust on_commit() callback failed")


def on_commit(
    func: Callable[[], object], using: str | None = None, *, robust: bool = False
) -> None:
    """Call ``func`` once the transaction is committed; at once where there is none.

    Args:
        func: Called without arguments. It is forgotten if the transaction, or the block that
            registers it, is rolled back.
        using: The database.
        robust: An error in it is logged, and the next callbacks run.
    """
    connection = connections[using or DEFAULT]
    if connection.blocks:
        connection.run_on_commit.append((len(connection.blocks), func, robust))
    else:
        _call(func, robust=robust)


def set_rollback(rollback: bool, using: str | None = None) -> None:
    """Decide that the innermost block is rolled back when it ends, without an exception.

    Raises:
        TransactionManagementError: There is no block.
    """
    connection = connections[using or DEFAULT]
    if not connection.blocks:
        raise TransactionManagementError(
            "The rollback flag does not work outside of an atomic block."
        )
    connection.needs_rollback = rollback
