"""Trunc: the start of the year, ... second that a date or time is in.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#trunc
"""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Date, Time, cast, func, null, text

from ...configuration import configuration
from ...databases.sqlite_dates import TRUNCATED
from ...exceptions import DataError
from ...fields import DateField, DateTimeField, Field, TimeField
from .zones import InZone

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

# What MySQL's DATE_FORMAT makes of a moment; weeks and quarters are counted from the day.
MYSQL_FORMATS = {
    "year": "%Y-01-01 00:00:00",
    "quarter": "%Y-%m-01 00:00:00",
    "month": "%Y-%m-01 00:00:00",
    "week": "%Y-%m-%d 00:00:00",
    "day": "%Y-%m-%d 00:00:00",
    "hour": "%Y-%m-%d %H:00:00",
    "minute": "%Y-%m-%d %H:%i:00",
    "second": "%Y-%m-%d %H:%i:%s",
}
OF_TIME = {"hour", "minute", "second", "time"}
OF_DATE = {"year", "quarter", "month", "week", "day", "date"}


class TruncBase(InZone):
    """The base of what truncates.

    Args:
        expression: The date or time.
        output_field: What comes out: a ``DateField``, ``DateTimeField`` or ``TimeField``; the
            argument's by default.
        tzinfo: The time zone that a datetime is looked at in; the current one by default.
        extra: As for ``Func``.

    Attributes:
        kind: What is kept: ``year``, ... ``second``.
    """

    kind: ClassVar[Any] = None

    def __init__(
        self,
        expression: Any,
        output_field: Any = None,
        tzinfo: dt.tzinfo | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(expression, output_field=output_field, tzinfo=tzinfo, **extra)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Resolve the argument, which has to have what is kept.

        Raises:
            TypeError: It is no date or time.
            ValueError: It has no such part, or cannot become the output field's type.
        """
        made = super().resolve_expression(*args, **kwargs)
        field = made.lhs.output_field
        if not isinstance(field, DateField | TimeField):
            name = getattr(field, "name", field)
            raise TypeError(f"{name!r} isn't a DateField, TimeField, or DateTimeField.")
        if not isinstance(made.output_field, DateField | TimeField):
            raise ValueError(  # noqa: TRY004 - Django's class
                "output_field must be either DateField, TimeField, or DateTimeField"
            )
        made.refuse_missing(field)
        return made

    def refuse_missing(self, field: Any) -> None:
        """Refuse the times of a date, and the dates of a time."""
        if isinstance(field, DateTimeField):
            return
        output = self.output_field
        missing = OF_TIME if isinstance(field, DateField) else OF_DATE
        if not isinstance(output, DateTimeField) and self.kind not in missing:
            return
        fixed = isinstance(vars(type(self)).get("output_field"), Field)
        named = (
            type(output).__name__ if fixed or type(output) is not type(field) else "DateTimeField"
        )
        kind = "DateField" if isinstance(field, DateField) else "TimeField"
        raise ValueError(f"Cannot truncate {kind} '{field.name}' to {named}.")

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the function that each database has for it."""
        output = self.output_field
        if not isinstance(output, DateField | TimeField):
            raise ValueError("Trunc only valid on DateField, TimeField, or DateTimeField.")  # noqa: TRY004 - Django's class
        made = getattr(self, f"_on_{compiler.vendor}")(compiler, output)
        return compiler.typed(made, self.sa_type)

    def _on_sqlite(self, compiler: "Compiler", output: Any) -> ColumnElement[Any]:
        value, zone = compiler.value_of(self.lhs), self.zone_name(compiler)
        zone = null() if zone is None else zone
        if self.kind not in TRUNCATED:
            raise DataError(f"Cannot truncate to {self.kind!r}: SQLite has {', '.join(TRUNCATED)}.")
        kind = compiler.constant(self.kind)
        if isinstance(output, DateTimeField):
            return func.raystack_datetime_trunc(kind, value, zone)
        if isinstance(output, DateField):
            return func.raystack_date_trunc(kind, value, zone)
        if self.is_moment():
            value = func.raystack_local(value, zone)
        return func.raystack_time_trunc(kind, value)

    def _on_postgresql(self, compiler: "Compiler", output: Any) -> ColumnElement[Any]:
        made = func.date_trunc(compiler.constant(self.kind), self.local(compiler))
        if isinstance(output, DateTimeField):
            return made
        return cast(made, Date() if isinstance(output, DateField) else Time())

    def _on_mysql(self, compiler: "Compiler", output: Any) -> ColumnElement[Any]:
        value, kind = self.local(compiler), self.kind
        if kind not in MYSQL_FORMATS:
            raise DataError(f"Cannot truncate to {kind!r}: MySQL has {', '.join(MYSQL_FORMATS)}.")
        if isinstance(output, TimeField):
            pattern = MYSQL_FORMATS[kind][9:] if kind in OF_TIME else "%H:%i:%s.%f"
            return cast(func.time_format(value, compiler.constant(pattern)), output.sa_type())
        one = compiler.constant(1)
        if kind == "quarter":
            start = func.makedate(func.year(value), one)
            value = func.timestampadd(text("QUARTER"), func.quarter(value) - one, start)
        elif kind == "week":
            value = func.timestampadd(text("DAY"), -func.weekday(value), func.date(value))
        made = func.date_format(value, compiler.constant(MYSQL_FORMATS[kind]))
        if isinstance(output, DateTimeField):
            return func.timestamp(made)
        return cast(made, Date())

    def convert_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Say that a truncated moment is in its zone.

        Raises:
            ValueError: The database does not know the zone.
        """
        if not isinstance(self.output_field, DateTimeField) or not configuration().use_tz:
            return value
        if value is not None:
            return value.replace(tzinfo=self.zone)
        if not connection.has_zoneinfo_database and str(self.zone) != "UTC":
            raise ValueError(
                "Database returned an invalid datetime value. Are time zone definitions for your "
                "database installed?"
            )
        return None


class Trunc(TruncBase):
    """The start of the year, ... second that a date or time is in.

    Args:
        expression: The date or time.
        kind: ``year``, ``quarter``, ``month``, ``week``, ``day``, ``hour``, ``minute`` or
            ``second``.
        output_field: What comes out; the argument's type by default.
        tzinfo: The time zone that a datetime is looked at in; the current one by default.
        extra: As for ``Func``.
    """

    kind: Any  # type: ignore[misc]  # of one object rather than of the class

    def __init__(
        self,
        expression: Any,
        kind: str,
        output_field: Any = None,
        tzinfo: dt.tzinfo | None = None,
        **extra: Any,
    ) -> None:
        self.kind = kind
        super().__init__(expression, output_field=output_field, tzinfo=tzinfo, **extra)


class TruncYear(TruncBase):
    """The first day of the year."""

    kind = "year"


class TruncQuarter(TruncBase):
    """The first day of the quarter."""

    kind = "quarter"


class TruncMonth(TruncBase):
    """The first day of the month."""

    kind = "month"


class TruncWeek(TruncBase):
    """The Monday of the week."""

    kind = "week"


class TruncDay(TruncBase):
    """The start of the day."""

    kind = "day"


class TruncHour(TruncBase):
    """The start of the hour."""

    kind = "hour"


class TruncMinute(TruncBase):
    """The start of the minute."""

    kind = "minute"


class TruncSecond(TruncBase):
    """The start of the second."""

    kind = "second"


class TruncDate(TruncBase):
    """The date of a moment."""

    kind = "date"
    lookup_name = "date"
    output_field: Any = DateField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the date."""
        if compiler.vendor == "sqlite":
            zone = self.zone_name(compiler)
            zone = null() if zone is None else zone
            return func.raystack_datetime_date(
                compiler.value_of(self.lhs), zone, type_=self.sa_type
            )
        value = self.local(compiler)
        if compiler.vendor == "postgresql":
            return cast(value, Date())
        return func.date(value, type_=self.sa_type)


class TruncTime(TruncBase):
    """The time of a moment."""

    kind = "time"
    lookup_name = "time"
    output_field: Any = TimeField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the time."""
        if compiler.vendor == "sqlite":
            zone = self.zone_name(compiler)
            zone = null() if zone is None else zone
            return func.raystack_datetime_time(
                compiler.value_of(self.lhs), zone, type_=self.sa_type
            )
        value = self.local(compiler)
        if compiler.vendor == "postgresql":
            return compiler.typed(cast(value, Time()), self.sa_type)
        return func.time(value, type_=self.sa_type)


DateTimeField.register_lookup(TruncDate)
DateTimeField.register_lookup(TruncTime)
