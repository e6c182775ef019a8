"""The API's errors, and how they appear in its documentation."""

from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError

from raystack_orm import models

from ..schemas import Problem

M = TypeVar("M", bound=models.Model)

FORBIDDEN: dict[int | str, Any] = {
    403: {"model": Problem, "description": "The request comes from another site's page."}
}
NOT_FOUND: dict[int | str, Any] = {404: {"model": Problem, "description": "There is none."}}
CONFLICT: dict[int | str, Any] = {
    409: {"model": Problem, "description": "It clashes with what is there already."}
}

LARGEST_ID = 2**63 - 1  # what a database's integer holds


async def find(rows: models.QuerySet[M], number: int) -> M:
    """Return the row of an id.

    Raises:
        HTTPException: 404, if there is none.
    """
    found = await rows.filter(id=number).afirst() if 0 < number <= LARGEST_ID else None
    if found is None:
        raise HTTPException(404, f"There is no {rows.model.__name__.lower()} {number}.")
    return found


def unknown(field: str, given: Any, known: Sequence[str]) -> RequestValidationError:
    """Return the error for a slug in the body that nothing has: 422, as any wrong field."""
    message = f"Unknown: {given}. There are: {', '.join(known)}."
    return RequestValidationError(
        [{"type": "unknown", "loc": ("body", field), "msg": message, "input": given}]
    )
