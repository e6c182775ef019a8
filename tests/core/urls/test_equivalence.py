"""IndexedRouter and FastAPI's own router, on random route tables, answer alike.

A table is described as data and built twice, so that the two applications share no router. The
applications are called as ASGI applications, with the paths of the table and paths near to them.
"""

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Form, Request, WebSocket
from fastapi.exceptions import FastAPIError
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute, Host, Match, Mount, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send

from raystack.urls import IndexedRouter


class App(FastAPI):
    """A FastAPI application with the index."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.router = IndexedRouter.replacing(self.router)


class SlugConvertor(Convertor[str]):
    """A project's own converter that stays in its segment."""

    regex = "[-a-z0-9]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class PairConvertor(SlugConvertor):
    """A project's own converter that crosses a slash."""

    regex = "[a-z]+/[a-z]+"


register_url_convertor("slug", SlugConvertor())
register_url_convertor("pair", PairConvertor())


class ShoutingRoute(APIRoute):
    """An APIRoute that answers its path in upper case too."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return super().matches({**scope, "path": scope["path"].lower()})


class TimedRoute(APIRoute):
    """An APIRoute that wraps its handler, as FastAPI's documentation shows."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handler = super().get_route_handler()

        async def timed(request: Request) -> Any:
            response = await handler(request)
            response.headers["x-timed"] = self.path
            return response

        return timed


class IgnoringCaseRoute(APIRoute):
    """An APIRoute with an expression of its own."""

    def __init__(self, path: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(path, *args, **kwargs)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class ForeignRoute(BaseRoute):
    """A route of a class that neither FastAPI nor Starlette knows."""

    def __init__(self, path: str, label: str) -> None:
        self.start = path
        self.label = label

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = scope["type"] == "http" and scope["path"].endswith(self.start)
        return (Match.FULL if found else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(self.label)(scope, receive, send)


# The description of a table -------------------------------------------------------------------


@dataclass(frozen=True)
class Leaf:
    """A route that a router or an application declares."""

    kind: str
    path: str
    methods: tuple[str, ...] = ("GET",)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Include:
    """A router included in another, with what it was included with."""

    prefix: str
    own_prefix: str
    children: tuple["Leaf | Include", ...]
    options: dict[str, Any] = field(default_factory=dict)
    router_options: dict[str, Any] = field(default_factory=dict)


def answer(label: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> dict[str, Any]:
        scope = request.scope
        found = {key: repr(value) for key, value in scope["path_params"].items()}
        return {"endpoint": label, "params": found, "notes": scope.get("notes")}

    endpoint.__name__ = label
    return endpoint


def note(text: str) -> Any:
    async def dependency(request: Request) -> None:
        request.scope.setdefault("notes", []).append(text)

    return Depends(dependency)


async def tell(websocket: WebSocket, label: str) -> None:
    await websocket.accept()
    await websocket.send_text(f"{label} {websocket.scope['path_params']}")
    await websocket.close()


def asgi_answer(label: str) -> Callable[[Scope, Receive, Send], Any]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4000})
            return
        found = [label, scope["path"], scope["root_path"], str(scope["path_params"])]
        await JSONResponse(found)(scope, receive, send)

    return app


def starlette_answer(label: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> JSONResponse:
        return JSONResponse([label, str(request.path_params)])

    endpoint.__name__ = label
    return endpoint


class Builder:
    """Builds one application from a table."""

    def __init__(self, frontend: Path) -> None:
        self.count = 0
        self.frontend = frontend

    def fill(self, router: Any, entries: tuple[Leaf | Include, ...]) -> None:
        for entry in entries:
            self.count += 1
            label = f"e{self.count}"
            if isinstance(entry, Leaf):
                getattr(self, f"add_{entry.kind}")(router, entry, label)
                continue
            child = APIRouter(prefix=entry.own_prefix, **entry.router_options)
            self.fill(child, entry.children)
            router.include_router(child, prefix=entry.prefix, **entry.options)

    def add_api(self, router: Any, leaf: Leaf, label: str) -> None:
        router.add_api_route(
            leaf.path, answer(label), methods=list(leaf.methods), name=label, **leaf.options
        )

    def add_form(self, router: Any, leaf: Leaf, label: str) -> None:
        async def endpoint(a: Annotated[list[str], Form()]) -> dict[str, Any]:
            return {"endpoint": label, "a": a}

        router.add_api_route(leaf.path, endpoint, methods=["POST"], name=label)

    def add_own(self, router: Any, leaf: Leaf, label: str) -> None:
        target = router.router if isinstance(router, FastAPI) else router
        classes = (ShoutingRoute, TimedRoute, IgnoringCaseRoute)
        target.add_api_route(
            leaf.path,
            answer(label),
            methods=list(leaf.methods),
            name=label,
            route_class_override=classes[leaf.options["which"]],
        )

    def add_plain(self, router: Any, leaf: Leaf, label: str) -> None:
        router.add_route(leaf.path, starlette_answer(label), methods=list(leaf.methods), name=label)

    def add_websocket(self, router: Any, leaf: Leaf, label: str) -> None:
        async def endpoint(websocket: WebSocket) -> None:
            await tell(websocket, label)

        router.add_api_websocket_route(leaf.path, endpoint, name=label)

    def add_plain_websocket(self, router: Any, leaf: Leaf, label: str) -> None:
        async def endpoint(websocket: WebSocket) -> None:
            await tell(websocket, label)

        target = router.router if isinstance(router, FastAPI) else router
        target.routes.append(WebSocketRoute(leaf.path, endpoint, name=label))

    def add_mount(self, router: Any, leaf: Leaf, label: str) -> None:
        name = label if leaf.options["named"] else None
        if leaf.options["sub_application"]:
            sub: Any = FastAPI(openapi_url=None)
            sub.add_api_route("/in/{x}", answer(f"{label}_in"), name="inner")
        else:
            sub = asgi_answer(label)
        target = router.router if isinstance(router, FastAPI) else router
        target.routes.append(Mount(leaf.path, sub, name=name))

    def add_host(self, router: Any, leaf: Leaf, label: str) -> None:
        target = router.router if isinstance(router, FastAPI) else router
        sub = FastAPI(openapi_url=None)
        sub.add_api_route(leaf.path, answer(label), name="inner")
        target.routes.append(Host("{sub}.example.org", sub, name=label))

    def add_foreign(self, router: Any, leaf: Leaf, label: str) -> None:
        target = router.router if isinstance(router, FastAPI) else router
        target.routes.append(ForeignRoute(leaf.path, label))

    def add_frontend(self, router: Any, leaf: Leaf, label: str) -> None:
        router.frontend(leaf.path.split("{")[0].rstrip("/") or "/", directory=self.frontend)


# Strategies -----------------------------------------------------------------------------------

WORDS = ("a", "b", "items", "ü", "x.y", "A")
SEGMENTS = st.one_of(
    st.sampled_from(WORDS),
    st.builds(
        "{{{name}{converter}}}".format,
        name=st.just("NAME"),
        converter=st.sampled_from(("", ":str", ":int", ":float", ":uuid", ":slug", ":pair")),
    ),
    st.sampled_from(("a-{NAME}.json", "{NAME:int}-x", "{NAME}-{NAMEb}", "", "{NAME:path}")),
)


def path_from(segments: list[str], start: str, *, slash: bool) -> str:
    named = [part.replace("NAME", f"{start}{place}") for place, part in enumerate(segments)]
    return "".join(f"/{part}" for part in named) + ("/" if slash else "")


def paths(start: str, *, least: int = 0) -> st.SearchStrategy[str]:
    segments = st.lists(SEGMENTS, min_size=least, max_size=3)
    return st.builds(path_from, segments, st.just(start), slash=st.booleans())


def prefixes(start: str) -> st.SearchStrategy[str]:
    plain = st.lists(st.sampled_from((*WORDS, "{NAME}", "{NAME:int}")), max_size=2)
    return st.builds(path_from, plain, st.just(start), slash=st.just(False))


METHODS = st.lists(
    st.sampled_from(("GET", "POST", "DELETE", "HEAD", "OPTIONS")), min_size=1, max_size=2
).map(tuple)
API_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.just(["leaf"]),
        "deprecated": st.just(True),
        "include_in_schema": st.booleans(),
        "status_code": st.just(202),
        "summary": st.just("Own summary"),
        "dependencies": st.builds(lambda: [note("leaf")]),
    },
)


