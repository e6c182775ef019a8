"""A bounded pool of connections, for drivers whose library has none.

The connection that was used last is lent first, so that those which are not needed stay idle and
are noticed when the server ends them.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from ..exceptions import OperationalError

C = TypeVar("C")


class Pool(Generic[C]):
    """Connections that threads take and give back.

    Args:
        open_one: Opens a connection.
        close_one: Closes one; it does not raise.
        is_usable: Says, without asking the server, whether an idle connection still works.
        size: How many there are at most.
        timeout_s: How long a thread waits for one.
        name: What the error calls the database.
    """

    def __init__(
        self,
        open_one: Callable[[], C],
        close_one: Callable[[C], None],
        is_usable: Callable[[C], bool],
        *,
        size: int,
        timeout_s: float,
        name: str,
    ) -> None:
        self._open_one = open_one
        self._close_one = close_one
        self._is_usable = is_usable
        self._size = size
        self._timeout_s = timeout_s
        self._name = name
        self._idle: list[C] = []
        self._lent = 0
        self._closed = False
        self._changed = threading.Condition(threading.Lock())

    def take(self) -> C:
        """Lend a connection.

        Raises:
            OperationalError: None became free in time.
        """
        deadline = time.monotonic() + self._timeout_s
        with self._changed:
            while self._lent >= self._size:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise exhausted(self._name, self._size, self._timeout_s)
            self._lent += 1
            idle = self._usable()
        if idle is not None:
            return idle
        try:
            return self._open_one()  # outside of the lock: it waits for the server
        except BaseException:
            self._return_place()
            raise

    def _usable(self) -> C | None:
        while self._idle:
            raw = self._idle.pop()
            if self._is_usable(raw):
                return raw
            self._close_one(raw)
        return None

    def give(self, raw: C, *, keep: bool = True) -> None:
        """Take a connection back.

        Args:
            raw: One that ``take()`` lent.
            keep: It works, and may be lent again.
        """
        with self._changed:
            kept = keep and not self._closed
            if kept:
                self._idle.append(raw)
        if not kept:
            self._close_one(raw)
        self._return_place()

    def _return_place(self) -> None:
        with self._changed:
            self._lent -= 1
            self._changed.notify()

    def close(self) -> None:
        """Close the idle connections; those that are lent are closed as they are given back."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for raw in idle:
            self._close_one(raw)


def exhausted(name: str, size: int, timeout_s: float) -> OperationalError:
    """Make the error of a pool that could not lend a connection in time."""
    return OperationalError(
        f"No connection to {name} within {timeout_s:g} s: the server cannot be reached, or all "
        f"{size} connections of the pool are in use (?pool_size=... in the URL raises that)."
    )
