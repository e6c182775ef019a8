"""Sessions, security headers, allowed hosts, request ids, and the base of your own middleware."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # they import Starlette, which most commands do without
    from .base import BaseMiddleware as BaseMiddleware
    from .base import CallNext as CallNext
    from .csp import CSP as CSP
    from .sessions import Session as Session
    from .settings import MiddlewareSettings as MiddlewareSettings

_MODULES = {
    "BaseMiddleware": "base",
    "CSP": "csp",
    "CallNext": "base",
    "MiddlewareSettings": "settings",
    "Session": "sessions",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
