"""IndexedRouter: what it takes over, how it follows changes, what it leaves to FastAPI."""

import inspect
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import fastapi
import pytest
from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Match, Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from workshop import Workshop

from raystack import Kernel, Level, RouteError
from raystack.checks.run import run_checks
from raystack.urls import IndexedRouter
from raystack.urls.router import COPIED_ARGUMENTS


async def hello() -> str:
    return "hello"


def reader() -> APIRouter:
    router = APIRouter()
    router.add_api_route("/read", hello, name="read")
    return router


def test_every_argument_of_fastapis_router_is_taken_over() -> None:
    """A new argument of APIRouter has to be added to what replacing() copies."""
    arguments = set(inspect.signature(APIRouter).parameters)

    assert arguments == {*COPIED_ARGUMENTS, "default", "lifespan"}


def test_a_replaced_router_keeps_its_options_and_the_identity_of_its_routes() -> None:
    """Whoever holds a route or an option of the application finds it again."""
    app = FastAPI(redirect_slashes=False, deprecated=True, responses={418: {}}, max_body_size=9)
    app.get("/read")(hello)

    new = IndexedRouter.replacing(app.router)

    for name in set(COPIED_ARGUMENTS) - {"routes"}:
        assert getattr(new, name) == getattr(app.router, name), name
    assert [id(route) for route in new.routes] == [id(route) for route in app.router.routes]


def test_a_replaced_router_keeps_its_lifespan_and_event_handlers() -> None:
    """A handler added after the replacement runs too, and each runs once."""
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        events.append("enter")
        yield
        events.append("leave")

    app = FastAPI(lifespan=lifespan)
    app.router = IndexedRouter.replacing(app.router)
    other = FastAPI(on_startup=[lambda: events.append("early")])
    other.router = IndexedRouter.replacing(other.router)
    other.router.on_startup.append(lambda: events.append("late"))

    with TestClient(app), TestClient(other):
        pass

    assert events == ["enter", "early", "late", "leave"]


def test_a_replaced_router_keeps_a_default_of_its_own() -> None:
    """``default`` answers what no route does."""

    async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("nothing here", 404)(scope, receive, send)

    app = FastAPI()
    app.router.default = nothing_here
    app.router = IndexedRouter.replacing(app.router)

    assert TestClient(app).get("/missing").text == "nothing here"


def test_a_route_added_after_the_first_request_is_served(app: Any, client: TestClient) -> None:
    """Whatever changes the routes of the application rebuilds its index."""
    assert client.get("/read").status_code == 404

    app.get("/get")(hello)
    app.include_router(reader())
    app.mount("/mount", PlainTextResponse("mounted"))
    app.router.routes += [APIRoute("/listed", hello)]

    answers = [client.get(path) for path in ("/get", "/read", "/mount/x", "/listed")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]


def test_a_removed_route_is_gone(app: Any, client: TestClient) -> None:
    """Assigning or clearing ``routes`` counts as a change as well."""
    app.get("/read")(hello)
    assert client.get("/read").status_code == 200

    del app.router.routes[-1]
    assert client.get("/read").status_code == 404

    app.router.routes = [APIRoute("/other", hello)]
    assert client.get("/other").status_code == 200


def test_a_route_added_to_an_included_router_too_late_raises(app: Any, client: TestClient) -> None:
    """It would not be served, and the one who adds it should hear so at once."""
    inner, outer = reader(), APIRouter()
    outer.include_router(inner)
    app.include_router(outer)
    client.get("/read")

    with pytest.raises(RouteError) as error:
        inner.get("/late")(hello)

    assert str(error.value) == (
        f"A route was added to a router too late. The router of {__name__} is included, and its "
        "application is built.\n"
        "  Declare all routes of a router in its own module, before it is included, or add the "
        "late one to the application itself: app.get(...), app.include_router(...)."
    )
    assert [route.path for route in inner.routes if isinstance(route, APIRoute)] == ["/read"]


def test_an_included_router_may_grow_until_the_application_is_built(
    app: Any, client: TestClient
) -> None:
    """As with FastAPI, where a router is included by reference."""
    router = reader()
    app.include_router(router)

    router.get("/later")(hello)

    assert client.get("/later").status_code == 200


