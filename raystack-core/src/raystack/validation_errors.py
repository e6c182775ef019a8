"""The answer to a request that does not fit its endpoint: FastAPI's, for every input."""

from fastapi.encoders import jsonable_encoder
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse


async def show_validation_error(request: Request, error: RequestValidationError) -> JSONResponse:
    """Answer 422 with what is wrong, as FastAPI does.

    FastAPI repeats the input, and fails with a 500 where JSON or UTF-8 cannot hold it: NaN, 1e400,
    half a surrogate pair, arbitrary bytes. The input is left out then.
    """
    try:
        return await request_validation_exception_handler(request, error)
    except ValueError:
        kept = [{key: detail[key] for key in ("type", "loc", "msg")} for detail in error.errors()]
        return JSONResponse({"detail": jsonable_encoder(kept)}, status_code=422)
