"""Security headers: on every response, errors, static files and streams included.

A header that a response brings itself is left as it is, which is how one page gets another policy
than the site's.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .csp import DEBUG_PAGE, DOCS_PAGES, NonceState, Policy
from .settings import MiddlewareSettings

Header = tuple[bytes, bytes]

CSP_HEADER = b"content-security-policy"
REPORT_ONLY_HEADER = b"content-security-policy-report-only"


class SecurityHeadersMiddleware:
    """Adds the headers that tell a browser what a page may do.

    Args:
        app: The application inside.
        settings: The section with the ``SECURE_*`` settings.
        debug: True leaves out HSTS and lets the traceback page have its styles.
    """

    def __init__(self, app: ASGIApp, settings: MiddlewareSettings, *, debug: bool = False) -> None:
        self.app = app
        self._debug = debug
        self._fixed = list(_fixed_headers(settings))
        self._fixed_https = [*self._fixed, *(() if debug else _hsts(settings))]
        self._policy = Policy(settings.SECURE_CSP) if settings.SECURE_CSP else None
        report_only = settings.SECURE_CSP_REPORT_ONLY
        self._report_only = Policy(report_only) if report_only else None
        policies = [policy for policy in (self._policy, self._report_only) if policy]
        self._takes_nonce = any(policy.takes_nonce for policy in policies)
        self._docs_pages: frozenset[str] | None = None
        self._docs = Policy(DOCS_PAGES).value(None)
        self._traceback = Policy(DEBUG_PAGE).value(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; WebSockets and lifespans pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.get("state")
        if self._takes_nonce:
            state = scope["state"] = NonceState(state or ())

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._headers(scope, state, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _headers(
        self, scope: Scope, state: dict[str, object] | None, message: Message
    ) -> list[Header]:
        headers: list[Header] = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}
        added = self._fixed_https if scope["scheme"] == "https" else self._fixed
        if present.isdisjoint(name for name, _ in added):
            headers += added
        else:
            headers += [header for header in added if header[0] not in present]
        nonce = None
        if isinstance(state, NonceState):
            state.started = True
            nonce = state.get("csp_nonce")
        if self._policy is not None and CSP_HEADER not in present:
            status = message["status"]
            headers.append((CSP_HEADER, self._special(scope, status) or self._policy.value(nonce)))
        if self._report_only is not None and REPORT_ONLY_HEADER not in present:
            headers.append((REPORT_ONLY_HEADER, self._report_only.value(nonce)))
        return headers

    def _special(self, scope: Scope, status: int) -> bytes | None:
        """Return the policy of a page that the framework's own libraries have written."""
        if self._docs_pages is None:
            self._docs_pages = _docs_pages(scope.get("app"))
        if scope["path"] in self._docs_pages:
            return self._docs
        return self._traceback if status == 500 and self._debug else None


def _fixed_headers(settings: MiddlewareSettings) -> Iterable[Header]:
    if settings.SECURE_CONTENT_TYPE_NOSNIFF:
        yield b"x-content-type-options", b"nosniff"
    if settings.X_FRAME_OPTIONS is not None:
        yield b"x-frame-options", settings.X_FRAME_OPTIONS.encode()
    if settings.SECURE_REFERRER_POLICY is not None:
        yield b"referrer-policy", settings.SECURE_REFERRER_POLICY.encode()
    if settings.SECURE_CROSS_ORIGIN_OPENER_POLICY is not None:
        policy = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        yield b"cross-origin-opener-policy", policy.encode()


def _hsts(settings: MiddlewareSettings) -> Iterable[Header]:
    if not settings.SECURE_HSTS_SECONDS:
        return
    value = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        value += "; includeSubDomains"
    if settings.SECURE_HSTS_PRELOAD:
        value += "; preload"
    yield b"strict-transport-security", value.encode()


def _docs_pages(app: object) -> frozenset[str]:
    """Name the paths of FastAPI's documentation pages, as requests for them have it."""
    root = getattr(app, "root_path", "").rstrip("/")
    urls = (getattr(app, name, None) for name in ("docs_url", "redoc_url"))
    return frozenset(path for url in urls if url for path in (url, root + url))
