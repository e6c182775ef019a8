"""A trie over the segments of routes' paths: from a path to the few routes it can mean.

The trie never decides. It returns a superset of the routes that match, in declaration order, and
each is then asked by its own ``matches``; converters, parameters and child scopes are FastAPI's.
``/posts/{slug}/edit`` is found along ``posts``, the parameter branch, ``edit``. From the first
segment that is neither a literal nor a plain parameter (``/a-{x}.json``, ``{path:path}``, what
follows a mount) a route is a candidate for everything below the node reached so far.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.convertors import Convertor
from starlette.routing import PARAM_REGEX, BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.types import Scope

# Regular expressions of converters that cannot match a slash: the four of Starlette, and a
# sequence of letters, digits, classes without ranges that could contain one, and quantifiers.
_CLASS = r"\[-?(?:[a-zA-Z0-9]-[a-zA-Z0-9]|\\[wd]|[a-zA-Z0-9_.~])+-?\]"
_ATOM = rf"(?:{_CLASS}|\\[wd]|[a-zA-Z0-9_-])(?:[+*?]|\{{\d+(?:,\d*)?\}})?"
_ONE_SEGMENT = re.compile(rf"\[\^/\]\+|\[0-9\]\+\(\\\.\[0-9\]\+\)\?|(?:{_ATOM})+")

_PLAIN_MATCHES = {
    cls.matches for cls in (APIRoute, APIWebSocketRoute, Route, WebSocketRoute, Mount)
}

Candidate = tuple[int, BaseRoute]
"""A route with its place in the declaration order."""


class Selection(NamedTuple):
    """The route that answers a request, and what it adds to the scope."""

    route: BaseRoute
    child_scope: Scope


def route_path(scope: Scope) -> str:
    """Return the path below ``root_path``, as the ASGI specification means the two.

    ``path`` includes ``root_path``; a server that does not do so is met with the path as it is.
    """
    path: str = scope["path"]
    root = scope.get("root_path", "")
    if root and path.startswith(root) and (path == root or path[len(root)] == "/"):
        return path[len(root) :]
    return path


class _Node:
    """The routes whose path begins with the segments that lead here."""

    __slots__ = ("branches", "ending", "open_ended", "parameter")

    def __init__(self) -> None:
        self.branches: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.ending: list[Candidate] = []
        self.open_ended: list[Candidate] = []


class RouteIndex:
    """The routes of an application, found by the path of a request.

    Args:
        routes: Flat routes in declaration order.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._root = _Node()
        self._unplaced: list[Candidate] = []
        self._depth = 0
        literal_paths: set[str] = set()
        for candidate in enumerate(routes):
            self._insert(candidate, literal_paths)
        # A path without parameters is one dictionary look-up from its candidates.
        self._exact = {path: self._search(path) for path in literal_paths}

    def select(self, scope: Scope) -> Selection | None:
        """Return the first route that matches in full, else the first that does in part."""
        partial: Selection | None = None
        for route in self.candidates(route_path(scope)):
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return Selection(route, child_scope)
            if match is Match.PARTIAL and partial is None:
                partial = Selection(route, child_scope)
        return partial

    def candidates(self, path: str) -> Sequence[BaseRoute]:
        """Return every route that can match ``path``, and maybe more, in declaration order."""
        found = self._exact.get(path)
        return self._search(path) if found is None else found

    def _insert(self, candidate: Candidate, literal_paths: set[str]) -> None:
        route = candidate[1]
        path = _path_to_index(route)
        if path is None:
            self._unplaced.append(candidate)
            return
        node = self._root
        for depth, segment in enumerate(path.split("/"), start=1):
            self._depth = max(self._depth, depth)
            parameter = PARAM_REGEX.search(segment)
            if parameter is None:
                node = node.branches.setdefault(segment, _Node())
            elif parameter[0] == segment and _fits_one_segment(route, parameter[1]):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node.open_ended.append(candidate)
                return
        node.ending.append(candidate)
        if PARAM_REGEX.search(path) is None:
            literal_paths.add(path)

    def _search(self, path: str) -> list[BaseRoute]:
        found = self._below(path)
        if path.endswith("\n"):
            # "$" in a route's expression also matches before a line break that ends the path.
            found = list({**dict(found), **dict(self._below(path[:-1]))}.items())
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return [route for _, route in found]

    def _below(self, path: str) -> list[Candidate]:
        found = self._unplaced.copy()
        nodes = [self._root]
        for segment in path.split("/", self._depth):
            following: list[_Node] = []
            for node in nodes:
                if node.open_ended:
                    found += node.open_ended
                branch = node.branches.get(segment)
                if branch is not None:
                    following.append(branch)
                if node.parameter is not None:
                    following.append(node.parameter)
            nodes = following
        for node in nodes:
            found += node.ending
        return found


def _path_to_index(route: BaseRoute) -> str | None:
    """Return the path that ``route`` is indexed by; ``None`` if its path does not decide."""
    if not isinstance(route, (Route, WebSocketRoute, Mount)):
        return None
    if type(route).matches not in _PLAIN_MATCHES or "matches" in vars(route):
        return None
    path = route.path + "/{path:path}" if isinstance(route, Mount) else route.path
    regex = route.path_regex
    # A class may compile its expression differently (ignoring case, say) and keep ``path``.
    usual = path.startswith("/") and regex.pattern == _pattern(path, route.param_convertors)
    return path if usual and regex.flags == re.UNICODE else None


def _pattern(path: str, converters: Mapping[str, Convertor[Any]]) -> str:
    """Return the expression that Starlette's ``compile_path`` makes of ``path``."""
    parts = ["^"]
    end = 0
    for parameter in PARAM_REGEX.finditer(path):
        name = parameter[1]
        regex = converters[name].regex if name in converters else ""
        parts += [re.escape(path[end : parameter.start()]), f"(?P<{name}>{regex})"]
        end = parameter.end()
    return "".join([*parts, re.escape(path[end:]), "$"])


def _fits_one_segment(route: BaseRoute, parameter: str) -> bool:
    """Return whether ``parameter`` can never match a slash."""
    converters: Mapping[str, Convertor[Any]] = getattr(route, "param_convertors", {})
    return _ONE_SEGMENT.fullmatch(converters[parameter].regex) is not None
