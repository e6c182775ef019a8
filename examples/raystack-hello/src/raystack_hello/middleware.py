"""A middleware, as plain ASGI."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class GreetingMiddleware:
    """Puts the header ``X-Greeting`` on every answer.

    Args:
        app: The application inside.
        greeting: The header's value.
    """

    def __init__(self, app: ASGIApp, greeting: str) -> None:
        self.app = app
        self.greeting = greeting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_greeting(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Greeting"] = self.greeting
            await send(message)

        await self.app(scope, receive, send_with_greeting)
