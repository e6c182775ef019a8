"""What a request does not pay for."""

import asyncio
import sys
from typing import Any

from starlette.types import Message, Scope
from workshop import Workshop

from raystack import Kernel, Raystack


def call(app: Raystack, path: str) -> list[Message]:
    """Call an application as a server would and return what it sends."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def test_no_hook_is_called_on_a_request(workshop: Workshop) -> None:
    """Plugins cost a request the code they add there, nothing else."""
    workshop.distribution(
        "acme-hello",
        "from raystack import hookimpl\n@hookimpl\ndef raystack_ready(kernel): ...\n",
    )
    app = Raystack(Kernel(settings={"DEBUG": True}))

    @app.get("/items/{item}")
    async def read(item: int) -> dict[str, int]:
        return {"item": item}

    call(app, "/items/1")  # builds
    files: set[str] = set()

    def remember(frame: Any, event: str, _argument: object) -> None:
        if event == "call":
            files.add(frame.f_code.co_filename)

    sys.setprofile(remember)
    try:
        answer = call(app, "/items/2")
    finally:
        sys.setprofile(None)

    assert answer[0]["status"] == 200
    assert any("fastapi" in file for file in files)
    assert not [file for file in files if "pluggy" in file or "raystack/plugins" in file]
