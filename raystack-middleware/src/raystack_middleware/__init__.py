"""Sessions, security headers, allowed hosts, request ids, and the base of your own middleware."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they import Starlette, which most commands do without
    from .base import BaseMiddleware as BaseMiddleware
    from .base import CallNext as CallNext
    from .csp import CSP as CSP
    from .sessions import Session as Session
    from .settings import MiddlewareSettings as MiddlewareSettings
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "BaseMiddleware": "base",
            "CSP": "csp",
            "CallNext": "base",
            "MiddlewareSettings": "settings",
            "Session": "sessions",
        },
    )
