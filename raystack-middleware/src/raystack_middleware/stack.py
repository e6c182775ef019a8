"""The middleware that this distribution contributes, with its order and options."""

from collections.abc import Sequence

from raystack import Middleware, Settings

from .hosts import AllowedHostsMiddleware
from .request_id import RequestIdMiddleware
from .security_headers import SecurityHeadersMiddleware
from .sessions import SessionMiddleware
from .sessions.cookies import SignedCookies
from .settings import MiddlewareSettings


def contributed(settings: Settings) -> Sequence[Middleware]:
    """List the middleware for these settings.

    A refused host still gets its security headers and its id, so those two come first.
    """
    section = settings.section(MiddlewareSettings)
    debug: bool = settings.DEBUG
    return [
        Middleware("request_id", RequestIdMiddleware, layer="outer"),
        Middleware(
            "security_headers",
            SecurityHeadersMiddleware,
            {"settings": section, "debug": debug},
            layer="outer",
            after={"request_id"},
        ),
        Middleware(
            "hosts",
            AllowedHostsMiddleware,
            {"allowed": settings.ALLOWED_HOSTS, "debug": debug},
            layer="outer",
            after={"security_headers"},
        ),
        Middleware(
            "sessions",
            SessionMiddleware,
            {
                "settings": section,
                "cookies": signed_cookies(settings),
                "secure": is_secure(settings),
            },
        ),
    ]


def is_secure(settings: Settings) -> bool:
    """Say whether session cookies are for https only."""
    chosen = settings.section(MiddlewareSettings).SESSION_COOKIE_SECURE
    return not settings.DEBUG if chosen is None else chosen


def signed_cookies(settings: Settings) -> SignedCookies:
    """Return the cookies' reader and writer; it asks for the secret key when it needs it."""
    section = settings.section(MiddlewareSettings)

    def keys() -> list[str]:
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return [secret.get_secret_value() for secret in secrets]

    return SignedCookies(
        keys, idle_s=section.SESSION_COOKIE_AGE, absolute_s=section.SESSION_ABSOLUTE_AGE
    )
