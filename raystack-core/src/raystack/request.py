"""The current request, for code that is not handed one: a template, a log filter, a helper."""

from collections.abc import Callable
from contextvars import ContextVar

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from .exceptions import RaystackError

_scope: ContextVar[Scope | None] = ContextVar("raystack_request_scope", default=None)


class CurrentRequestMiddleware:
    """The outermost middleware: remembers the scope that is being served.

    Args:
        app: The application inside.
        on_error: Called with an exception that leaves the application, before it goes on.
    """

    def __init__(self, app: ASGIApp, on_error: Callable[[Exception], None]) -> None:
        self.app = app
        self.on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve ``scope`` and forget it afterwards."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        token = _scope.set(scope)
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            self.on_error(error)
            raise
        finally:
            _scope.reset(token)


def current_scope() -> Scope | None:
    """Return the ASGI scope that is being served; ``None`` outside of a request."""
    return _scope.get()


def current_request() -> HTTPConnection:
    """Return the request that is being served.

    Returns:
        A ``Request`` without a body to read, or an ``HTTPConnection`` for a WebSocket. Its
        ``state`` and ``session`` are those of the endpoint's own request.

    Raises:
        RaystackError: No request is being served here.
    """
    scope = _scope.get()
    if scope is None:
        raise RaystackError(
            "current_request() was called outside of a request. "
            "Hand what you need from the request to the function instead."
        )
    return Request(scope) if scope["type"] == "http" else HTTPConnection(scope)
