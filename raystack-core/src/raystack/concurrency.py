"""Running synchronous code from asynchronous code, in the way the installed plugins ask for."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from anyio.to_thread import run_sync as run_in_thread

from .kernel import Kernel, get_kernel

P = ParamSpec("P")
T = TypeVar("T")

Runner = Callable[..., Awaitable[Any]]


async def run_sync(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a synchronous function without blocking the event loop.

    Args:
        func: The function. Where the ORM is installed it may use the ORM.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Returns:
        What ``func`` returns; what it raises is raised here.
    """
    result: T = await _runner(get_kernel())(func, *args, **kwargs)
    return result


def _runner(kernel: Kernel) -> Runner:
    """Ask the plugins once per kernel."""
    if kernel.sync_runner is None:
        kernel.setup()
        answer = kernel.hooks.first("raystack_sync_runner")
        if answer is not None and not callable(answer.value):
            raise answer.wrong(answer.value, "an asynchronous function", "raystack_sync_runner")
        kernel.sync_runner = answer.value if answer else _in_thread
    return kernel.sync_runner


async def _in_thread(func: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    return await run_in_thread(partial(func, *args, **kwargs))
