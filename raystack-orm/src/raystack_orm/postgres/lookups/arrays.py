"""Lookups of arrays: ``tags__contains=["a"]``, ``tags__len=2``, ``tags__0="a"``."""

import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, case, cast, func, null
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import Integer

from ...exceptions import EmptyResultSet
from ...expressions import Subquery
from ...expressions.values import Bound
from ...fields import IntegerField
from ...fields.postgres import ArrayField
from ...lookups import BuiltinLookup, Exact, In, Kind, Prepared, Transform
from ...lookups.kinds import is_expression
from ..expressions import ArraySubquery
from .operators import ContainedBy, Contains, Overlap

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

_INDEX = re.compile(r"[0-9]{1,9}", re.ASCII)
_SLICE = re.compile(r"([0-9]{1,9})_([0-9]{1,9})", re.ASCII)

MAX_LENGTH = (1 << 31) - 1


class OfItems(BuiltinLookup):
    """A mixin of the lookups whose right side is an array, of which items may be expressions."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the items, unless the database computes some."""
        if _has_expressions(value):
            return Prepared(Kind.RAW, value)
        return super().prepare_value(field, value)

    def get_prep_lookup(self) -> Any:
        """Return the right side, converted when all of it is known."""
        return self.rhs if _has_expressions(self.rhs) else super().get_prep_lookup()

    def right(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the array, put together in SQL where items are expressions."""
        if not _has_expressions(self.rhs):
            made = super().right(compiler)
            computed = is_expression(self.rhs) and not isinstance(self.rhs, Bound)
            return cast(made, self.lhs.sa_type) if computed else made
        compiler.uncacheable = True
        base = self.lhs.output_field.base_field
        items = [
            item if is_expression(item) else Bound(object(), base.get_prep_value(item), base)
            for item in self.rhs
        ]
        return cast(array([compiler.build(item) for item in items]), self.lhs.sa_type)


def _has_expressions(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(is_expression(item) for item in value)


@ArrayField.register_lookup
class ArrayExact(OfItems, Exact):
    """Equal."""


@ArrayField.register_lookup
class ArrayContains(OfItems, Contains):
    """All of the right side is in the left one."""


@ArrayField.register_lookup
class ArrayContainedBy(OfItems, ContainedBy):
    """All of the left side is in the right one."""


@ArrayField.register_lookup
class ArrayOverlap(OfItems, Overlap):
    """Something is in both sides; a query's arrays count as one."""

    def right(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the array, of a query an array of all that it finds."""
        if isinstance(self.rhs, Subquery) and not isinstance(self.rhs, ArraySubquery):
            return cast(func.array(BuiltinLookup.right(self, compiler)), self.lhs.sa_type)
        return super().right(compiler)


@ArrayField.register_lookup
class ArrayIn(In):
    """One of some arrays: each is bound by itself, as an array of arrays would be a table."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the arrays."""
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"The lookup in takes a list of arrays or a QuerySet, not {value!r}.")
        made = [item if is_expression(item) else field.get_prep_value(item) for item in value]
        return Prepared(Kind.RAW, made)

    def _within(self, left: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        compiler.uncacheable = True
        if not self.rhs:
            raise EmptyResultSet
        type_ = self.lhs.sa_type
        return left.in_(
            [
                compiler.build(item)
                if is_expression(item)
                else bindparam(None, item, type_, unique=True)
                for item in self.rhs
            ]
        )


@ArrayField.register_lookup
class ArrayLength(Transform):
    """The number of items; null for null."""

    lookup_name = "len"
    output_field: Any = IntegerField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return 0 for an empty array, whose length PostgreSQL takes for null."""
        left = compiler.build(self.lhs)
        length = func.coalesce(func.array_length(left, compiler.constant(1)), 0)
        return case((left.is_(None), null()), else_=length).cast(Integer())


def _array(expression: Any, compiler: "Compiler") -> Any:
    """Return an array whose items can be taken; a part of one needs brackets."""
    made = compiler.typed(compiler.build(expression), expression.sa_type)
    return Grouping(made) if isinstance(expression, SliceTransform) else made


class IndexTransform(Transform):
    """One item of an array. Its ``index`` starts at 0."""

    @property
    def output_field(self) -> Any:
        """The array's base field."""
        return self.lhs.output_field.base_field

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``array[index]``; PostgreSQL starts at 1."""
        left = _array(self.lhs, compiler)
        item = left[compiler.constant(self.extra["index"] + 1)]
        return compiler.typed(item, self.output_field.sa_type())


class SliceTransform(Transform):
    """Some items of an array, from ``start`` up to, not including ``end``, from 0.

    Without an ``end`` they are all that follow.
    """

    @property
    def output_field(self) -> Any:
        """The array's field."""
        return self.lhs.output_field

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``array[start:end]``; PostgreSQL starts at 1 and includes the end."""
        left = _array(self.lhs, compiler)
        start, end = self.extra["start"], self.extra["end"]
        last = MAX_LENGTH if end is None else end
        part = left[slice(compiler.constant(start + 1), compiler.constant(last))]
        return compiler.typed(part, self.lhs.sa_type)


def _item(field: ArrayField[Any], name: str) -> Any:
    if _INDEX.fullmatch(name):
        return partial(IndexTransform, index=int(name))
    part = _SLICE.fullmatch(name)
    return part and partial(SliceTransform, start=int(part[1]), end=int(part[2]))


ArrayField.item_transform = staticmethod(_item)
ArrayField.slice_transform = SliceTransform
