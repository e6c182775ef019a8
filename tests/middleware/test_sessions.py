"""Sessions in signed cookies: SE-05, SE-06 and SE-10 of the attack cases."""

import base64
import json
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from fastapi import Request, WebSocket
from starlette.testclient import TestClient

from raystack import Raystack, RaystackError, SettingsError
from raystack_middleware import Session

MakeApp = Callable[..., Raystack]
DAY = 24 * 60 * 60


def site(make_app: MakeApp, **settings: Any) -> Raystack:
    """Build an application that counts visits in the session."""
    app = make_app(**{"DEBUG": True, **settings})

    @app.get("/count")
    async def count(request: Request) -> int:
        request.session["count"] = request.session.get("count", 0) + 1
        return int(request.session["count"])

    @app.get("/show")
    async def show(request: Request) -> dict[str, Any]:
        return dict(request.session)

    @app.get("/quiet")
    async def quiet() -> str:
        return "nothing read"

    @app.get("/logout")
    async def logout(request: Request) -> None:
        request.session.flush()  # type: ignore[attr-defined]  # Starlette types it as a dict

    @app.get("/login")
    async def login(request: Request) -> None:
        request.session.cycle_key()  # type: ignore[attr-defined]  # as above

    return app


def cookie_of(response: Any) -> Any:
    """Parse the one Set-Cookie header of a response."""
    (header,) = response.headers.get_list("set-cookie")
    ((_, morsel),) = SimpleCookie(header).items()
    return morsel


def shown(app: Raystack, cookie: str, name: str = "sessionid") -> Any:
    """Return what a visitor with this cookie finds in the session."""
    client = TestClient(app)
    response = client.get("/show", headers={"Cookie": f"{name}={cookie}"})
    assert response.status_code == 200
    return response.json()


def test_a_value_is_there_at_the_next_request(make_app: MakeApp) -> None:
    client = TestClient(site(make_app))

    assert [client.get("/count").json() for _ in range(3)] == [1, 2, 3]


def test_a_view_that_leaves_the_session_alone_pays_nothing(make_app: MakeApp) -> None:
    """No secret key is needed, no cookie is read or set, caches may share the page."""
    client = TestClient(site(make_app, SECRET_KEY=None))
    client.cookies["sessionid"] = "anything"

    response = client.get("/quiet")

    assert response.json() == "nothing read"
    assert "set-cookie" not in response.headers
    assert "vary" not in response.headers


def test_a_view_that_reads_it_varies_by_cookie_and_sets_none(make_app: MakeApp) -> None:
    client = TestClient(site(make_app))
    client.get("/count")

    response = client.get("/show")

    assert response.json() == {"count": 1}
    assert response.headers["vary"] == "Cookie"
    assert "set-cookie" not in response.headers


def test_without_a_secret_key_using_it_is_one_clear_error(make_app: MakeApp) -> None:
    with pytest.raises(SettingsError) as raised:
        TestClient(site(make_app, SECRET_KEY=None)).get("/count")

    assert str(raised.value).startswith("SECRET_KEY is needed here but is not set.\n")


def test_flush_forgets_and_takes_the_cookie_back(make_app: MakeApp) -> None:
    client = TestClient(site(make_app))
    client.get("/count")

    cookie = cookie_of(client.get("/logout"))

    assert (cookie.value, cookie["max-age"]) == ("", "0")
    assert client.get("/show").json() == {}
    assert "set-cookie" not in client.get("/logout").headers


def test_it_is_a_mapping_that_notices_changes(make_app: MakeApp) -> None:
    app = site(make_app)
    seen = []

    @app.get("/use")
    async def use(request: Request) -> None:
        session: Any = request.session
        assert isinstance(session, Session)
        seen.append((session.accessed, session.modified))
        assert "a" not in session
        seen.append((session.accessed, session.modified))
        session.update(a=1, b=2)
        assert session.pop("a") == 1
        assert list(session) == ["b"]
        assert repr(session) == "<Session>"
        seen.append((session.accessed, session.modified))

    TestClient(app).get("/use")

    assert seen == [(False, False), (True, False), (True, True)]


def test_a_websocket_reads_and_writes_it(make_app: MakeApp) -> None:
    app = site(make_app)

    @app.websocket("/ws")
    async def socket(socket: WebSocket) -> None:
        socket.session["count"] += 10
        await socket.accept()
        await socket.close()

    client = TestClient(app)
    client.get("/count")
    with client.websocket_connect("/ws") as connection:
        sent: Any = connection.extra_headers  # Starlette types it as None
        headers = {name: value.decode() for name, value in sent}

    set_cookie = SimpleCookie(headers[b"set-cookie"])
    assert shown(app, set_cookie["sessionid"].value) == {"count": 11}


def test_what_json_cannot_hold_is_a_clear_error(make_app: MakeApp) -> None:
    app = site(make_app)

    @app.get("/bad")
    async def bad(request: Request) -> None:
        request.session["when"] = time

    with pytest.raises(RaystackError) as raised:
        TestClient(app).get("/bad")
    assert str(raised.value) == (
        "request.session['when'] has a module that JSON cannot hold. "
        "Keep strings, numbers, booleans, None, lists and dictionaries of them."
    )


def test_what_is_too_big_for_a_cookie_is_a_clear_error(make_app: MakeApp) -> None:
    """A browser would drop the cookie without a word."""
    app = site(make_app)

    @app.get("/big")
    async def big(request: Request) -> None:
        request.session["basket"] = "x" * 5000

    with pytest.raises(RaystackError, match="bytes and a cookie holds 3800: basket"):
        TestClient(app).get("/big")


