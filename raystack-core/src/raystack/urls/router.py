"""The router of a Raystack application: FastAPI's, with an index in front of its dispatch.

``routes`` stays what FastAPI made it, so OpenAPI and every tool that walks the routes see what
they see in a FastAPI application. Beside it stands a table, built from ``routes`` when a server
starts or the first request comes and dropped when they change, which a request is looked up in.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from fastapi import APIRouter
from fastapi.telemetry import get_telemetry_data
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from .included import routers_below
from .index import route_path
from .listing import RouteInfo, describe
from .reversing import ROOT_PATH_KEY, Reverser
from .route_list import WatchedRoutes, seal
from .table import RouteTable

COPIED_ARGUMENTS = (
    "prefix",
    "tags",
    "dependencies",
    "default_response_class",
    "responses",
    "callbacks",
    "routes",
    "redirect_slashes",
    "dependency_overrides_provider",
    "route_class",
    "on_startup",
    "on_shutdown",
    "deprecated",
    "include_in_schema",
    "generate_unique_id_function",
    "strict_content_type",
    "max_body_size",
    "form_limits",
)
"""Arguments of ``APIRouter`` that a router keeps under the same name.

The two others are ``default`` and ``lifespan``: see :meth:`IndexedRouter.replacing`.
"""


class IndexedRouter(APIRouter):
    """An ``APIRouter`` whose dispatch does not grow with the number of routes.

    It answers as FastAPI's own does: the same route, parameters, 404, 405 and redirects, and with
    FastAPI's telemetry the same names. One thing differs: ``scope["route"]`` of an included route
    has the whole path, where FastAPI's has the path without the prefixes.

    Routes may be added to it at any time; the next request sees them. Routers included in it are
    sealed when the table is built, because a route added to one of them later would not be served.
    What cannot be noticed, and is not served either: ``frontend()`` on such a router, and assigning
    its ``routes`` anew.
    """

    def __init__(self, **arguments: Any) -> None:
        self._lock = threading.RLock()
        self._table: RouteTable | None = None
        self._owners: dict[int, tuple[BaseRoute, str]] = {}
        self._routes = WatchedRoutes([], self._forget_table)
        super().__init__(**arguments)

    @classmethod
    def replacing(cls, router: APIRouter) -> Self:
        """Return a router with the routes and options of ``router``, to stand in its place.

        Args:
            router: The one that FastAPI made for its application.
        """
        arguments = {name: getattr(router, name) for name in COPIED_ARGUMENTS}
        if router.default != router.not_found:
            arguments["default"] = router.default
        new = cls(lifespan=router.lifespan_context, **arguments)
        # The default lifespan runs the handlers of the router that made it, so both share them.
        new.on_startup, new.on_shutdown = router.on_startup, router.on_shutdown
        return new

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes as FastAPI keeps them; a change is seen by the next request."""
        return self._routes

    @routes.setter
    def routes(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = WatchedRoutes(routes, self._forget_table)
        self._forget_table()

    def _forget_table(self) -> None:
        with self._lock:  # a table that is being built may have missed the change: drop it after
            self._table = None

    def frontend(self, *args: Any, **kwargs: Any) -> None:
        """Serve a static frontend build: see ``fastapi.APIRouter.frontend``."""
        super().frontend(*args, **kwargs)
        self._forget_table()

    def build(self) -> RouteTable:
        """Return the table of the routes as they are now, built if it is not there yet.

        The lifespan and requests do this. Calling it earlier finds mistakes earlier.
        """
        with self._lock:
            if self._table is None:
                table = RouteTable(self)
                for router in routers_below(self.routes):
                    seal(router, f"{_title(router)} is included, and its application is built.")
                self._table = table
            return self._table

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, websocket or lifespan."""
        if scope["type"] not in {"http", "websocket"}:
            await super().app(scope, receive, send)
            return
        table = self._table or self.build()
        if "router" not in scope:
            scope["router"] = self
        scope[ROOT_PATH_KEY] = scope.get("root_path", "")
        selection = table.index.select(scope)
        if selection is None:
            await self._answer_unmatched(table, scope, receive, send)
            return
        route, child_scope = selection
        if self.form_limits or get_telemetry_data() is not None:
            await table.alone(route).app(scope, receive, send)
            return
        scope.update(child_scope)
        await route.handle(scope, receive, send)

    async def _answer_unmatched(
        self, table: RouteTable, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Redirect to the path with or without its last slash, or serve what comes last."""
        path = route_path(scope)
        if scope["type"] == "http" and self.redirect_slashes and path != "/":
            redirected = dict(scope)
            bare = scope["path"].rstrip("/")
            redirected["path"] = bare if path.endswith("/") else scope["path"] + "/"
            for route in table.index.candidates(route_path(redirected)):
                if route.matches(redirected)[0] is not Match.NONE:
                    await table.alone(route).app(scope, receive, send)
                    return
        if table.low_priority is not None:
            await APIRouter.app(table.low_priority, scope, receive, send)
        else:
            await self.default(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Return the path of the route ``name``, as Starlette does, without a search."""
        found = self.build().reverser.url_path_for(name, path_params)
        return super().url_path_for(name, **path_params) if found is None else found

    @property
    def reverser(self) -> Reverser:
        """The names of the routes as they are now."""
        return (self._table or self.build()).reverser

    @contextmanager
    def owned_by(self, owner: str) -> Iterator[list[BaseRoute]]:
        """Record that routes added inside the block belong to ``owner``, an app or a plugin.

        Yields:
            A list that has these routes after the block.
        """
        before = {id(route) for route in self.routes}
        added: list[BaseRoute] = []
        try:
            yield added
        finally:
            added += [route for route in self.routes if id(route) not in before]
            for route in added:
                # The route is kept beside the name, so that its id is not used again.
                self._owners.setdefault(id(route), (route, owner))

    def remove(self, routes: Iterable[BaseRoute]) -> None:
        """Remove these routes."""
        gone = {id(route) for route in routes}
        self.routes[:] = [route for route in self.routes if id(route) not in gone]

    def iter_routes(self) -> Iterator[RouteInfo]:
        """Yield what ``raystack routes`` shows, in the order in which routes are tried."""
        for flat in self.build().flat:
            _, owner = self._owners.get(id(flat.origin), (None, ""))
            for context in flat.contexts:
                yield describe(context, flat.route, owner)


def _title(router: APIRouter) -> str:
    for route in router.routes:
        module = getattr(getattr(route, "endpoint", None), "__module__", None)
        if module is not None:
            return f"The router of {module}"
    return "The router"
