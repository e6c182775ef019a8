"""Who may use an open transaction: the task or thread that entered it, and nobody else.

A context variable carries the open transactions. Tasks and threads that are started inside of one
inherit it, and that is how they are found out: each of them asking for a connection gets an error,
instead of another connection that sees and blocks other things.
"""

import asyncio
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ..exceptions import TransactionManagementError

if TYPE_CHECKING:
    from .transactions import Transactions

opened: ContextVar[Mapping[int, Any] | None] = ContextVar("opened", default=None)
"""The connections whose transaction is open in this context, by the ``place`` of their database."""

next_block: ContextVar[Any] = ContextVar("next_block", default=None)
"""The connection that the next outermost block on its database uses, as a request's does."""


def on_event_loop() -> bool:
    """Say whether an event loop runs in this thread, which must not be blocked."""
    return asyncio._get_running_loop() is not None  # noqa: SLF001 - asyncio's own fast way to ask


def here() -> Any:
    """Return the running task, or the thread where no event loop runs."""
    if not on_event_loop():
        return threading.current_thread()
    return asyncio.current_task()


def name_of(owner: Any) -> str:
    """Describe a task or thread for an error."""
    if isinstance(owner, asyncio.Task):
        coro = owner.get_coro()
        return f"the task {owner.get_name()} ({getattr(coro, '__qualname__', coro)})"
    return f"the thread {owner.name}" if owner is not None else "a callback of the event loop"


def remember(connection: "Transactions") -> None:
    """Let this context know of an open transaction."""
    opened.set({**(opened.get() or {}), connection.place: connection})


def forget(connection: "Transactions") -> None:
    """Let this context forget a transaction that has ended."""
    rest = {place: c for place, c in (opened.get() or {}).items() if c is not connection}
    opened.set(rest or None)


def usable(found: "Transactions") -> Any:
    """Return the open transaction of this context on a database, if it may be used here.

    Args:
        found: The thread's, or the loop's, own connection to the database.

    Raises:
        TransactionManagementError: It belongs to another task or thread, or was entered by other
            code that this thread ran before.
    """
    connection = (opened.get() or {}).get(found.place)
    if connection is None or not connection.is_held:
        if not found.blocks:
            return None
        connection = found  # entered in another context, which has not been left
    elif connection.owner is None or connection.owner is here():
        return connection
    raise foreign(connection)


def foreign(connection: "Transactions") -> TransactionManagementError:
    """Make the error for who inherited a transaction that belongs to another task or thread."""
    return TransactionManagementError(
        f'{name_of(here())} uses the database "{connection.alias}" inside of an atomic block '
        f"that {name_of(connection.owner)} entered at {connection.site}. A transaction belongs to "
        f"who entered it.\n  Start the work after the block, or do it where the block is. What is "
        f"meant to work beside the transaction needs a context without it, as in "
        f"asyncio.create_task(..., context=contextvars.Context()). To limit a query in time, write "
        f"`async with asyncio.timeout(5):`, for asyncio.wait_for() of Python 3.11 makes a task."
    )
