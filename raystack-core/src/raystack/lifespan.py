"""The plugins' lifespans around an application's own, and what a failed start tells the server."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Any, NoReturn

from starlette.types import Receive, Scope, Send

from .exceptions import PluginError
from .kernel import Kernel
from .plugins.caller import failure
from .plugins.contract import Plugin

HOOK = "raystack_lifespan"
Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


def plugin_lifespans(kernel: Kernel, inner: Lifespan, last: Callable[[], object]) -> Lifespan:
    """Put the plugins' lifespans around another one: entered first, requirements before others.

    Args:
        kernel: The kernel.
        inner: The application's own lifespan.
        last: Called when all are entered, before the first request.
    """

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Mapping[str, Any] | None]:
        async with AsyncExitStack() as stack:
            # A resource that is missing cannot be skipped: the error is raised whatever the policy.
            for result in kernel.hooks.collect(HOOK, {"app": app}, _raise):
                manager = result.one(AbstractAsyncContextManager, HOOK)
                await stack.enter_async_context(_Named(result.plugin, manager))
            state = await stack.enter_async_context(inner(app))
            last()
            yield state

    return lifespan


def _raise(error: PluginError) -> NoReturn:
    raise error


class _Named:
    """A plugin's lifespan whose errors name the plugin."""

    def __init__(self, plugin: Plugin, manager: AbstractAsyncContextManager[None]) -> None:
        self._plugin = plugin
        self._manager = manager

    async def __aenter__(self) -> None:
        try:
            await self._manager.__aenter__()
        except Exception as error:
            raise failure(self._plugin, f"{HOOK} at start-up", error) from error

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        try:
            return await self._manager.__aexit__(kind, raised, traceback)
        except Exception as error:
            if error is raised:
                raise
            raise failure(self._plugin, f"{HOOK} at shutdown", error) from error


class FailedStart:
    """Stands in for an application that could not be built.

    An exception in the first ASGI event would read to the server as "this application knows no
    lifespans", and it would go on to serve nothing but errors.

    Args:
        error: What went wrong.
        message: The same for a person.
    """

    def __init__(self, error: Exception, message: str) -> None:
        self.error = error
        self.message = message
        self._traceback = error.__traceback__

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the server in its own words, or raise where it asked for something else."""
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.failed", "message": self.message})
        # Each raise adds frames to an exception's traceback: without a lifespan, one a request.
        raise self.error.with_traceback(self._traceback)
