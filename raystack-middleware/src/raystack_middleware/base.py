"""``BaseMiddleware``: a middleware as a function of a request and the rest of the application.

It is pure ASGI underneath. The method is a coroutine that runs in two parts: the one up to
``call_next`` before the application, the other when the application starts its response, inside of
that very ``send``. So no task is started and no body is collected: context variables, streams,
background tasks and disconnects stay what they are without the middleware.
"""

import inspect
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from .exchange import CallNext as CallNext
from .exchange import Exchange, Handler


class BaseMiddleware:
    """The base of a middleware that looks at a request and at its response.

    Write ``__call__`` and await ``call_next(request)`` in it, at most once, or return a response of
    your own. The response that ``call_next`` returns has a status and headers to read and change;
    its body is still to come and goes past the middleware. WebSockets and lifespans do, too: for
    those, and to change bodies, write an ASGI middleware.

    What it reads of the request's body is kept in memory for the endpoint. A ``ContextVar`` that is
    set before ``call_next`` holds in the endpoint, and what the endpoint sets holds afterwards. Set
    it back with ``set``, not ``reset``: a stream may be started by another task.

    Args:
        app: The application inside. A subclass takes its options as further keyword arguments.

    Example::

        class TimingMiddleware(BaseMiddleware):
            async def __call__(self, request: Request, call_next: CallNext) -> Response:
                started = perf_counter()
                response = await call_next(request)
                response.headers["Server-Timing"] = f"app;dur={perf_counter() - started:.6f}"
                return response
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let the subclass's ``__call__`` be called as an ASGI application as well.

        Raises:
            TypeError: It has none, or one that takes something else.
        """
        super().__init_subclass__(**kwargs)
        owner = next(base for base in cls.__mro__ if "__call__" in vars(base))
        if owner is BaseMiddleware:
            raise TypeError(
                f"{cls.__qualname__} lacks `async def __call__(self, request, call_next)`."
                f"\n  Without it a BaseMiddleware does nothing."
            )
        if owner is cls or not issubclass(owner, BaseMiddleware):  # a parent's is done already
            handler = vars(owner)["__call__"]
            _check(cls, handler)
            cls.__call__ = _also_asgi(handler)  # type: ignore[method-assign]  # the point of it

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        """Answer a request.

        Args:
            request: The request.
            call_next: The rest of the application.

        Returns:
            The response of ``call_next(request)``, or another one.
        """
        return await call_next(request)


def _check(cls: type, handler: Any) -> None:
    parameters = list(inspect.signature(handler).parameters)
    if len(parameters) != 3 or not inspect.iscoroutinefunction(handler):
        raise TypeError(
            f"{cls.__qualname__}.__call__ should be `async def __call__(self, request, call_next)`."
            f"\n  An ASGI middleware, with scope, receive and send, needs no BaseMiddleware."
        )


def _also_asgi(handler: Handler) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Make a method that tells ``(request, call_next)`` from ``(scope, receive, send)``."""

    @wraps(handler)
    async def __call__(self: BaseMiddleware, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        if len(args) != 3:
            return await handler(self, *args, **kwargs)  # by super().__call__, or by a test
        scope, receive, send = args
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        name, bound = type(self).__qualname__, partial(handler, self)
        return await Exchange(name, self.app, bound, scope, receive, send).run()

    return __call__
