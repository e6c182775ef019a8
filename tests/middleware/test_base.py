"""BaseMiddleware: a function of request and call_next, on pure ASGI."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Form, Request, WebSocket
from raw_requests import http_scope
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from raystack import Middleware, Raystack
from raystack_middleware import BaseMiddleware, CallNext

visitor: ContextVar[str] = ContextVar("visitor", default="nobody")


class Stamp(BaseMiddleware):
    """Marks every response."""

    def __init__(self, app: ASGIApp, *, text: str = "stamped") -> None:
        super().__init__(app)
        self.text = text

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        response.headers["X-Stamp"] = self.text
        return response


def install(app: FastAPI, cls: Any, **options: Any) -> None:
    """Add a middleware; ``cls`` is ``Any`` as in ``raystack.Middleware``."""
    app.add_middleware(cls, **options)


def app_with(*classes: type[BaseMiddleware]) -> FastAPI:
    """Make an application; a request meets the first class first."""
    app = FastAPI()
    for cls in reversed(classes):
        install(app, cls)

    @app.get("/")
    async def index() -> dict[str, str]:
        return {"visitor": visitor.get()}

    return app


def test_the_kernel_takes_it_like_any_asgi_middleware(make_app: Callable[..., Raystack]) -> None:
    """Middleware("stamp", Stamp, options): the kernel calls cls(app, **options)."""
    app = make_app(MIDDLEWARE=[Middleware("stamp", Stamp, {"text": "by the kernel"})])
    app.get("/")(lambda: "hello")

    response = TestClient(app).get("/")

    assert response.json() == "hello"
    assert response.headers["x-stamp"] == "by the kernel"


def test_status_headers_and_cookies_of_the_response_can_be_changed() -> None:
    class Change(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            response.status_code += 2
            response.set_cookie("seen", "yes")
            del response.headers["content-length"]
            return response

    response = TestClient(app_with(Change)).get("/")

    assert response.status_code == 202
    assert response.cookies["seen"] == "yes"
    assert "content-length" not in response.headers
    assert response.json() == {"visitor": "nobody"}


def test_a_response_without_call_next_leaves_the_application_alone() -> None:
    class Closed(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            return PlainTextResponse("closed", status_code=503)

    response = TestClient(app_with(Closed)).get("/")

    assert (response.status_code, response.text) == (503, "closed")


def test_they_nest_in_their_order() -> None:
    seen: list[str] = []

    class Outer(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            seen.append("outer before")
            response = await call_next(request)
            seen.append(f"outer after, {response.headers['x-inner']}")
            return response

    class Inner(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            seen.append("inner before")
            response = await call_next(request)
            response.headers["X-Inner"] = "set"
            seen.append("inner after")
            return response

    TestClient(app_with(Outer, Inner)).get("/")

    assert seen == ["outer before", "inner before", "inner after", "outer after, set"]


def test_a_subclass_can_build_on_its_parents_call() -> None:
    class Signed(Stamp):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            response = await super().__call__(request, call_next)
            response.headers["X-Stamp"] += " and signed"
            return response

    assert TestClient(app_with(Signed)).get("/").headers["x-stamp"] == "stamped and signed"


def test_a_subclass_may_inherit_its_call() -> None:
    class Elsewhere(Stamp):
        pass

    assert TestClient(app_with(Elsewhere)).get("/").headers["x-stamp"] == "stamped"


def test_a_call_may_come_from_a_class_beside_it() -> None:
    class Answers:
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            return PlainTextResponse("answered")

    class Mixed(Answers, BaseMiddleware):
        pass

    class Further(Mixed):
        pass

    assert TestClient(app_with(Mixed)).get("/").text == "answered"
    assert TestClient(app_with(Further)).get("/").text == "answered"


def test_context_variables_are_shared_with_the_endpoint_both_ways() -> None:
    """BaseHTTPMiddleware runs the endpoint in a task of its own, which hides what it sets."""
    seen: list[str] = []

    class Visitor(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            token = visitor.set("ann")
            response = await call_next(request)
            seen.append(visitor.get())
            visitor.reset(token)
            return response

    app = FastAPI()
    install(app, Visitor)

    @app.get("/")
    async def index() -> str:
        name = visitor.get()
        visitor.set("bob")
        return name

    assert TestClient(app).get("/").json() == "ann"
    assert seen == ["bob"]


async def exchange(app: ASGIApp, *, spec_version: str = "2.3") -> AsyncIterator[Message]:
    """Make one GET request in this task and yield each message as soon as it is sent."""
    scope = {**http_scope(), "asgi": {"version": "3.0", "spec_version": spec_version}}
    sent: asyncio.Queue[Message | None] = asyncio.Queue()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def serve() -> None:
        try:
            await app(scope, receive, sent.put)
        finally:
            await sent.put(None)

    serving = asyncio.create_task(serve())
    try:
        while (message := await sent.get()) is not None:
            yield message
        await serving
    finally:
        serving.cancel()


@pytest.mark.parametrize("spec_version", ["2.3", "2.4"])
def test_a_stream_passes_piece_by_piece(spec_version: str) -> None:
    """No body is collected: a piece arrives although the next one does not exist yet.

    Under ASGI 2.3, which uvicorn speaks, Starlette starts a stream from a task of its own.
    """

    async def scenario() -> list[bytes]:
        first_arrived = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield b"one"
            await first_arrived.wait()
            yield b"two"

        app = FastAPI()
        install(app, Stamp)
        install(app, Stamp, text="again")
        app.get("/")(lambda: StreamingResponse(pieces()))
        bodies = []
        async for message in exchange(app, spec_version=spec_version):
            if message["type"] == "http.response.start":
                assert dict(message["headers"])[b"x-stamp"] == b"again"
            elif message["body"]:
                bodies.append(message["body"])
                first_arrived.set()
        return bodies

    assert asyncio.run(asyncio.wait_for(scenario(), 10)) == [b"one", b"two"]


def test_background_tasks_run_after_the_response_and_do_not_delay_it() -> None:
    async def scenario() -> list[str]:
        answered = asyncio.Event()
        seen: list[str] = []

        async def afterwards() -> None:
            await answered.wait()
            seen.append("background")

        app = FastAPI()
        install(app, Stamp)
        app.get("/")(lambda: PlainTextResponse("ok", background=BackgroundTask(afterwards)))
        async for message in exchange(app):
            if message["type"] == "http.response.body":
                seen.append("answered")
                answered.set()
        return seen

    assert asyncio.run(asyncio.wait_for(scenario(), 10)) == ["answered", "background"]


def test_a_background_task_of_the_middleware_runs_last() -> None:
    seen: list[str] = []

    class Later(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            response.background = BackgroundTask(seen.append, "middleware")
            return response

    app = FastAPI()
    install(app, Later)
    app.get("/")(
        lambda: PlainTextResponse("ok", background=BackgroundTask(seen.append, "endpoint"))
    )

    TestClient(app).get("/")

    assert seen == ["endpoint", "middleware"]


def test_an_exception_of_the_endpoint_reaches_the_middleware_and_passes_it() -> None:
    seen: list[str] = []

    class Watch(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            try:
                return await call_next(request)
            except LookupError as error:
                seen.append(str(error))
                raise

    app = FastAPI()
    install(app, Watch)

    @app.get("/")
    async def index() -> None:
        raise LookupError("nothing here")

    with pytest.raises(LookupError, match="nothing here"):
        TestClient(app).get("/")
    assert seen == ["nothing here"]
    assert TestClient(app, raise_server_exceptions=False).get("/").status_code == 500


def test_a_middleware_can_answer_for_an_exception() -> None:
    class Rescue(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            try:
                return await call_next(request)
            except LookupError:
                return JSONResponse({"rescued": True}, status_code=404)

    app = FastAPI()
    install(app, Rescue)

    @app.get("/")
    async def index() -> None:
        raise LookupError

    response = TestClient(app).get("/")

    assert (response.status_code, response.json()) == (404, {"rescued": True})


@pytest.mark.parametrize("error", [ValueError("mine"), HTTPException(418)])
def test_an_exception_after_call_next_is_raised_as_it_is(error: Exception) -> None:
    """The endpoint's dependencies see it, too, and may roll back."""
    cleaned = []

    class Fail(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            await call_next(request)
            raise error

    def resource() -> Iterator[str]:
        try:
            yield "open"
        finally:
            cleaned.append("closed")

    app = FastAPI()
    install(app, Fail)

    @app.get("/")
    async def index(state: Annotated[str, Depends(resource)]) -> str:
        return state

    with pytest.raises(type(error)) as raised:
        TestClient(app).get("/")
    assert raised.value is error
    assert cleaned == ["closed"]
    assert TestClient(app, raise_server_exceptions=False).get("/").status_code == 500


def test_a_replaced_response_is_not_sent_and_its_background_task_still_runs() -> None:
    seen: list[str] = []

    class Replace(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            return PlainTextResponse(f"instead of a {response.status_code}")

    app = FastAPI()
    install(app, Replace)
    app.get("/")(lambda: PlainTextResponse("no", background=BackgroundTask(seen.append, "ran")))

    assert TestClient(app).get("/").text == "instead of a 200"
    assert seen == ["ran"]


@pytest.mark.parametrize("spec_version", ["2.3", "2.4"])
def test_an_endless_stream_that_is_replaced_ends(spec_version: str) -> None:
    """To the stream it is as if the client had gone."""
    ended = []

    class Replace(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            await call_next(request)
            return PlainTextResponse("instead")

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"."
                await asyncio.sleep(0)
        finally:
            ended.append(True)

    async def scenario() -> list[bytes]:
        app = FastAPI()
        install(app, Replace)
        app.get("/")(lambda: StreamingResponse(endless()))
        messages = [message async for message in exchange(app, spec_version=spec_version)]
        return [message["body"] for message in messages if "body" in message]

    assert asyncio.run(asyncio.wait_for(scenario(), 10)) == [b"instead"]
    assert ended == [True]


def test_a_time_limit_around_call_next_works() -> None:
    class Limit(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            try:
                async with asyncio.timeout(0.01):
                    return await call_next(request)
            except TimeoutError:
                return PlainTextResponse("too slow", status_code=504)

    app = FastAPI()
    install(app, Limit)

    @app.get("/")
    async def index() -> None:
        await asyncio.Event().wait()

    assert TestClient(app).get("/").status_code == 504


@pytest.mark.parametrize("way", ["body", "stream", "form", "a part of the stream", "receive"])
def test_what_a_middleware_reads_of_the_body_is_there_for_the_endpoint(way: str) -> None:
    class Read(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            if way == "form":
                assert (await request.form())["name"] == "ann"
            elif way == "body":
                assert await request.body() == b"name=ann"
            elif way == "receive":
                assert (await request.receive())["body"] == b"name=ann"
            else:
                async for _ in request.stream():
                    if way.startswith("a part"):
                        break
            return await call_next(request)

    app = FastAPI()
    install(app, Read)

    @app.post("/")
    async def echo(name: Annotated[str, Form()]) -> StreamingResponse:
        return StreamingResponse(iter([name]))

    assert TestClient(app).post("/", data={"name": "ann"}).text == "ann"


def test_a_request_that_the_middleware_has_made_up_is_what_the_endpoint_gets() -> None:
    class Rewrite(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            async def receive() -> Message:
                return {"type": "http.request", "body": b"name=bob", "more_body": False}

            return await call_next(Request({**request.scope, "path": "/other"}, receive))

    app = FastAPI()
    install(app, Rewrite)

    @app.post("/other")
    async def echo(name: Annotated[str, Form()]) -> str:
        return name

    assert TestClient(app).post("/", data={"name": "ann"}).json() == "bob"


def test_websockets_and_lifespans_pass() -> None:
    app = app_with(Stamp)

    @app.websocket("/ws")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    with TestClient(app) as client, client.websocket_connect("/ws") as socket:
        assert socket.receive_text() == "hello"


def test_call_next_twice_is_an_error() -> None:
    class Twice(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            await call_next(request)
            return await call_next(request)

    with pytest.raises(RuntimeError, match=r"^call_next\(\) was called twice for one request\.$"):
        TestClient(app_with(Twice)).get("/")


def test_call_next_in_another_task_is_an_error_that_names_the_way() -> None:
    class Limit(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            return await asyncio.create_task(_awaited(call_next, request))

    async def _awaited(call_next: CallNext, request: Request) -> Response:
        return await call_next(request)

    with pytest.raises(RuntimeError) as raised:
        TestClient(app_with(Limit)).get("/")
    assert str(raised.value) == (
        "call_next() has to be awaited by the middleware itself, not by another task. "
        "For a time limit use `async with asyncio.timeout(...)`."
    )


def test_a_forgotten_return_is_an_error_that_names_the_class() -> None:
    class Forgetful(BaseMiddleware):
        async def __call__(self, request: Request, call_next: CallNext) -> Response:
            await call_next(request)
            return None  # type: ignore[return-value]  # the mistake

    with pytest.raises(TypeError) as raised:
        TestClient(app_with(Forgetful)).get("/")
    assert str(raised.value).endswith(
        "Forgetful returned None. It has to return a response, such as that of call_next(request)."
    )


def test_an_asgi_signature_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(TypeError) as raised:

        class Wrong(BaseMiddleware):
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]  # the mistake
                pass

    assert "Wrong.__call__ should be `async def __call__(self, request, call_next)`." in str(
        raised.value
    )


def test_a_class_without_a_call_is_refused_when_it_is_made() -> None:
    """With the method of Starlette's BaseHTTPMiddleware, say, it would guard nothing."""
    with pytest.raises(TypeError) as raised:

        class Dispatches(BaseMiddleware):
            async def dispatch(self, request: Request, call_next: CallNext) -> Response:
                return PlainTextResponse("never")

    name = f"{test_a_class_without_a_call_is_refused_when_it_is_made.__name__}.<locals>.Dispatches"
    assert str(raised.value) == (
        f"{name} lacks `async def __call__(self, request, call_next)`.\n"
        "  Without it a BaseMiddleware does nothing."
    )


def test_an_application_that_sends_nothing_is_an_error() -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        pass

    stamp: Any = Stamp(silent)
    with pytest.raises(RuntimeError, match="No response returned"):
        TestClient(stamp).get("/")
