"""FastAPI's own telemetry names the same routes, whichever router found them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan, NoOpTracer, TracerProvider
from starlette.testclient import TestClient


class Span(NonRecordingSpan):
    """A span that remembers its last name."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(INVALID_SPAN_CONTEXT)
        self._names = names
        self._place = len(names)
        names.append("")

    def update_name(self, name: str) -> None:
        self._names[self._place] = name


class Recorder(TracerProvider):
    """A tracer provider that keeps the names of requests."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def get_tracer(self, *args: Any, **kwargs: Any) -> Any:
        recorder = self

        class Tracer(NoOpTracer):
            def start_span(self, *args: Any, **kwargs: Any) -> Any:
                return Span(recorder.names)

        return Tracer()


async def hello() -> str:
    return "hello"


def fill(app: FastAPI, folder: Path) -> None:
    """Add a route of each kind that the router names in its own way."""
    router, sub = APIRouter(prefix="/in"), FastAPI()
    router.get("/{item}")(hello)
    router.add_api_websocket_route("/live", hello)
    sub.get("/sub/{item}")(hello)
    app.get("/direct/{item}")(hello)
    app.include_router(router, prefix="/out")
    app.mount("/mount", sub)
    app.frontend("/site", directory=folder)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/direct/1", "GET /direct/{item}"),
        ("/direct/1/", "GET /direct/{item}"),
        ("/out/in/1", "GET /out/in/{item}"),
        ("/out/in/1/", "GET /out/in/{item}"),
        ("/mount/sub/1", "GET /mount/sub/{item}"),
        ("/site/index.html", "GET /site/{path}"),
        ("/missing", ""),
    ],
)
def test_a_request_has_the_name_of_its_route(
    both: Callable[..., list[Any]], tmp_path: Path, path: str, name: str
) -> None:
    """Redirects, mounts and frontends included."""
    (tmp_path / "index.html").write_text("the front page")
    found = []
    for place in (0, 1):
        recorder = Recorder()
        telemetry = {"tracer_provider": recorder, "operation_spans": False}
        app = both(lambda each: fill(each, tmp_path), telemetry=telemetry)[place]
        TestClient(app, follow_redirects=False).get(path)
        found.append(recorder.names)

    assert found == [[name], [name]]
