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
from typing import Any, TypeGuard

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

_WithPath = Route | WebSocketRoute | Mount
_FULL, _PARTIAL = Match.FULL, Match.PARTIAL

Candidate = tuple[int, BaseRoute]
"""A route with its place in the declaration order."""


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
    """The routes whose path begins with the segments that lead here.

    Attributes:
        branches: The nodes that follow, by their literal segment.
        parameter: The node that follows any segment.
        ending: The routes whose path ends here.
        open_ended: The routes whose path goes on in a way that a trie cannot follow.
        only_ending: The answer where nothing else was met on the way.
    """

    __slots__ = ("branches", "ending", "only_ending", "open_ended", "parameter")

    def __init__(self) -> None:
        self.branches: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.ending: list[Candidate] = []
        self.open_ended: list[Candidate] = []
        self.only_ending: tuple[BaseRoute, ...] = ()


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
        self._always = _in_order(self._unplaced)
        self._prepare(self._root)
        # A path without parameters is one dictionary look-up from its candidates.
        self._exact = {path: self._search(path) for path in literal_paths}

    def select(self, scope: Scope) -> tuple[BaseRoute, Scope] | None:
        """Return the first route that matches in full, else the first that does in part.

        With it comes the scope that its ``matches`` returned.
        """
        path = route_path(scope) if scope.get("root_path") else scope["path"]
        found = self._exact.get(path)
        partial = None
        for route in self._search(path) if found is None else found:
            match, child_scope = route.matches(scope)
            if match is _FULL:
                return route, child_scope
            if match is _PARTIAL and partial is None:
                partial = route, child_scope
        return partial

    def candidates(self, path: str) -> Sequence[BaseRoute]:
        """Return every route that can match ``path``, and maybe more, in declaration order."""
        found = self._exact.get(path)
        return self._search(path) if found is None else found

    def _insert(self, candidate: Candidate, literal_paths: set[str]) -> None:
        route = candidate[1]
        if not is_placed_by_path(route):
            self._unplaced.append(candidate)
            return
        path = _whole_path(route)
        node = self._root
        for depth, segment in enumerate(path.split("/"), start=1):
            self._depth = max(self._depth, depth)
            parameter = PARAM_REGEX.search(segment) if "{" in segment else None
            if parameter is None:
                node = node.branches.setdefault(segment, _Node())
            elif parameter[0] == segment and _fits_one_segment(route, parameter[1]):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node.open_ended.append(candidate)
                return
        node.ending.append(candidate)
        if not route.param_convertors:
            literal_paths.add(path)

    def _prepare(self, node: _Node) -> None:
        node.only_ending = _in_order(self._unplaced + node.ending)
        for each in node.branches.values():
            self._prepare(each)
        if node.parameter is not None:
            self._prepare(node.parameter)

    def _search(self, path: str) -> tuple[BaseRoute, ...]:
        # Most paths lead along one line of nodes, and the answer stands ready at its end.
        node = self._root
        for segment in path.split("/", self._depth):
            if node.open_ended:
                return self._search_widely(path)
            branch = node.branches.get(segment)
            if branch is None:
                if node.parameter is None:
                    # "$" in an expression also matches before a line break that ends the path.
                    return self._search_widely(path) if path.endswith("\n") else self._always
                branch = node.parameter
            elif node.parameter is not None:
                return self._search_widely(path)
            node = branch
        return self._search_widely(path) if path.endswith("\n") else node.only_ending

    def _search_widely(self, path: str) -> tuple[BaseRoute, ...]:
        found = self._below(path)
        if path.endswith("\n"):
            found = [*{**dict(found), **dict(self._below(path[:-1]))}.items()]
        return _in_order(found)

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


def _in_order(candidates: list[Candidate]) -> tuple[BaseRoute, ...]:
    return tuple(route for _, route in sorted(candidates, key=itemgetter(0)))


def is_placed_by_path(route: BaseRoute) -> TypeGuard[_WithPath]:
    """Return whether ``path`` decides what ``route`` matches, in Starlette's usual way."""
    if not isinstance(route, (Route, WebSocketRoute, Mount)):
        return False
    if type(route).matches not in _PLAIN_MATCHES or "matches" in vars(route):
        return False
    # A class may compile its expression differently (ignoring case, say) and keep ``path``.
    path, regex = _whole_path(route), route.path_regex
    usual = path.startswith("/") and regex.pattern == _pattern(path, route.param_convertors)
    return usual and regex.flags == re.UNICODE


def _whole_path(route: _WithPath) -> str:
    return route.path + "/{path:path}" if isinstance(route, Mount) else route.path


def _pattern(path: str, converters: Mapping[str, Convertor[Any]]) -> str:
    """Return the expression that Starlette's ``compile_path`` makes of ``path``."""
    parts = ["^"]
    end = 0
    for parameter in PARAM_REGEX.finditer(path):
        name = parameter[1]
        regex = converters[name].regex if name in converters else ""
        parts += (re.escape(path[end : parameter.start()]), f"(?P<{name}>{regex})")
        end = parameter.end()
    return "".join([*parts, re.escape(path[end:]), "$"])


def _fits_one_segment(route: _WithPath, parameter: str) -> bool:
    """Return whether ``parameter`` can never match a slash."""
    return _ONE_SEGMENT.fullmatch(route.param_convertors[parameter].regex) is not None
