"""What an application serves, as plain data: for ``raystack routes`` and for checks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi.routing import RouteContext
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute

Protocol = Literal["http", "websocket", "mount", "host", "other"]


@dataclass(frozen=True)
class RouteInfo:
    """One route of an application.

    Attributes:
        protocol: ``http``, ``websocket``, ``mount``, ``host``, or ``other`` for a class of route
            that neither FastAPI nor Starlette knows.
        methods: The methods that it answers; empty where there are none.
        path: The whole path, with the converters as declared; for a host the host.
        name: The name for ``reverse()``, or ``""``.
        endpoint: The function or application that answers.
        owner: The app or plugin that it was added for, or ``""``.
        route: What the application's index asks about it.
    """

    protocol: Protocol
    methods: frozenset[str]
    path: str
    name: str
    endpoint: Callable[..., Any] | None
    owner: str
    route: BaseRoute


def describe(context: RouteContext, route: BaseRoute, owner: str) -> RouteInfo:
    """Return what ``context`` says about a route."""
    original = context.original_route
    is_host = isinstance(original, Host)
    endpoint = context.app if isinstance(original, (Host, Mount)) else context.endpoint
    return RouteInfo(
        protocol=_protocol(original),
        methods=frozenset(context.methods or ()),
        path=(context.host if is_host else context.path) or "",
        name=context.name or "",
        endpoint=endpoint,
        owner=owner,
        route=route,
    )


def view_of(info: RouteInfo) -> str:
    """Name what answers a route: the function with its module, or the class of an application."""
    name = getattr(info.endpoint, "__qualname__", type(info.endpoint).__name__)
    return f"{getattr(info.endpoint, '__module__', '')}.{name}"


def _protocol(route: BaseRoute) -> Protocol:
    if isinstance(route, Route):
        return "http"
    if isinstance(route, WebSocketRoute):
        return "websocket"
    if isinstance(route, Mount):
        return "mount"
    return "host" if isinstance(route, Host) else "other"
