"""Security headers on every response: HD-03 of the attack cases."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi import HTTPException, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Kernel, Raystack, RaystackError, SettingsError, use_kernel
from raystack_templates import render_template

MakeApp = Callable[..., Raystack]
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
STRICT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def site(make_app: MakeApp, **settings: Any) -> Raystack:
    """Build an application with a page of every kind."""
    app = make_app(**settings)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    def fail() -> None:
        raise RuntimeError("broken")

    def forbid() -> None:
        raise HTTPException(403)

    app.get("/ok")(lambda: "ok")
    app.get("/redirect")(lambda: RedirectResponse("/ok"))
    app.get("/unchanged")(lambda: Response(status_code=304))
    app.get("/stream")(lambda: StreamingResponse(pieces()))
    app.get("/file")(lambda: FileResponse(__file__))
    app.get("/forbidden")(forbid)
    app.get("/broken")(fail)
    return app


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ok", 200),
        ("/redirect", 307),
        ("/unchanged", 304),
        ("/stream", 200),
        ("/file", 200),
        ("/forbidden", 403),
        ("/missing", 404),
        ("/broken", 500),
    ],
)
def test_hd_03_every_response_has_them(
    make_app: MakeApp,
    client: Callable[..., TestClient],
    path: str,
    status: int,
    debug: bool,
) -> None:
    response = client(site(make_app, DEBUG=debug), follow_redirects=False).get(path)

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_hd_03_a_refused_host_and_a_wrong_method_have_them(
    make_app: MakeApp,
) -> None:
    app = site(make_app)

    refused = TestClient(app, base_url="http://evil").get("/ok")
    not_allowed = TestClient(app).post("/ok")

    assert (refused.status_code, not_allowed.status_code) == (400, 405)
    for response in (refused, not_allowed):
        assert response.headers["content-security-policy"] == STRICT
        assert response.headers["x-content-type-options"] == "nosniff"


def test_a_page_without_a_nonce_gets_the_policy_without_one(
    make_app: MakeApp,
) -> None:
    assert TestClient(site(make_app)).get("/ok").headers["content-security-policy"] == STRICT


def test_a_nonce_that_a_page_used_is_in_its_policy(make_app: MakeApp) -> None:
    """It is new for each response and made when it is first read."""
    app = make_app()

    @app.get("/")
    async def index(request: Request) -> str:
        assert request.state.csp_nonce == request.state.csp_nonce
        return str(request.state.csp_nonce)

    client = TestClient(app)
    first, second = client.get("/"), client.get("/")

    assert re.fullmatch(r"[\w-]{22}", first.json())
    assert f"script-src 'self' 'nonce-{first.json()}';" in first.headers["content-security-policy"]
    assert f"style-src 'self' 'nonce-{first.json()}';" in first.headers["content-security-policy"]
    assert first.json() != second.json()


@pytest.fixture
def page(workshop: Workshop) -> Iterator[Callable[..., Any]]:
    """Request a page whose template shows the nonce; both distributions are installed."""
    workshop.project(settings="DEBUG = True")
    workshop.write("templates/page.html", '<script nonce="{{ csp_nonce }}">')
    with ExitStack() as stack:

        def get(**settings: Any) -> Any:
            kernel = Kernel(settings={"PLUGINS": ["middleware", "templates"], **settings})
            stack.enter_context(use_kernel(kernel))
            app = Raystack(kernel)
            app.get("/")(lambda: render_template("page.html"))
            return TestClient(app).get("/")

        yield get


def test_a_template_writes_the_nonce_as_a_variable(page: Callable[..., Any]) -> None:
    """Neither distribution imports the other: the variable comes through a template hook."""
    response = page()

    nonce = response.text.removeprefix('<script nonce="').removesuffix('">')
    assert f"script-src 'self' 'nonce-{nonce}';" in response.headers["content-security-policy"]


@pytest.mark.parametrize("settings", [{"SECURE_CSP": {}}, {"MIDDLEWARE": ["-security_headers"]}])
def test_a_template_need_not_know_whether_the_policy_takes_a_nonce(
    page: Callable[..., Any], settings: dict[str, Any]
) -> None:
    assert page(**settings).text == '<script nonce="">'


def test_a_nonce_that_comes_too_late_for_the_header_is_an_error(
    make_app: MakeApp,
) -> None:
    app = make_app()

    @app.get("/")
    async def index(request: Request) -> StreamingResponse:
        async def page() -> AsyncIterator[str]:
            yield "<!doctype html>"
            yield request.state.csp_nonce

        return StreamingResponse(page())

    with pytest.raises(RaystackError) as raised:
        TestClient(app).get("/")
    assert str(raised.value) == (
        "csp_nonce was first read after the response had started, too late for the "
        "Content-Security-Policy header. Read request.state.csp_nonce before."
    )


def test_a_response_keeps_its_own_header(make_app: MakeApp) -> None:
    """That is how one page gets another policy than the site's."""
    app = make_app()
    own = {"Content-Security-Policy": "default-src *", "X-Frame-Options": "SAMEORIGIN"}
    app.get("/")(lambda: PlainTextResponse("ok", headers=own))

    response = TestClient(app).get("/")

    assert response.headers.get_list("content-security-policy") == ["default-src *"]
    assert response.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_api_docs_get_a_policy_that_lets_them_work(make_app: MakeApp) -> None:
    """Their scripts come from a CDN, and one stands in the page."""
    app = site(make_app, DEBUG=True)
    client = TestClient(app)

    docs = client.get("/docs").headers["content-security-policy"]

    assert "script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net;" in docs
    assert client.get("/redoc").headers["content-security-policy"] == docs
    assert client.get("/openapi.json").headers["content-security-policy"] == STRICT


