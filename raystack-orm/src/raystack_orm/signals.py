"""Signals: being told when something happens to a model, with Django's names and arguments.

blinker keeps which receivers listen to which sender; here is what Django adds to that: the order of
connecting, ``dispatch_uid``, senders by name, robust and asynchronous sending.

https://docs.djangoproject.com/en/stable/ref/signals/
"""

import asyncio
import logging
import weakref
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import Context, copy_context
from inspect import iscoroutinefunction
from itertools import count
from threading import RLock
from typing import Any, TypeVar

import blinker

from .registry import ModelKey, Registry, apps

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
_UNSET: Any = object()
Responses = list[tuple[Callable[..., Any], Any]]


class Connected:
    """A receiver that is connected: what blinker knows of it.

    Args:
        number: Its place in the order of connecting.
        get: Return the receiver, ``None`` once it is gone.
        is_async: Whether it is a coroutine function.
    """

    __slots__ = ("__weakref__", "get", "is_async", "number")

    def __init__(self, number: int, get: Callable[[], Any], is_async: bool) -> None:
        self.number = number
        self.get = get
        self.is_async = is_async


class Signal:
    """Something that happens, and who wants to know.

    https://docs.djangoproject.com/en/stable/topics/signals/
    """

    def __init__(self, use_caching: bool = False) -> None:
        self.receivers: dict[Any, Connected] = {}
        self.use_caching = use_caching  # Django's; blinker looks receivers up by sender anyway
        self._blinker: Any = blinker.Signal()  # its receivers are of a kind that it does not call
        self.lock = RLock()
        self._numbers = count()
        self._watchers: list[Callable[[], object]] = []

    def on_change(self, watcher: Callable[[], object]) -> None:
        """Call ``watcher`` whenever receivers come or go: what was made without them is stale."""
        self._watchers.append(watcher)

    # Connecting ----------------------------------------------------------------------------------

    def connect(
        self,
        receiver: Callable[..., Any],
        sender: Any = None,
        weak: bool = True,
        dispatch_uid: Any = None,
    ) -> None:
        """Call ``receiver`` when the signal is sent.

        Args:
            receiver: A function, or a coroutine function, that takes ``sender`` and ``**kwargs``.
            sender: The only sender to listen to; any by default.
            weak: Forget the receiver when nothing else refers to it.
            dispatch_uid: Tells receivers apart in place of their identity, so that connecting twice
                connects once.

        Raises:
            TypeError: The receiver cannot be called.
        """
        if not callable(receiver):
            raise TypeError(f"Signal receivers must be callable, and {receiver!r} is not.")
        key = _key(receiver, sender, dispatch_uid)
        with self.lock:
            if key in self.receivers:
                return
            get = self._weakly(receiver, key) if weak else lambda: receiver
            made = Connected(next(self._numbers), get, _is_async(receiver))
            self.receivers[key] = made
            self._blinker.connect(made, blinker.ANY if sender is None else sender, weak=False)
        self._changed()

    def _weakly(self, receiver: Callable[..., Any], key: Any) -> Callable[[], Any]:
        def gone(_: Any) -> None:
            self._drop(key)

        if hasattr(receiver, "__self__") and hasattr(receiver, "__func__"):
            return weakref.WeakMethod(receiver, gone)
        return weakref.ref(receiver, gone)

    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: Any = None,
        dispatch_uid: Any = None,
    ) -> bool:
        """Call a receiver no more.

        Args:
            receiver: The receiver; not needed with ``dispatch_uid``.
            sender: The sender that it was connected to.
            dispatch_uid: What it was connected with.

        Returns:
            Whether it was connected.
        """
        return self._drop(_key(receiver, sender, dispatch_uid))

    def _drop(self, key: Any) -> bool:
        with self.lock:
            found = self.receivers.pop(key, None)
            if found is None:
                return False
            self._blinker.disconnect(found)
        self._changed()
        return True

    def _changed(self) -> None:
        for watcher in self._watchers:
            watcher()

    def has_listeners(self, sender: Any = None) -> bool:
        """Say whether anybody listens to ``sender``."""
        return bool(self.receivers) and bool(self._for(sender))

    def _for(self, sender: Any) -> list[tuple[Callable[..., Any], bool]]:
        """Return the receivers for a sender, in the order of connecting, and which are async."""
        found = self._blinker.receivers_for(blinker.ANY if sender is None else sender)
        ordered: Iterable[Any] = sorted(found, key=lambda connected: connected.number)
        pairs = [(connected.get(), connected.is_async) for connected in ordered]
        return [pair for pair in pairs if pair[0] is not None]

    # Sending -------------------------------------------------------------------------------------

    def send(self, sender: Any, **named: Any) -> Responses:
        """Call all receivers; the first exception ends it.

        Args:
            sender: The sender, a class for the most part.
            named: Passed on to the receivers.

        Returns:
            Each receiver with what it returned; the asynchronous ones come last.
        """
        if not self.receivers:
            return []
        now, later = self._split(sender)
        responses = [(one, one(signal=self, sender=sender, **named)) for one in now]
        if later:
            responses += _wait_for(self._gather(later, sender, named))
        return responses

    def send_robust(self, sender: Any, **named: Any) -> Responses:
        """Call all receivers, whatever they raise: exceptions are logged and returned."""
        if not self.receivers:
            return []
        now, later = self._split(sender)
        responses: Responses = [(one, self._safely(one, sender, named)) for one in now]
        if later:
            responses += _wait_for(self._gather_safely(later, sender, named))
        return responses

    async def asend(self, sender: Any, **named: Any) -> Responses:
        """Call all receivers from async code; see ``send()``."""
        if not self.receivers:
            return []
        now, later = self._split(sender)

        def call() -> Responses:
            return [(one, one(signal=self, sender=sender, **named)) for one in now]

        responses = await _in_job(call) if now else []
        return responses + (await self._gather(later, sender, named) if later else [])

    async def asend_robust(self, sender: Any, **named: Any) -> Responses:
        """Call all receivers from async code, whatever they raise; see ``send_robust()``."""
        if not self.receivers:
            return []
        now, later = self._split(sender)

        def call() -> Responses:
            return [(one, self._safely(one, sender, named)) for one in now]

        responses = await _in_job(call) if now else []
        return responses + (await self._gather_safely(later, sender, named) if later else [])

    def _split(self, sender: Any) -> tuple[list[Any], list[Any]]:
        found = self._for(sender)
        return [one for one, later in found if not later], [one for one, later in found if later]

    def _safely(self, one: Callable[..., Any], sender: Any, named: dict[str, Any]) -> Any:
        try:
            return one(signal=self, sender=sender, **named)
        except Exception as error:  # noqa: BLE001 - a receiver may raise anything
            self._log(one, error)
            return error

    async def _gather(self, later: Sequence[Any], sender: Any, named: dict[str, Any]) -> Responses:
        context = copy_context()  # one for all of them, whose changes the sender sees
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(one(signal=self, sender=sender, **named), context=context)
                    for one in later
                ]
        except BaseExceptionGroup as failed:
            if len(failed.exceptions) == 1:
                raise failed.exceptions[0] from None
            raise
        finally:
            _take_over(context)
        return [(one, task.result()) for one, task in zip(later, tasks, strict=True)]

    async def _gather_safely(
        self, later: Sequence[Any], sender: Any, named: dict[str, Any]
    ) -> Responses:
        context, loop = copy_context(), asyncio.get_running_loop()
        calls = [
            loop.create_task(one(signal=self, sender=sender, **named), context=context)
            for one in later
        ]
        results = await asyncio.gather(*calls, return_exceptions=True)
        _take_over(context)
        for one, result in zip(later, results, strict=True):
            if isinstance(result, Exception):
                self._log(one, result)
        return list(zip(later, results, strict=True))

    def _log(self, one: Callable[..., Any], error: Exception) -> None:
        name = getattr(one, "__qualname__", repr(one))
        logging.getLogger("raystack_orm").error(
            "The signal receiver %s failed: %s", name, error, exc_info=error
        )


