"""Extract: a part of a date or time, as a number.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#extract
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, extract, func, null

from ...databases.sqlite_dates import PARTS
from ...fields import DateField, DateTimeField, DurationField, IntegerField, TimeField
from .zones import InZone

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

PART = re.compile("[a-z_]+", re.IGNORECASE)
OF_TIME = {"hour", "minute", "second"}
NOT_OF_DURATION = {"year", "iso_year", "month", "week", "week_day", "iso_week_day", "quarter"}
POSTGRESQL_NAMES = {"iso_week_day": "isodow", "iso_year": "isoyear"}


class Extract(InZone):
    """A part of a date or time.

    Args:
        expression: The date or time.
        lookup_name: Which part: ``year``, ``iso_year``, ``quarter``, ``month``, ``week``, ``day``,
            ``week_day``, ``iso_week_day``, ``hour``, ``minute`` or ``second``.
        tzinfo: The time zone that a datetime is looked at in; the current one by default.
        extra: As for ``Func``.
    """

    output_field: Any = IntegerField()

    def __init__(
        self,
        expression: Any,
        lookup_name: str | None = None,
        tzinfo: dt.tzinfo | None = None,
        **extra: Any,
    ) -> None:
        self.part = type(self).lookup_name or lookup_name
        if not self.part:
            raise ValueError("lookup_name must be provided")
        super().__init__(expression, tzinfo=tzinfo, **extra)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Resolve the argument, which has to have such a part.

        Raises:
            ValueError: It has not.
        """
        made = super().resolve_expression(*args, **kwargs)
        field = made.lhs._output_field_or_none
        if field is None:
            return made
        if not isinstance(field, DateField | TimeField | DurationField):
            raise ValueError(  # noqa: TRY004 - Django's class
                "Extract input expression must be DateField, DateTimeField, TimeField, or "
                "DurationField."
            )
        name = getattr(field, "name", "")
        is_date = isinstance(field, DateField) and not isinstance(field, DateTimeField)
        if is_date and made.part in OF_TIME:
            raise ValueError(
                f"Cannot extract time component '{made.part}' from DateField '{name}'."
            )
        if isinstance(field, DurationField) and made.part in NOT_OF_DURATION:
            raise ValueError(f"Cannot extract component '{made.part}' from DurationField '{name}'.")
        return made

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return EXTRACT, or the function that a database has for the part."""
        is_duration = isinstance(self.lhs.output_field, DurationField)
        if is_duration and not compiler.driver.has_native_duration_field:
            raise ValueError("Extract requires native DurationField database support.")
        if compiler.vendor == "sqlite":
            return self._on_sqlite(compiler)
        if not PART.fullmatch(str(self.part)):
            raise ValueError(f"Invalid lookup type: {self.part!r}")
        made = getattr(self, f"_on_{compiler.vendor}")(compiler)
        return compiler.typed(made, self.sa_type)

    def _on_sqlite(self, compiler: "Compiler") -> ColumnElement[Any]:
        part, value = str(self.part).lower(), compiler.value_of(self.lhs)
        if part not in PARTS:
            raise ValueError(f"Invalid lookup type: {self.part!r}: SQLite has {', '.join(PARTS)}.")
        name = compiler.constant(part)
        type_ = self.sa_type
        if self.is_moment():
            zone = self.zone_name(compiler)
            zone = null() if zone is None else zone
            return func.raystack_datetime_extract(name, value, zone, type_=type_)
        if isinstance(self.lhs.output_field, TimeField):
            return func.raystack_time_extract(name, value, type_=type_)
        return func.raystack_date_extract(name, value, type_=type_)

    def _on_postgresql(self, compiler: "Compiler") -> ColumnElement[Any]:
        part, value = str(self.part).lower(), self.local(compiler)
        if part == "week_day":  # from 1 for Sunday
            return (extract("dow", value) + compiler.constant(1)).self_group()
        if part == "second":  # whole ones
            value = func.date_trunc(compiler.constant("second"), value)
        return extract(POSTGRESQL_NAMES.get(part, part), value)

    def _on_mysql(self, compiler: "Compiler") -> ColumnElement[Any]:
        part, value = str(self.part).lower(), self.local(compiler)
        one, iso = compiler.constant(1), compiler.constant(3)
        if part == "week_day":
            return func.dayofweek(value)
        if part == "iso_week_day":
            return (func.weekday(value, type_=self.sa_type) + one).self_group()
        if part == "week":
            return func.week(value, iso)
        if part == "iso_year":  # of year * 100 + week
            return func.yearweek(value, iso).op("DIV")(compiler.constant(100)).self_group()
        return extract(part, value)


class ExtractYear(Extract):
    """The year."""

    lookup_name = "year"


class ExtractIsoYear(Extract):
    """The year that the ISO week belongs to."""

    lookup_name = "iso_year"


class ExtractMonth(Extract):
    """The month, 1 to 12."""

    lookup_name = "month"


class ExtractDay(Extract):
    """The day of the month."""

    lookup_name = "day"


class ExtractWeek(Extract):
    """The ISO week, 1 to 53; it begins on Monday."""

    lookup_name = "week"


class ExtractWeekDay(Extract):
    """The day of the week, 1 for Sunday to 7 for Saturday."""

    lookup_name = "week_day"


class ExtractIsoWeekDay(Extract):
    """The day of the week, 1 for Monday to 7 for Sunday."""

    lookup_name = "iso_week_day"


class ExtractQuarter(Extract):
    """The quarter of the year, 1 to 4."""

    lookup_name = "quarter"


class ExtractHour(Extract):
    """The hour."""

    lookup_name = "hour"


class ExtractMinute(Extract):
    """The minute."""

    lookup_name = "minute"


class ExtractSecond(Extract):
    """The second, without its fraction."""

    lookup_name = "second"


for _part in (
    ExtractYear, ExtractMonth, ExtractDay, ExtractWeekDay, ExtractIsoWeekDay, ExtractWeek,
    ExtractIsoYear, ExtractQuarter,
):  # fmt: skip
    DateField.register_lookup(_part)
for _time_part in (ExtractHour, ExtractMinute, ExtractSecond):
    TimeField.register_lookup(_time_part)
    DateTimeField.register_lookup(_time_part)
