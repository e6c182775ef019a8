"""Django's functions besides ``atomic``: callbacks, savepoints, autocommit, the rollback flag.

None of them but ``on_commit`` is needed beside ``atomic``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..databases import DEFAULT, Connection, connections
from ..databases.callbacks import call
from ..exceptions import TransactionManagementError


def get_connection(using: str | None = None) -> Connection:
    """Return the connection to a database, the default one where none is named."""
    return connections[using or DEFAULT]


def on_commit(func: Callable[[], object], using: str | None = None, robust: bool = False) -> None:
    """Call ``func`` once the transaction is committed; at once where there is none.

    Args:
        func: Called without arguments. It is forgotten if the transaction, or the block that
            registers it, is rolled back. After ``async with atomic()`` it may be asynchronous.
        using: The database.
        robust: An error in it is logged to ``raystack_orm.transaction``, and the next callbacks
            run.

    Raises:
        TypeError: It cannot be called.
        TransactionManagementError: Autocommit is off, and no ``atomic`` block is open.

    https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
    """
    if not callable(func):
        raise TypeError(f"on_commit() needs something to call, not {func!r}.")
    connection = get_connection(using)
    if connection.blocks:
        connection.run_on_commit.append((len(connection.blocks), func, robust))
    elif not connection.get_autocommit():
        raise TransactionManagementError(
            "on_commit() needs an atomic block, or autocommit, which is off."
        )
    else:
        call(func, robust=robust)


def get_autocommit(using: str | None = None) -> bool:
    """Say whether each statement is committed by itself."""
    return get_connection(using).get_autocommit()


def set_autocommit(autocommit: bool, using: str | None = None) -> None:
    """Turn autocommit on or off; off, ``commit()`` and ``rollback()`` are the caller's.

    Raises:
        TransactionManagementError: An ``atomic`` block is open.
    """
    get_connection(using).set_autocommit(autocommit)


def commit(using: str | None = None) -> None:
    """Commit what was done with autocommit off.

    Raises:
        TransactionManagementError: An ``atomic`` block is open.
    """
    get_connection(using).commit()


def rollback(using: str | None = None) -> None:
    """Undo what was done with autocommit off.

    Raises:
        TransactionManagementError: An ``atomic`` block is open.
    """
    get_connection(using).rollback()


def savepoint_create(using: str | None = None) -> str | None:
    """Create a savepoint in the open transaction; return its name."""
    return get_connection(using).savepoint()


savepoint = savepoint_create
"""The name before Django 6.1."""


def savepoint_commit(sid: str | None, using: str | None = None) -> None:
    """Release a savepoint: what was done since belongs to the transaction."""
    get_connection(using).savepoint_commit(sid)


def savepoint_rollback(sid: str | None, using: str | None = None) -> None:
    """Undo what was done since a savepoint."""
    get_connection(using).savepoint_rollback(sid)


def clean_savepoints(using: str | None = None) -> None:
    """Start to number savepoints anew."""
    get_connection(using).clean_savepoints()


def get_rollback(using: str | None = None) -> bool:
    """Say whether the innermost block will be rolled back.

    Raises:
        TransactionManagementError: There is no block.
    """
    return get_connection(using).get_rollback()


def set_rollback(rollback: bool, using: str | None = None) -> None:
    """Decide whether the innermost block is rolled back when it ends, without an exception.

    Args:
        rollback: ``False`` only after rolling back to a savepoint inside of the block.
        using: The database.

    Raises:
        TransactionManagementError: There is no block.
    """
    get_connection(using).set_rollback(rollback)


@contextmanager
def mark_for_rollback_on_error(using: str | None = None) -> Iterator[None]:
    """Let an error in a block roll back the transaction around it, if there is one."""
    try:
        yield
    except Exception as error:
        connection = get_connection(using)
        if connection.in_atomic_block:
            connection.needs_rollback = True
            connection.rollback_exc = error
        raise
