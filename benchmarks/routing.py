"""What it costs to find a route and to make a url: bare FastAPI against Raystack's router.

Run ``python benchmarks/routing.py``. Both are measured in this one process, in interleaved rounds;
times are the medians of its CPU time, so that a busy machine does not show in them.

The endpoints do nothing, so what a *dispatch* costs is the router alone. A *whole request* is the
application's JSON answer with all of FastAPI's work in it. The *first request* is what an
application pays once, when it takes its included routers apart.
"""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from time import process_time_ns
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter, FastAPI
from starlette.types import Message, Receive, Scope, Send

from raystack import Kernel, Raystack, reverse, use_kernel
from raystack.urls import IndexedRouter

App = TypeVar("App", bound=FastAPI)

SIZES = (10, 100, 1000)
SHAPES = ("flat", "three deep")
ROUNDS = 11
MICROSECONDS_A_ROUND = 20_000


class Row(NamedTuple):
    """One measurement of the same work by FastAPI and by Raystack, in microseconds of CPU."""

    what: str
    shape: str
    routes: int
    fastapi: float
    raystack: float


class Indexed(FastAPI):
    """FastAPI with the router of Raystack."""

    router: IndexedRouter

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.router = IndexedRouter.replacing(self.router)


class Nothing:
    """An endpoint that is an ASGI application, and does nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by returning."""


async def answer(item: int) -> dict[str, int]:
    """Answer as an API does."""
    return {"item": item}


def add_nothing(router: Any, number: int) -> None:
    router.add_route(f"/thing{number}/{{item:int}}", Nothing(), name=f"name{number}")


def add_answer(router: Any, number: int) -> None:
    router.add_api_route(f"/thing{number}/{{item}}", answer, name=f"name{number}")


def build(cls: type[App], shape: str, size: int, add: Callable[[Any, int], None]) -> App:
    """Return an application of ``size`` routes, ten to a router where there are routers."""
    app = cls(docs_url=None, redoc_url=None, openapi_url=None)
    if shape == "flat":
        for number in range(size):
            add(app, number)
        return app
    outer = APIRouter()
    middle = APIRouter()
    for start in range(0, size, 10):
        if start % 100 == 0:
            middle = APIRouter()
            outer.include_router(middle, prefix=f"/group{start}")
        inner = APIRouter()
        for number in range(start, start + 10):
            add(inner, number)
        middle.include_router(inner, prefix=f"/part{start}")
    app.include_router(outer, prefix="/api")
    return app


def request_scope(path: str, app: FastAPI) -> Scope:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "app": app,
    }


async def receive() -> Message:
    return {"type": "http.request", "body": b""}


async def send(message: Message) -> None:
    pass


def dispatch(app: FastAPI, path: str) -> None:
    """Let the router find ``path``; nothing in it waits, so no event loop is needed."""
    try:
        app.router.app(request_scope(path, app), receive, send).send(None)
    except StopIteration:
        pass
    except Exception as error:  # the 404, which the middleware around the router would answer
        if getattr(error, "status_code", None) != 404:
            raise


def microseconds(work: Callable[[], object], calls: int) -> float:
    start = process_time_ns()
    for _ in range(calls):
        work()
    return (process_time_ns() - start) / calls / 1000


def medians(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the median cost of each, measured in turns."""
    for work in works:
        work()  # what is built once is not part of it
    calls = [max(int(MICROSECONDS_A_ROUND / microseconds(work, 3)), 3) for work in works]
    rounds = [
        [microseconds(work, number) for work, number in zip(works, calls, strict=True)]
        for _ in range(ROUNDS)
    ]
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def dispatch_rows(shape: str, size: int) -> list[Row]:
    apps = [build(cls, shape, size, add_nothing) for cls in (FastAPI, Indexed)]
    prefix = "" if shape == "flat" else "/api/group0/part0"
    paths = {
        "dispatch, first route": apps[1].url_path_for("name0", item=7),
        "dispatch, last route": apps[1].url_path_for(f"name{size - 1}", item=7),
        "dispatch, 404": f"{prefix}/nothing/7",
    }
    works = [
        lambda app=app, path=str(path): dispatch(app, path)
        for path in paths.values()
        for app in apps
    ]
    return _rows(list(paths), shape, size, medians(works))


def reverse_rows(shape: str, size: int) -> list[Row]:
    with use_kernel(Kernel(discover=False)) as kernel:
        plain = build(FastAPI, shape, size, add_nothing)
        ours = build(Raystack, shape, size, add_nothing)
        kernel.application = ours
        last = f"name{size - 1}"
        works: list[Callable[[], object]] = [
            lambda: plain.url_path_for(last, item=7),
            lambda: reverse(last, item=7),
            lambda: plain.url_path_for(last, item=7),
            lambda: ours.url_path_for(last, item=7),
        ]
        times = medians(works)
    names = ["url_path_for against reverse, last route", "url_path_for, last route"]
    return _rows(names, shape, size, times)


def request_rows(shape: str, size: int) -> list[Row]:
    """Measure whole requests, on one event loop for all of them."""
    with asyncio.Runner() as runner:
        apps = [build(cls, shape, size, add_answer) for cls in (FastAPI, Indexed)]
        last = str(apps[1].url_path_for(f"name{size - 1}", item=7))

        async def ask(app: FastAPI, number: int) -> None:
            for _ in range(number):
                await app(request_scope(last, app), receive, send)

        def first_request(cls: type[FastAPI]) -> float:
            app = build(cls, shape, size, add_answer)
            return microseconds(lambda: runner.run(ask(app, 1)), 1)

        first_request(Indexed)  # imports, and FastAPI's own caches
        firsts = [first_request(cls) for cls in (FastAPI, Indexed)]
        works = [lambda app=app: runner.run(ask(app, 20)) for app in apps]
        whole = [each / 20 for each in medians(works)]
    return _rows(
        ["first request, once", "whole request, last route"], shape, size, [*firsts, *whole]
    )


def _rows(names: list[str], shape: str, size: int, times: list[float]) -> list[Row]:
    pairs = zip(times[::2], times[1::2], strict=True)
    return [Row(name, shape, size, *pair) for name, pair in zip(names, pairs, strict=True)]


def main() -> list[Row]:
    """Measure everything and return the rows."""
    rows: list[Row] = request_rows("flat", 1)
    for shape in SHAPES:
        for size in SIZES:
            rows += dispatch_rows(shape, size)
        rows += reverse_rows(shape, SIZES[-1])
        rows += request_rows(shape, SIZES[-1])
    return rows


if __name__ == "__main__":
    print(f"{'':<42}{'routers':<12}{'routes':>6}{'FastAPI µs':>13}{'Raystack µs':>13}")
    for row in main():
        print(
            f"{row.what:<42}{row.shape:<12}{row.routes:>6}{row.fastapi:>13.1f}{row.raystack:>13.1f}"
        )
