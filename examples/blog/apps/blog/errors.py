"""Errors: pages for people, JSON for the API's clients."""

from collections.abc import Mapping
from typing import Any

from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from raystack import reverse
from raystack_templates import render_template

TEXTS = {
    400: ("That did not arrive whole", "The request could not be read. Please try once more."),
    403: (
        "Not from there",
        "This came from another site's page, so nothing was changed. Please use the form here.",
    ),
    404: (
        "This page is not on the table",
        "Perhaps it was never there, or the address has a typo.",
    ),
    405: ("Not like this", "This address exists, but not for what was tried."),
    422: ("That is not what the form sends", "Please go back and fill it in once more."),
}


def handlers() -> Mapping[Any, Any]:
    """Return the exception handlers of the blog."""
    return {HTTPException: show_http_error, RequestValidationError: show_validation_error}


async def show_http_error(request: Request, error: HTTPException) -> Response:
    """Answer with a page, or with JSON below ``/api``."""
    if _is_api(request) or error.status_code not in TEXTS:
        return await http_exception_handler(request, error)
    return _page(error.status_code, error.headers)


async def show_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer with a page, or with JSON below ``/api``."""
    if _is_api(request):
        # Without what was sent: a client knows it, and JSON cannot hold all of it (NaN).
        problems = [{key: each[key] for key in ("type", "loc", "msg")} for each in error.errors()]
        return JSONResponse({"detail": problems}, status_code=422)
    return _page(422)


def _page(status: int, headers: Mapping[str, str] | None = None) -> Response:
    title, explanation = TEXTS[status]
    context = {"status": status, "title": title, "explanation": explanation}
    return render_template("error.html", context, status_code=status, headers=headers)


def _is_api(request: Request) -> bool:
    api = reverse("api:posts").removesuffix("posts")
    return f"{request.url.path}/".startswith(api)
