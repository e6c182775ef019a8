"""Lookups of arrays: ``tags__contains=["a"]``, ``tags__len=2``, ``tags__0="a"``."""

import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, case, func, null
from sqlalchemy.types import Integer

from ...exceptions import EmptyResultSet
from ...fields import IntegerField
from ...fields.postgres import ArrayField
from ...lookups import In, Kind, Prepared, Transform
from .operators import ContainedBy, Contains, Overlap

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

_INDEX = re.compile(r"[0-9]{1,9}", re.ASCII)
_SLICE = re.compile(r"([0-9]{1,9})_([0-9]{1,9})", re.ASCII)

for _lookup in (Contains, ContainedBy, Overlap):
    ArrayField.register_lookup(_lookup)


@ArrayField.register_lookup
class ArrayIn(In):
    """One of some arrays: each is bound by itself, as an array of arrays would be a table."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the arrays."""
        if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
            raise TypeError(f"The lookup in takes a list of arrays or a QuerySet, not {value!r}.")
        return Prepared(Kind.RAW, [field.get_prep_value(item) for item in value])

    def _within(self, left: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        compiler.uncacheable = True
        if not self.rhs:
            raise EmptyResultSet
        type_ = self.lhs.sa_type
        return left.in_([bindparam(None, array, type_, unique=True) for array in self.rhs])


@ArrayField.register_lookup
class ArrayLength(Transform):
    """The number of items; null for null."""

    lookup_name = "len"
    output_field: Any = IntegerField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return 0 for an empty array, whose length PostgreSQL takes for null."""
        array = compiler.build(self.lhs)
        length = func.coalesce(func.array_length(array, compiler.constant(1)), 0)
        return case((array.is_(None), null()), else_=length).cast(Integer())


class IndexTransform(Transform):
    """One item of an array. Its ``index`` starts at 0."""

    @property
    def output_field(self) -> Any:
        """The array's base field."""
        return self.lhs.output_field.base_field

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``array[index]``; PostgreSQL starts at 1."""
        array: Any = compiler.typed(compiler.build(self.lhs), self.lhs.sa_type)
        item = array[compiler.constant(self.extra["index"] + 1)]
        return compiler.typed(item, self.output_field.sa_type())


class SliceTransform(Transform):
    """Some items of an array, from ``start`` up to, not including ``end``, from 0."""

    @property
    def output_field(self) -> Any:
        """The array's field."""
        return self.lhs.output_field

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``array[start:end]``; PostgreSQL starts at 1 and includes the end."""
        array: Any = compiler.typed(compiler.build(self.lhs), self.lhs.sa_type)
        start, end = self.extra["start"], self.extra["end"]
        part = array[slice(compiler.constant(start + 1), compiler.constant(end))]
        return compiler.typed(part, self.lhs.sa_type)


def _item(field: ArrayField[Any], name: str) -> Any:
    if _INDEX.fullmatch(name):
        return partial(IndexTransform, index=int(name))
    part = _SLICE.fullmatch(name)
    return part and partial(SliceTransform, start=int(part[1]), end=int(part[2]))


ArrayField.item_transform = staticmethod(_item)
