"""The application: a FastAPI that the kernel's plugins have built."""

import asyncio
import importlib
import threading
import time
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import Depends, FastAPI, WebSocket
from starlette.testclient import TestClient
from workshop import Workshop, plugin

from raystack import (
    ImproperlyConfigured,
    Kernel,
    PluginError,
    Raystack,
    RaystackError,
    RouteError,
    current_request,
    get_application,
    get_asgi_application,
    reverse,
    run_sync,
    use_kernel,
)

HOSTS = "ALLOWED_HOSTS = ['testserver']\n"
URLS = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/posts/{slug}", name="detail")
def detail(slug: str): return {"slug": slug}
"""


def test_it_is_a_fastapi_without_any_project(workshop: Workshop) -> None:
    """Everything made for FastAPI works on it: routes, dependencies, overrides."""
    app = Raystack(Kernel(discover=False))

    def who() -> str:
        return "Ann"

    @app.get("/hello")
    def hello(name: str = Depends(who)) -> dict[str, str]:
        return {"hello": name}

    app.dependency_overrides[who] = lambda: "Bob"

    assert isinstance(app, FastAPI)
    assert TestClient(app).get("/hello").json() == {"hello": "Bob"}


def test_it_serves_the_projects_urls(workshop: Workshop) -> None:
    workshop.project(settings=HOSTS, urls=URLS)

    with use_kernel(Kernel()), TestClient(get_asgi_application()) as client:
        assert client.get("/posts/one").json() == {"slug": "one"}
        assert reverse("detail", slug="two") == "/posts/two"


def test_the_projects_urls_come_before_the_plugins(workshop: Workshop) -> None:
    workshop.project(settings=HOSTS, urls=URLS)
    workshop.distribution(
        "acme-shadow",
        "from raystack import hookimpl\n@hookimpl\ndef raystack_routers(settings):\n"
        "    from acme_shadow.urls import router\n    return [router]\n",
    )
    (workshop.site / "acme_shadow" / "urls.py").write_text(
        URLS.replace('{"slug": slug}', '"shadow"')
    )

    with use_kernel(Kernel()), TestClient(get_asgi_application()) as client:
        assert client.get("/posts/one").json() == {"slug": "one"}


def test_a_project_without_urls_says_what_to_do(workshop: Workshop) -> None:
    workshop.project()
    (workshop.root / "config" / "urls.py").unlink()

    with pytest.raises(RouteError, match="config.urls"):
        Raystack(Kernel()).build()


def test_the_docs_are_for_debugging(workshop: Workshop) -> None:
    """db-05: in production the API's docs are off unless the project names their url."""
    with TestClient(Raystack(Kernel(discover=False))) as client:
        assert client.get("/docs").status_code == 404
        assert client.get("/openapi.json").status_code == 404
    with TestClient(Raystack(Kernel(discover=False, settings={"DEBUG": True}))) as client:
        assert client.get("/docs").status_code == 200
    app = Raystack(Kernel(discover=False), openapi_url="/api.json")
    with TestClient(app) as client:
        assert client.get("/api.json").status_code == 200


def test_the_setting_fastapi_reaches_the_constructor(workshop: Workshop) -> None:
    app = Raystack(Kernel(discover=False, settings={"FASTAPI": {"title": "Shop", "version": "2"}}))

    assert (app.title, app.version) == ("Shop", "2")


def test_a_hand_written_application_is_served(workshop: Workshop) -> None:
    workshop.project(settings="ASGI_APPLICATION = 'config.asgi:app'")
    workshop.write(
        "config/asgi.py", "from raystack import Raystack\napp = Raystack(title='Mine')\n"
    )

    with use_kernel(Kernel()):
        app = get_asgi_application()

        assert app is importlib.import_module("config.asgi").app


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("config.nowhere:app", "there is no module 'config.nowhere'"),
        ("config.urls:app", "config.urls has no application 'app'"),
    ],
)
def test_a_hand_written_application_that_is_not_there(
    workshop: Workshop, path: str, message: str
) -> None:
    workshop.project(settings=f"ASGI_APPLICATION = {path!r}")

    with use_kernel(Kernel()), pytest.raises(ImproperlyConfigured, match=message):
        get_asgi_application()