def leaves() -> st.SearchStrategy[Leaf]:
    path = paths("p").map(lambda path: path or "/")
    kinds = {
        "plain": st.just({}),
        "websocket": st.just({}),
        "plain_websocket": st.just({}),
        "mount": st.fixed_dictionaries({"named": st.booleans(), "sub_application": st.booleans()}),
        "host": st.just({}),
        "foreign": st.just({}),
        "own": st.fixed_dictionaries({"which": st.integers(0, 2)}),
        "frontend": st.just({}),
        "form": st.just({}),
    }
    others = st.one_of(
        [st.builds(Leaf, st.just(kind), path, METHODS, options) for kind, options in kinds.items()]
    )
    api = st.builds(Leaf, st.just("api"), path, METHODS, API_OPTIONS)
    return st.one_of(api, others)


LIMITS = st.just({"max_fields": 1})
INCLUDE_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.just(["include"]),
        "dependencies": st.builds(lambda: [note("include")]),
        "deprecated": st.just(True),
        "responses": st.just({418: {"description": "teapot"}}),
        "include_in_schema": st.booleans(),
        "form_limits": LIMITS,
        "max_body_size": st.just(5),
    },
)
ROUTER_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.just(["router"]),
        "dependencies": st.builds(lambda: [note("router")]),
        "default_response_class": st.just(JSONResponse),
        "form_limits": LIMITS,
        "max_body_size": st.just(7),
    },
)


