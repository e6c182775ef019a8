"""Time zones in functions: a moment is looked at in the current one unless one is given."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func

from ...configuration import configuration
from ...fields import DateTimeField
from ..transforms import Transform
from .base import BuiltFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class InZone(BuiltFunc, Transform):
    """A function of a moment that depends on the time zone.

    Args:
        expressions: The moment.
        tzinfo: The time zone; the current one by default.
        extra: As for ``Func``.
    """

    tzinfo: dt.tzinfo | None = None

    def __init__(self, *expressions: Any, tzinfo: dt.tzinfo | None = None, **extra: Any) -> None:
        self.tzinfo = tzinfo
        super().__init__(*expressions, **extra)

    @property
    def zone(self) -> dt.tzinfo | None:
        """The time zone that counts; ``None`` where datetimes have none."""
        active = configuration()
        return (self.tzinfo or active.zone) if active.use_tz else None

    def is_moment(self) -> bool:
        """Say whether the argument has a time zone.

        Raises:
            ValueError: It has none, but one was given.
        """
        if isinstance(self.lhs.output_field, DateTimeField):
            return True
        if self.tzinfo is not None:
            raise ValueError("tzinfo can only be used with DateTimeField.")
        return False

    def zone_name(self, compiler: "Compiler") -> ColumnElement[Any] | None:
        """Return the zone's name as the database wants it; ``None`` for no zone at all."""
        zone = self.zone if self.is_moment() else None
        if zone is None:
            return None
        offset = zone.utcoffset(None)
        if offset is None:
            return compiler.constant(str(zone))
        if compiler.vendor == "postgresql":  # POSIX counts to the west
            return compiler.constant("UTC" + _written(-offset))
        return compiler.constant(_written(offset))

    def local(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the argument in its zone, for PostgreSQL and MySQL."""
        value = compiler.value_of(self.lhs)
        name = self.zone_name(compiler)
        if name is None:
            return value
        if compiler.vendor == "postgresql":
            return func.timezone(name, value)
        if str(self.zone) == "UTC":
            return value
        return func.convert_tz(value, compiler.constant("UTC"), name)


def _written(offset: dt.timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