def test_the_traceback_page_of_debug_keeps_its_styles(
    make_app: MakeApp, client: Callable[..., TestClient]
) -> None:
    app = site(make_app, DEBUG=True)

    @app.get("/own")
    async def own() -> HTMLResponse:
        return HTMLResponse("own", status_code=503)

    policy = client(app).get("/broken").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert client(app).get("/own").headers["content-security-policy"] == STRICT


def test_hsts_is_sent_over_https_in_production_alone(make_app: MakeApp) -> None:
    def sent(scheme: str, **settings: Any) -> str | None:
        client = TestClient(site(make_app, **settings), base_url=f"{scheme}://testserver")
        return client.get("/ok").headers.get("strict-transport-security")

    assert sent("https") == "max-age=31536000"
    assert sent("http") is None
    assert sent("https", DEBUG=True) is None
    assert sent("https", SECURE_HSTS_SECONDS=0) is None
    options = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}
    assert sent("https", SECURE_HSTS_SECONDS=60, **options) == (
        "max-age=60; includeSubDomains; preload"
    )


def test_each_header_is_a_setting(make_app: MakeApp) -> None:
    app = site(
        make_app,
        SECURE_CONTENT_TYPE_NOSNIFF=False,
        X_FRAME_OPTIONS=None,
        SECURE_REFERRER_POLICY="no-referrer",
        SECURE_CROSS_ORIGIN_OPENER_POLICY=None,
        SECURE_CSP={},
        SECURE_CSP_REPORT_ONLY={"script-src": ["'nonce'"], "upgrade-insecure-requests": []},
    )

    headers = TestClient(app).get("/ok").headers

    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy-report-only"] == (
        "script-src 'none'; upgrade-insecure-requests"
    )
    absent = ["x-content-type-options", "x-frame-options", "cross-origin-opener-policy"]
    assert not [name for name in [*absent, "content-security-policy"] if name in headers]


def test_a_source_that_would_be_two_directives_is_refused(
    make_app: MakeApp,
) -> None:
    with pytest.raises(SettingsError) as raised:
        make_app(SECURE_CSP={"script-src": ["'self'; object-src *"]})

    assert "SECURE_CSP" in str(raised.value)
    assert "a source has no space, comma, semicolon or line break" in str(raised.value)
