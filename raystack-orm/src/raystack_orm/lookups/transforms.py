"""Transforms of dates and times: ``published_at__year=2026``, ``published_at__date__lt=day``.

An aware datetime is looked at in the current time zone, as in Django.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, extract, func
from sqlalchemy.types import DateTime, TypeEngine

from ..fields.base import Field
from ..fields.dates import DateField, DateTimeField, TimeField
from .base import Transform


class Part(Transform):
    """A part of a date or time, as a whole number.

    Args:
        name: Its name, for SQLAlchemy too.
    """

    def __init__(self, name: str) -> None:
        self.name = name  # type: ignore[misc]  # one class serves every part

    def apply(self, column: ColumnElement[Any], vendor: str, zone: str) -> ColumnElement[Any]:
        """Build EXTRACT, or what the database has for it."""
        return cast(extract(self.name, _local(column, vendor, zone)), Integer())

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a whole number."""
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ValueError(
                f"The lookup {self.name} expected a number but got {value!r}."
            ) from None

    def sa_type(self) -> TypeEngine[Any]:
        """Return INTEGER."""
        return Integer()


class DatePart(Transform):
    """The date of a datetime."""

    name = "date"

    def apply(self, column: ColumnElement[Any], vendor: str, zone: str) -> ColumnElement[Any]:
        """Build a cast to DATE, or SQLite's function."""
        local = _local(column, vendor, zone)
        return func.date(local, type_=Date()) if vendor == "sqlite" else cast(local, Date())

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a date."""
        try:
            return DateField().convert(value)
        except ValueError:
            raise ValueError(f"The lookup date expected a date but got {value!r}.") from None

    def sa_type(self) -> TypeEngine[Any]:
        """Return DATE."""
        return Date()


def _local(column: ColumnElement[Any], vendor: str, zone: str) -> ColumnElement[Any]:
    if not zone or zone == "UTC":
        return column
    if vendor == "sqlite":
        return func.raystack_local(column, zone, type_=DateTime())
    return func.timezone(zone, column, type_=DateTime())


_DATE = {name: Part(name) for name in ("year", "month", "day")}
_TIME = {name: Part(name) for name in ("hour", "minute", "second")}
_DATETIME: dict[str, Transform] = {**_DATE, **_TIME, "date": DatePart()}


def transforms_of(field: Field[Any]) -> dict[str, Transform]:
    """Return the transforms of a field, by name."""
    if isinstance(field, DateTimeField):
        return _DATETIME
    if isinstance(field, DateField):
        return dict(_DATE)
    if isinstance(field, TimeField):
        return dict(_TIME)
    return {}
