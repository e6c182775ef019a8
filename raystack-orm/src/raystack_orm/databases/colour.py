"""Colour: synchronous ORM code that asynchronous code can await.

The ORM is plain synchronous Python. ``run_sync`` runs a piece of it, a *job*, in a greenlet. Where
the job has to wait for the database, the driver calls ``wait``: the greenlet switches to
``run_sync``, which awaits on the event loop and switches back with the result. Nothing between the
two knows of it, neither an overridden ``save()`` nor a signal's receiver.
"""

import threading
from asyncio import CancelledError, create_task, current_task, shield
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn, ParamSpec, TypeVar

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # it has no types

from ..exceptions import InterfaceError, SynchronousOnlyOperation
from .spelling import advice

P = ParamSpec("P")
T = TypeVar("T")

MAX_IDLE_JOBS = 64
_ENDED = object()


class Job(greenlet):  # type: ignore[misc]  # it has no types
    """A greenlet that runs one function after another.

    Attributes:
        error: What the last function raised.
        abandoned: Nobody awaits it any more: it has to end without waiting for anything.
    """

    result: Any = None
    error: BaseException | None = None
    abandoned = False


def _work(function: Any, args: Any, kwargs: Any) -> NoReturn:
    """Run functions for ever; ``run_sync`` switches in with the next one.

    Between two of them nothing here refers to the job: it ends when it is forgotten.
    """
    while True:
        try:
            getcurrent().result = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - run_sync raises it where it is awaited
            getcurrent().error = error
        function = args = kwargs = None  # the next job may be long in coming
        function, args, kwargs = getcurrent().parent.switch(_ENDED)


class _Idle(threading.local):
    """A thread's jobs that wait for work: a greenlet cannot change its thread."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []


_idle = _Idle()


async def run_sync(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run synchronous code that uses the ORM, without blocking the event loop.

    It runs in the thread of the event loop and in the context of the caller: context variables are
    seen, and what it sets is seen afterwards. Only the database is waited for; anything else that
    blocks in ``function`` blocks the loop.

    Args:
        function: The code. It must not raise ``StopIteration``, which cannot leave a coroutine.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Returns:
        What ``function`` returns.
    """
    here, idle = getcurrent(), _idle.jobs
    job = idle.pop() if idle else Job(_work)
    if job.parent is not here:
        job.parent = here
    job.gr_context = here.gr_context
    awaited = job.switch(function, args, kwargs)
    while awaited is not _ENDED:
        try:
            got = await awaited
        except GeneratorExit:
            _abandon(job)
            raise
        except BaseException as error:  # noqa: BLE001 - the job gets it, CancelledError too
            awaited = job.throw(error)
        else:
            awaited = job.switch(got)
    job.gr_context = None
    result, raised, job.result, job.error = job.result, job.error, None, None
    if len(idle) < MAX_IDLE_JOBS:
        idle.append(job)
    if raised is None:
        return result  # type: ignore[no-any-return]  # a job runs functions of any type
    try:
        raise raised
    finally:
        del raised  # whose traceback has this frame


def _abandon(job: Job) -> None:
    """Let a job whose coroutine was closed end by itself; it is not used again."""
    job.abandoned = True
    job.throw(GeneratorExit)
    job.gr_context = job.result = job.error = None


def wait(awaitable: Awaitable[T]) -> T:
    """Await something from inside of a job, for a driver.

    Raises:
        SynchronousOnlyOperation: This is no job: the ORM was called on the event loop itself.
    """
    job = getcurrent()
    if type(job) is not Job:
        _close(awaitable)
        raise SynchronousOnlyOperation(advice())
    if job.abandoned:
        _close(awaitable)
        raise InterfaceError("The coroutine that used the database was closed while it waited.")
    return job.parent.switch(awaitable)  # type: ignore[no-any-return]  # what the awaitable returned


def in_job() -> bool:
    """Say whether this code runs in a job, where it may wait."""
    return type(getcurrent()) is Job


def is_abandoned() -> bool:
    """Say whether this job has to end without waiting, dropping its connection."""
    job = getcurrent()
    return type(job) is not Job or job.abandoned


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await what must not be left half done; a cancellation is delivered right after it."""
    task, cancelled = create_task(work), False
    while not task.done():
        try:
            await shield(task)
        except CancelledError:
            cancelled = True
        except BaseException:  # noqa: BLE001 - the work's own error, raised by result() below
            break
    if cancelled:
        cancel_again()
    return task.result()


def cancel_again() -> None:
    """Deliver a cancellation that was put off, at the task's next ``await``."""
    task = current_task()
    if task is not None:
        task.uncancel()  # the number of requests stays the same, which asyncio.timeout() counts
        task.cancel()


def _close(awaitable: Any) -> None:
    if isinstance(awaitable, Coroutine):
        awaitable.close()  # or Python warns that it was never awaited
