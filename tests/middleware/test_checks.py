"""raystack check: this distribution's part of ST-02, and hosts that never match."""

from collections.abc import Callable
from typing import Any

from raystack import Raystack
from raystack.checks.run import run_checks

MakeApp = Callable[..., Raystack]


def found(make_app: MakeApp, **settings: Any) -> list[str]:
    """List the ids that ``raystack check --deploy`` reports for this distribution."""
    kernel = make_app(**settings).kernel
    messages = run_checks(kernel, deploy=True)
    assert all(message.hint for message in messages)
    return [m.id for m in messages if m.id.startswith("middleware.")]


def test_the_defaults_are_safe(make_app: MakeApp) -> None:
    assert found(make_app) == []


def test_st_02_every_planted_setting_is_found(make_app: MakeApp) -> None:
    planted: dict[str, dict[str, Any]] = {
        "middleware.W001": {"ALLOWED_HOSTS": ["https://example.com"]},
        "middleware.W002": {"MIDDLEWARE": ["-security_headers"]},
        "middleware.W003": {"SESSION_COOKIE_SECURE": False},
        "middleware.W004": {"SESSION_COOKIE_SAMESITE": "None"},
        "middleware.W005": {"SECURE_HSTS_SECONDS": 0},
        "middleware.W006": {"SECURE_CONTENT_TYPE_NOSNIFF": False},
        "middleware.W007": {"X_FRAME_OPTIONS": None, "SECURE_CSP": {"default-src": ["'self'"]}},
        "middleware.W008": {"SECURE_REFERRER_POLICY": "unsafe-url"},
        "middleware.W009": {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"},
        "middleware.W010": {"SECURE_CSP": {}},
        "middleware.W011": {"SECURE_CSP": {"script-src": ["'unsafe-inline'"]}},
    }

    assert {check: found(make_app, **settings) for check, settings in planted.items()} == {
        check: [check] for check in planted
    }


def test_hosts_that_never_match_are_found_without_deploy(make_app: MakeApp) -> None:
    app = make_app(ALLOWED_HOSTS=["*", ".ok.example", "*.example.com", "example.com:80", "[::1]"])

    messages = [m.message for m in run_checks(app.kernel) if m.id == "middleware.W001"]

    assert messages == [
        "ALLOWED_HOSTS lists '*.example.com', which no request is for.",
        "ALLOWED_HOSTS lists 'example.com:80', which no request is for.",
    ]


def test_sessions_without_a_key_to_sign_them_are_found_without_deploy(make_app: MakeApp) -> None:
    """Nothing reads the key before the first session: a start would not tell."""

    def messages(**settings: Any) -> list[str]:
        found = run_checks(make_app(SECRET_KEY=None, **settings).kernel)
        return [message.message for message in found if message.id == "middleware.W012"]

    assert messages() == ["SECRET_KEY is not set: the first request that uses its session fails."]
    assert messages(MIDDLEWARE=["-sessions"]) == []
