"""``TRUSTED_PROXIES``: whose ``X-Forwarded-*`` headers say who the client is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING

from .exceptions import ImproperlyConfigured

if TYPE_CHECKING:  # the settings import this module, and commands do without Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

ANYBODY = "*"
UNIX = "unix"
"""Whoever connects to the Unix socket that the server listens on, and has no address."""


def valid_proxy(entry: str) -> str:
    """Return an entry of ``TRUSTED_PROXIES``, made sure of.

    uvicorn takes an entry that it cannot read for a name that no peer has, and says nothing.

    Raises:
        ValueError: It is neither an address or network nor one of the two words.
    """
    if entry not in {ANYBODY, UNIX}:
        try:
            ip_network(entry)
        except ValueError:
            raise ValueError(
                "should be an address, a network such as 10.0.0.0/8 with no bit set after its "
                'prefix, or "unix" for the peers of a Unix socket'
            ) from None
    return entry


def holds_every_address(trusted: Iterable[str]) -> bool:
    """Say whether the entries hold every address there is of a family, in one network or in many.

    Args:
        trusted: Valid entries of ``TRUSTED_PROXIES``.
    """
    networks = [ip_network(entry) for entry in trusted if entry not in {ANYBODY, UNIX}]
    fours = [each for each in networks if isinstance(each, IPv4Network)]
    sixes = [each for each in networks if isinstance(each, IPv6Network)]
    return any(each.prefixlen == 0 for each in collapse_addresses(fours)) or any(
        each.prefixlen == 0 for each in collapse_addresses(sixes)
    )


def believe_proxies(app: ASGIApp, trusted: Sequence[str]) -> ASGIApp:
    """Let ``X-Forwarded-For`` and ``X-Forwarded-Proto`` of trusted peers set client and scheme.

    Args:
        app: The application.
        trusted: Valid entries of ``TRUSTED_PROXIES``; none leaves the headers without any effect.

    Raises:
        ImproperlyConfigured: uvicorn, whose middleware does it, is not installed.
    """
    if not trusted:
        return app
    try:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
    except ImportError as error:
        raise ImproperlyConfigured(
            "TRUSTED_PROXIES needs uvicorn: pip install 'raystack-core[server]'"
        ) from error
    hosts = ANYBODY if ANYBODY in trusted else list(trusted)
    believing: ASGIApp = ProxyHeadersMiddleware(app, trusted_hosts=hosts)  # type: ignore[assignment,arg-type]  # uvicorn's own ASGI types
    return _NamedUnixPeers(believing) if UNIX in trusted else believing


class _NamedUnixPeers:
    """Gives the peers of a Unix socket the name that ``TRUSTED_PROXIES`` has for them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and _came_by_unix_socket(scope):
            scope["client"] = (UNIX, 0)
        await self.app(scope, receive, send)


def _came_by_unix_socket(scope: Scope) -> bool:
    """Read it off the scope: the server's address is a path without a port.

    That there is no client is not enough, for a TCP peer that has left has no address either.
    """
    server = scope.get("server")
    return scope.get("client") is None and server is not None and server[1] is None
