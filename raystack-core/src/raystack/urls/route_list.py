"""Lists of routes that notice when they change.

FastAPI and Starlette add a route by ``router.routes.append``, whichever of their methods was
called. A list that notices is therefore the one place where a late route can be seen.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute

from ..exceptions import RouteError

_MUTATORS = (
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "remove",
    "reverse",
    "sort",
    "__delitem__",
    "__iadd__",
    "__imul__",
    "__setitem__",
)


class _NoticingList(list[BaseRoute]):
    """A list which calls ``before_change`` and ``after_change`` around every mutation."""

    def before_change(self, method: str) -> None:
        """Called before a mutation; an exception prevents it."""

    def after_change(self) -> None:
        """Called after a mutation."""

    def __reduce__(self) -> tuple[type[list[BaseRoute]], tuple[list[BaseRoute]]]:
        # A copy is an ordinary list: whoever copies routes wants to work on them.
        return list, (list(self),)


def _noticing(name: str) -> Callable[..., Any]:
    mutate = getattr(list, name)

    @functools.wraps(mutate)
    def method(self: _NoticingList, *args: Any, **kwargs: Any) -> Any:
        self.before_change(name)
        result = mutate(self, *args, **kwargs)
        self.after_change()
        return result

    return method


for _name in _MUTATORS:
    setattr(_NoticingList, _name, _noticing(_name))


class WatchedRoutes(_NoticingList):
    """The routes of an application: a change makes its index stale.

    Args:
        routes: The routes to start with.
        on_change: Called after every mutation.
    """

    def __init__(self, routes: Iterable[BaseRoute], on_change: Callable[[], None]) -> None:
        super().__init__(routes)
        self._on_change = on_change

    def after_change(self) -> None:
        """Tell the owner of the list."""
        self._on_change()


class SealedRoutes(_NoticingList):
    """The routes of a router that was included already: a change raises.

    Args:
        routes: The routes as they are now.
        reason: What happened to the router, as the first sentence of the error.
    """

    def __init__(self, routes: Iterable[BaseRoute], reason: str) -> None:
        super().__init__(routes)
        self._reason = reason

    def before_change(self, method: str) -> None:
        """Refuse the change.

        Raises:
            RouteError: Always: the route would not be served.
        """
        action = (
            "added to" if method in {"append", "extend", "insert", "__iadd__"} else "changed on"
        )
        raise RouteError(
            f"A route was {action} a router too late. {self._reason}\n"
            "  Declare all routes of a router in its own module, before it is included, or add "
            "the late one to the application itself: app.get(...), app.include_router(...)."
        )


def seal(router: APIRouter, reason: str) -> None:
    """Make every later change of ``router.routes`` raise, unless it is noticed already.

    Args:
        router: A router whose routes were taken.
        reason: What happened to it, as a sentence for the error.
    """
    if not isinstance(router.routes, _NoticingList):
        router.routes = SealedRoutes(router.routes, reason)
