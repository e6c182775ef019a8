"""One request on its way through a ``BaseMiddleware``.

The handler, a coroutine, is run step by step. At ``call_next`` it pauses and the application runs;
when that starts its response, the handler goes on inside of the application's ``send`` and returns.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CallNext = Callable[[Request], Awaitable[Response]]
"""The rest of the application, as a function from the request to its response."""

Handler = Callable[..., Coroutine[Any, Any, Response]]
"""A middleware's ``__call__``."""


class Exchange:
    """One request on its way through one middleware.

    Args:
        name: The middleware's class, for messages.
        app: The application inside.
        handler: The middleware's method.
        scope: The request's ASGI scope.
        receive: The server's ``receive``.
        send: The server's ``send``.
    """

    def __init__(
        self,
        name: str,
        app: ASGIApp,
        handler: Handler,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._name = name
        self._app = app
        self._body = KeptBody(receive)
        self._request = Request(scope, self._body.receive, send)
        self._send = send
        self._handler = handler(self._request, self._call_next)
        self._stepping = False
        self._called = False
        self._ended = False
        self._replaced = False
        self._failure: BaseException | None = None
        self._response: Any = None

    async def run(self) -> None:
        """Run the handler's first part, the application, and within it the handler's second."""
        if not await self._advance(self._handler.send, None):
            await self._answer()
            return
        request = self._request
        is_own = request.receive == self._body.receive  # not that of a request it has made up
        receive = self._body.receive_again if is_own else request.receive
        try:
            await self._app(request.scope, receive, self._send_from_app)
        except BaseException as error:  # noqa: BLE001 - the handler is told of every exception
            await self._app_raised(error)
        else:
            if self._failure is not None:
                raise self._failure
            if not self._ended:
                await self._resume_raising(RuntimeError("No response returned."))
        if isinstance(self._response, StartedResponse) and self._response.background is not None:
            await self._response.background()

    @coroutine
    def _call_next(self, request: Request) -> Generator[Any, Any, Response]:
        if not self._stepping:
            raise RuntimeError(
                "call_next() has to be awaited by the middleware itself, not by another task. "
                "For a time limit use `async with asyncio.timeout(...)`."
            )
        if self._called:
            raise RuntimeError("call_next() was called twice for one request.")
        self._called = True
        self._request = request
        response: Response = yield self
        return response

    @coroutine
    def _advance(self, step: Callable[[Any], Any], value: Any) -> Generator[Any, Any, bool]:
        """Run the handler until it calls the application (True) or returns (False).

        Args:
            step: The handler's ``send`` or ``throw``.
            value: What to send or throw.
        """
        while True:
            self._stepping = True
            try:
                awaited = step(value)
            except StopIteration as end:
                self._ended = True
                self._response = self._checked(end.value)
                return False
            finally:
                self._stepping = False
            if awaited is self:
                return True
            try:
                step, value = self._handler.send, (yield awaited)
            except BaseException as error:  # noqa: BLE001 - cancellation is the handler's to see
                step, value = self._handler.throw, error

    def _checked(self, response: Any) -> Any:
        if not callable(response):
            raise TypeError(
                f"{self._name} returned {response!r}. "
                f"It has to return a response, such as that of call_next(request)."
            )
        return response

    async def _send_from_app(self, message: Message) -> None:
        if self._ended:
            await self._send_after_start(message)
        elif message["type"] == "http.response.start":
            await self._start(message)
        else:  # an early hint, or what a test client is told
            await self._send(message)

    async def _send_after_start(self, message: Message) -> None:
        if not self._replaced:
            await self._send(message)
        elif message.get("more_body"):
            # Nobody will read this response. To whoever streams it, the client has gone.
            raise ResponseReplaced

    async def _start(self, message: Message) -> None:
        started = StartedResponse(message)
        try:
            await self._advance(self._handler.send, started)
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._ended = True
            self._replaced = self._response is not started
        if self._replaced:
            await self._answer()
        else:
            await self._send(started.message())

    async def _answer(self) -> None:
        await self._response(self._request.scope, self._request.receive, self._send)

    async def _app_raised(self, error: BaseException) -> None:
        if not self._ended:
            await self._resume_raising(error)
        elif isinstance(self._failure, Exception):
            # What the application made of the handler's own exception is a mere consequence.
            raise self._failure
        elif not (self._replaced and isinstance(error, ResponseReplaced | ClientDisconnect)):
            raise error

    async def _resume_raising(self, error: BaseException) -> None:
        """Let ``call_next`` raise in the handler, which may answer or let it pass."""
        await self._advance(self._handler.throw, error)
        await self._answer()


class ResponseReplaced(OSError):
    """What a server raises in ``send`` when the client has gone is an OSError, too."""


class StartedResponse(Response):
    """The response of the application, whose body is still to come."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self.status_code = message["status"]
        self.raw_headers = list(message.get("headers", ()))
        self.background = None

    def message(self) -> Message:
        """Return the message that starts it, with the changes that were made."""
        return {**self._message, "status": self.status_code, "headers": self.raw_headers}


class KeptBody:
    """What a middleware has received of a request, kept for the endpoint to receive again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._received: deque[Message] = deque()

    async def receive(self) -> Message:
        """Receive for the middleware."""
        message = await self._receive()
        self._received.append(message)
        return message

    async def receive_again(self) -> Message:
        """Receive for the endpoint: first what the middleware has received, then the rest."""
        return self._received.popleft() if self._received else await self._receive()
