"""Lookups of a primary key of several fields: ``pk=(1, 2)``, ``pk__in=[(1, 2), (1, 3)]``.

https://docs.djangoproject.com/en/stable/topics/composite-primary-key/
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_, tuple_
from sqlalchemy.sql.elements import ClauseList, Grouping, UnaryExpression
from sqlalchemy.sql.operators import custom_op

from ..exceptions import EmptyResultSet
from ..expressions.values import Bound
from ..fields.composite import CompositePrimaryKey
from .base import BuiltinLookup
from .builtin import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from .kinds import NOTHING, NULL, Kind, Prepared, is_expression

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


def check_key(lookup: str, field: Any, value: Any, each: str = "") -> None:
    """Refuse what is no key.

    Raises:
        ValueError: It is no tuple of as many elements as there are fields.
    """
    if not isinstance(value, list | tuple):
        what = "a collection of tuples or lists" if each else "a tuple or a list"
        raise ValueError(f"'{lookup}' lookup of 'pk' must be {what}")  # noqa: TRY004 - Django's class
    if len(value) != len(field.fields):
        raise ValueError(f"'{lookup}' lookup of 'pk' must have {len(field.fields)} elements{each}")


def _key(field: Any, value: Any) -> Any:
    """Return the key of a related object, where a relation is compared."""
    related = getattr(field, "key_of", None)
    return value if related is None else related(value)


class _OfKey(BuiltinLookup):
    """The base of comparisons with one key."""

    allows_composite_expressions = True

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a key; one with a null in it equals nothing."""
        if value is None:
            return NULL
        value = _key(field, value)
        check_key(cls.lookup_name, field, value)
        if any(is_expression(part) for part in value):
            return Prepared(Kind.RAW, tuple(value))
        if any(part is None for part in value):
            return NOTHING
        return Prepared(Kind.SCALAR, field.get_prep_value(value))

    def get_prep_lookup(self) -> Any:
        """Leave the key as it is: its parts are converted when they are bound."""
        return self.rhs

    def right_parts(self, compiler: "Compiler") -> list[ColumnElement[Any]]:
        """Return the built parts of the right side."""
        rhs = self.rhs
        if isinstance(rhs, Bound):
            return list(_parts(self.lhs, rhs, len(self.lhs.cols), compiler))
        if getattr(rhs, "cols", None):
            return [compiler.build(column) for column in rhs.cols]
        if is_expression(rhs):
            raise ValueError("Composite field lookups only work with composite expressions.")
        compiler.uncacheable = True
        return [
            compiler.build(part if is_expression(part) else Bound(object(), part, column.target))
            for column, part in zip(self.lhs.cols, rhs, strict=True)
        ]

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison, column by column."""
        if getattr(self.rhs, "resolved", None) is not None:
            return self.against_query(tuple_(*_columns(self.lhs, compiler)), compiler)
        return self.columns(_columns(self.lhs, compiler), self.right_parts(compiler))

    def against_query(self, left: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison with the one key that a query finds."""
        right = compiler.subselect(self.rhs.resolved).scalar_subquery()
        return type(self).operation(left, right)  # type: ignore[attr-defined, no-any-return]  # of a Comparison

    def columns(self, left: list[Any], right: list[Any]) -> ColumnElement[Any]:
        """Return the comparison of the built columns and parts."""
        return type(self).operation(tuple_(*left), tuple_(*right))  # type: ignore[attr-defined, no-any-return]  # of a Comparison


def _columns(lhs: Any, compiler: "Compiler") -> list[ColumnElement[Any]]:
    return [compiler.build(column) for column in lhs.cols]


def _parts(
    lhs: Any, bound: Bound, number: int, compiler: "Compiler"
) -> Iterator[ColumnElement[Any]]:
    """Return a bind for each part of a key, or of several keys one after the other."""
    for item in range(number):
        type_ = lhs.cols[item % len(lhs.cols)].target.sa_type()
        yield compiler.bind_item(bound.token, bound.value, type_, bound.prepare, item)


@CompositePrimaryKey.register_lookup
class TupleExact(_OfKey, Exact):
    """The same key."""

    def against_query(self, left: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return that the key is among those that a query finds."""
        return compiler.within_query(left, self.rhs)

    def columns(self, left: list[Any], right: list[Any]) -> ColumnElement[Any]:
        """Return that all columns are equal."""
        return and_(*[a == b for a, b in zip(left, right, strict=True)])


@CompositePrimaryKey.register_lookup
class TupleGreaterThan(_OfKey, GreaterThan):
    """A greater key: the first column that differs decides."""


@CompositePrimaryKey.register_lookup
class TupleGreaterThanOrEqual(_OfKey, GreaterThanOrEqual):
    """A greater key or the same."""


@CompositePrimaryKey.register_lookup
class TupleLessThan(_OfKey, LessThan):
    """A lesser key."""


@CompositePrimaryKey.register_lookup
class TupleLessThanOrEqual(_OfKey, LessThanOrEqual):
    """A lesser key or the same."""


@CompositePrimaryKey.register_lookup
class TupleIn(In):
    """One of some keys, or of those that a query finds."""

    allows_composite_expressions = True

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the keys; one with a null in it equals nothing."""
        if not isinstance(value, list | tuple | set | frozenset):
            raise ValueError("'in' lookup of 'pk' must be a tuple or a list")  # noqa: TRY004 - Django's class
        keys = [_key(field, key) for key in value]
        for key in keys:
            check_key("in", field, key, " each")
        if any(is_expression(part) for key in keys for part in key):
            return Prepared(Kind.RAW, keys)
        whole = [key for key in keys if all(part is not None for part in key)]
        made = [field.get_prep_value(key) for key in whole]
        return Prepared(Kind.LIST, list(dict.fromkeys(made))) if made else NOTHING

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``(a, b) IN ((1, 2), ...)``."""
        left = tuple_(*_columns(self.lhs, compiler))
        if is_expression(self.rhs) and not isinstance(self.rhs, Bound):
            return compiler.within_query(left, self.rhs)
        if not isinstance(self.rhs, Bound):
            return self._each(compiler)
        compiler.uncacheable = True  # how many keys there are is not in the shape
        rhs, width = self.rhs, len(self.lhs.cols)
        keys = rhs.value if rhs.prepare is None else rhs.prepare(rhs.value)
        flat = Bound(object(), [part for key in keys for part in key], None)
        parts = list(_parts(self.lhs, flat, len(keys) * width, compiler))
        rows = [tuple_(*parts[at : at + width]) for at in range(0, len(parts), width)]
        if compiler.vendor != "sqlite":
            return left.in_(rows)
        listed: Any = UnaryExpression(ClauseList(*rows, group=False), operator=custom_op("VALUES"))  # type: ignore[arg-type]  # rows, here
        return left.op("IN", is_comparison=True)(Grouping(listed))

    def _each(self, compiler: "Compiler") -> ColumnElement[Any]:
        keys = [key for key in self.rhs if all(part is not None for part in key)]
        if not keys:
            raise EmptyResultSet
        return or_(*[TupleExact(self.lhs, key).build(compiler) for key in keys])


@CompositePrimaryKey.register_lookup
class TupleIsNull(IsNull):
    """A part of the key is null, or none is."""

    allows_composite_expressions = True

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return IS NULL of the columns."""
        self.prepare_value(None, self.rhs)
        columns = _columns(self.lhs, compiler)
        if self.rhs:
            return or_(*[column.is_(None) for column in columns])
        return and_(*[column.is_not(None) for column in columns])
