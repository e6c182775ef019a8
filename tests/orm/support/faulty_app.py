"""An application whose requests fail inside of transactions, and a server that serves it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from press import Author
from servers import free_port

from raystack_orm import connections, responses, transaction

SLOW_S = 0.1

router = APIRouter()
happened: list[str] = []  # names of transactions whose ``on_commit`` was called, and streams' ends


class Failure(Exception):
    """What an endpoint raises inside of its transaction."""


def make_application() -> FastAPI:
    """Return the application; nothing has happened in it."""
    happened.clear()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await connections.aclose_all()

    handlers = {Failure: answer_failure, **responses.exception_handlers()}
    app = FastAPI(lifespan=lifespan, exception_handlers=handlers)
    app.include_router(router)
    return app


def answer_failure(request: Request, error: Failure) -> Response:
    """Answer as for any other error, without its being logged."""
    return Response(status_code=500)


def create(name: str) -> None:
    Author.objects.create(name=name)
    transaction.on_commit(lambda: happened.append(name))


@router.post("/fail")
def fail() -> None:
    with transaction.atomic():
        create("outer")
        with transaction.atomic():
            create("inner")
        raise Failure


@router.post("/fail-inside")
def fail_inside() -> None:
    with transaction.atomic():
        create("outer")
        with suppress(Failure), transaction.atomic():
            create("inner")
            raise Failure
        create("afterwards")


async def acreate(name: str) -> None:
    await Author.objects.acreate(name=name)
    transaction.on_commit(lambda: happened.append(name))


@router.post("/async/fail")
async def async_fail() -> None:
    async with transaction.atomic():
        await acreate("outer")
        async with transaction.atomic():
            await acreate("inner")
        raise Failure


@router.post("/async/fail-inside")
async def async_fail_inside() -> None:
    async with transaction.atomic():
        await acreate("outer")
        with suppress(Failure):
            async with transaction.atomic():
                await acreate("inner")
                raise Failure
        await acreate("afterwards")


@router.post("/async/timeout")
async def timeout() -> None:
    try:
        async with asyncio.timeout(0.1), transaction.atomic():
            await acreate("outer")
            async with transaction.atomic():
                await acreate("inner")
                await asyncio.sleep(30)
    except TimeoutError:
        raise Failure from None


@router.get("/async/stream")
async def stream() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        try:
            async with transaction.atomic():
                await acreate("outer")
                async with transaction.atomic():
                    await acreate("inner")
                    yield b"first"
                    await asyncio.sleep(30)
        finally:
            happened.append("the stream ended")

    return StreamingResponse(parts())


@router.get("/slow")
def slow() -> int:
    with transaction.atomic(read_only=True):
        count = Author.objects.count()
        time.sleep(SLOW_S)
        return count


@router.get("/async/slow")
async def async_slow() -> int:
    async with transaction.atomic(read_only=True):
        count = await Author.objects.acount()
        await asyncio.sleep(SLOW_S)
        return count


@router.get("/count")
def count() -> int:
    assert not connections["default"].in_atomic_block
    return Author.objects.count()


@router.get("/async/count")
async def async_count() -> int:
    assert not connections["default"].in_atomic_block
    return await Author.objects.acount()


@router.post("/fill")
def fill(pages: int) -> int:
    connections["default"].fetch(f"PRAGMA max_page_count = {pages:d}")
    with transaction.atomic():
        Author.objects.bulk_create([Author(name="x" * 100) for _ in range(100)])
    return 100


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application with uvicorn, in a thread; the address is returned."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 10
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        assert server.started
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
