"""The address of a static file: the function ``static()`` and the tag ``{% static %}``."""

from collections.abc import Callable
from urllib.parse import quote

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from ..request import served_request

# What a path may contain as it is: RFC 3986, section 3.3.
SAFE_IN_PATH = "/~!$&'()*+,;=:@"


def static_function(base: str) -> Callable[[str], str]:
    """Make the template function ``static``.

    Args:
        base: The setting ``STATIC_URL``.
    """

    def static(path: str) -> str:
        """Return the address of a static file.

        Args:
            path: Its path below a folder ``static/``: ``"css/style.css"``.

        Raises:
            ValueError: The path starts with a slash, so it is an address already.
        """
        if path.startswith("/"):
            raise ValueError(f"static({path!r}): the path of a static file starts without a slash.")
        return _root_path(base) + base + quote(path, safe=SAFE_IN_PATH)

    return static


def _root_path(base: str) -> str:
    """Return what the server puts before every path of the application (``--root-path``)."""
    request = served_request()
    if request is None or not base.startswith("/"):
        return ""
    # Inside of a mounted application, `root_path` has its path as well.
    scope = request.scope
    return str(scope.get("app_root_path", scope.get("root_path", ""))).rstrip("/")


class StaticTag(Extension):
    """``{% static "css/style.css" %}``, with any expression, as in Django."""

    tags = {"static"}  # noqa: RUF012 - Jinja2 declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the tag into the output of a call, which is escaped like any other."""
        line = next(parser.stream).lineno
        path = parser.parse_expression()
        return nodes.Output([self.call_method("_static", [path])]).set_lineno(line)

    def _static(self, path: str) -> str:
        url: str = self.environment.globals["static"](path)  # type: ignore[operator]  # the function above
        return url
