"""What a name stands for: the pieces of a url, ready to be filled with parameters."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.convertors import Convertor, PathConvertor
from starlette.routing import PARAM_FORMAT_REGEX, BaseRoute, Host, Mount, Route, WebSocketRoute

from .flatten import FlatRoute

# RFC 3986 allows these in a path as they are; Django's reverse() leaves the same ones.
SAFE_IN_PATH = "/!$&'()*+,;=~:@"
# In a host, an "@" or a ":" from a value would move where the host begins or ends.
_SAFE_IN_HOST = ""


class Piece(NamedTuple):
    """A literal part of a url, already encoded, and the parameter that follows it."""

    literal: str
    parameter: str
    converter: Convertor[Any]
    expression: re.Pattern[str]
    safe: str


class UrlPattern(NamedTuple):
    """One way to build the url of a name.

    Attributes:
        parameters: The names that have to be given, no more and no fewer.
        pieces: The url up to its last parameter.
        end: The url after it.
        path: The path as declared, for messages.
        maker: The route or context whose ``url_path_for`` answers for it in Starlette's way.
    """

    parameters: frozenset[str]
    pieces: tuple[Piece, ...]
    end: str
    path: str
    maker: BaseRoute | RouteContext

    def fill(self, params: Mapping[str, Any]) -> str:
        """Return the url with ``params`` in it.

        Raises:
            ValueError: A value does not fit; the message is the parameter's name.
        """
        parts: list[str] = []
        for literal, name, converter, expression, safe in self.pieces:
            text = _text(converter, params[name])
            if text is None or expression.fullmatch(text) is None:
                raise ValueError(name)
            # Most values are ids and words, which quote() would only look through.
            is_plain = text.isascii() and text.isalnum()
            parts += (literal, text if is_plain else quote(text, safe=safe))
        parts.append(self.end)
        return "".join(parts)

    def expression_of(self, parameter: str) -> str:
        """Return the regular expression that values of ``parameter`` have to match."""
        return {each.parameter: each.expression.pattern for each in self.pieces}[parameter]


def _text(converter: Convertor[Any], value: Any) -> str | None:
    """Return ``value`` as the converter writes it; ``None`` if it cannot."""
    if value is None:
        return None  # the string converter would write "None"
    try:
        return converter.to_string(value)
    except (AssertionError, TypeError, ValueError):
        return None


def url_patterns(flat: FlatRoute) -> Iterator[tuple[str, UrlPattern]]:
    """Yield the names that ``flat`` answers to, each with its pattern."""
    for context in flat.contexts:
        # A part that stays FastAPI's own has contexts that know their urls.
        maker = flat.route if flat.is_own else context
        for place in _places(context, _Place()):
            yield place.name, place.pattern(maker)


@dataclass(frozen=True)
class _Place:
    """Where a name leads: the mounts, the host and the route on the way, joined."""

    name: str = ""
    host: str = ""
    path: str = ""
    converters: Mapping[str, Convertor[Any]] = field(default_factory=dict)

    def below(
        self, name: str | None, converters: Mapping[str, Convertor[Any]], path: str = ""
    ) -> "_Place":
        return replace(
            self,
            name=self.name + (name or ""),
            path=self.path + path,
            converters={**self.converters, **converters},
        )

    def pattern(self, maker: BaseRoute | RouteContext) -> UrlPattern:
        host = f"//{self.host}" if self.host else ""
        host_pieces, host_end = self._pieces(host, _SAFE_IN_HOST)
        pieces, end = self._pieces(self.path, SAFE_IN_PATH)
        if pieces:
            pieces[0] = pieces[0]._replace(literal=host_end + pieces[0].literal)
        else:
            end = host_end + end
        return UrlPattern(
            parameters=frozenset(self.converters),
            pieces=(*host_pieces, *pieces),
            end=end,
            path=host + self.path,
            maker=maker,
        )

    def _pieces(self, template: str, safe: str) -> tuple[list[Piece], str]:
        # The split alternates between literals and the names between them.
        *parts, end = PARAM_FORMAT_REGEX.split(template)
        pieces = []
        for literal, name in zip(parts[::2], parts[1::2], strict=True):
            converter = self.converters[name]
            expression = re.compile(converter.regex)
            pieces.append(
                Piece(quote(literal, safe=SAFE_IN_PATH), name, converter, expression, safe)
            )
        return pieces, quote(end, safe=SAFE_IN_PATH)


class _MountedPath(PathConvertor):
    """The path below a mount: with or without its leading slash, as Starlette takes it."""

    def to_string(self, value: str) -> str:
        return str(value).lstrip("/")


def _places(context: RouteContext, outside: _Place) -> Iterator[_Place]:
    """Yield where the names of ``context`` lead: its own, and for a mount those inside."""
    route = context.original_route
    if not isinstance(route, (Route, WebSocketRoute, Mount, Host)):
        return
    name = context.name
    converters: dict[str, Convertor[Any]] = dict(context.param_convertors)
    if isinstance(route, Mount):
        converters.pop("path")
    if outside.converters.keys() & converters.keys():
        return  # Starlette gives such a parameter to the mount alone, and no url can be made
    if isinstance(route, (Route, WebSocketRoute)):
        yield outside.below(name, converters, context.path_format or "")
        return
    if isinstance(route, Host):
        inside = replace(outside, host=context.host_format)
    else:
        inside = outside.below(None, {}, (context.path_format or "").removesuffix("/{path}"))
    if name is not None and "path" not in outside.converters:
        yield inside.below(name, {**converters, "path": _MountedPath()}, "/{path}")
    prefix = None if name is None else f"{name}:"
    for child in iter_route_contexts(context.routes):
        yield from _places(child, inside.below(prefix, converters))
