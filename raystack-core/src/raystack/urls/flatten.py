"""Included routers taken apart, into one flat list of ordinary routes.

FastAPI keeps an included router as one object and matches through it at each request, level by
level. ``fastapi.routing.iter_route_contexts`` tells what every route below amounts to: its whole
path, its dependencies, the application that answers. A flat route is an object of the same public
class with exactly that state, so nothing that FastAPI computed is computed again.

What cannot be had this way stays FastAPI's own object, alone, in its place: routers with limits on
forms, an ``APIRoute`` class with a ``matches`` or ``handle`` of its own, a route other than an
``APIRoute`` under a body limit, and anything that ``included`` finds unfamiliar.
"""

import copy
import functools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute

from .included import UnfamiliarRoute, has_body_limit, has_form_limits, narrowed, router_of

REMADE = (Route, APIWebSocketRoute, WebSocketRoute, Host)


class FlatRoute(NamedTuple):
    """One entry of the flat list.

    Attributes:
        route: What is asked whether it matches, and then handles the request.
        origin: The object of the application's ``routes`` that it came from.
        contexts: What ``route`` stands for, as FastAPI describes it: one, or all those inside a
            part that stays FastAPI's own.
        is_own: Whether ``route`` is a route of its own, rather than such a part.
        is_familiar: Whether it is known how FastAPI keeps it.
    """

    route: BaseRoute
    origin: BaseRoute
    contexts: tuple[RouteContext, ...]
    is_own: bool = True
    is_familiar: bool = True


def flatten(routes: Sequence[BaseRoute]) -> list[FlatRoute]:
    """Return ``routes`` flat, in the order in which FastAPI would try them.

    Routes that stand in ``routes`` themselves keep their identity.
    """
    return [flat for route in routes for flat in _flatten_one(route)]


def _flatten_one(route: BaseRoute) -> list[FlatRoute]:
    contexts = tuple(iter_route_contexts([route]))
    if contexts and contexts[0].original_route is route:
        return [FlatRoute(route, route, contexts)]
    try:
        if has_form_limits(route):
            return [FlatRoute(route, route, contexts, is_own=False)]
        return _IncludeWalk(route, contexts).flat_routes()
    except UnfamiliarRoute:
        return [FlatRoute(route, route, contexts, is_own=False, is_familiar=False)]


class _IncludeWalk:
    """The routes below one include, and FastAPI's contexts of them, walked side by side.

    Both come depth first. FastAPI has no context for a ``BaseRoute`` of a kind that it does not
    know, and never serves it.
    """

    def __init__(self, include: BaseRoute, contexts: Sequence[RouteContext]) -> None:
        self._include = include
        self._contexts = contexts
        self._taken = 0

    def flat_routes(self) -> list[FlatRoute]:
        flat = list(self._below(self._include, ()))
        if self._taken != len(self._contexts):
            raise UnfamiliarRoute(type(self._include).__name__)
        return flat

    def _below(self, include: BaseRoute, above: tuple[BaseRoute, ...]) -> Iterator[FlatRoute]:
        chain = (*above, include)
        limited = any(has_body_limit(each) for each in chain)
        for route in _children(include):
            is_include = router_of(route) is not None
            if is_include and not has_form_limits(route):
                yield from self._below(route, chain)
                continue
            contexts = self._take(route)
            if not contexts:
                continue
            if is_include or not _can_stand_alone(route, limited=limited):
                yield FlatRoute(narrowed(chain, route), self._include, contexts, is_own=False)
            else:
                yield FlatRoute(_flat_copy(contexts[0]), self._include, contexts)

    def _take(self, route: BaseRoute) -> tuple[RouteContext, ...]:
        """Consume the contexts of ``route``, or of all routes below it."""
        if router_of(route) is not None:
            return tuple(context for each in _children(route) for context in self._take(each))
        following = self._contexts[self._taken : self._taken + 1]
        if not following or following[0].original_route is not route:
            return ()
        self._taken += 1
        return tuple(following)


def _children(include: BaseRoute) -> Sequence[BaseRoute]:
    router = router_of(include)
    if router is None:
        raise UnfamiliarRoute(type(include).__name__)
    return router.routes


def _can_stand_alone(route: BaseRoute, *, limited: bool) -> bool:
    """Return whether a flat copy of ``route`` behaves as FastAPI's own object does."""
    if not isinstance(route, APIRoute):
        return not limited  # FastAPI wraps these in the include's body limit as it calls them
    cls = type(route)
    return (
        cls.matches is APIRoute.matches
        and cls.handle is APIRoute.handle
        and not {"matches", "handle"} & vars(route).keys()
    )


def _flat_copy(context: RouteContext) -> BaseRoute:
    """Return a route of its own with the state that FastAPI computed for an included one."""
    original = context.original_route
    if isinstance(original, (APIRoute, Mount)):
        flat: BaseRoute = copy.copy(original)
    else:
        # FastAPI makes anew what is not its own, and forgets about a class of the project's.
        kind = next(each for each in REMADE if isinstance(original, each))
        flat = kind.__new__(kind)
    names = _api_route_state() if isinstance(original, APIRoute) else vars(original)
    for name in names:
        # An include does not alter everything: an APIRoute's own form_limits, say.
        vars(flat)[name] = getattr(context, name, vars(original)[name])
    return flat


@functools.cache
def _api_route_state() -> tuple[str, ...]:
    """Return the names of the attributes that FastAPI computes for an APIRoute."""
    return tuple(vars(APIRoute("/", endpoint=_api_route_state)))
