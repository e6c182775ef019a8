"""urls.*: routes that can never answer, and names that mean two routes.

Each route is asked for a path that it would match. When an earlier one answers, the route is
hidden, whatever the reason: the application's own index decides, so a check cannot disagree with
what is served.
"""

from collections.abc import Iterator
from typing import Any

from starlette.routing import compile_path

from ..application import get_application
from ..kernel import Kernel
from ..urls import IndexedRouter, RouteInfo
from .messages import CheckMessage, Level

# Values that no route has as a literal segment, for Starlette's converters.
SAMPLES = {
    "StringConvertor": "~sample~",
    "PathConvertor": "~sample~/~path~",
    "IntegerConvertor": "73051219",
    "FloatConvertor": "73051.219",
    "UUIDConvertor": "73051219-0000-4000-8000-000000000000",
}


def check_routes(kernel: Kernel) -> Iterator[CheckMessage]:
    """Report routes that are declared twice or hidden, and names that are taken twice."""
    application = get_application()
    application.build()
    infos = list(application.router.iter_routes())
    by_route = {id(info.route): info for info in infos}
    for info in infos:
        yield from _check_hidden(kernel, application.router, info, by_route)
    yield from _check_names(kernel, infos)


def _check_hidden(
    kernel: Kernel, router: IndexedRouter, info: RouteInfo, by_route: dict[int, RouteInfo]
) -> Iterator[CheckMessage]:
    if info.protocol not in {"http", "websocket"} or (path := _sample(info.path)) is None:
        return
    hiders: dict[int, list[str]] = {}
    for method in sorted(info.methods) or [""]:
        selected = router.build().index.select(_scope(info.protocol, path, method))
        if selected is not None and selected[0] is not info.route:
            hiders.setdefault(id(selected[0]), []).append(method)
    for route_id, methods in hiders.items():
        yield _hidden(kernel, info, by_route[route_id], [m for m in methods if m != "HEAD"])


def _hidden(
    kernel: Kernel, info: RouteInfo, earlier: RouteInfo, methods: list[str]
) -> CheckMessage:
    same = _shape(info.path) == _shape(earlier.path)
    what = "is declared twice" if same else f"is hidden by {earlier.path}"
    verb = " ".join([", ".join(methods), info.path]).strip()
    return CheckMessage(
        Level.ERROR,
        f"The route {verb} {what}: {_view(earlier)} of {owner_of(kernel, earlier)} answers, "
        f"{_view(info)} of {owner_of(kernel, info)} never does.",
        "Change one of the paths, or declare the more special one first.",
        info.path,
        "urls.E001" if same else "urls.E002",
    )


def _check_names(kernel: Kernel, infos: list[RouteInfo]) -> Iterator[CheckMessage]:
    """Report a name that two owners gave to different paths with the same parameters."""
    first: dict[tuple[str, frozenset[str]], RouteInfo] = {}
    for info in infos:
        if not info.name or info.protocol not in {"http", "websocket"}:
            continue
        other = first.setdefault((info.name, frozenset(compile_path(info.path)[2])), info)
        if other.path != info.path and owner_of(kernel, other) != owner_of(kernel, info):
            yield CheckMessage(
                Level.WARNING,
                f'The route name "{info.name}" is taken twice: by {other.path} of '
                f"{owner_of(kernel, other)} and by {info.path} of {owner_of(kernel, info)}.",
                "reverse() finds the first. Include one of them with a namespace.",
                info.name,
                "urls.W003",
            )


def owner_of(kernel: Kernel, info: RouteInfo) -> str:
    """Name the app or plugin that a route comes from."""
    return info.owner or kernel.owner_of(getattr(info.endpoint, "__module__", "") or "")


def _view(info: RouteInfo) -> str:
    name = getattr(info.endpoint, "__qualname__", type(info.endpoint).__name__)
    return f"{getattr(info.endpoint, '__module__', '')}.{name}"


def _shape(path: str) -> str:
    """Write a path with its parameters as wildcards."""
    _, path_format, convertors = compile_path(path)
    for name in convertors:
        path_format = path_format.replace(f"{{{name}}}", "{}")
    return path_format


def _sample(path: str) -> str | None:
    """Write a path that the pattern matches; ``None`` for converters of the project's own."""
    regex, path_format, convertors = compile_path(path)
    for name, convertor in convertors.items():
        value = SAMPLES.get(type(convertor).__name__)
        if value is None:
            return None
        path_format = path_format.replace(f"{{{name}}}", value)
    return path_format if regex.match(path_format) else None


def _scope(protocol: str, path: str, method: str) -> dict[str, Any]:
    return {
        "type": protocol,
        "path": path,
        "method": method,
        "root_path": "",
        "headers": [],
        "path_params": {},
    }
