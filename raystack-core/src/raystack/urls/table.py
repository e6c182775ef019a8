"""All that is built from an application's routes, to be replaced as a whole when they change."""

import functools
import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import fastapi
from fastapi import APIRouter
from starlette.routing import BaseRoute

from .flatten import flatten
from .included import (
    UnfamiliarRoute,
    has_low_priority_routes,
    is_familiar,
    low_priority_includes,
    with_routes,
)
from .index import RouteIndex
from .reversing import Reverser

UNFAMILIAR = (
    f"FastAPI {fastapi.__version__} keeps included routers in a way that this Raystack does not "
    "know. FastAPI's own dispatch serves them: the answers are the same, the time they take grows "
    "with the number of routes."
)

logger = logging.getLogger("raystack")


class RouteTable:
    """The routes of a router as they were when it was built.

    Args:
        router: The application's router.

    Attributes:
        flat: The flat routes, in declaration order.
        index: Finds the routes that a path can mean.
        is_familiar: Whether it is known how FastAPI keeps all that is included.
    """

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._routes = tuple(router.routes)
        self._alone: dict[int, APIRouter] = {}
        with _collector_paused():
            self.flat = flatten(self._routes)
            self.index = RouteIndex(each.route for each in self.flat)
        self.is_familiar = is_familiar() and all(flat.is_familiar for flat in self.flat)
        if not self.is_familiar:
            logger.warning(UNFAMILIAR)

    @functools.cached_property
    def reverser(self) -> Reverser:
        """The names of the routes, built when the first url is asked for."""
        return Reverser(self.flat)

    @functools.cached_property
    def low_priority(self) -> APIRouter | None:
        """A router with nothing but the low-priority routes of ``frontend()``, if there are any."""
        if not self.is_familiar:
            return self._router  # all of it, as FastAPI does
        try:
            includes = list(low_priority_includes(self._routes))
        except UnfamiliarRoute:
            return self._router
        if includes or has_low_priority_routes(self._router):
            return with_routes(self._router, includes)
        return None

    def alone(self, route: BaseRoute) -> APIRouter:
        """Return a router with ``route`` only, for what FastAPI does around a call.

        That is the limits on forms, the route's name for telemetry, and the redirect to a path
        with or without its last slash.
        """
        router = self._alone.get(id(route))
        if router is None:
            router = APIRouter(
                routes=[route],
                form_limits=self._router.form_limits or None,
                default=self._router.default,
            )
            self._alone[id(route)] = router
        return router


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from searching, again and again, what is here to stay.

    FastAPI computes all included routes at once: a fifth of that time is the collector's.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
