"""Allowed hosts: a request is answered only under a name that the site is known by.

A ``Host`` header is the client's word. Links, redirects and caches that believe it can be turned
against visitors; see
https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation.
"""

import logging
import re
from collections.abc import Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger("raystack.security")

# A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port.
HOST = re.compile(rb"([a-z0-9.-]+|\[[0-9a-f]*:[0-9a-f.:]+\])(?::[0-9]{1,5})?", re.IGNORECASE)
MAX_LENGTH = 255
MAX_REMEMBERED = 256

# "testserver" is what Starlette's and Django's test clients call themselves.
DEBUG_HOSTS = ("localhost", ".localhost", "127.0.0.1", "[::1]", "testserver")


class AllowedHostsMiddleware:
    """Answers 400 to a request whose ``Host`` is not one of the site's.

    Args:
        app: The application inside.
        allowed: Names; ``".example.com"`` is the domain with its subdomains, ``"*"`` is any.
        debug: True allows this machine's names where ``allowed`` is empty.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str], *, debug: bool = False) -> None:
        self.app = app
        names = [name.lower() for name in (allowed or (DEBUG_HOSTS if debug else ()))]
        self._any = "*" in names
        self._exact = {name.removeprefix(".") for name in names}
        self._domains = tuple(name for name in names if name.startswith("."))
        self._empty = not names
        self._remembered: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) == 1 and (hosts[0] in self._remembered or self._is_allowed(hosts[0])):
            await self.app(scope, receive, send)
            return
        self._log(hosts)
        await _refuse(scope, receive, send)

    def _is_allowed(self, header: bytes) -> bool:
        match = HOST.fullmatch(header) if len(header) <= MAX_LENGTH else None
        if match is None:
            return False
        host = match[1].decode().lower().removesuffix(".")
        if not (self._any or host in self._exact or host.endswith(self._domains)):
            return False
        if len(self._remembered) < MAX_REMEMBERED:  # a domain has any number of subdomains
            self._remembered.add(header)
        return True

    def _log(self, hosts: list[bytes]) -> None:
        if self._empty:
            reason = "ALLOWED_HOSTS is empty, so no host is allowed. List the site's names in it."
        elif len(hosts) == 1:
            reason = "It is not in ALLOWED_HOSTS."
        else:
            reason = f"A request has one Host header, this one has {len(hosts)}."
        shown = ", ".join(repr(host[:MAX_LENGTH].decode("latin-1")) for host in hosts[:2])
        logger.warning("Refused a request for the host %s: %s", shown or "(none)", reason)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    response = PlainTextResponse("Bad request: this host is not served here.\n", status_code=400)
    await response(scope, receive, send)
