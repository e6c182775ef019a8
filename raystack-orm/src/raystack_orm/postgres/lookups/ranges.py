"""Lookups of ranges: ``period__contains=moment``, ``period__startswith=moment``."""

from typing import TYPE_CHECKING, Any

from psycopg.types.range import Range
from sqlalchemy import ColumnElement, Integer, Numeric, cast

from ...expressions.values import Bound
from ...fields import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    FloatField,
    IntegerField,
)
from ...fields.postgres import (
    BigIntegerRangeField,
    DateRangeField,
    DateTimeRangeField,
    DecimalRangeField,
    IntegerRangeField,
    RangeField,
)
from ...fields.postgres.operators import RangeOperators
from ...lookups import Transform
from .operators import ContainedBy, Contains, OperatorLookup, Overlap

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

RangeField.register_lookup(ContainedBy)
RangeField.register_lookup(Overlap)

for _name, _operator, _meaning in (
    ("fully_lt", RangeOperators.FULLY_LT, "All of the left range comes before the right one."),
    ("fully_gt", RangeOperators.FULLY_GT, "All of the left range comes after the right one."),
    ("not_lt", RangeOperators.NOT_LT, "Nothing of the left range comes before the right one."),
    ("not_gt", RangeOperators.NOT_GT, "Nothing of the left range comes after the right one."),
    ("adjacent_to", RangeOperators.ADJACENT_TO, "The ranges touch."),
):
    _body: dict[str, Any] = {"lookup_name": _name, "operator": _operator, "__doc__": _meaning}
    _body |= {"__module__": __name__, "cacheable": True}
    RangeField.register_lookup(type(f"Range_{_name}", (OperatorLookup,), _body))


@RangeField.register_lookup
class RangeContains(Contains):
    """The right side is in the range: a value, or another range."""

    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert to a range; a value is the range of itself alone."""
        if isinstance(value, (list, tuple, Range)):
            return field.get_prep_value(value)
        one = field.base_field.get_prep_value(value)
        return field.range_type(one, one, "[]")

    def right(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the right side, what is computed as the kind of value that the range has."""
        made = super().right(compiler)
        field = self.lhs.output_field
        computed = getattr(self.rhs, "_output_field_or_none", None)
        if isinstance(self.rhs, Bound) or computed is None or isinstance(computed, type(field)):
            return made
        return cast(made, field.base_field.sa_type())


class RangeContainedBy(OperatorLookup):
    """A number, date or moment is in a range."""

    lookup_name = "contained_by"
    operator = RangeOperators.CONTAINED_BY

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind a range of what the field holds."""
        if isinstance(field, IntegerField):
            return BigIntegerRangeField() if field.bits > 32 else IntegerRangeField()
        if isinstance(field, DateTimeField):
            return DateTimeRangeField()
        return DateRangeField() if isinstance(field, DateField) else DecimalRangeField()

    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert a pair to a range."""
        return cls.bound_field(field).get_prep_value(value)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison, with the left side of the kind that ranges have."""
        field = self.lhs.output_field
        if isinstance(field, FloatField):
            left = cast(left, Numeric())
        elif isinstance(field, IntegerField) and field.bits < 32:
            left = cast(left, Integer())
        return super().compare(left, right, compiler)


for _field in (IntegerField, FloatField, DecimalField, DateField, DateTimeField):
    _field.register_lookup(RangeContainedBy)


class _End(Transform):
    @property
    def output_field(self) -> Any:
        """The range's base field."""
        return self.lhs.output_field.base_field


@RangeField.register_lookup
class RangeStartsWith(_End):
    """The lower end."""

    lookup_name = "startswith"
    function = "lower"


@RangeField.register_lookup
class RangeEndsWith(_End):
    """The upper end."""

    lookup_name = "endswith"
    function = "upper"


class _Question(Transform):
    output_field: Any = BooleanField()


@RangeField.register_lookup
class IsEmpty(_Question):
    """Nothing is in the range."""

    lookup_name = "isempty"
    function = "isempty"


@RangeField.register_lookup
class LowerInclusive(_Question):
    """The lower end is in the range."""

    lookup_name = "lower_inc"
    function = "lower_inc"


@RangeField.register_lookup
class LowerInfinite(_Question):
    """There is no lower end."""

    lookup_name = "lower_inf"
    function = "lower_inf"


@RangeField.register_lookup
class UpperInclusive(_Question):
    """The upper end is in the range."""

    lookup_name = "upper_inc"
    function = "upper_inc"


@RangeField.register_lookup
class UpperInfinite(_Question):
    """There is no upper end."""

    lookup_name = "upper_inf"
    function = "upper_inf"