def test_a_sealed_router_can_be_included_in_another_application(
    both: Callable[..., list[Any]],
) -> None:
    """Tests build many applications from one module's router."""
    router = reader()
    _, first = both(lambda app: app.include_router(router))
    first.router.build()
    _, second = both(lambda app: app.include_router(router))

    assert TestClient(second).get("/read").status_code == 200


def test_first_requests_in_several_threads_see_all_routes(app: Any) -> None:
    """The table is built once, and nobody sees half of it."""
    for number in range(200):
        app.include_router(reader(), prefix=f"/{number}")
    start = threading.Barrier(4)
    tables = []

    def build() -> None:
        start.wait()
        tables.append(app.router.build())

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(table) for table in tables}) == 1
    assert len(tables[0].flat) == 204


def test_the_routes_are_what_fastapi_keeps(both: Callable[..., list[Any]]) -> None:
    """Tools that walk ``app.routes`` find the same objects as in a FastAPI application."""
    plain, indexed = both(lambda app: app.include_router(reader(), prefix="/a"))
    TestClient(indexed).get("/a/read")

    assert [type(route) for route in indexed.routes] == [type(route) for route in plain.routes]
    assert isinstance(indexed.routes, list)


def test_the_route_in_the_scope_knows_its_whole_path(app: Any, client: TestClient) -> None:
    """Logging and metrics read ``scope["route"].path``; FastAPI has the part without prefixes."""

    async def tell(request: Request) -> list[str]:
        return [request.scope["route"].path, type(request.scope["route"]).__name__]

    router = APIRouter(prefix="/in")
    router.get("/{item}")(tell)
    app.include_router(router, prefix="/out")

    assert client.get("/out/in/7").json() == ["/out/in/{item}", "APIRoute"]


def test_dependencies_of_every_level_are_overridable(app: Any, client: TestClient) -> None:
    """Included routes ask the application for overrides, as FastAPI's own do."""

    def real() -> str:
        return "real"

    async def tell(value: Annotated[str, Depends(real)]) -> str:
        return value

    inner, outer = APIRouter(), APIRouter()
    inner.get("/read")(tell)
    outer.include_router(inner)
    app.include_router(outer)
    assert client.get("/read").json() == "real"

    app.dependency_overrides[real] = lambda: "fake"

    assert client.get("/read").json() == "fake"


class ShoutedTo(APIRoute):
    """An APIRoute that matches paths in upper case as well, and says which route it is."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches({**scope, "path": scope["path"].lower()})
        return match, {**child_scope, "matched": self.path}


class IgnoringCase(APIRoute):
    """An APIRoute whose expression ignores case."""

    def __init__(self, path: str, *args: Any, **options: Any) -> None:
        super().__init__(path, *args, **options)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


def test_a_route_class_decides_what_it_matches(both: Callable[..., list[Any]]) -> None:
    """Directly on the application or included, alone or among others."""

    async def matched(request: Request) -> str | None:
        return request.scope.get("matched")

    def fill(app: FastAPI) -> None:
        router = APIRouter()
        router.get("/before")(hello)
        router.add_api_route("/shout/{item}", matched, route_class_override=ShoutedTo)
        router.add_api_route("/case", hello, route_class_override=IgnoringCase)
        router.get("/{anything}/{else}")(lambda: "after")
        app.router.add_api_route("/shouted", matched, route_class_override=ShoutedTo)
        app.router.add_api_route("/cases/{item}", hello, route_class_override=IgnoringCase)
        app.include_router(router, prefix="/in")

    plain, indexed = map(TestClient, both(fill))

    served = []
    for path in ("/SHOUTED", "/CASES/x", "/IN/SHOUT/x", "/in/before", "/IN/CASE", "/in/a/b"):
        answer, expected = indexed.get(path), plain.get(path)
        assert (answer.status_code, answer.text) == (expected.status_code, expected.text)
        served.append(answer.json())
    # FastAPI compiles the expression of an included route again, so its class has no say in it.
    missing = {"detail": "Not Found"}
    assert served == ["/shouted", "hello", "/shout/{item}", "hello", missing, "after"]


def test_a_websocket_is_not_redirected(app: Any, client: TestClient) -> None:
    """Only HTTP has redirects."""
    app.add_api_websocket_route("/live", hello)

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/live/"):
        pass


class Numbers:
    """An application that tells limits on forms from their absence."""

    @staticmethod
    def fill(app: FastAPI) -> None:
        async def numbers(number: Annotated[list[int], Form()]) -> list[int]:
            return number

        router = APIRouter()
        router.post("/numbers")(numbers)
        app.include_router(router, prefix="/free")
        app.include_router(router, prefix="/limited", form_limits={"max_fields": 1})
        outer = APIRouter(form_limits={"max_fields": 1})
        outer.include_router(router, prefix="/outer")
        app.include_router(outer)


@pytest.mark.parametrize("limits", [None, {"max_fields": 2}])
def test_limits_on_forms_hold_at_every_level(both: Callable[..., list[Any]], limits: Any) -> None:
    """An include's limits keep it with FastAPI's dispatch; the application's apply to all."""
    plain, indexed = map(TestClient, both(Numbers.fill, form_limits=limits))

    for path in ("/free/numbers", "/limited/numbers", "/outer/numbers"):
        for count in (1, 2, 3):
            form = {"number": ["1"] * count}
            answer, expected = indexed.post(path, data=form), plain.post(path, data=form)
            assert (answer.status_code, answer.text) == (expected.status_code, expected.text)
    statuses = [
        indexed.post(path, data={"number": ["1", "2", "3"]}).status_code
        for path in ("/free/numbers", "/limited/numbers")
    ]
    assert statuses == [400 if limits else 200, 400]


