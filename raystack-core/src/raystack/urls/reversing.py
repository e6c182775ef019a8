"""From a route's name and parameters back to its url.

Every name that an application can reverse, those inside mounted applications included, stands in
one dictionary together with the pieces of its path, so ``reverse()`` neither searches nor matches.
As in Django: https://docs.djangoproject.com/en/stable/ref/urlresolvers/#reverse
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.datastructures import ImmutableMultiDict, URLPath

from ..exceptions import NoReverseMatch
from ..request import current_scope
from ..text import did_you_mean
from .flatten import FlatRoute
from .url_pattern import SAFE_IN_PATH, UrlPattern, url_patterns

if TYPE_CHECKING:
    from ..application import Raystack

Query = Mapping[str, Any]

ROOT_PATH_KEY = "raystack.root_path"
"""Where the router keeps the application's own ``root_path``: a mount replaces ``root_path``."""


def reverse(
    name: str,
    params: Mapping[str, Any] | None = None,
    /,
    *,
    query: Query | None = None,
    fragment: str | None = None,
    **path_params: Any,
) -> str:
    """Return the url of the route ``name`` in the active application.

    Args:
        name: The route's name, with its namespaces: ``"blog:detail"``.
        params: Path parameters as a mapping, for those named like an argument of this function.
        query: What to add as a query string; a list gives its key several times.
        fragment: What to add after ``#``.
        path_params: Path parameters.

    Returns:
        The path, percent-encoded and with the ``root_path`` at which the application is served.
        A route of a ``Host`` begins with ``//`` and the host instead.

    Raises:
        NoReverseMatch: No route has that name, or the parameters do not fit it.
    """
    application = _get_application()()
    application.build()
    if params:
        path_params.update(params)
    try:
        url = application.router.reverser.url(name, path_params, query=query, fragment=fragment)
    except NoReverseMatch as error:
        if application.is_being_built:
            raise NoReverseMatch(
                f"{error}\n  The application is still being built: call reverse() in a function "
                f"that answers a request, not while its module is imported."
            ) from None
        raise
    return url if url.startswith("//") else _root_path(application.root_path) + url


@functools.cache
def _get_application() -> "Callable[[], Raystack]":
    from ..application import get_application  # which imports this module

    return get_application


def _root_path(default: str) -> str:
    """Return the path at which the application is served; outside of a request ``default``."""
    scope = current_scope()
    if scope is None:
        return default.rstrip("/")
    root: str = scope.get(ROOT_PATH_KEY, scope.get("root_path", ""))
    return root.rstrip("/")


class Reverser:
    """The names of an application.

    Args:
        routes: The application's flat routes, in declaration order.
    """

    def __init__(self, routes: Iterable[FlatRoute]) -> None:
        self._by_name: dict[str, list[UrlPattern]] = {}
        for flat in routes:
            for name, pattern in url_patterns(flat):
                self._by_name.setdefault(name, []).append(pattern)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def url(
        self,
        name: str,
        params: Mapping[str, Any],
        *,
        query: Query | None = None,
        fragment: str | None = None,
    ) -> str:
        """Return the url of ``name``: see :func:`reverse`."""
        url = self._path(name, params)
        if query is not None:
            url += _query_string(query)
        if fragment is not None:
            url += "#" + quote(fragment, safe=SAFE_IN_PATH + "?")
        return url

    def url_path_for(self, name: str, params: Mapping[str, Any]) -> URLPath | None:
        """Return what Starlette's ``url_path_for`` returns, or ``None`` for an unknown name."""
        for pattern in self._by_name.get(name, ()):
            if pattern.parameters == params.keys():
                url: URLPath = pattern.maker.url_path_for(name, **params)
                return url
        return None

    def _path(self, name: str, params: Mapping[str, Any]) -> str:
        misfit: tuple[str, UrlPattern] | None = None
        for pattern in self._by_name.get(name, ()):
            if pattern.parameters == params.keys():
                try:
                    url = pattern.fill(params)
                except ValueError as error:
                    misfit = misfit or (str(error), pattern)
                else:
                    # "//" at the beginning would name a host; Django escapes it the same way.
                    is_host_like = url.startswith("//") and not pattern.path.startswith("//")
                    return "/%2F" + url[2:] if is_host_like else url
        if misfit is not None:
            parameter, pattern = misfit
            raise NoReverseMatch(_misfit_message(name, parameter, pattern, params))
        raise NoReverseMatch(self._no_match_message(name, params))

    def _no_match_message(self, name: str, params: Mapping[str, Any]) -> str:
        patterns = self._by_name.get(name)
        if patterns is None:
            hint = did_you_mean(name, self._by_name) or " `raystack routes` lists them all."
            return f'reverse("{name}"): no route has this name.{hint}'
        given = ", ".join(sorted(params)) or "none"
        expected = "".join(
            f"\n  Expected for {pattern.path}: {', '.join(sorted(pattern.parameters)) or 'none'}."
            for pattern in patterns
        )
        return f'reverse("{name}"): wrong parameters. Given: {given}.{expected}'


def _misfit_message(
    name: str, parameter: str, pattern: UrlPattern, params: Mapping[str, Any]
) -> str:
    # The value itself may be a secret: a password reset token is a path parameter.
    kind = type(params[parameter]).__name__
    return (
        f'reverse("{name}"): the value given for "{parameter}" (of type {kind}) does not fit '
        f"{pattern.path}.\n  Expected something that matches {pattern.expression_of(parameter)}"
    )


def _query_string(query: Query) -> str:
    pairs: Any = query.multi_items() if isinstance(query, ImmutableMultiDict) else query
    if any(value is None for value in query.values()):
        raise NoReverseMatch(
            "reverse(query=...): None cannot stand in a query string. Leave the key out, or give "
            "an empty string."
        )
    encoded = urlencode(pairs, doseq=True)
    return f"?{encoded}" if encoded else ""
