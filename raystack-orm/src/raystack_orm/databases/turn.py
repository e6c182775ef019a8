"""A lock that goes to whoever asked first, thread or task alike.

SQLite has one writer at a time and lets others poll for the lock, which is neither fair nor, on an
event loop, possible. So those of one process queue here.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable

from ..exceptions import UnavailableError


class _Waiter:
    """One in the queue. ``wake`` is called from the thread that gives the turn."""

    def __init__(self, wake: Callable[[], object], site: str) -> None:
        self.wake = wake
        self.site = site
        self.granted = False


class Turn:
    """A fair lock whose timeout error says who holds it.

    Args:
        name: What the error calls the thing that is waited for.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._waiting: deque[_Waiter] = deque()
        self._taken = False
        self._site = ""

    def acquire(self, timeout_s: float | None = None, site: str = "") -> None:
        """Wait for the turn, in a thread.

        Args:
            timeout_s: How long to wait.
            site: Where the code is that will hold it.

        Raises:
            UnavailableError: It did not come in time.
        """
        if self._take(site):
            return
        event = threading.Event()
        waiter = self._ask(event.set, site)
        if waiter is None:
            return
        try:
            event.wait(timeout_s)
        except BaseException:  # Ctrl-C, in a shell that goes on
            if not self._leave(waiter):
                self.release()
            raise
        if not waiter.granted:
            self._give_up(waiter, timeout_s)

    async def aacquire(self, timeout_s: float | None = None, site: str = "") -> None:
        """Wait for the turn, in a task.

        Raises:
            UnavailableError: It did not come in time.
        """
        if self._take(site):
            return
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[None] = loop.create_future()

        def end() -> None:
            if not woken.done():
                woken.set_result(None)

        def wake() -> None:
            loop.call_soon_threadsafe(end)

        waiter = self._ask(wake, site)
        if waiter is None:
            return
        timer = timeout_s and loop.call_later(timeout_s, end)
        try:
            await woken
        except BaseException:
            if not self._leave(waiter):
                self.release()  # it came at the same moment
            raise
        finally:
            if timer:
                timer.cancel()
        if not waiter.granted:
            self._give_up(waiter, timeout_s)

    def release(self) -> None:
        """Give the turn to the next in the queue."""
        with self._lock:
            while self._waiting:
                waiter = self._waiting.popleft()
                try:
                    waiter.wake()
                except RuntimeError:  # its event loop is closed
                    continue
                waiter.granted = True
                self._site = waiter.site
                return
            self._taken = False

    def _take(self, site: str) -> bool:
        with self._lock:
            if self._taken:
                return False
            self._taken, self._site = True, site
            return True

    def _ask(self, wake: Callable[[], object], site: str) -> _Waiter | None:
        """Take the turn if it is free; otherwise queue."""
        with self._lock:
            if not self._taken:
                self._taken, self._site = True, site
                return None
            waiter = _Waiter(wake, site)
            self._waiting.append(waiter)
            return waiter

    def _leave(self, waiter: _Waiter) -> bool:
        """Leave the queue; return whether the turn had not come yet."""
        with self._lock:
            if waiter.granted:
                return False
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            return True

    def _give_up(self, waiter: _Waiter, timeout_s: float | None) -> None:
        if self._leave(waiter):
            by = f" by {self._site}" if self._site else ""
            raise UnavailableError(
                f"database is locked: waited {timeout_s:g} s for {self.name}, which is held{by}. "
                f"Keep transactions short: do not await other services inside of atomic()."
            )
