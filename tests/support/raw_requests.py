"""Requests exactly as they are written: a client library would tidy them up."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Scope


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


def http_scope(path: bytes = b"/", hosts: Sequence[bytes] = (b"testserver",)) -> Scope:
    """Write the scope of a GET request, as a server would.

    Args:
        path: The path as it is sent, percent-encoded.
        hosts: The values of the ``Host`` headers; a well-formed request has one.
    """
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host) for host in hosts],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
    }


def get(app: ASGIApp, path: bytes = b"/", hosts: Sequence[bytes] = (b"testserver",)) -> Answer:
    """Make such a GET request."""
    to_receive: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Message:
        return to_receive.pop() if to_receive else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(http_scope(path, hosts), receive, send))
    return Answer(sent[0]["status"], b"".join(message.get("body", b"") for message in sent))