def test_a_body_limit_of_an_include_holds_for_mounts_too(both: Callable[..., list[Any]]) -> None:
    """FastAPI wraps what is not an APIRoute as it calls it, so that stays with FastAPI."""

    async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await PlainTextResponse("swallowed")(scope, receive, send)

    def fill(app: FastAPI) -> None:
        router = APIRouter()
        router.routes.append(Mount("/mount", swallow))
        router.post("/api")(hello)
        app.include_router(router, max_body_size=3)

    for app in both(fill):
        client = TestClient(app)
        statuses = [
            client.post(path, content=body).status_code
            for path in ("/mount/x", "/api")
            for body in (b"123", b"1234")
        ]
        assert statuses == [200, 413, 200, 413]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_frontend_is_served_after_all_routes(
    both: Callable[..., list[Any]], depth: int, tmp_path: Path
) -> None:
    """``frontend()`` keeps its routes elsewhere: this pins that they are found at every depth."""
    (tmp_path / "index.html").write_text("the front page")
    (tmp_path / "read").write_text("a file")

    def fill(app: FastAPI) -> None:
        router: Any = APIRouter()
        deepest = router
        for _ in range(depth - 1):
            outer = APIRouter()
            outer.include_router(router, prefix="/deep")
            router = outer
        target: Any = deepest if depth else app
        target.frontend("/site", directory=tmp_path)
        target.get("/site/read")(hello)
        if depth:
            app.include_router(router)

    plain, indexed = map(TestClient, both(fill))
    start = "/deep" if depth == 2 else ""
    page = {"accept": "text/html"}
    for path in ("/site/read", "/site/", "/site", "/site/other", "/elsewhere"):
        answer, expected = (each.get(start + path, headers=page) for each in (indexed, plain))
        assert (answer.status_code, answer.text) == (expected.status_code, expected.text)
    assert indexed.get(f"{start}/site/read").json() == "hello"
    assert indexed.get(f"{start}/site/").text == "the front page"


def test_a_frontend_added_after_the_first_request_is_served(
    app: Any, client: TestClient, tmp_path: Path
) -> None:
    """``app.frontend`` does not touch ``routes``, and rebuilds all the same."""
    (tmp_path / "index.html").write_text("the front page")
    assert client.get("/").status_code == 404

    app.frontend("/", directory=tmp_path)

    assert client.get("/").text == "the front page"


