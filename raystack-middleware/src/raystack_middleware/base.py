"""``BaseMiddleware``: a middleware as a function of a request and the rest of the application.

It is pure ASGI underneath. The method is a coroutine that runs in two parts: the one up to
``call_next`` before the application, the other when the application starts its response, inside of
that very ``send``. So no task is started and no body is collected: context variables, streams,
background tasks and disconnects stay what they are without the middleware.
"""

import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import wraps
from types import coroutine
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CallNext = Callable[[Request], Awaitable[Response]]
"""The rest of the application, as a function from the request to its response."""

Handler = Callable[..., Coroutine[Any, Any, Response]]


class BaseMiddleware:
    """The base of a middleware that looks at a request and at its response.

    Write ``__call__`` and await ``call_next(request)`` in it, at most once, or return a response of
    your own. The response that ``call_next`` returns has a status and headers to read and change;
    its body is still to come and goes past the middleware. WebSockets and lifespans do, too: for
    those, and to change bodies, write an ASGI middleware.

    What it reads of the request's body is kept in memory for the endpoint. A ``ContextVar`` that is
    set before ``call_next`` holds in the endpoint, and what the endpoint sets holds afterwards. Set
    it back with ``set``, not ``reset``: a stream may be started by another task.

    Args:
        app: The application inside. A subclass takes its options as further keyword arguments.

    Example::

        class TimingMiddleware(BaseMiddleware):
            async def __call__(self, request: Request, call_next: CallNext) -> Response:
                started = perf_counter()
                response = await call_next(request)
                response.headers["Server-Timing"] = f"app;dur={perf_counter() - started:.6f}"
                return response
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let the subclass's ``__call__`` be called as an ASGI application as well."""
        super().__init_subclass__(**kwargs)
        handler = vars(cls).get("__call__")
        if handler is not None:
            _check(cls, handler)
            cls.__call__ = _also_asgi(handler)  # type: ignore[method-assign]  # the point of it

    async def __call__(self, request: Request, call_next: CallNext) -> Response:
        """Answer a request.

        Args:
            request: The request.
            call_next: The rest of the application.

        Returns:
            The response of ``call_next(request)``, or another one.
        """
        return await call_next(request)


def _check(cls: type, handler: Any) -> None:
    parameters = list(inspect.signature(handler).parameters)
    if len(parameters) != 3 or not inspect.iscoroutinefunction(handler):
        raise TypeError(
            f"{cls.__qualname__}.__call__ should be `async def __call__(self, request, call_next)`."
            f"\n  An ASGI middleware, with scope, receive and send, needs no BaseMiddleware."
        )


def _also_asgi(handler: Handler) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Make a method that tells ``(request, call_next)`` from ``(scope, receive, send)``."""

    @wraps(handler)
    async def __call__(self: BaseMiddleware, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        if len(args) != 3:
            return await handler(self, *args, **kwargs)  # by super().__call__, or by a test
        scope, receive, send = args
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        return await _Exchange(self, handler, scope, receive, send).run()

    return __call__


class _Exchange:
    """One request on its way through one middleware."""

    def __init__(
        self,
        middleware: BaseMiddleware,
        handler: Handler,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._middleware = middleware
        self._body = _Body(receive)
        self._request = Request(scope, self._body.receive, send)
        self._send = send
        self._handler = handler(middleware, self._request, self._call_next)
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
        app, request = self._middleware.app, self._request
        is_own = request.receive == self._body.receive  # not that of a request it has made up
        receive = self._body.receive_again if is_own else request.receive
        try:
            await app(request.scope, receive, self._send_from_app)
        except BaseException as error:  # noqa: BLE001 - the handler is told of every exception
            await self._app_raised(error)
        else:
            if self._failure is not None:
                raise self._failure
            if not self._ended:
                await self._resume_raising(RuntimeError("No response returned."))
        if isinstance(self._response, _StartedResponse) and self._response.background is not None:
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
                f"{type(self._middleware).__qualname__} returned {response!r}. "
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
            raise _ResponseReplaced

    async def _start(self, message: Message) -> None:
        started = _StartedResponse(message)
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
        elif not (self._replaced and isinstance(error, _ResponseReplaced | ClientDisconnect)):
            raise error

    async def _resume_raising(self, error: BaseException) -> None:
        """Let ``call_next`` raise in the handler, which may answer or let it pass."""
        await self._advance(self._handler.throw, error)
        await self._answer()


class _ResponseReplaced(OSError):
    """What a server raises in ``send`` when the client has gone is an OSError, too."""


class _StartedResponse(Response):
    """The response of the application, whose body is still to come."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self.status_code = message["status"]
        self.raw_headers = list(message.get("headers", ()))
        self.background = None

    def message(self) -> Message:
        """Return the message that starts it, with the changes that were made."""
        return {**self._message, "status": self.status_code, "headers": self.raw_headers}


class _Body:
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
