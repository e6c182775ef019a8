"""Allowed hosts: HO-01 and HO-04 of the attack cases."""

import logging
from collections.abc import Callable

import pytest
import raw_requests
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from raystack import Raystack

MakeApp = Callable[..., Raystack]
REFUSED = "Bad request: this host is not served here.\n"


def get(app: Raystack, *hosts: bytes) -> tuple[int, bytes]:
    """Make a GET request with exactly these Host headers; return status and body."""
    return raw_requests.get(app, hosts=hosts)


def make(make_app: MakeApp, *allowed: str, debug: bool = False) -> Raystack:
    """Build an application with one page and these allowed hosts."""
    app = make_app(ALLOWED_HOSTS=allowed, DEBUG=debug)
    app.get("/")(lambda: "hello")
    return app


@pytest.mark.parametrize(
    "hosts",
    [
        [b"evil"],
        [b"good", b"good"],
        [b"good", b"evil"],
        [],
        [b""],
        [b"good:80@evil"],
        [b"good/../x"],
        [b"good,evil"],
        [b"good evil"],
        [b"good\x00"],
        [b"good\n"],
        [b"good:port"],
        [b"good:123456"],
        [b"[::1]"],
        [b"[::1"],
        [b"good.."],
        [b"a" * 300],
        ["göod".encode()],
    ],
)
def test_ho_01_a_host_that_is_not_ours_is_refused(make_app: MakeApp, hosts: list[bytes]) -> None:
    app = make(make_app, "good")

    assert get(app, *hosts) == (400, REFUSED.encode())


@pytest.mark.parametrize("host", [b"good", b"GOOD", b"good.", b"good:8000", b"Good.:80"])
def test_ho_01_case_final_dot_and_port_make_no_difference(make_app: MakeApp, host: bytes) -> None:
    app = make(make_app, "good")

    assert [get(app, host), get(app, host)] == [(200, b'"hello"')] * 2


@pytest.mark.parametrize("host", [b"exampleXcom", b"evil-example.com", b"example.com.evil"])
@pytest.mark.parametrize("allowed", ["example.com", ".example.com"])
def test_ho_04_a_name_that_looks_alike_is_refused(
    make_app: MakeApp, host: bytes, allowed: str
) -> None:
    app = make(make_app, allowed)

    assert get(app, b"example.com")[0] == 200
    assert get(app, host)[0] == 400


def test_a_leading_dot_allows_the_domain_and_its_subdomains(make_app: MakeApp) -> None:
    app = make(make_app, ".example.com")

    hosts = [b"example.com", b"www.example.com", b"a.b.example.com"]
    assert [get(app, host)[0] for host in hosts] == [200, 200, 200]


def test_a_star_allows_any_well_formed_host(make_app: MakeApp) -> None:
    app = make(make_app, "*")

    assert [get(app, host)[0] for host in (b"any.thing", b"[::1]:80", b"a/b")] == [200, 200, 400]


@pytest.mark.parametrize(
    "host", [b"localhost:8000", b"shop.localhost", b"127.0.0.1:8000", b"[::1]:80", b"testserver"]
)
def test_debug_with_an_empty_list_allows_this_machine(make_app: MakeApp, host: bytes) -> None:
    app = make(make_app, debug=True)

    assert get(app, host)[0] == 200
    assert get(app, b"example.com")[0] == 400


def test_an_empty_list_allows_nothing_and_the_log_says_why(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make(make_app)

    with caplog.at_level(logging.WARNING, "raystack.security"):
        status, _ = get(app, b"localhost")

    assert status == 400
    assert caplog.messages == [
        "Refused a request for the host 'localhost': ALLOWED_HOSTS is empty, so no host is "
        "allowed. List the site's names in it."
    ]


def test_a_refused_host_cannot_forge_a_log_line(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make(make_app, "good")

    with caplog.at_level(logging.WARNING, "raystack.security"):
        get(app, b"evil\r\n2026 INFO all is well" + b"x" * 500)

    (message,) = caplog.messages
    assert "\n" not in message
    assert len(message) < 400


def test_a_websocket_for_another_host_is_refused(make_app: MakeApp) -> None:
    app = make(make_app, "good")
    client = TestClient(app, base_url="http://evil")

    with pytest.raises(WebSocketDisconnect) as raised, client.websocket_connect("/"):
        pass
    assert raised.value.code == 1008
