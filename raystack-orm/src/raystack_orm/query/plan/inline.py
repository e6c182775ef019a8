"""Conversions of column values that are written into row loaders, instead of being called.

Only types that are known exactly are here: a decorated type, or one of a user's, keeps its own
result processor, which is called for each row.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Date, DateTime
from sqlalchemy.types import TypeEngine

from ...fields.types import NaiveDateTime, TimeOfDay, UTCDateTime, without_zone

INLINED: dict[str, Any] = {
    "UTC": UTC,
    "without_zone": without_zone,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "clock": time.fromisoformat,
}

# SQLite stores dates and times as ISO 8601 text, those of time zones in UTC without saying so.
_SQLITE: dict[type[Any], str] = {
    Boolean: "bool({0})",
    Date: "day({0})",
    DateTime: "moment({0})",
    NaiveDateTime: "moment({0})",
    TimeOfDay: "clock({0})",
    UTCDateTime: "moment({0} + '+00:00')",
}
_MYSQL: dict[type[Any], str] = {Boolean: "bool({0})"}
_POSTGRESQL: dict[type[Any], str] = {
    NaiveDateTime: "({0} if {0}.tzinfo is None else without_zone({0}))",
    UTCDateTime: "{0}.replace(tzinfo=UTC)",
}

_KNOWN = {"sqlite": _SQLITE, "mysql": _MYSQL, "postgresql": _POSTGRESQL}


def inline(type_: TypeEngine[Any], vendor: str, source: str) -> str | None:
    """Return the source that converts a value; ``None`` where the processor has to be called.

    Args:
        type_: The column's type.
        vendor: The database.
        source: The source of the value.
    """
    known = _KNOWN[vendor].get(type(type_))
    if known is None:
        return None
    return f"(None if {source} is None else {known.format(source)})"
