"""Threads that wait for a blocking driver, so that the event loop does not.

A hop to a thread and back is most of what an asynchronous query costs on SQLite, hence no
``concurrent.futures`` here.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from .colour import cancel_again

T = TypeVar("T")

_log = logging.getLogger("raystack_orm")


class _Hop:
    """A call that a worker makes for a task."""

    __slots__ = ("args", "ended", "error", "function", "future", "loop", "result", "waits")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, function: Callable[..., Any], args: tuple[Any, ...]
    ) -> None:
        self.loop = loop
        self.function = function
        self.args = args
        self.future: asyncio.Future[None] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.ended = False
        self.waits = False  # when it was made, no worker was free

    def run(self) -> None:
        """Make the call, in the worker."""
        try:
            self.result = self.function(*self.args)
        except BaseException as error:  # noqa: BLE001 - the task gets it
            self.error = error
        self.args = ()  # what it held is closed here, not on the event loop
        try:
            self.loop.call_soon_threadsafe(self.end)
        except RuntimeError:  # the loop was closed, so nobody waits
            self.result = self.error = None

    def end(self) -> None:
        """Wake the task, on the event loop."""
        self.ended = True
        if not self.future.done():
            self.future.set_result(None)

    def outcome(self) -> Any:
        """Return or raise what the call did."""
        if self.error is None:
            return self.result
        try:
            raise self.error
        finally:
            self.error = None  # whose traceback has this frame


class Workers:
    """A few threads that make calls for tasks, started when they are needed.

    The thread that was busy last is woken first: its caches are warm.

    Args:
        name: What the threads are called.
        size: How many there are at most.
        timeout_s: How long a call waits for a thread; ``None`` for ever.
        refuse: Makes the error of a call that waited in vain.
    """

    def __init__(
        self,
        name: str,
        size: int,
        timeout_s: float | None = None,
        refuse: Callable[[], Exception] = TimeoutError,
    ) -> None:
        self._name = name
        self._size = size
        self._timeout_s = timeout_s
        self._refuse = refuse
        self._lock = threading.Lock()
        self._idle: list[_Inbox] = []
        self._waiting: deque[Callable[[], object]] = deque()
        self._threads = 0
        self._stopped = False

    async def run(
        self, function: Callable[..., T], *args: Any, interrupt: Callable[[], object] | None = None
    ) -> T:
        """Call a function in a worker.

        When the task is cancelled, a call that no worker has yet is never made. Otherwise it is
        interrupted and its end is awaited: whoever cleans up finds the connection at rest.

        Args:
            function: What to call.
            args: Its arguments.
            interrupt: Makes it end early; safe to call from this thread.
        """
        hop = self._send(function, args)
        timer = self._timer(hop) if hop.waits and self._timeout_s is not None else None
        try:
            await hop.future
        except asyncio.CancelledError:
            if not self._withdraw(hop):
                if interrupt is not None and not hop.ended:
                    interrupt()
                await _ended(hop)
            raise
        finally:
            if timer is not None:
                timer.cancel()
        return hop.outcome()  # type: ignore[no-any-return]  # a hop makes any call

    async def finish(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function that has to be done; a cancellation is delivered after it."""
        hop = self._send(function, args)
        try:
            await hop.future
        except asyncio.CancelledError:
            await _ended(hop)
            cancel_again()
        return hop.outcome()  # type: ignore[no-any-return]  # a hop makes any call

    def _send(self, function: Callable[..., Any], args: tuple[Any, ...]) -> _Hop:
        hop = _Hop(asyncio.get_running_loop(), function, args)
        hop.waits = self.post(hop.run)
        return hop

    def _timer(self, hop: _Hop) -> asyncio.TimerHandle:
        """Let a call that no worker takes in time end with an error."""

        def give_up() -> None:
            if self._withdraw(hop):
                hop.error = self._refuse()
                hop.end()

        return hop.loop.call_later(self._timeout_s or 0, give_up)

    def _withdraw(self, hop: _Hop) -> bool:
        """Take a call back that waits for a worker; return whether it did."""
        with self._lock:
            if hop.run not in self._waiting:
                return False
            self._waiting.remove(hop.run)
            return True

    def post(self, call: Callable[[], object]) -> bool:
        """Have a worker call something; return whether it has to wait for one."""
        with self._lock:
            if self._idle:
                inbox = self._idle.pop()
            elif self._threads < self._size:
                inbox = self._start()
            else:
                self._waiting.append(call)
                return True
        inbox.put(call)
        return False

    def _start(self) -> "_Inbox":
        self._threads += 1
        self._stopped = False
        inbox: _Inbox = SimpleQueue()
        name = f"{self._name}-{self._threads}"
        threading.Thread(target=self._work, args=(inbox,), name=name, daemon=True).start()
        return inbox

    def _work(self, inbox: "_Inbox") -> None:
        call = inbox.get()
        while call is not None:
            try:
                call()
            except Exception:  # noqa: BLE001 - nobody waits for it
                _log.exception("A worker of the ORM could not clean up")
            call = self._next(inbox) or inbox.get()

    def _next(self, inbox: "_Inbox") -> Callable[[], object] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._stopped:
                inbox.put(None)
            else:
                self._idle.append(inbox)
            return None

    def stop(self) -> None:
        """End the threads once they have done what waits."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._threads, self._stopped = 0, True
        for inbox in idle:
            inbox.put(None)


_Inbox = SimpleQueue[Callable[[], object] | None]


async def _ended(hop: _Hop) -> None:
    while not hop.ended:
        hop.future = hop.loop.create_future()
        try:
            await hop.future
        except asyncio.CancelledError:  # once more; it is raised when the call has ended
            continue
