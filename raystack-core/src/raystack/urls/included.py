"""How FastAPI keeps an included router: the one module that relies on private parts of it.

In public, FastAPI tells what each route of an application amounts to (``iter_route_contexts``,
which is all that ``flatten`` needs for most). It does not tell

* which router an include stands for, which is sealed, and searched for the names of a namespace;
* an include's limits on forms and bodies, which FastAPI applies while it dispatches;
* how to include another router with the same options, to keep a part of an include as it is;
* whether a router has routes of ``frontend()``, which are tried after all others.

So the attributes named below are read, and the class of an include is called with two of them.
:func:`is_familiar` tries that on a sample. If another FastAPI does it differently, nothing here is
used: includes stay with FastAPI's own dispatch, and only the time that takes is another.
"""

import copy
import functools
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

ROUTER = "original_router"
OPTIONS = "include_context"
LOW_PRIORITY_ROUTES = "_low_priority_routes"


class UnfamiliarRoute(Exception):
    """An included router is not kept in the way this module knows."""


@functools.cache
def is_familiar() -> bool:
    """Say whether the installed FastAPI keeps included routers in the way this module knows."""
    inner, outer = APIRouter(max_body_size=3), APIRouter()
    inner.add_api_route("/route", is_familiar)
    inner.frontend("/frontend", directory="nowhere", check_dir=False)
    outer.include_router(inner, prefix="/prefix", form_limits={"max_fields": 1})
    include: Any = outer.routes[0]
    try:
        options = getattr(include, OPTIONS)
        again = _like(include, with_routes(inner, inner.routes))
        return (
            getattr(include, ROUTER) is inner
            and (options.form_limits, options.max_body_size) == ({"max_fields": 1}, 3)
            and [len(getattr(each, LOW_PRIORITY_ROUTES)) for each in (inner, outer)] == [1, 0]
            and [context.path for context in iter_route_contexts([again])] == ["/prefix/route"]
        )
    except (AttributeError, TypeError):
        return False


def router_of(route: BaseRoute) -> APIRouter | None:
    """Return the router that ``route`` stands for, or ``None`` if it is a route of its own."""
    router = getattr(route, ROUTER, None) if is_familiar() else None
    return router if isinstance(router, APIRouter) else None


def is_include(route: BaseRoute) -> bool:
    """Say whether ``route`` stands for others, known or not; this is public API."""
    first = next(iter_route_contexts([route]), None)
    return first is None or first.original_route is not route


def has_form_limits(include: BaseRoute) -> bool:
    """Return whether ``include_router`` or its router sets limits on forms."""
    return bool(_options(include).form_limits)


def has_body_limit(include: BaseRoute) -> bool:
    """Return whether ``include_router`` or its router limits the size of request bodies."""
    return _options(include).max_body_size is not None


def _options(include: BaseRoute) -> Any:
    if router_of(include) is None:
        raise UnfamiliarRoute(type(include).__name__)
    return getattr(include, OPTIONS)


def including(include: BaseRoute, router: APIRouter) -> BaseRoute:
    """Return an include like ``include`` (prefix, tags, dependencies...) of another router.

    Raises:
        UnfamiliarRoute: FastAPI keeps included routers in another way than this module knows.
    """
    if router_of(include) is None:
        raise UnfamiliarRoute(type(include).__name__)
    return _like(include, router)


def _like(include: BaseRoute, router: APIRouter) -> BaseRoute:
    kind: Any = type(include)
    made: BaseRoute = kind(**{ROUTER: router, OPTIONS: getattr(include, OPTIONS)})
    return made


def with_routes(router: APIRouter, routes: Iterable[BaseRoute]) -> APIRouter:
    """Return a copy of ``router`` that has ``routes``, and everything else as it was."""
    duplicate = copy.copy(router)
    duplicate.routes = list(routes)
    # These two are methods bound to the router that they came from.
    duplicate.middleware_stack = duplicate.app
    if router.default == router.not_found:
        duplicate.default = duplicate.not_found
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
    """Return whether ``router`` keeps routes outside ``routes``, as ``frontend()`` does.

    Raises:
        UnfamiliarRoute: It is not known where they would be.
    """
    if not is_familiar():
        raise UnfamiliarRoute(type(router).__name__)
    return bool(getattr(router, LOW_PRIORITY_ROUTES))


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