def _wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Wait for asynchronous receivers: in the job that sends, or on a loop for this alone."""
    from .databases.colour import in_job, wait  # the databases send signals too

    if in_job():
        return wait(work)
    context = copy_context()
    with asyncio.Runner() as runner:
        try:
            return runner.run(work, context=context)
        finally:
            _take_over(context)


def _take_over(context: Context) -> None:
    """Set the variables of the current context as they are in another one."""
    for variable, value in context.items():
        if variable.get(_UNSET) is not value:
            variable.set(value)


async def _in_job(call: Callable[[], T]) -> T:
    """Run synchronous receivers so that they may use the ORM."""
    from .databases.colour import run_sync  # as above

    return await run_sync(call)


def _key(receiver: Any, sender: Any, dispatch_uid: Any) -> Any:
    if dispatch_uid is not None:
        return dispatch_uid, _identity(sender)
    return _identity(receiver), _identity(sender)


def _identity(target: Any) -> Any:
    if hasattr(target, "__func__"):
        return id(target.__self__), id(target.__func__)
    return id(target)


def _is_async(receiver: Any) -> bool:
    called = getattr(receiver, "__call__", None)  # noqa: B004 - an object with an async __call__
    return iscoroutinefunction(receiver) or iscoroutinefunction(called)


class ModelSignal(Signal):
    """A signal of models: the sender may be named before it is defined, ``"blog.Article"``."""

    def connect(
        self,
        receiver: Callable[..., Any],
        sender: Any = None,
        weak: bool = True,
        dispatch_uid: Any = None,
        apps: Registry | None = None,
    ) -> None:
        """Call ``receiver`` when the signal is sent; see ``Signal.connect()``."""

        def connect(model: Any) -> None:
            Signal.connect(self, receiver, model, weak, dispatch_uid)

        _when_sender(sender, apps, connect)

    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: Any = None,
        dispatch_uid: Any = None,
        apps: Registry | None = None,
    ) -> Any:
        """Call a receiver no more; of a sender given by name the result is ``None``."""

        def disconnect(model: Any) -> bool:
            return Signal.disconnect(self, receiver, model, dispatch_uid)

        return _when_sender(sender, apps, disconnect)


def _when_sender(sender: Any, registry: Registry | None, act: Callable[[Any], Any]) -> Any:
    if not isinstance(sender, str):
        return act(sender)
    label, _, name = sender.rpartition(".")
    if not label:
        raise ValueError(
            f'A signal\'s sender is "{sender}"; name a model as "app_label.ModelName".'
        )
    (registry or apps).when_defined(ModelKey(label, name.lower()), "a signal's receiver", act)
    return None


def receiver(signal: Signal | Sequence[Signal], **kwargs: Any) -> Callable[[F], F]:
    """Connect the decorated function to a signal, or to several.

    Args:
        signal: The signal or signals.
        kwargs: Passed to ``connect()``.
    """

    def connect(function: F) -> F:
        for one in (signal,) if isinstance(signal, Signal) else signal:
            one.connect(function, **kwargs)
        return function

    return connect


class_prepared = Signal()

pre_init = ModelSignal(use_caching=True)
post_init = ModelSignal(use_caching=True)

pre_save = ModelSignal(use_caching=True)
post_save = ModelSignal(use_caching=True)

pre_delete = ModelSignal(use_caching=True)
post_delete = ModelSignal(use_caching=True)

m2m_changed = ModelSignal(use_caching=True)

pre_migrate = Signal()
post_migrate = Signal()

connection_created = Signal()
