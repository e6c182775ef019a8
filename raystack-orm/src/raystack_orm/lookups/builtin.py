"""Django's lookups of every field.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups
"""

import math
import operator
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, and_
from sqlalchemy.sql.elements import Null

from ..exceptions import EmptyResultSet
from ..expressions.values import Bound
from ..fields import Field
from ..fields.database_value import for_database
from .base import BuiltinLookup
from .kinds import NOT_NULL, NOTHING, NULL, Kind, Prepared, is_expression

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


def beyond(field: Any, value: Any) -> int:
    """Return -1 or 1 for an integer below or above what the field's column can hold."""
    if not isinstance(value, int):
        return 0
    field = getattr(field, "target_field", field)
    if getattr(field, "range", None) is None or isinstance(value, bool):
        return 0
    bits = getattr(field, "bits", 64)
    least, greatest = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if getattr(field, "positive", False) and bits < 64:  # MySQL's have no sign
        greatest = (1 << bits) - 1
    return (value > greatest) - (value < least)


@Field.register_lookup
class Exact(BuiltinLookup):
    """Equal; ``None`` means null."""

    lookup_name = "exact"

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value; an integer that the column cannot hold is in no row."""
        if value is None:
            return NULL
        made = field.get_prep_value(value)
        if made is None:
            return NULL
        if beyond(field, made):
            return NOTHING
        return Prepared(Kind.SCALAR, made)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return ``left = right``; it is not known whether anything equals an expression's null."""
        return left.op("=", is_comparison=True)(right) if isinstance(right, Null) else left == right


class Comparison(BuiltinLookup):
    """Less or greater.

    Attributes:
        operation: The operator.
        above: Values above the column's range fit it, rather than those below.
    """

    operation: ClassVar[Callable[[Any, Any], Any]]

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value; one beyond the column's range decides for all rows."""
        prepared = super().prepare_value(field, value)
        side = beyond(field, prepared.value)
        if side:
            return NOT_NULL if (side > 0) == (cls.lookup_name[0] == "l") else NOTHING
        return prepared

    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert one value; of a fraction, compared with whole numbers, take the next one."""
        fraction = isinstance(value, float) and math.isfinite(value)
        if fraction and getattr(field, "range", None) is not None:
            return _whole(cls.lookup_name, value)
        return super().prepare_scalar(field, value)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison."""
        return type(self).operation(left, right)  # type: ignore[no-any-return]  # an operator's


def _whole(lookup: str, value: float) -> int:
    return math.ceil(value) if lookup in {"gte", "lt"} else math.floor(value)


@Field.register_lookup
class GreaterThan(Comparison):
    """Greater."""

    lookup_name = "gt"
    operation = operator.gt


@Field.register_lookup
class GreaterThanOrEqual(Comparison):
    """Greater or equal."""

    lookup_name = "gte"
    operation = operator.ge


@Field.register_lookup
class LessThan(Comparison):
    """Less."""

    lookup_name = "lt"
    operation = operator.lt


@Field.register_lookup
class LessThanOrEqual(Comparison):
    """Less or equal."""

    lookup_name = "lte"
    operation = operator.le


COMPARISONS = (Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual)
"""Those that bind a whole number as it is."""


class OfSeveral(BuiltinLookup):
    """The base of the lookups with several values, some of which may be expressions."""

    def get_prep_lookup(self) -> Any:
        """Leave the values as they are: they are converted one by one when they are bound."""
        return self.rhs

    def get_source_expressions(self) -> list[Any]:
        """Return the left side, and what is an expression on the right one."""
        sources = super().get_source_expressions()
        if isinstance(self.rhs, list | tuple):
            sources += [item for item in self.rhs if is_expression(item)]
        return sources

    def bound(self, value: Any, field: Any, compiler: "Compiler") -> Bound:
        """Return one of the values, bound."""
        prepare = for_database(field, compiler.driver, None)
        return Bound(object(), value, field and self.bound_field(field), prepare)

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the left side, and what is an expression on the right one."""
        if not isinstance(self.rhs, list | tuple):
            super().set_source_expressions(exprs)
            return
        self.lhs, *others = exprs
        waiting = iter(others)
        made = [next(waiting) if is_expression(item) else item for item in self.rhs]
        self.rhs = made if isinstance(self.rhs, list) else tuple(made)

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Resolve both sides, each expression on the right one by itself."""
        clone = super().resolve_expression(query, *args, **kwargs)
        if isinstance(self.rhs, list | tuple):
            sources = clone.get_source_expressions()
            clone.set_source_expressions(
                [sources[0], *(s.resolve_expression(query, *args, **kwargs) for s in sources[1:])]
            )
        return clone


