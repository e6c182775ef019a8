"""Putting a session on the request, and its cookie on the response."""

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..settings import MiddlewareSettings
from .cookies import SignedCookies
from .session import Session, SessionData

STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})


class SessionMiddleware:
    """Gives requests and WebSockets their ``request.session``.

    What is changed after the response has started is lost: the cookie has gone out with it.

    Args:
        app: The application inside.
        settings: The section with the ``SESSION_*`` settings.
        cookies: Reads and writes sessions.
        secure: Whether the cookie is for https only.
    """

    def __init__(
        self, app: ASGIApp, settings: MiddlewareSettings, cookies: SignedCookies, *, secure: bool
    ) -> None:
        self.app = app
        self._cookies = cookies
        self._name = cookie_name(settings, secure=secure)
        attributes = [f"Path={settings.SESSION_COOKIE_PATH}", "HttpOnly"]
        attributes.append(f"SameSite={settings.SESSION_COOKIE_SAMESITE}")
        if settings.SESSION_COOKIE_DOMAIN is not None:
            attributes.append(f"Domain={settings.SESSION_COOKIE_DOMAIN}")
        if secure:
            attributes.append("Secure")
        self._attributes = "; ".join(attributes)
        self._max_age = settings.SESSION_COOKIE_AGE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        session = scope["session"] = Session(lambda: self._load(scope))

        async def send_with_cookie(message: Message) -> None:
            if session.accessed and message["type"] in STARTS:
                self._write(session, scope, message)
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    def _load(self, scope: Scope) -> SessionData:
        text = HTTPConnection(scope).cookies.get(self._name)
        return SessionData() if text is None else self._cookies.loads(text)

    def _write(self, session: Session, scope: Scope, message: Message) -> None:
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        headers.add_vary_header("Cookie")
        if not session.modified:
            return
        if session:
            text, age = self._cookies.dumps(session.data), self._max_age
        elif self._name in HTTPConnection(scope).cookies:
            text, age = "", 0
        else:
            return
        headers.append("Set-Cookie", f"{self._name}={text}; Max-Age={age}; {self._attributes}")


def cookie_name(settings: MiddlewareSettings, *, secure: bool) -> str:
    """Return the cookie's whole name.

    With the prefix ``__Host-`` a browser takes the cookie only from this very host over https, so
    that a subdomain cannot plant one: RFC 6265bis, section 4.1.3.
    """
    if not secure:
        return settings.SESSION_COOKIE_NAME
    is_host_alone = settings.SESSION_COOKIE_DOMAIN is None and settings.SESSION_COOKIE_PATH == "/"
    return ("__Host-" if is_host_alone else "__Secure-") + settings.SESSION_COOKIE_NAME