def test_a_former_secret_key_still_reads_and_the_new_one_writes(make_app: MakeApp) -> None:
    old, new = "old-" + "o" * 40, "new-" + "n" * 40
    cookie = cookie_of(TestClient(site(make_app, SECRET_KEY=old)).get("/count")).value

    assert shown(site(make_app, SECRET_KEY=new), cookie) == {}
    rotated = site(make_app, SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old])
    assert shown(rotated, cookie) == {"count": 1}

    renewed = cookie_of(TestClient(rotated, cookies={"sessionid": cookie}).get("/count")).value
    assert shown(site(make_app, SECRET_KEY=new), renewed) == {"count": 2}


def test_se_05_a_damaged_cookie_is_an_anonymous_session(make_app: MakeApp) -> None:
    app = site(make_app)
    good = cookie_of(TestClient(app).get("/count")).value
    payload, stamp, signature = good.split(".")
    forged = base64.urlsafe_b64encode(json.dumps({"values": {"count": 9}, "created": 1}).encode())
    bad = [
        "",
        good[:-1],
        good[1:],
        good[: len(good) // 2],
        f"{payload}.{signature}",
        f"{payload}.{stamp}.",
        f"{forged.decode()}.{stamp}.{signature}",
        good + "\\000",
        '"' + good.replace(".", "\\056x") + '"',
        "../../etc/passwd",
        "x" * 4096,
        good + "x" * 100_000,
        "..",
        "%00",
        "null",
    ]

    assert shown(app, good) == {"count": 1}
    assert [shown(app, cookie) for cookie in bad] == [{}] * len(bad)


def test_se_05_bytes_that_are_no_text_are_an_anonymous_session(make_app: MakeApp) -> None:
    client = TestClient(site(make_app))

    response = client.get("/show", headers={b"Cookie": b"sessionid=\xff\xfe\x80.a.b"})

    assert response.json() == {}


def test_se_06_the_server_decides_when_an_idle_session_ends(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cookie's Max-Age and the client's clock are the client's to change."""
    app = site(make_app, SESSION_COOKIE_AGE=DAY)
    cookie = cookie_of(TestClient(app).get("/count")).value
    now = time.time()

    set_clock(monkeypatch, now + DAY - 60)
    assert shown(app, cookie) == {"count": 1}
    set_clock(monkeypatch, now + DAY + 60)
    assert shown(app, cookie) == {}


def test_se_06_a_session_in_use_ends_all_the_same(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site(make_app, SESSION_COOKIE_AGE=DAY, SESSION_ABSOLUTE_AGE=2 * DAY)
    now, cookie = time.time(), ""
    counts = []
    for hours in (0, 20, 40, 60):
        set_clock(monkeypatch, now + hours * 3600)
        response = TestClient(app).get("/count", headers={"Cookie": f"sessionid={cookie}"})
        cookie = cookie_of(response).value
        counts.append(response.json())

    assert counts == [1, 2, 3, 1]


def test_se_06_a_login_begins_a_new_session_with_the_old_values(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site(make_app, SESSION_COOKIE_AGE=DAY, SESSION_ABSOLUTE_AGE=2 * DAY)
    now = time.time()
    client = TestClient(app)
    client.get("/count")
    for hours in (20, 40):
        set_clock(monkeypatch, now + hours * 3600)
        cookie = cookie_of(client.get("/login")).value
        client.cookies.set("sessionid", cookie, domain="testserver.local", path="/")

    set_clock(monkeypatch, now + 60 * 3600)
    assert shown(app, cookie) == {"count": 1}


def set_clock(monkeypatch: pytest.MonkeyPatch, now: float) -> None:
    """Let the server's clock stand still at this time."""
    monkeypatch.setattr("time.time", lambda: now)
    monkeypatch.setattr("raystack_middleware.sessions.cookies.time", lambda: now)


@pytest.mark.parametrize(
    ("settings", "name", "flags"),
    [
        ({"DEBUG": True}, "sessionid", {"samesite": "Lax", "secure": ""}),
        ({"DEBUG": False}, "__Host-sessionid", {"samesite": "Lax", "secure": True}),
        (
            {"DEBUG": False, "SESSION_COOKIE_DOMAIN": "example.com"},
            "__Secure-sessionid",
            {"secure": True, "domain": "example.com"},
        ),
        ({"DEBUG": False, "SESSION_COOKIE_SECURE": False}, "sessionid", {"secure": ""}),
        (
            {"SESSION_COOKIE_NAME": "sid", "SESSION_COOKIE_SAMESITE": "Strict"},
            "sid",
            {"samesite": "Strict", "secure": ""},
        ),
    ],
)
def test_se_10_the_cookies_flags(
    make_app: MakeApp, settings: dict[str, Any], name: str, flags: dict[str, Any]
) -> None:
    client = TestClient(site(make_app, **settings), base_url="https://testserver")

    cookie = cookie_of(client.get("/count"))

    assert cookie.key == name
    expected = {"httponly": True, "path": "/", "max-age": "1209600", "domain": "", **flags}
    assert {flag: cookie[flag] for flag in expected} == expected


def test_se_10_a_cookie_without_the_prefix_is_not_read_in_production(make_app: MakeApp) -> None:
    """A subdomain, or http, could have planted it."""
    app = site(make_app, DEBUG=False)
    cookie = cookie_of(TestClient(app, base_url="https://testserver").get("/count")).value

    assert shown(app, cookie, "__Host-sessionid") == {"count": 1}
    assert shown(app, cookie, "sessionid") == {}


@pytest.mark.parametrize(
    "settings", [{"SESSION_COOKIE_NAME": "a;b"}, {"SESSION_COOKIE_DOMAIN": "a\r\nX: y"}]
)
def test_a_setting_that_would_break_the_header_is_refused(
    make_app: MakeApp, settings: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match=next(iter(settings))):
        make_app(**settings)
