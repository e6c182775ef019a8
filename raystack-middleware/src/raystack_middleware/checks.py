"""middleware.*: hosts that can never match, and settings that are risky in production."""

from collections.abc import Iterator

from raystack import CheckMessage, Level, Settings

from .csp import CSP
from .hosts import HOST
from .settings import MiddlewareSettings
from .stack import is_secure

OURS = ("request_id", "security_headers", "hosts", "sessions")


def check_hosts(settings: Settings) -> Iterator[CheckMessage]:
    """Report entries of ``ALLOWED_HOSTS`` that no ``Host`` header equals."""
    for host in settings.ALLOWED_HOSTS:
        match = HOST.fullmatch(host.encode("utf-8", "replace"))
        if host != "*" and (match is None or match[1] != host.encode()):
            yield CheckMessage(
                Level.WARNING,
                f"ALLOWED_HOSTS lists {host!r}, which no request is for.",
                'List names alone, as "example.com" or, with its subdomains, ".example.com".',
                "settings",
                "middleware.W001",
            )


def check_sessions(settings: Settings) -> Iterator[CheckMessage]:
    """Report that there is no key to sign session cookies with."""
    if settings.describe("SECRET_KEY").value is None and "-sessions" not in settings.MIDDLEWARE:
        yield _warning(
            12,
            "SECRET_KEY is not set: the first request that uses its session fails.",
            'Set RAYSTACK_SECRET_KEY, or turn sessions off with MIDDLEWARE = ["-sessions"].',
        )


def check_deployment(settings: Settings) -> Iterator[CheckMessage]:
    """Report what is less safe than the defaults are."""
    section = settings.section(MiddlewareSettings)
    for name in OURS:
        if f"-{name}" in settings.MIDDLEWARE:
            yield _warning(2, f'MIDDLEWARE turns off "{name}".', f'Remove "-{name}" from it.')
    yield from _session_findings(settings, section)
    yield from _header_findings(section)
    yield from _policy_findings(section.SECURE_CSP)


def _session_findings(settings: Settings, section: MiddlewareSettings) -> Iterator[CheckMessage]:
    if not is_secure(settings):
        follows_debug = section.SESSION_COOKIE_SECURE is None
        yield _warning(
            3,
            "SESSION_COOKIE_SECURE is off: session cookies travel unencrypted over http.",
            "Turn DEBUG off, which it follows."
            if follows_debug
            else "Serve the site over https and remove the setting.",
        )
    if section.SESSION_COOKIE_SAMESITE == "None":
        yield _warning(
            4,
            'SESSION_COOKIE_SAMESITE is "None": any site can make requests as the visitor.',
            'Set it to "Lax".',
        )


def _header_findings(section: MiddlewareSettings) -> Iterator[CheckMessage]:
    if not section.SECURE_HSTS_SECONDS:
        yield _warning(
            5,
            "SECURE_HSTS_SECONDS is 0: a visitor's first request may go over http.",
            "Set it to 3600 and, once nothing is missed, to a year: 31536000.",
        )
    if not section.SECURE_CONTENT_TYPE_NOSNIFF:
        yield _warning(
            6,
            "SECURE_CONTENT_TYPE_NOSNIFF is off: a browser may run an upload as a script.",
            "Remove the setting.",
        )
    if section.X_FRAME_OPTIONS is None and "frame-ancestors" not in section.SECURE_CSP:
        yield _warning(
            7,
            "Nothing says who may show the site in a frame: clicks can be stolen.",
            'Set X_FRAME_OPTIONS = "DENY", or "frame-ancestors" in SECURE_CSP.',
        )
    if section.SECURE_REFERRER_POLICY in (None, "unsafe-url"):
        yield _warning(
            8,
            "SECURE_REFERRER_POLICY lets other sites see the addresses of pages.",
            'Set it to "same-origin".',
        )
    if section.SECURE_CROSS_ORIGIN_OPENER_POLICY in (None, "unsafe-none"):
        yield _warning(
            9,
            "SECURE_CROSS_ORIGIN_OPENER_POLICY lets other sites' windows reach into the site's.",
            'Set it to "same-origin".',
        )


def _policy_findings(policy: dict[str, list[str]]) -> Iterator[CheckMessage]:
    if not policy:
        yield _warning(
            10,
            "SECURE_CSP is empty: an injected script would run.",
            "Remove the setting, or list what the pages need.",
        )
    scripts = policy.get("script-src", policy.get("default-src", [CSP.UNSAFE_INLINE]))
    for source in (CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL, "*"):
        if policy and source in scripts:
            yield _warning(
                11,
                f"SECURE_CSP allows scripts from {source}: an injected script could run.",
                'Use "\'nonce\'" and <script nonce="{{ csp_nonce }}"> instead.',
            )


def _warning(number: int, message: str, hint: str) -> CheckMessage:
    return CheckMessage(Level.WARNING, message, hint, "settings", f"middleware.W{number:03}")
