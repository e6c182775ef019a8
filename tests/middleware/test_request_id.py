"""Request ids: one name for a request, from the proxy to the answer."""

import re
from collections.abc import Callable

import pytest
from fastapi import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from raystack import Raystack, current_request

MakeApp = Callable[..., Raystack]


def test_a_request_gets_an_id_that_the_answer_tells(make_app: MakeApp) -> None:
    app = make_app()

    @app.get("/")
    async def index(request: Request) -> str:
        assert request.state.request_id == current_request().state.request_id
        return str(request.state.request_id)

    client = TestClient(app)
    first, second = client.get("/"), client.get("/")

    assert re.fullmatch(r"[0-9a-f]{32}", first.json())
    assert first.headers["x-request-id"] == first.json()
    assert second.json() != first.json()


def test_a_proxys_id_is_kept(make_app: MakeApp) -> None:
    response = TestClient(make_app()).get("/", headers={"X-Request-ID": "edge-7.a_B"})

    assert response.headers["x-request-id"] == "edge-7.a_B"


@pytest.mark.parametrize("given", ["", "a b", "<script>", "a\tb", "x" * 129, "é", "a;b"])
def test_an_id_that_could_forge_a_log_line_is_replaced(make_app: MakeApp, given: str) -> None:
    headers = {b"X-Request-ID": given.encode("latin-1")}
    response = TestClient(make_app()).get("/", headers=headers)

    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


def test_the_answer_to_an_unhandled_exception_has_it(
    make_app: MakeApp, client: Callable[..., TestClient]
) -> None:
    app = make_app()

    @app.get("/")
    async def index() -> None:
        raise RuntimeError

    response = client(app).get("/", headers={"X-Request-ID": "one"})

    assert (response.status_code, response.headers["x-request-id"]) == (500, "one")


def test_one_that_a_view_sets_is_replaced(make_app: MakeApp) -> None:
    """A request has one id, whatever an endpoint hands on from elsewhere."""
    app = make_app()
    app.get("/")(lambda: PlainTextResponse("hello", headers={"X-Request-ID": "of-another"}))

    response = TestClient(app).get("/", headers={"X-Request-ID": "one"})

    assert response.headers.get_list("x-request-id") == ["one"]