def test_what_a_plain_include_holds_is_taken_apart(app: Any, tmp_path: Path) -> None:
    """If it fails, this FastAPI keeps included routers in another way: see urls/included.py.

    Everything would still be served, by FastAPI's own dispatch, and other tests would pass.
    """
    inner, outer = reader(), APIRouter()
    inner.add_api_websocket_route("/live", hello)
    inner.add_route("/plain", PlainTextResponse("plain"))
    inner.routes.append(Mount("/mount", PlainTextResponse("mounted")))
    inner.routes.append(Host("{sub}.example.org", PlainTextResponse("host")))
    inner.frontend("/site", directory=tmp_path)
    outer.include_router(inner, prefix="/inner")
    app.include_router(outer, prefix="/outer")

    table = app.router.build()

    included = [flat for flat in table.flat if flat.origin is app.routes[-1]]
    assert [(flat.is_own, type(flat.route).__name__) for flat in included] == [
        (True, "APIRoute"),
        (True, "APIWebSocketRoute"),
        (True, "Route"),
        (True, "Mount"),
        (True, "Host"),
    ]
    assert table.is_familiar
    assert table.low_priority is not app.router


@pytest.mark.usefixtures("another_fastapi")
def test_an_include_kept_in_an_unknown_way_is_still_served(
    app: Any, client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By FastAPI's own dispatch: slower, but not wrong, and said in the log."""
    (tmp_path / "index.html").write_text("the front page")
    router = reader()
    router.frontend("/site", directory=tmp_path)
    app.include_router(router, prefix="/a", form_limits={"max_fields": 1})

    assert client.get("/a/read").json() == "hello"
    assert client.get("/a/site/").text == "the front page"
    assert client.post("/a/read").status_code == 405
    assert client.get("/a/read/").headers["location"] == "http://testserver/a/read"
    assert app.url_path_for("read") == "/a/read"
    assert caplog.messages == [
        f"FastAPI {fastapi.__version__} keeps included routers in a way that this Raystack does "
        "not know. FastAPI's own dispatch serves them: the answers are the same, the time they "
        "take grows with the number of routes."
    ]


@pytest.mark.usefixtures("another_fastapi")
def test_a_check_reports_includes_that_are_kept_in_an_unknown_way(workshop: Workshop) -> None:
    kernel = Kernel(discover=False)
    kernel.setup()

    messages = [(m.id, m.level, m.message, m.hint) for m in run_checks(kernel)]

    assert messages == [
        (
            "urls.W005",
            Level.WARNING,
            f"FastAPI {fastapi.__version__} keeps included routers in a way that this Raystack "
            "does not know. FastAPI's own dispatch serves them: the answers are the same, the time "
            "they take grows with the number of routes.",
            "Install a FastAPI that raystack-core's requirements allow, or a newer Raystack.",
        )
    ]


def test_routes_are_listed_with_what_they_answer(app: Any) -> None:
    """``raystack routes`` and the checks read this."""
    app.router.routes.clear()
    router = reader()
    router.add_api_websocket_route("/live", hello, name="live")
    sub = FastAPI()
    with app.router.owned_by("raystack-hello"):
        app.include_router(router, prefix="/a/{item:int}")
    app.mount("/static", sub, name="static")
    app.router.routes.append(Host("{sub}.example.org", sub, name="tenant"))

    rows = [
        (info.protocol, sorted(info.methods), info.path, info.name, info.endpoint, info.owner)
        for info in app.router.iter_routes()
    ]

    assert rows == [
        ("http", ["GET"], "/a/{item:int}/read", "read", hello, "raystack-hello"),
        ("websocket", [], "/a/{item:int}/live", "live", hello, "raystack-hello"),
        ("mount", [], "/static", "static", sub, ""),
        ("host", [], "{sub}.example.org", "tenant", sub, ""),
    ]


def test_the_innermost_owner_of_a_route_counts(app: Any) -> None:
    """A plugin that includes another's routes does not become their owner."""
    with app.router.owned_by("outer"):
        app.get("/outer")(hello)
        with app.router.owned_by("inner"):
            app.get("/inner")(hello)

    owners = {info.path: info.owner for info in app.router.iter_routes() if info.owner}

    assert owners == {"/outer": "outer", "/inner": "inner"}
