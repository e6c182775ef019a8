"""A bounded pool of connections, for drivers whose library has none.

Whoever waits longest gets the next connection. The one that was used last is lent first: those
which are not needed stay idle, and are closed once another has come back after ten minutes of that:
a firewall may have forgotten them.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from ..exceptions import UnavailableError

C = TypeVar("C")
MAX_IDLE_S = 600.0


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
        self._idle: deque[tuple[C, float]] = deque()  # with the time of its return, oldest first
        self._lent = 0
        self._waiting: deque[threading.Lock] = deque()  # each is released when its turn comes
        self._closed = False
        self._lock = threading.Lock()

    def take(self) -> C:
        """Lend a connection.

        Raises:
            UnavailableError: None became free in time.
        """
        self._take_place()
        try:
            idle = self._usable()
            return self._open_one() if idle is None else idle
        except BaseException:
            self._return_place()
            raise

    def _take_place(self) -> None:
        with self._lock:
            if self._lent < self._size:
                self._lent += 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        came = False
        try:
            came = turn.acquire(timeout=self._timeout_s)
        finally:
            if not came and not self._stop_waiting(turn):
                self._return_place()  # it came at the last moment
        if not came:
            raise exhausted(self._name, self._size, self._timeout_s)

    def _stop_waiting(self, turn: threading.Lock) -> bool:
        """Leave the queue; return whether the turn had not come."""
        with self._lock:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True

    def _usable(self) -> C | None:
        while True:
            with self._lock:  # not while one is closed or opened, which waits for the server
                if not self._idle:
                    return None
                raw, since = self._idle.pop()
            if time.monotonic() - since < MAX_IDLE_S and self._is_usable(raw):
                return raw
            self._close_one(raw)

    def give(self, raw: C, *, keep: bool = True) -> None:
        """Take a connection back.

        Args:
            raw: One that ``take()`` lent.
            keep: It works, and may be lent again.
        """
        now = time.monotonic()
        with self._lock:
            kept = keep and not self._closed
            forgotten = [] if kept else [raw]
            if kept:
                self._idle.append((raw, now))
            while self._idle and now - self._idle[0][1] >= MAX_IDLE_S:
                forgotten.append(self._idle.popleft()[0])
        try:
            for one in forgotten:
                self._close_one(one)
        finally:
            self._return_place()

    def _return_place(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()  # the place is now that one's
            else:
                self._lent -= 1

    def close(self) -> None:
        """Close the idle connections; those that are lent are closed as they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, deque()
        for raw, _ in idle:
            self._close_one(raw)


def exhausted(name: str, size: int, timeout_s: float) -> UnavailableError:
    """Make the error of a pool that could not lend a connection in time."""
    return UnavailableError(
        f"No connection to {name} within {timeout_s:g} s: the server gives no more, or all {size} "
        f"connections of the pool are in use (?pool_size=... in the URL raises that)."
    )