@Field.register_lookup
class In(OfSeveral):
    """One of some values, or of what a query finds."""

    lookup_name = "in"

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the values; None is in no list, and each counts once."""
        if not isinstance(value, Iterable):
            raise TypeError(f"The lookup in takes a list of values or a QuerySet, not {value!r}.")
        items = list(value)
        kinds = set(map(type, items))
        limits = field.plain_limits if kinds == {int} else None
        if limits is not None and limits[0] <= min(items) and max(items) <= limits[1]:
            return Prepared(Kind.LIST, list(dict.fromkeys(items)))
        if any(is_expression(item) for item in items):
            return Prepared(Kind.RAW, items)
        made = [field.get_prep_value(item) for item in items if item is not None]
        made = [item for item in made if item is not None and not beyond(field, item)]
        with suppress(TypeError):  # JSON values cannot be hashed
            made = list(dict.fromkeys(made))
        return Prepared(Kind.LIST, made) if made else NOTHING

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``left IN (...)``."""
        left = compiler.build(self.lhs)
        if is_expression(self.rhs) and not isinstance(self.rhs, Bound):
            return compiler.within_query(left, self.rhs)
        return self._within(left, compiler)

    def _within(self, left: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        field = getattr(self.lhs, "_output_field_or_none", None)
        if self.bilateral_transforms:
            return self._within_transformed(left, compiler)
        if isinstance(self.rhs, Bound):
            rhs = self.rhs
            return compiler.within(left, rhs.token, rhs.value, rhs.sa_type, rhs.prepare)
        values = [item for item in self.rhs if item is not None]
        if not values:
            raise EmptyResultSet
        if any(is_expression(item) for item in values):
            compiler.uncacheable = True
            items = [
                item if is_expression(item) else self.bound(_prepared(field, item), field, compiler)
                for item in values
            ]
            return left.in_([compiler.build(item) for item in items])
        compiler.uncacheable = True
        prepared = self.prepare_value(field, values)
        if prepared.kind is Kind.NOTHING:
            raise EmptyResultSet
        prepare = for_database(field, compiler.driver, None, several=True)
        type_ = self.lhs.sa_type if field is None else self.bound_field(field).sa_type()
        return compiler.within(left, self._token, prepared.value, type_, prepare)

    def _within_transformed(
        self, left: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        values = self.rhs.value if isinstance(self.rhs, Bound) else self.rhs
        compiler.uncacheable = True
        field = self.lhs.output_field
        sides = [self.apply_bilateral_transforms(Bound(object(), item, field)) for item in values]
        return left.in_([compiler.build(side.resolve_expression(compiler.query)) for side in sides])


def _prepared(field: Any, value: Any) -> Any:
    return value if field is None else field.get_prep_value(value)


@Field.register_lookup
class Range(OfSeveral):
    """Between two values, both included."""

    lookup_name = "range"

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert both values."""
        pair = cls._pair(value)
        if any(is_expression(item) for item in pair):
            return Prepared(Kind.RAW, pair)
        if any(item is None for item in pair):
            return Prepared(Kind.RAW, pair)  # which no value lies between, and some are beyond
        made = [field.get_prep_value(item) for item in pair]
        least, greatest = (beyond(field, item) for item in made)
        if least > 0 or greatest < 0:
            return NOTHING
        if least < 0 and greatest > 0:
            return NOT_NULL
        if least or greatest:
            return Prepared(Kind.RAW, made)
        return Prepared(Kind.LIST, made)

    @staticmethod
    def _pair(value: Any) -> tuple[Any, Any]:
        said = f"The lookup range takes two values, not {value!r}."
        if not isinstance(value, Iterable):
            raise TypeError(said)
        pair = tuple(value)
        if len(pair) != 2:
            raise ValueError(said)
        return pair

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``left BETWEEN a AND b``."""
        left = compiler.build(self.lhs)
        field = getattr(self.lhs, "_output_field_or_none", None)
        if isinstance(self.rhs, Bound):
            binds = compiler.bind_each(
                self.rhs.token, self.rhs.value, self.rhs.sa_type, self.rhs.prepare
            )
            return left.between(binds[0], binds[1])
        compiler.uncacheable = True
        start, end = self._pair(self.rhs)
        sides = []
        for item, compare, outside in ((start, operator.ge, 1), (end, operator.le, -1)):
            if not is_expression(item):
                item = field.get_prep_value(item) if field else item
                side = beyond(field, item)
                if side == outside:
                    raise EmptyResultSet
                if side:
                    continue
                item = self.bound(item, field, compiler)
            sides.append(compare(left, compiler.build(item)))
        return and_(*sides) if sides else left.is_not(None)


@Field.register_lookup
class IsNull(BuiltinLookup):
    """Null, or not."""

    lookup_name = "isnull"
    prepare_rhs = False

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Take True or False alone."""
        if not isinstance(value, bool):
            raise ValueError("The QuerySet value for an isnull lookup must be True or False.")  # noqa: TRY004 - Django's class
        return Prepared(Kind.RAW, value)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``left IS NULL``, or that it is not."""
        self.prepare_value(None, self.rhs)
        if getattr(self.lhs, "cols", None):
            columns = [compiler.build(column) for column in self.lhs.cols]
            return and_(*[c.is_(None) if self.rhs else c.is_not(None) for c in columns])
        left = compiler.build(self.lhs)
        return left.is_(None) if self.rhs else left.is_not(None)
