"""Lookups of whole JSON documents: exact, in, contains, contained_by."""

import warnings
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from ...exceptions import EmptyResultSet, NotSupportedError
from ...expressions.values import Bound, Value
from ...fields import JSONField
from ..base import BuiltinLookup
from ..builtin import Exact, In
from ..kinds import NOTHING, Kind, Prepared, is_expression, padded
from .types import WholeJSON

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


@JSONField.register_lookup
class JSONExact(Exact):
    """The same document. ``None`` means JSON's null, which ``JSONNull()`` says better."""

    can_use_none_as_rhs = True

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value."""
        if value is None:
            cls.warn_of_none()
            return Prepared(Kind.RAW, None)  # excluded, it is other SQL than a document
        return Prepared(Kind.SCALAR, field.get_prep_value(value))

    @classmethod
    def warn_of_none(cls) -> None:
        """Warn that SQL's null may have been meant."""
        warnings.warn(
            "Using None as the right-hand side of an exact lookup on JSONField to mean JSON scalar "
            "'null' is deprecated. Use JSONNull() instead (or use the __isnull lookup if you meant "
            "SQL NULL).",
            DeprecationWarning,
            stacklevel=7,
        )

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind a document."""
        return WholeJSON(encoder=getattr(field, "encoder", None))

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return whether both are the same document."""
        return same_documents(left, right, compiler)


def as_json(item: Any, field: Any) -> Any:
    """Return a value, plain or in a ``Value``, as one of JSON; other expressions as they are."""
    if not is_expression(item):
        return Bound(object(), item, field)
    if isinstance(item, Value) and item.value is not None:
        return Bound(object(), item.prepare(item.value), field)
    return item


def same_documents(
    left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
) -> ColumnElement[Any]:
    """Return whether two documents are the same, whatever spaces are in their texts."""
    if compiler.vendor == "mysql" and getattr(compiler.driver, "is_mariadb", False):
        return func.json_equals(left, right) == compiler.constant(1)
    if compiler.vendor == "mysql":
        right = func.json_extract(right, compiler.constant("$"))
    elif compiler.vendor == "sqlite":
        left, right = func.json(left), func.json(right)
    return left.op("=", is_comparison=True)(right)


@JSONField.register_lookup
class JSONIn(In):
    """One of some documents."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert the values; None is in no list."""
        items = [item for item in value if item is not None]
        if any(is_expression(item) for item in items):
            return Prepared(Kind.RAW, items)
        made = [field.get_prep_value(item) for item in items]
        return Prepared(Kind.LIST, made) if made else NOTHING

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind documents."""
        return JSONExact.bound_field(field)

    def same(self, right: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the left side is the same as one of the values."""
        return same_documents(compiler.build(self.lhs), right, compiler)

    def _within(self, left: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        field = self.lhs._output_field_or_none
        if isinstance(self.rhs, Bound):
            return self._within_bound(left, compiler)
        compiler.uncacheable = True
        values = [item for item in self.rhs if item is not None]
        if not values:
            raise EmptyResultSet
        bound = self.bound_field(field)
        sides = [self._same_as_item(as_json(item, bound), compiler) for item in values]
        return or_(*sides).self_group()

    def _same_as_item(self, item: Any, compiler: "Compiler") -> ColumnElement[Any]:
        return self.same(compiler.build(item), compiler)

    def _within_bound(self, left: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        rhs = self.rhs
        if compiler.driver.takes_arrays:  # one array of JSON: one of the database's could not nest
            array = compiler.bind(rhs.token, rhs.value, WholeJSON().sa_type(), rhs.prepare)
            return left.in_(select(func.jsonb_array_elements(array)).scalar_subquery())
        number = padded(len(rhs.value))
        sides = compiler.bind_each(rhs.token, _filled(rhs.value, number), rhs.sa_type, rhs.prepare)
        return or_(*[self.same(side, compiler) for side in sides]).self_group()


def _filled(values: Any, number: int) -> list[Any]:
    """Repeat the last value: lists of similar length share a shape."""
    return [*values, *[values[-1]] * (number - len(values))]


class _Containment(BuiltinLookup):
    """The base of what compares the contents of documents."""

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind a document."""
        return JSONExact.bound_field(field)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison, where the database has it."""
        if not compiler.driver.supports_json_field_contains:
            raise NotSupportedError(
                f"{self.lookup_name} lookup is not supported on this database backend."
            )
        return self.contents(left, right, compiler)

    def contents(self, left: Any, right: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        raise NotImplementedError


@JSONField.register_lookup
class DataContains(_Containment):
    """The document has these keys and values, or elements."""

    lookup_name = "contains"

    def contents(self, left: Any, right: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        if compiler.vendor == "postgresql":
            return left.op("@>", is_comparison=True)(right)  # type: ignore[no-any-return]  # an operator's
        return func.json_contains(left, right) == compiler.constant(1)


@JSONField.register_lookup
class ContainedBy(_Containment):
    """The document has no other keys and values, or elements, than these."""

    lookup_name = "contained_by"

    def contents(self, left: Any, right: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        if compiler.vendor == "postgresql":
            return left.op("<@", is_comparison=True)(right)  # type: ignore[no-any-return]  # an operator's
        return func.json_contains(right, left) == compiler.constant(1)
