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

from ..configuration import DatabaseKey
from ..exceptions import TransactionManagementError

if TYPE_CHECKING:
    from .connection import Connection

opened: ContextVar[Mapping[DatabaseKey, "Connection"] | None] = ContextVar("opened", default=None)
"""The connections whose transaction is open in this context, by database."""


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


def remember(key: DatabaseKey, connection: "Connection") -> None:
    """Let this context know of an open transaction."""
    opened.set({**(opened.get() or {}), key: connection})


def forget(key: DatabaseKey) -> None:
    """Let this context forget a transaction that has ended."""
    rest = {k: c for k, c in (opened.get() or {}).items() if k != key}
    opened.set(rest or None)


def inherited(key: DatabaseKey) -> "Connection | None":
    """Return the open transaction of this context on a database, if it may be used here.

    Raises:
        TransactionManagementError: It belongs to another task or thread.
    """
    connection = (opened.get() or {}).get(key)
    if connection is None or not connection.is_held:
        return None
    if connection.owner is None or connection.owner is here():
        return connection
    raise TransactionManagementError(
        f'{name_of(here())} uses the database "{key[0]}" inside of an atomic block that '
        f"{name_of(connection.owner)} entered at {connection.site}. A transaction belongs to who "
        f"entered it.\n  Start the work after the block, or do it where the block is. What is meant "
        f"to work beside the transaction needs a context without it, as in "
        f"asyncio.create_task(..., context=contextvars.Context())."
    )
