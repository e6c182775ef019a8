"""Arithmetic: two expressions and what stands between them."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, func, literal_column, text

from ..exceptions import DatabaseError, FieldError
from .base import Expression
from .combinable import Combinable

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler

ARITHMETIC = (
    Combinable.ADD,
    Combinable.SUB,
    Combinable.MUL,
    Combinable.DIV,
    Combinable.MOD,
    Combinable.POW,
)
BITWISE = (
    Combinable.BITAND,
    Combinable.BITOR,
    Combinable.BITLEFTSHIFT,
    Combinable.BITRIGHTSHIFT,
    Combinable.BITXOR,
)
TEMPORAL = {"DateField", "DateTimeField", "TimeField"}

_NUMBERS = [
    ("IntegerField", "IntegerField", "IntegerField"),
    ("FloatField", "FloatField", "FloatField"),
    ("DecimalField", "DecimalField", "DecimalField"),
    ("IntegerField", "DecimalField", "DecimalField"),
    ("DecimalField", "IntegerField", "DecimalField"),
    ("IntegerField", "FloatField", "FloatField"),
    ("FloatField", "IntegerField", "FloatField"),
]
_ADDED = [
    ("DateField", "DurationField", "DateTimeField"),
    ("DateTimeField", "DurationField", "DateTimeField"),
    ("TimeField", "DurationField", "TimeField"),
    ("DurationField", "DurationField", "DurationField"),
]
_DIFFERENCES = [
    ("DateField", "DateField", "DurationField"),
    ("DateField", "DateTimeField", "DurationField"),
    ("DateTimeField", "DateField", "DurationField"),
    ("DateTimeField", "DateTimeField", "DurationField"),
    ("TimeField", "TimeField", "DurationField"),
]


def _make_types() -> dict[str, list[tuple[str, str, str]]]:
    made: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for connector in ARITHMETIC:
        made[connector] += _NUMBERS
    for connector in BITWISE:
        made[connector].append(("IntegerField", "IntegerField", "IntegerField"))
    made[Combinable.ADD] += _ADDED + [(right, left, out) for left, right, out in _ADDED]
    made[Combinable.SUB] += _DIFFERENCES + _ADDED
    return made


_TYPES = _make_types()


def combined_type(connector: str, left: Any, right: Any) -> Any:
    """Return the field class that comes out of two fields; ``None`` where that is not known."""
    from .. import fields

    for left_name, right_name, out in _TYPES[connector]:
        if isinstance(left, getattr(fields, left_name)) and isinstance(
            right, getattr(fields, right_name)
        ):
            return getattr(fields, out)
    return None


class CombinedExpression(Expression):
    """Two expressions and an operator.

    Args:
        lhs: The left one.
        connector: The operator: ``Combinable.ADD`` and the like.
        rhs: The right one.
        output_field: The type of the result.
    """

    def __init__(self, lhs: Any, connector: str, rhs: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.connector = connector
        self.lhs = lhs
        self.rhs = rhs

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]  # follows the two
        """Whether it may be a column's default."""
        return bool(self.lhs.allowed_default and self.rhs.allowed_default)

    def get_source_expressions(self) -> list[Any]:
        """Return both."""
        return [self.lhs, self.rhs]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take both."""
        self.lhs, self.rhs = exprs

    def _resolve_output_field(self) -> Any:
        left = getattr(self.lhs, "_output_field_or_none", None)
        right = getattr(self.rhs, "_output_field_or_none", None)
        if left is None or right is None:  # a null, or something that says nothing
            return left or right
        found = combined_type(self.connector, left, right)
        if found is None:
            raise FieldError(
                f"Cannot infer type of {self.connector.replace('%%', '%')!r} expression involving "
                f"these types: {type(left).__name__}, {type(right).__name__}. You must set "
                f"output_field."
            )
        return _made(found, left, right)

    def _kinds(self) -> tuple[str, str]:
        names = []
        for side in (self.lhs, self.rhs):
            field = getattr(side, "_output_field_or_none", None)
            names.append("" if field is None else _kind(field))
        return names[0], names[1]

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the operation; that of dates and durations has a way of its own."""
        kinds = self._kinds()
        left, right = compiler.build(self.lhs), compiler.build(self.rhs)
        if self.connector == Combinable.SUB and TEMPORAL.issuperset(kinds):
            return self._difference(compiler, left, right, kinds)
        if "DurationField" in kinds and kinds != ("DurationField", "DurationField"):
            return self._shifted(compiler, left, right, kinds)
        return self._operation(compiler, left, right)

    def _operation(
        self, compiler: "Compiler", left: ColumnElement[Any], right: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        type_ = self.sa_type
        if self.connector == Combinable.POW:
            return func.power(left, right, type_=type_)
        if self.connector == Combinable.MOD:
            return func.mod(left, right, type_=type_)
        if self.connector == Combinable.BITXOR and compiler.vendor != "postgresql":
            if compiler.vendor == "sqlite":
                return func.bitxor(left, right, type_=type_)
            return left.op("^", return_type=type_, precedence=7)(right).self_group()
        return left.op(self.connector, return_type=type_)(right).self_group()

    def _difference(
        self,
        compiler: "Compiler",
        left: ColumnElement[Any],
        right: ColumnElement[Any],
        kinds: tuple[str, str],
    ) -> ColumnElement[Any]:
        if compiler.vendor == "sqlite":
            function = (
                func.raystack_time_diff if kinds[0] == "TimeField" else func.raystack_datetime_diff
            )
            return function(left, right, type_=self.sa_type)
        if compiler.vendor == "mysql":
            if kinds[0] == "TimeField":
                left, right = (func.time_to_sec(x) * 1_000_000 + func.microsecond(x)
                               for x in (left, right))  # fmt: skip
                return (left - right).self_group()
            return func.timestampdiff(text("MICROSECOND"), right, left, type_=self.sa_type)
        if kinds == ("DateField", "DateField"):
            return func.make_interval(0, 0, 0, left.op("-")(right), type_=self.sa_type)
        return left.op("-", return_type=self.sa_type)(right).self_group()

    def _shifted(
        self,
        compiler: "Compiler",
        left: ColumnElement[Any],
        right: ColumnElement[Any],
        kinds: tuple[str, str],
    ) -> ColumnElement[Any]:
        """Build a date or time and a duration, or a duration and a number."""
        type_ = self.sa_type
        if compiler.vendor == "postgresql" or not TEMPORAL & set(kinds):
            return left.op(self.connector, return_type=type_)(right).self_group()
        if self.connector not in {Combinable.ADD, Combinable.SUB}:
            raise DatabaseError(f"Invalid connector for timedelta: {self.connector}.")
        moment, duration = (left, right) if kinds[1] == "DurationField" else (right, left)
        kind = kinds[0] if kinds[1] == "DurationField" else kinds[1]
        if self.connector == Combinable.SUB:
            duration = duration.op("*", return_type=BigInteger())(literal_column("-1"))
        if compiler.vendor == "sqlite":
            name = "raystack_time_add" if kind == "TimeField" else "raystack_datetime_add"
            return getattr(func, name)(moment, duration, type_=type_)  # type: ignore[no-any-return]  # by name
        if kind == "TimeField":
            return func.addtime(moment, func.sec_to_time(duration / 1_000_000), type_=type_)
        return func.timestampadd(text("MICROSECOND"), duration, moment, type_=type_)


def _kind(field: Any) -> str:
    kind: str = field.get_internal_type()
    return kind


def _made(cls: Any, left: Any, right: Any) -> Any:
    from ..fields.dates import DateTimeField, MovedDateField

    for field in (left, right):
        if type(field) is cls:
            return field  # with its digits, for a decimal
    moved = cls is DateTimeField and not isinstance(left, cls) and not isinstance(right, cls)
    return MovedDateField() if moved else cls()
