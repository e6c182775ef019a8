"""``raystack shell --sandbox``: a shell whose changes are undone when it ends."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ..configuration import configuration
from ..databases import connections
from ..databases.sandbox import SandboxConnection
from ..transaction import Atomic, set_rollback


@contextmanager
def sandbox() -> Iterator[None]:
    """Undo at the end what happens inside: in every database, from every thread and task.

    Nothing is committed, so ``on_commit()`` callbacks do not run.

    Raises:
        OperationalError: A database cannot be reached.
    """
    with ExitStack() as stack:
        for alias in configuration().databases:
            stack.enter_context(_undone(alias))
        yield


@contextmanager
def _undone(alias: str) -> Iterator[None]:
    connection = connections.bridge(alias, SandboxConnection)
    with connections.shared(connection), Atomic(alias):
        yield
        set_rollback(True, alias)
