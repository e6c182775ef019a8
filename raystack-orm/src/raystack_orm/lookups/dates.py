"""Lookups of years: ``__year`` compares the column itself, so that an index of it helps.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#year
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from ..expressions.functions.extract import ExtractIsoYear, ExtractYear
from ..expressions.values import Bound
from ..fields import DateTimeField
from .base import BuiltinLookup
from .builtin import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from .kinds import NOT_NULL, NOTHING, NULL, Kind, Prepared

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler

DAY = dt.timedelta(days=1)


def days_of(year: int, iso: bool) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a year."""
    if not iso:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    first = dt.date.fromisocalendar(year, 1, 1)
    if year == dt.MAXYEAR:
        return first, dt.date.max
    return first, dt.date.fromisocalendar(year + 1, 1, 1) - DAY


class _YearLookup(BuiltinLookup):
    """The base of comparisons of years."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value; no date is in a year that dates do not have."""
        if value is None:
            if cls.lookup_name == "exact":
                return NULL
            raise ValueError("Cannot use None as a query value")
        year = field.get_prep_value(value)
        if dt.MINYEAR <= year <= dt.MAXYEAR:
            return Prepared(Kind.SCALAR, year)
        fits_all = cls.lookup_name[0] == ("l" if year > dt.MAXYEAR else "g")
        return NOT_NULL if fits_all else NOTHING

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison of the column with the first or last moment of the year."""
        decided = self.decided(compiler)
        if decided is not None:
            return decided
        right = self._right_expression(compiler)
        if not isinstance(right, Bound) or not isinstance(self.lhs, ExtractYear | ExtractIsoYear):
            return super().build(compiler)
        prepare = right.prepare or int
        column = self.lhs.lhs
        first, last = compiler.bind_each(
            right.token,
            right.value,
            column.sa_type,
            lambda value: self._bounds(prepare(value)),
            number=2,
        )
        return self.between(compiler.build(column), first, last)

    def _bounds(self, year: int) -> tuple[Any, Any]:
        first, last = days_of(year, isinstance(self.lhs, ExtractIsoYear))
        if not isinstance(self.lhs.lhs.output_field, DateTimeField):
            return first, last
        zone = self.lhs.zone
        return (
            dt.datetime.combine(first, dt.time.min, zone),
            dt.datetime.combine(last, dt.time.max, zone),
        )

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return the comparison with the first and the last moment of the year."""
        raise NotImplementedError


class YearExact(_YearLookup, Exact):
    """In the year."""

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return BETWEEN."""
        return column.between(first, last)  # type: ignore[no-any-return]  # a column's


class YearGt(_YearLookup, GreaterThan):
    """After the year."""

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return the comparison."""
        return column > last  # type: ignore[no-any-return]  # a column's


class YearGte(_YearLookup, GreaterThanOrEqual):
    """In the year or after it."""

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return the comparison."""
        return column >= first  # type: ignore[no-any-return]  # a column's


class YearLt(_YearLookup, LessThan):
    """Before the year."""

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return the comparison."""
        return column < first  # type: ignore[no-any-return]  # a column's


class YearLte(_YearLookup, LessThanOrEqual):
    """In the year or before it."""

    def between(self, column: Any, first: Any, last: Any) -> ColumnElement[Any]:
        """Return the comparison."""
        return column <= last  # type: ignore[no-any-return]  # a column's


for _lookup in (YearExact, YearGt, YearGte, YearLt, YearLte):
    ExtractYear.register_lookup(_lookup)
    ExtractIsoYear.register_lookup(_lookup)
