"""``TRUSTED_PROXIES``: whose ``X-Forwarded-*`` headers say who the client is."""

from collections.abc import Sequence

from starlette.types import ASGIApp

from .exceptions import ImproperlyConfigured


def believe_proxies(app: ASGIApp, trusted: Sequence[str]) -> ASGIApp:
    """Let ``X-Forwarded-For`` and ``X-Forwarded-Proto`` of trusted peers set client and scheme.

    Args:
        app: The application.
        trusted: Addresses and networks; none leaves the headers without any effect.

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
    return ProxyHeadersMiddleware(app, trusted_hosts=list(trusted))  # type: ignore[return-value,arg-type]  # uvicorn's own ASGI types
