"""The request id: one name for a request in every log line, from the proxy to the answer."""

import re
from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-request-id"
# What else a client sends could forge log lines, or be markup where the id is shown.
SAFE = re.compile(rb"[A-Za-z0-9._-]{1,128}")


class RequestIdMiddleware:
    """Gives each request an id: ``request.state.request_id``, and ``X-Request-ID`` on the answer.

    The id of a proxy's or client's own ``X-Request-ID`` is kept if it consists of at most 128
    letters, digits, dots, underscores and hyphens. One that a response brings is replaced.

    Args:
        app: The application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request_id = _given(scope) or token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        header = (HEADER, request_id.encode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                others = (h for h in message.get("headers", ()) if h[0].lower() != HEADER)
                message["headers"] = [*others, header]
            await send(message)

        await self.app(scope, receive, send_with_id)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER and SAFE.fullmatch(value):
            return bytes(value).decode()
    return None
