"""MariaDB and MySQL on an event loop: PyMySQL in worker threads.

A statement is cancelled by ``KILL QUERY`` on another connection. That may come late and hit the
next statement, so a connection is not used again after it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from .async_threads import Seat, ThreadedDriver
from .mysql import MySQLDriver
from .pool import exhausted
from .workers import Workers

T = TypeVar("T")


class AsyncMySQLDriver(ThreadedDriver):
    """A MariaDB or MySQL database, for the tasks of one event loop."""

    sync: MySQLDriver

    def __init__(self, sync: MySQLDriver) -> None:
        super().__init__(sync, sync.limits.size)
        # Who waits for one of these threads waits for a connection.
        limits = sync.limits
        refuse = partial(exhausted, str(sync.url), limits.size, limits.timeout_s)
        self.leasing = Workers("raystack-mysql-lease", limits.size, limits.timeout_s, refuse)
        self._cancelling = Workers("raystack-mysql-cancel", 2)  # the others may all be waiting
        self._cancelled: set[int] = set()

    def interrupt(self, seat: Seat) -> None:
        """Have the server end the statement that runs."""
        raw = seat.raw
        if raw is not None:
            self._cancelled.add(id(raw))
            self._cancelling.post(partial(self.sync.cancel, raw.thread_id()))

    def _use(self, seat: Seat, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        try:
            return super()._use(seat, function, args)
        finally:
            self._close_cancelled(seat.raw)

    def give(self, raw: Any) -> None:
        """Give it back, closed if a statement of it was cancelled."""
        self._close_cancelled(raw)
        super().give(raw)

    def _close_cancelled(self, raw: Any) -> None:
        if id(raw) in self._cancelled:
            self._cancelled.discard(id(raw))
            if raw.open:
                raw.close()

    def forget(self) -> None:
        """End the threads."""
        super().forget()
        self._cancelling.stop()