def test_the_last_hook_may_do_anything_to_the_application(workshop: Workshop) -> None:
    def last(app: Any) -> None:
        app.state.seen = [route.path for route in app.routes]
        app.add_api_route("/late", lambda: "late")

    kernel = Kernel(discover=False, plugins=[plugin("acme_last", raystack_application=last)])

    with TestClient(Raystack(kernel)) as client:
        assert client.get("/late").json() == "late"


def test_exception_handlers_of_plugins_answer(workshop: Workshop) -> None:
    from fastapi import HTTPException, Request
    from fastapi.responses import PlainTextResponse

    def teapot(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("tea", 418)

    handlers = plugin(
        "acme_tea", raystack_exception_handlers=lambda settings: {HTTPException: teapot}
    )
    app = Raystack(Kernel(discover=False, plugins=[handlers]))

    @app.get("/")
    def index() -> None:
        raise HTTPException(400)

    assert TestClient(app).get("/").status_code == 418


def test_two_plugins_that_handle_one_exception_are_both_named(workshop: Workshop) -> None:
    plugins = [
        plugin(name, raystack_exception_handlers=lambda settings: {404: print})
        for name in ("acme_one", "acme_two")
    ]

    with pytest.raises(ImproperlyConfigured) as caught:
        Raystack(Kernel(discover=False, plugins=plugins)).build()

    assert str(caught.value) == (
        "Two plugins handle the exception 404: the app acme_one and the app acme_two. Disable one "
        "of them, or handle it in the application, which wins over both.\n"
        "  It is the module acme_two of an entry in INSTALLED_APPS.\n"
        "  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme_two"
    )


def test_lifespans_are_entered_in_order_and_left_in_reverse(workshop: Workshop) -> None:
    seen: list[str] = []

    def noting(name: str) -> Any:
        @asynccontextmanager
        async def lifespan(app: Any) -> Any:
            seen.append(f"+{name}")
            yield
            seen.append(f"-{name}")

        return lifespan

    plugins = [
        plugin(f"acme_{name}", raystack_lifespan=lambda app, name=name: noting(name)(app))
        for name in ("a", "b")
    ]
    app = Raystack(Kernel(discover=False, plugins=plugins), lifespan=noting("own"))

    with TestClient(app):
        seen.append("serving")

    assert seen == ["+a", "+b", "+own", "serving", "-own", "-b", "-a"]


@pytest.mark.parametrize("policy", ["raise", "skip"])
def test_a_lifespan_that_fails_stops_the_start_and_is_named(
    workshop: Workshop, policy: str
) -> None:
    """A missing resource cannot be skipped."""

    @asynccontextmanager
    async def broken(app: Any) -> Any:
        raise ConnectionError("no database")
        yield

    kernel = Kernel(
        discover=False,
        settings={"PLUGIN_ERRORS": policy},
        plugins=[plugin("acme_db", raystack_lifespan=lambda app: broken(app))],
    )

    with pytest.raises(PluginError) as caught, TestClient(Raystack(kernel)):
        pass

    assert str(caught.value).splitlines()[0] == (
        "the app acme_db failed in the hook raystack_lifespan at start-up: "
        "ConnectionError no database."
    )


def startup_failure(app: Raystack) -> str:
    """Start an application as a server does, and return what it says the failure is."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(Exception):  # noqa: B017 - whatever it was
        asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]
    return str(sent[0]["message"])


def test_a_build_that_fails_tells_the_server_so(workshop: Workshop) -> None:
    """Otherwise a server would take the error for "no lifespans here" and serve nothing but 500."""
    app = Raystack(
        Kernel(discover=False, plugins=[plugin("acme_x", raystack_routers=lambda settings: ["x"])])
    )

    assert startup_failure(app) == (
        "the app acme_x returned a str from raystack_routers. It has to return a sequence of "
        "APIRouter.\n"
        "  It is the module acme_x of an entry in INSTALLED_APPS.\n"
        "  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme_x"
    )


def test_a_mistake_in_the_urls_tells_the_server_where(workshop: Workshop) -> None:
    workshop.project(urls="from fastapi import APIRouter\nrouter = APIRouter()\n1 / 0\n")

    with use_kernel(Kernel(discover=False)) as kernel:
        assert startup_failure(Raystack(kernel)) == (
            "The application cannot be built: ZeroDivisionError: division by zero\n"
            "  config/urls.py, line 3: 1 / 0"
        )


def test_a_failed_start_does_not_grow_with_the_requests(workshop: Workshop) -> None:
    """A server without lifespans asks again and again."""
    workshop.project(urls="1 / 0\n")
    with use_kernel(Kernel(discover=False)) as kernel:
        client = TestClient(Raystack(kernel))
        depths = []
        for _ in range(2):
            with pytest.raises(ZeroDivisionError) as caught:
                client.get("/")
            depths.append(len(caught.traceback))

    assert depths[0] == depths[1]


def test_a_build_that_failed_is_not_tried_again(workshop: Workshop) -> None:
    """Half of it is done: the urls are included already."""

    def broken(app: Any) -> None:
        raise KeyError("X")

    workshop.project(urls=URLS)
    kernel = Kernel(discover=False, plugins=[plugin("acme_x", raystack_application=broken)])
    app = Raystack(kernel, openapi_url=None)
    errors = []
    for _ in range(2):
        with pytest.raises(PluginError) as caught:
            app.build()
        errors.append(caught.value)

    assert errors[0] is errors[1]
    assert [info.path for info in app.router.iter_routes()] == ["/posts/{slug}"]


def test_threads_that_ask_first_get_the_same_application(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, found = threading.Barrier(5), []

    def ask() -> None:
        start.wait()
        found.append(get_application())

    monkeypatch.setattr(FastAPI, "setup", lambda app: time.sleep(0.05))  # others may overtake
    with use_kernel(Kernel(discover=False)):
        threads = [threading.Thread(target=ask) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len({id(application) for application in found}) == 1


def test_the_route_table_is_ready_before_the_first_request(workshop: Workshop) -> None:
    """It takes a while for many routes; a lifespan that adds one is not too late."""

    @asynccontextmanager
    async def adding(app: Any) -> Any:
        app.get("/from-the-lifespan")(lambda: "here")
        yield

    app = Raystack(Kernel(discover=False), lifespan=adding, openapi_url=None)
    tables = []
    with TestClient(app) as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr("raystack.urls.router.RouteTable", tables.append)
        assert client.get("/from-the-lifespan").status_code == 200

    assert tables == []


def test_the_current_request_is_known_everywhere(workshop: Workshop) -> None:
    from fastapi.responses import PlainTextResponse

    app = Raystack(Kernel(discover=False))

    @app.get("/here")
    def here() -> str:
        return str(current_request().url.path)

    @app.get("/broken")
    def broken() -> None:
        raise ValueError

    @app.exception_handler(500)
    def on_error(request: Any, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(current_request().url.path, 500)

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(type(current_request()).__name__)

    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/here").json() == "/here"
    assert client.get("/broken").text == "/broken"
    with client.websocket_connect("/socket") as connection:
        assert connection.receive_text() == "HTTPConnection"


def test_there_is_no_current_request_outside_of_one(workshop: Workshop) -> None:
    with pytest.raises(RaystackError, match="outside of a request"):
        current_request()


def test_synchronous_code_runs_in_a_thread_unless_a_plugin_knows_better(
    workshop: Workshop,
) -> None:
    async def runner(func: Any, *args: Any, **kwargs: Any) -> Any:
        return ("ran", func(*args, **kwargs))

    with use_kernel(Kernel(discover=False)):
        assert asyncio.run(run_sync(threading.current_thread)) is not threading.main_thread()
    clever = plugin("acme_runner", raystack_sync_runner=lambda: runner)
    with use_kernel(Kernel(discover=False, plugins=[clever])):
        assert asyncio.run(run_sync(len, [1, 2])) == ("ran", 2)


def test_a_websocket_route_of_the_project_is_served(workshop: Workshop) -> None:
    workshop.project(
        settings=HOSTS,
        urls="from fastapi import APIRouter, WebSocket\nrouter = APIRouter()\n"
        "@router.websocket('/ws/{room}')\nasync def room(websocket: WebSocket, room: str):\n"
        "    await websocket.accept()\n    await websocket.send_text(room)\n",
    )

    with (
        use_kernel(Kernel()),
        TestClient(get_asgi_application()) as client,
        client.websocket_connect("/ws/blue") as socket,
    ):
        assert socket.receive_text() == "blue"


def test_safe_mode_starts_without_apps_and_urls(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_SAFE_MODE", "1")
    workshop.project(settings="INSTALLED_APPS = ['apps.gone']", urls="raise SystemExit")

    kernel = Kernel()
    kernel.setup()

    assert list(kernel.apps) == []
    Raystack(kernel).build()