def includes(depth: int) -> st.SearchStrategy[Include]:
    below = leaves() if depth == 3 else st.one_of(leaves(), includes(depth + 1))
    return st.builds(
        Include,
        prefixes(f"i{depth}_"),
        prefixes(f"o{depth}_"),
        st.lists(below, max_size=4).map(tuple),
        INCLUDE_OPTIONS,
        ROUTER_OPTIONS,
    )


TABLES = st.lists(st.one_of(leaves(), includes(1)), min_size=1, max_size=6).map(tuple)
VALUES = (
    "a",
    "b",
    "7",
    "-7",
    "7.5",
    "x y",
    "ü",
    "",
    "a/b",
    "a-q.json",
    "7-x",
    "A",
    str(uuid.UUID(int=7)),
    "a\n",
)


@dataclass(frozen=True)
class Call:
    """One request of a test."""

    path: str
    method: str
    protocol: str
    host: str
    root_path: str
    body: bytes


def declared_paths(entries: tuple[Leaf | Include, ...], prefix: str = "") -> list[str]:
    found = []
    for entry in entries:
        if isinstance(entry, Leaf):
            found.append(prefix + entry.path)
        else:
            inner = f"{prefix}{entry.prefix}{entry.own_prefix}"
            found += declared_paths(entry.children, inner)
    return found


@st.composite
def calls(draw: st.DrawFn, table: tuple[Leaf | Include, ...]) -> Call:
    """A request for a path of the table or one near to it, or for any path."""
    path = draw(st.sampled_from([*declared_paths(table), "/docs", "/a/b"]))
    for _ in range(path.count("{")):
        path = re.sub(r"{[^}]+}", lambda _: draw(st.sampled_from(VALUES)), path, count=1)
    change = draw(st.sampled_from(CHANGES))
    return Call(
        path=change(path),
        method=draw(st.sampled_from(("GET", "GET", "POST", "HEAD", "DELETE", "OPTIONS"))),
        protocol=draw(st.sampled_from(("http", "http", "http", "websocket"))),
        host=draw(st.sampled_from(("testserver", "testserver", "one.example.org"))),
        root_path=draw(st.sampled_from(("", "", "", "/a", "/items", "/"))),
        body=draw(st.sampled_from((b"", b"a=1", b"a=1&a=2&a=3"))),
    )


CHANGES: tuple[Callable[[str], str], ...] = (
    *[lambda path: path] * 5,
    lambda path: path + "/",
    lambda path: path.rstrip("/"),
    lambda path: path + "\n",
    lambda path: path + "/in/7",
    lambda path: path + "/more",
    lambda path: "/a" + path,
    lambda path: "/items" + path,
    lambda path: path.replace("/", "//"),
    lambda path: path.swapcase(),
    lambda path: path + "//",
    lambda path: path.removeprefix("/"),
)


async def ask(app: FastAPI, call: Call) -> list[Any]:
    """Return all that a client sees of the answer."""
    sent: list[Any] = []
    kind = "websocket" if call.protocol == "websocket" else "http"
    first = "websocket.connect" if kind == "websocket" else "http.request"
    received: list[Message] = [
        {"type": first, "body": call.body},
        {"type": f"{kind}.disconnect", "code": 1000},
    ]
    scope: Scope = {
        "type": call.protocol,
        "method": call.method,
        "path": call.path,
        "root_path": call.root_path,
        "query_string": b"q=1",
        "scheme": "http",
        "server": ("testserver", 80),
        "headers": [
            (b"host", call.host.encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(call.body)).encode()),
        ],
    }
    if call.protocol == "websocket":
        del scope["method"]

    async def receive() -> Message:
        return received.pop(0) if len(received) > 1 else received[0]

    async def send(message: Message) -> None:
        headers = {}
        for name, value in message.get("headers", []):
            is_set = name == b"allow"
            headers[name] = sorted(value.decode().split(", ")) if is_set else value
        sent.append({**message, "headers": headers})

    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001  (whatever FastAPI raises is what is compared)
        sent.append(repr(error))
    return sent


def build(cls: type[FastAPI], table: tuple[Leaf | Include, ...], frontend: Path) -> FastAPI:
    app = cls()
    Builder(frontend).fill(app, table)
    return app


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frontend")
    (folder / "index.html").write_text("front")
    (folder / "more").write_text("more of it")
    return folder


async def compare(plain: FastAPI, indexed: FastAPI, requests: list[Call]) -> None:
    for call in requests:
        assert await ask(indexed, call) == await ask(plain, call), call


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")  # FastAPI's, for two methods
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_request_gets_the_answer_that_fastapi_gives(data: st.DataObject, frontend: Path) -> None:
    """The same endpoint, parameters, dependencies, 404, 405, redirect, OpenAPI and urls."""
    table = data.draw(TABLES)
    requests = data.draw(st.lists(calls(table), min_size=5, max_size=30))
    try:
        plain = build(FastAPI, table, frontend)
    except FastAPIError:
        reject()  # a table that FastAPI refuses: an include without any path
    indexed = build(App, table, frontend)

    asyncio.run(compare(plain, indexed, requests))

    assert indexed.openapi() == plain.openapi()
