"""The driver interface for event loops: each operation waits inside of a job, see ``colour``.

An ``AsyncDriver`` stands before the synchronous driver of the same database, which knows all about
it but how to wait. What has to ask the server for that is asked in a worker.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from .colour import in_job, wait
from .driver import Driver, Executed, Rows, Stream, Written
from .workers import Workers

T = TypeVar("T")

COPIED = ("vendor", "error_class", "url", "takes_arrays", "tells_lastrowid", "upper_before_like")


class AsyncDriver(ABC):
    """A database, for the tasks of one event loop.

    Args:
        sync: The synchronous driver.
        number_of_workers: How many threads wait for it at most.
    """

    def __init__(self, sync: Driver, number_of_workers: int = 1) -> None:
        self.sync = sync
        self.workers = Workers(f"raystack-{sync.vendor}", number_of_workers)
        for name in COPIED:
            setattr(self, name, getattr(sync, name))

    def __getattr__(self, name: str) -> Any:
        asks = isinstance(getattr(type(self.sync), name, None), (property, cached_property))
        found = self.aside(getattr, self.sync, name) if asks else getattr(self.sync, name)
        if not callable(found):
            setattr(self, name, found)  # the next time it is a plain attribute
        return found

    @cached_property
    def plan_key(self) -> Hashable:
        """What all databases have in common that the same plans serve."""
        known: Hashable = self.sync.__dict__.get("plan_key")  # then no worker has to be asked
        return self.aside(getattr, self.sync, "plan_key") if known is None else known

    def aside(self, function: Callable[..., T], *args: Any) -> T:
        """Call something that blocks; from a job, in a worker."""
        if in_job():
            return wait(self.workers.run(function, *args))
        return function(*args)

    @abstractmethod
    def lease(self) -> Any:
        """Return a connection for the caller alone, outside of a transaction."""

    def locate(self, raw: Any, site: str) -> None:  # noqa: B027 - most have no use for it
        """Learn which code is about to begin a transaction, for the errors of others."""

    @abstractmethod
    def release(self, raw: Any) -> None:
        """Take a leased connection back. From an abandoned job it is dropped, without waiting."""

    @abstractmethod
    def discard(self, raw: Any) -> None:
        """Drop a connection without waiting for anything; its transaction is lost with it."""

    @abstractmethod
    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""

    @abstractmethod
    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""

    @abstractmethod
    def execute(self, raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""

    @abstractmethod
    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Run a statement whose rows come in chunks."""

    @abstractmethod
    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""

    @abstractmethod
    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint, even when the task is cancelled."""

    @abstractmethod
    def rollback(self, raw: Any) -> None:
        """Roll back, if a transaction is open, even when the task is cancelled."""

    @abstractmethod
    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open."""

    @abstractmethod
    def check_constraints(self, raw: Any) -> None:
        """Check the constraints that otherwise wait for the commit."""

    @abstractmethod
    def forget(self) -> None:
        """Close what can be closed without the event loop, which has ended."""

    async def aclose(self) -> None:
        """Close all connections of this loop."""
        self.forget()
