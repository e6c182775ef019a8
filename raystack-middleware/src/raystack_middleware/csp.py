"""Content Security Policy: the header's value, with a nonce where a page has used one.

The names are Django's: https://docs.djangoproject.com/en/stable/ref/csp/.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from raystack import RaystackError

DIRECTIVE = re.compile(r"[a-z][a-z-]*")
SOURCE = re.compile(r"[!-+\--:<-~]+")  # printable ASCII without space, comma and semicolon


class CSP(StrEnum):
    """Source expressions for the setting ``SECURE_CSP``; hosts and schemes are plain strings."""

    NONE = "'none'"
    SELF = "'self'"
    NONCE = "'nonce'"
    """The nonce of this response: ``<script nonce="{{ csp_nonce }}">`` in a template."""
    STRICT_DYNAMIC = "'strict-dynamic'"
    UNSAFE_EVAL = "'unsafe-eval'"
    UNSAFE_INLINE = "'unsafe-inline'"
    WASM_UNSAFE_EVAL = "'wasm-unsafe-eval'"


Directives = Mapping[str, Sequence[str]]

# FastAPI's pages at /docs and /redoc bring an inline script and their code from a CDN.
DOCS_PAGES: Directives = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, "https://cdn.jsdelivr.net"],
    "style-src": [
        CSP.SELF,
        CSP.UNSAFE_INLINE,
        "https://cdn.jsdelivr.net",
        "https://fonts.googleapis.com",
    ],
    "font-src": [CSP.SELF, "https://fonts.gstatic.com"],
    "img-src": [CSP.SELF, "data:", "https:"],
    "worker-src": ["blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Starlette's traceback page, shown only with DEBUG, has its styles and one script inline.
DEBUG_PAGE: Directives = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "script-src": [CSP.UNSAFE_INLINE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


class Policy:
    """A policy, rendered once but for the nonce.

    Args:
        directives: Directive names with their sources.
    """

    def __init__(self, directives: Directives) -> None:
        with_mark = [_directive(name, sources) for name, sources in directives.items()]
        without = [
            _directive(name, [source for source in sources if source != CSP.NONCE] or [CSP.NONE])
            if sources
            else name
            for name, sources in directives.items()
        ]
        self._plain = "; ".join(without).encode("ascii")
        self._pieces = "; ".join(with_mark).encode("ascii").split(CSP.NONCE.encode())

    @property
    def takes_nonce(self) -> bool:
        """Whether a page may use a nonce."""
        return len(self._pieces) > 1

    def value(self, nonce: str | None) -> bytes:
        """Return the header's value for a page that used this nonce, or none."""
        if nonce is None or not self.takes_nonce:
            return self._plain
        return (b"'nonce-" + nonce.encode("ascii") + b"'").join(self._pieces)


def _directive(name: str, sources: Sequence[str]) -> str:
    return " ".join([name, *sources])


def check_directives(directives: Directives) -> None:
    """Refuse what would be another header, or another directive, than it seems.

    Raises:
        ValueError: A name or a source has a character that has no place in it.
    """
    for name, sources in directives.items():
        if not DIRECTIVE.fullmatch(name):
            raise ValueError(f"has {name!r}, which is no directive such as 'script-src'")
        for source in sources:
            if not SOURCE.fullmatch(source):
                raise ValueError(
                    f"has the source {source!r} in {name}: a source has no space, comma, "
                    f"semicolon or line break; list several as several"
                )


class NonceState(dict[str, Any]):
    """``scope["state"]`` in which ``csp_nonce`` comes to be when it is first read.

    So a page that uses no nonce pays for none, and stays the same from response to response.
    """

    started = False

    def __missing__(self, key: str) -> str:
        if key != "csp_nonce":
            raise KeyError(key)
        if self.started:
            raise RaystackError(
                "csp_nonce was first read after the response had started, too late for the "
                "Content-Security-Policy header. Read request.state.csp_nonce before."
            )
        nonce = token_urlsafe(16)
        self[key] = nonce
        return nonce


class CurrentNonce:
    """The template variable ``csp_nonce``: the nonce of the request that is being served.

    It is empty under a policy that takes none, so that pages need not know of the policy.
    """

    def __str__(self) -> str:
        from raystack import current_request

        return str(getattr(current_request().state, "csp_nonce", ""))

    __html__ = __str__  # letters, digits, "-" and "_": nothing to escape
