"""Placeholders of ``cursor()``: ``%s`` and ``%(name)s`` on every database, as in Django."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..exceptions import ProgrammingError

PLACEHOLDER = re.compile(r"%(?:%|s|\((\w+)\)s)")


def native(sql: str, params: Any, paramstyle: str, vendor: str) -> tuple[str, Any]:
    """Turn a statement and its parameters into the driver's form.

    Args:
        sql: The statement; ``%%`` is a percent sign.
        params: A sequence, or a mapping for ``%(name)s``.
        paramstyle: The driver's, as SQLAlchemy names it.
        vendor: The database, whose driver may not take every type.
    """
    if paramstyle in ("format", "pyformat"):
        return sql, params
    converted, names = _converted(sql, paramstyle)
    if not isinstance(params, Mapping):
        return converted, tuple(_adapted(value, vendor) for value in params)
    missing = [name for name in names if name not in params]
    if missing:
        raise ProgrammingError(
            f"The statement has %({missing[0]})s, and the parameters have no such name."
        )
    return converted, tuple(_adapted(params[name], vendor) for name in names)


@lru_cache(maxsize=512)
def _converted(sql: str, paramstyle: str) -> tuple[str, tuple[str, ...]]:
    numbered = paramstyle == "numeric_dollar"
    names: list[str] = []
    count = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        if found[1] is None:
            count += 1
            return f"${count}" if numbered else "?"
        if found[1] in names and numbered:
            return f"${names.index(found[1]) + 1}"
        names.append(found[1])
        return f"${len(names)}" if numbered else "?"

    return PLACEHOLDER.sub(replace, sql), tuple(names)


def _adapted(value: Any, vendor: str) -> Any:
    """Write out what sqlite3 does not take, as the fields of models do."""
    if vendor == "sqlite":
        if isinstance(value, Decimal):
            return str(value)
        if isinstance(value, datetime):
            return value.isoformat(" ", "microseconds")
        if isinstance(value, time):
            return value.isoformat("microseconds")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list | tuple | set | dict):
            raise TypeError(f"SQLite cannot bind {value!r}: give it as a text or a number.")
    return value
