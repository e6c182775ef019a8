"""urls.*: routes that can never answer, and names and paths that mean two routes.

``urls.E001``, declared twice: an earlier route has the same path, whatever the parameters are
called, and answers one of the same methods.

``urls.E002``, hidden: an earlier route answers every path that the route matches. Each route is
asked for sample paths, and the application's own index decides who answers, so the check cannot
disagree with what is served. A converter that takes none of the samples is not judged.

``urls.W003``, a name taken twice: two owners gave it to paths with the same parameters.

``urls.W004``, the same path but for the converters: ``/item/{id:int}`` of one owner and
``/item/{slug}`` of another share paths, or nearly so. One owner may declare both, the narrower
first, as in Django: that is no finding. The wider first hides the other, and is ``urls.E002``.

``urls.W005``: the installed FastAPI keeps included routers in a way that is not known.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from starlette.convertors import Convertor
from starlette.routing import compile_path

from ..kernel import Kernel
from ..urls import IndexedRouter, RouteInfo
from ..urls.index import is_placed_by_path
from ..urls.listing import view_of
from ..urls.table import UNFAMILIAR
from .messages import CheckMessage, Level

# Values for parameters; a converter is tried with each that it takes. No literal segment is one.
SAMPLES = (
    "~sample~/~path~",
    "~sample~",
    "73051.219",
    "73051219",
    "7305",
    "73051219-0000-4000-8000-000000000000",
    "2031-07-30",
    "sample-of-a-slug",
    "samplex",
    "SAMPLEX",
)
PLACED = frozenset({"http", "websocket", "mount"})


def check_routes(kernel: Kernel, router: IndexedRouter) -> Iterator[CheckMessage]:
    """Report routes that are declared twice or hidden, and names and paths that are ambiguous."""
    infos = list(router.iter_routes())
    by_route = {id(info.route): info for info in infos}
    alike: dict[tuple[str, str], list[RouteInfo]] = {}
    for info in infos:
        if info.protocol not in PLACED:
            continue
        others: list[RouteInfo] = []
        if is_placed_by_path(info.route):  # what else it matches by, nobody knows
            others = alike.setdefault((info.protocol, _pattern(info).shape), [])
        twice = _twice(info, others)
        hidden = _hiders(router, info, _methods(info) - set().union(*twice.values()))
        for route_id, methods in (twice | hidden).items():
            yield _never_answers(kernel, info, by_route[route_id], methods)
        if not hidden:
            yield from _check_converters(kernel, info, others)
        others.append(info)
    yield from _check_names(kernel, infos)
    if not router.build().is_familiar:
        yield CheckMessage(
            Level.WARNING,
            UNFAMILIAR,
            "Install a FastAPI that raystack-core's requirements allow, or a newer Raystack.",
            "fastapi",
            "urls.W005",
        )


class _Pattern(NamedTuple):
    """A path with its parameters as wildcards, and the expressions that those have to match."""

    shape: str
    expressions: tuple[str, ...]


def _pattern(info: RouteInfo) -> _Pattern:
    _, path_format, converters = compile_path(_whole_path(info))
    for name in converters:
        path_format = path_format.replace(f"{{{name}}}", "{}")
    return _Pattern(path_format, tuple(each.regex for each in converters.values()))


def _whole_path(info: RouteInfo) -> str:
    return f"{info.path}/{{path:path}}" if info.protocol == "mount" else info.path


def _methods(info: RouteInfo) -> set[str]:
    """Return the methods to ask a route for: a WebSocket has none, some routes answer any."""
    return set(info.methods) or ({""} if info.protocol == "websocket" else {"GET", "POST"})


def _twice(info: RouteInfo, others: Iterable[RouteInfo]) -> dict[int, set[str]]:
    """Find the earlier routes with the same path, and for which methods they answer."""
    found: dict[int, set[str]] = {}
    left = _methods(info)
    for other in others:
        shared = left & _methods(other)
        if shared and _pattern(info) == _pattern(other):
            found[id(other.route)] = shared
            left -= shared
    return found


def _hiders(router: IndexedRouter, info: RouteInfo, methods: set[str]) -> dict[int, set[str]]:
    """Find the routes that answer every sample path of ``info``, and for which methods."""
    protocol = "websocket" if info.protocol == "websocket" else "http"
    paths = list(_sample_paths(info))
    found: dict[int, set[str]] = {}
    for method in methods:
        answering = Counter(_answering(router, protocol, path, method) for path in paths)
        hider = next((route_id for route_id, _ in answering.most_common(1)), None)
        if hider is not None and not answering.keys() & {id(info.route), None}:
            found.setdefault(hider, set()).add(method)
    return found


def _answering(router: IndexedRouter, protocol: str, path: str, method: str) -> int | None:
    try:
        selected = router.build().index.select(_scope(protocol, path, method))
    except ValueError:  # a converter of the project's own that refuses the sample
        return None
    return None if selected is None else id(selected[0])


def _sample_paths(info: RouteInfo) -> Iterator[str]:
    """Make paths that the route matches; none for a converter that takes no sample."""
    regex, path_format, converters = compile_path(_whole_path(info))
    values = {name: _samples(converter) for name, converter in converters.items()}
    for number in range(max(map(len, values.values()), default=1) if all(values.values()) else 0):
        path = path_format
        for name, samples in values.items():
            path = path.replace(f"{{{name}}}", samples[number % len(samples)])
        if regex.match(path):
            yield path


def _samples(converter: Convertor[Any]) -> list[str]:
    return [sample for sample in SAMPLES if re.fullmatch(converter.regex, sample)]


def _never_answers(
    kernel: Kernel, info: RouteInfo, earlier: RouteInfo, methods: set[str]
) -> CheckMessage:
    is_same = _pattern(info) == _pattern(earlier)
    what = "is declared twice" if is_same else f"is hidden by {earlier.path}"
    return CheckMessage(
        Level.ERROR,
        f"The route {_verb(methods, info)} {what}: {view_of(earlier)} of "
        f"{owner_of(kernel, earlier)} answers, {view_of(info)} of {owner_of(kernel, info)} never "
        f"does.",
        "Change one of the paths, or declare the more special one first.",
        info.path,
        "urls.E001" if is_same else "urls.E002",
    )


def _verb(methods: set[str], info: RouteInfo) -> str:
    """Write a route with those of its methods that are meant; HEAD goes with GET unsaid."""
    if methods == _methods(info) and not info.methods:
        return info.path
    told = methods - {"HEAD"} if "GET" in methods else methods
    return f"{', '.join(sorted(told))} {info.path}"


def _check_converters(
    kernel: Kernel, info: RouteInfo, others: Iterable[RouteInfo]
) -> Iterator[CheckMessage]:
    """Report the first earlier route of another owner with the same path but for converters."""
    for other in others:
        shared = _methods(info) & _methods(other)
        if shared and _pattern(info) != _pattern(other):
            first, second = owner_of(kernel, other), owner_of(kernel, info)
            if first != second:
                yield CheckMessage(
                    Level.WARNING,
                    f"The routes {_verb(shared, other)} of {first} and {_verb(shared, info)} of "
                    f"{second} have the same path but for the converters of their parameters.",
                    "Where both match, the first one answers. Change one of the paths.",
                    info.path,
                    "urls.W004",
                )
                return


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


def _scope(protocol: str, path: str, method: str) -> dict[str, Any]:
    return {
        "type": protocol,
        "path": path,
        "method": method,
        "root_path": "",
        "headers": [],
        "path_params": {},
    }
