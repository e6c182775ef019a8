"""The ORM's errors as answers to requests: what a client may know of them, and no SQL.

An error that nobody caught is answered by its kind. The whole of it goes to the log
``raystack_orm.requests``, once; the client learns what it can do about it. What is the
application's own mistake stays a 500.
"""

import logging
import re
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .exceptions import (
    DataError,
    DeadlockError,
    FieldError,
    IntegrityError,
    SerializationError,
    UnavailableError,
)

RETRY_AFTER_S = 5

_log = logging.getLogger("raystack_orm.requests")


def exception_handlers() -> dict[int | type[Exception], Callable[..., Any]]:
    """Return the handlers, as FastAPI takes them; a project with the plugin has them.

    ======================================================  ======================================
    ``FieldError`` of a name that the query string has      400 that names the parameter
    ``DataError``: a value does not fit its column          400
    ``IntegrityError``: a constraint is broken              409
    ``UnavailableError``, deadlocks, failed serialization   503 with ``Retry-After``
    ======================================================  ======================================

    Example::

        app = FastAPI(exception_handlers=raystack_orm.responses.exception_handlers())
    """
    return {
        FieldError: answer_field_error,
        DataError: answer_data_error,
        IntegrityError: answer_conflict,
        UnavailableError: answer_unavailable,
        DeadlockError: answer_unavailable,
        SerializationError: answer_unavailable,
    }


async def answer_field_error(request: Request, error: FieldError) -> Response:
    """Answer 400 if the name is the client's; a name in the application's code is its mistake."""
    if request.scope["type"] != "http":
        raise error
    said = str(error).partition("Did you mean")[0].partition("\n")[0]
    for parameter, value in request.query_params.multi_items():
        if any(_names(said, name) for name in (parameter, *value.split(","))):
            detail = f'The parameter "{parameter}" names a field that cannot be used here.'
            return await _answer(request, error, HTTPException(400, detail))
    raise error


def _names(said: str, name: str) -> bool:
    name = name.strip().lstrip("-+")
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)" if name else '""', said) is not None


async def answer_data_error(request: Request, error: DataError) -> Response:
    """Answer 400."""
    detail = "A value does not fit: it is too long or out of range."
    return await _answer(request, error, HTTPException(400, detail))


async def answer_conflict(request: Request, error: IntegrityError) -> Response:
    """Answer 409."""
    detail = "That conflicts with what is stored: something is taken, missing, or still in use."
    return await _answer(request, error, HTTPException(409, detail))


async def answer_unavailable(request: Request, error: Exception) -> Response:
    """Answer 503, and when to try again."""
    detail = "The database is not available at the moment. Please try again later."
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return await _answer(request, error, HTTPException(503, detail, headers))


async def _answer(request: Request, error: Exception, answer: HTTPException) -> Response:
    """Log the error, and answer as the application answers that status: with a page, or JSON."""
    if request.scope["type"] != "http":
        raise error
    level = logging.ERROR if answer.status_code >= 500 else logging.WARNING
    what = f"{request.method} {request.url.path}"
    _log.log(level, "%s is answered with %d", what, answer.status_code, exc_info=error)
    handlers = request.app.exception_handlers
    handler = handlers.get(answer.status_code) or handlers[HTTPException]
    if iscoroutinefunction(handler):
        return cast("Response", await handler(request, answer))
    return cast("Response", await run_in_threadpool(handler, request, answer))
