"""Middleware as plugins and projects declare it, and the order it is put in.

A request passes the outer layer, then Starlette's server error handling and what the application
added with ``add_middleware``, then the inner layer, then the routes. A header that has to be on a
500 as well belongs in the outer layer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .exceptions import ImproperlyConfigured, MiddlewareError
from .explain import places
from .graph import Cycle, stable_order
from .text import did_you_mean
from .traces import describe

OWN = "the setting MIDDLEWARE"


@dataclass(frozen=True, slots=True)
class Middleware:
    """An ASGI middleware and its place.

    Args:
        name: A unique name, for ``after``, ``before`` and the setting ``MIDDLEWARE``.
        cls: Called as ``cls(app, **options)``, it returns an ASGI application.
        options: Keyword arguments for ``cls``.
        layer: ``"outer"`` is outside of the error handling, ``"inner"`` next to the routes.
        after: Names of middleware that a request passes before this one.
        before: Names of middleware that a request passes after this one.

    Example:
        ``Middleware("timing", TimingMiddleware, after={"sessions"})``
    """

    name: str
    cls: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    layer: Literal["inner", "outer"] = "inner"
    after: Iterable[str] = frozenset()
    before: Iterable[str] = frozenset()


class Layers(NamedTuple):
    """The middleware of an application; the first of a layer sees a request first."""

    outer: list[Middleware]
    inner: list[Middleware]


def arrange(
    contributed: Iterable[tuple[str, Middleware]],
    own: Sequence[Any],
    *,
    may_be_absent: bool = False,
) -> Layers:
    """Put the plugins' and the project's middleware in order.

    Args:
        contributed: Each plugin's title with an entry of its.
        own: The setting ``MIDDLEWARE``: import paths, entries, and ``"-name"`` to turn one off.
        may_be_absent: A plugin is left out: a name that nobody has may be of its middleware.

    Raises:
        MiddlewareError: A name is taken twice or unknown, or the constraints form a circle.
    """
    entries = _by_name([*contributed, *_own_entries(own)])
    known = set(entries)
    off = {item[1:] for item in own if isinstance(item, str) and item.startswith("-")}
    for name in sorted(off - known):
        if not may_be_absent:
            raise MiddlewareError(
                f'MIDDLEWARE turns off "{name}", which does not exist.{did_you_mean(name, known)}'
            )
    for name in off & known:
        del entries[name]
    wished = {other for _, entry in entries.values() for other in (*entry.after, *entry.before)}
    after = _constraints(entries, known | wished if may_be_absent else known)
    layers = Layers([], [])
    for layer in ("outer", "inner"):
        names = [name for name, (_, entry) in entries.items() if entry.layer == layer]
        getattr(layers, layer).extend(entries[name][1] for name in _ordered(names, after, entries))
    return layers


def make(entry: Middleware, app: Any, *, owner: str, remedy: str, root: Path | None) -> Any:
    """Construct a middleware around ``app``.

    Args:
        entry: The middleware.
        app: The application inside.
        owner: Whose it is, for the message.
        remedy: How to start without it, for the message.
        root: The project's folder.

    Raises:
        MiddlewareError: The constructor raised.
    """
    try:
        return entry.cls(app, **entry.options)
    except Exception as error:
        # A mistake of the project's that the constructor reports well needs no place.
        where = [] if isinstance(error, ImproperlyConfigured) else places(error, root)
        told = describe(error).rstrip(".")
        message = f'The middleware "{entry.name}" of {owner} cannot be made: {told}.'
        raise MiddlewareError("\n".join([message, *where, f"  {remedy}"])) from error


def _own_entries(own: Sequence[Any]) -> Iterable[tuple[str, Middleware]]:
    for item in own:
        if isinstance(item, Middleware):
            yield OWN, item
        elif not isinstance(item, str):
            raise MiddlewareError(
                f"MIDDLEWARE lists a {type(item).__name__}. An entry is an import path, "
                f'a Middleware, or "-name".'
            )
        elif not item.startswith("-"):
            yield OWN, Middleware(item, _import(item))


def _import(path: str) -> Any:
    module_name, _, attribute = path.rpartition(".")
    try:
        return getattr(import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise MiddlewareError(
            f"MIDDLEWARE lists {path!r}, which cannot be imported: {error}."
        ) from error


def _by_name(entries: Iterable[tuple[str, Middleware]]) -> dict[str, tuple[str, Middleware]]:
    found: dict[str, tuple[str, Middleware]] = {}
    for owner, entry in entries:
        if entry.name in found:
            raise MiddlewareError(name_taken(entry.name, found[entry.name][0], owner))
        found[entry.name] = (owner, entry)
    return found


def name_taken(name: str, first: str, second: str) -> str:
    """Say that two owners gave their middleware the same name."""
    return (
        f'The middleware name "{name}" is taken twice: by {first} and by {second}. '
        f"One of them has to rename it."
    )


def _constraints(
    entries: Mapping[str, tuple[str, Middleware]], known: set[str]
) -> dict[str, set[str]]:
    """Collect for each name the names it goes after, checking every name on the way."""
    after: dict[str, set[str]] = {name: set() for name in entries}
    for name, (owner, entry) in entries.items():
        for other in entry.after:
            _check_pair(owner, first=other, second=name, said=other, entries=entries, known=known)
            after[name].add(other)
        for other in entry.before:
            _check_pair(owner, first=name, second=other, said=other, entries=entries, known=known)
            after.setdefault(other, set()).add(name)
    return after


def _check_pair(
    owner: str,
    *,
    first: str,
    second: str,
    said: str,
    entries: Mapping[str, tuple[str, Middleware]],
    known: set[str],
) -> None:
    if said not in known:
        raise MiddlewareError(
            f'The middleware "{first if said == second else second}" of {owner} wants a place next '
            f'to "{said}", which does not exist.{did_you_mean(said, known)}\n'
            f"  Middleware there is: {', '.join(sorted(known))}."
        )
    if first not in entries or second not in entries:
        return  # one of them is turned off
    if entries[first][1].layer == "inner" and entries[second][1].layer == "outer":
        raise MiddlewareError(
            f'The middleware "{first}" is in the inner layer and cannot come before "{second}", '
            f"which is in the outer one. {owner} asks for it; change a layer or drop the wish."
        )


def _ordered(
    names: Sequence[str],
    after: Mapping[str, Iterable[str]],
    entries: Mapping[str, tuple[str, Middleware]],
) -> list[str]:
    try:
        return stable_order(names, after)
    except Cycle as cycle:
        chain = " -> ".join(f'"{name}" ({entries[name][0]})' for name in cycle.names)
        raise MiddlewareError(
            f"This middleware cannot be put in an order, each has to come before the next: {chain}."
            f'\n  Turn one off in MIDDLEWARE, as "-{cycle.names[0]}", or change its wishes.'
        ) from None
