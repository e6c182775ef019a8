"""What FastAPI keeps about an included router, read without naming anything private.

``include_router`` appends one object to ``routes`` that stands for the whole included router. Its
class is FastAPI's own affair. What is used here holds whatever it is called: it is a ``BaseRoute``
and a dataclass, one of its fields is the included ``APIRouter``, and the include's own
``form_limits`` and ``max_body_size`` are public attributes of a field. An object that does not
look like this is *unfamiliar*, and its routes stay with FastAPI's own dispatch.
"""

import copy
import dataclasses
import types
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute


class UnfamiliarRoute(Exception):
    """An included router is not kept in the way this module knows."""


def router_of(route: BaseRoute) -> APIRouter | None:
    """Return the router that ``route`` stands for, or ``None`` if it is a route of its own."""
    if isinstance(route, (Route, WebSocketRoute, Mount, Host)):
        return None  # a Mount or a Host may hold a router too: as the application it leads to
    routers = [value for value in vars(route).values() if isinstance(value, APIRouter)]
    return routers[0] if len(routers) == 1 else None


def has_form_limits(include: BaseRoute) -> bool:
    """Return whether ``include_router`` or its router sets limits on forms."""
    return any(getattr(holder, "form_limits", None) for holder in _holders(include))


def has_body_limit(include: BaseRoute) -> bool:
    """Return whether ``include_router`` or its router limits the size of request bodies."""
    return any(getattr(holder, "max_body_size", None) is not None for holder in _holders(include))


def _holders(include: BaseRoute) -> list[Any]:
    """Return the fields of ``include`` that know limits: its router and its context."""
    holders = [value for value in vars(include).values() if hasattr(value, "form_limits")]
    if len(holders) < 2:
        raise UnfamiliarRoute(type(include).__name__)
    return holders


def including(include: BaseRoute, router: APIRouter) -> BaseRoute:
    """Return an include like ``include`` (prefix, tags, dependencies...) of another router.

    Raises:
        UnfamiliarRoute: FastAPI keeps included routers in another way than this module knows.
    """
    kind: Any = type(include)
    if not hasattr(kind, "__dataclass_fields__"):
        raise UnfamiliarRoute(kind.__name__)
    # Only what the class demands: its optional fields are caches of the former router's routes.
    values = {
        field.name: getattr(include, field.name)
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    places = [name for name, value in values.items() if isinstance(value, APIRouter)]
    if len(places) != 1:
        raise UnfamiliarRoute(kind.__name__)
    rebuilt: BaseRoute = kind(**{**values, places[0]: router})
    return rebuilt


def with_routes(router: APIRouter, routes: Iterable[BaseRoute]) -> APIRouter:
    """Return a copy of ``router`` that has ``routes``, and everything else as it was."""
    duplicate = copy.copy(router)
    for name, value in vars(router).items():
        # ``middleware_stack`` and ``default`` are methods bound to the router they came from.
        if isinstance(value, types.MethodType) and value.__self__ is router:
            setattr(duplicate, name, types.MethodType(value.__func__, duplicate))
    duplicate.routes = list(routes)
    return duplicate


def narrowed(chain: Iterable[BaseRoute], route: BaseRoute) -> BaseRoute:
    """Return the includes of ``chain``, outermost first, around nothing but ``route``."""
    for include in reversed(list(chain)):
        router = router_of(include)
        if router is None:
            raise UnfamiliarRoute(type(include).__name__)
        route = including(include, with_routes(router, [route]))
    return route


def has_low_priority_routes(router: APIRouter) -> bool:
    """Return whether ``router`` keeps routes outside ``routes``, as ``frontend()`` does."""
    for value in vars(router).values():
        if value is router.routes or value is router.callbacks:
            continue
        kept = value if isinstance(value, list) else [value]
        if any(isinstance(item, BaseRoute) for item in kept):
            return True
    return False


def low_priority_includes(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Yield the includes among ``routes`` with low-priority routes, emptied of all others."""
    for route in routes:
        router = router_of(route)
        if router is None:
            continue
        below = list(low_priority_includes(router.routes))
        if below or has_low_priority_routes(router):
            yield including(route, with_routes(router, below))


def routers_below(routes: Iterable[BaseRoute]) -> Iterator[APIRouter]:
    """Yield every router included among ``routes``, at any depth, each once."""
    seen: set[int] = set()
    pending = [router for route in routes if (router := router_of(route)) is not None]
    while pending:
        router = pending.pop()
        if id(router) in seen:
            continue
        seen.add(id(router))
        yield router
        pending += [found for route in router.routes if (found := router_of(route)) is not None]
