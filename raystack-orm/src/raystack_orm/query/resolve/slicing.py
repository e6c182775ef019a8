"""Slices: LIMIT and OFFSET of a query, and what of them belongs to its shape.

A short slice is a page or a first few, the same number each time: it is written into the SQL, where
the database's planner sees it. Other numbers are bound, so that they share a plan.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, literal_column

from ..state import MOST_WRITTEN

if TYPE_CHECKING:
    from .compiler import Compiler


def sliced(statement: Any, state: Any, compiler: "Compiler") -> Any:
    """Return a SELECT with the slice of a state."""
    if state.stop is not None:
        limit = state.stop - state.start
        if limit <= MOST_WRITTEN:
            statement = statement.limit(literal_column(str(limit), Integer()))
        else:
            statement = statement.limit(_bound(state, "limit", limit, compiler))
    if state.start:
        statement = statement.offset(_bound(state, "offset", state.start, compiler))
    return statement


def _bound(state: Any, name: str, number: int, compiler: "Compiler") -> Any:
    return compiler.bind((state.cut or state, name), number, BigInteger(), None)
