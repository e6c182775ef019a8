"""Fields of ranges: their values are psycopg's ranges, or pairs that become one."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from psycopg.types.range import (
    DateRange,
    Int4Range,
    Int8Range,
    NumericRange,
    Range,
    TimestamptzRange,
)
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import DATERANGE, INT4RANGE, INT8RANGE, NUMRANGE, TSTZRANGE
from sqlalchemy.types import TypeDecorator, TypeEngine

from ...configuration import configuration
from ..base import Field
from ..dates import DateField, DateTimeField
from ..decimals import DecimalField
from ..declaration import N, NamedOptions
from ..numbers import BigIntegerField, IntegerField

if TYPE_CHECKING:
    from ...models import Model

CANONICAL_BOUNDS = "[)"


class PsycopgRange(TypeDecorator[Any]):
    """A range that is psycopg's in Python.

    Args:
        column_type: SQLAlchemy's type.
        range_type: psycopg's class, which tells PostgreSQL which kind of range it is.
    """

    impl = INT4RANGE
    cache_ok = True

    def __init__(self, column_type: Any, range_type: Any) -> None:
        super().__init__()
        self.column_type = column_type
        self.range_type = range_type

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return SQLAlchemy's type."""
        return dialect.type_descriptor(self.column_type())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Make it of the exact class."""
        if not isinstance(value, Range) or isinstance(value, self.range_type):
            return value
        if value.isempty:
            return self.range_type(empty=True)
        return self.range_type(value.lower, value.upper, value.bounds)

    def literal_processor(self, dialect: Dialect) -> Any:
        """Write a range out: defaults and constraints of a table cannot be bound."""
        return _literal

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Make psycopg's range of SQLAlchemy's."""
        if value is None or (isinstance(value, Range) and self.range_type is not TimestamptzRange):
            return value
        if getattr(value, "isempty", getattr(value, "empty", False)):
            return self.range_type(empty=True)
        return self.range_type(self._end(value.lower), self._end(value.upper), value.bounds)

    def _end(self, value: Any) -> Any:
        """Return an end; a moment as a project without time zones has it, where this is one."""
        if isinstance(value, datetime) and value.tzinfo is not None and not configuration().use_tz:
            return value.astimezone(configuration().zone).replace(tzinfo=None)
        return value


def _literal(value: Any) -> str:
    if value.isempty:
        return "'empty'"
    ends = ["" if end is None else f'"{end}"' for end in (value.lower, value.upper)]
    return f"'{value.bounds[0]}{','.join(ends)}{value.bounds[1]}'"


class RangeField(Field[Any, N]):
    """The base of the fields of ranges.

    Attributes:
        base_field: The field that both ends are like.
        range_type: psycopg's class of the values.
        column_type: SQLAlchemy's type of the column.
    """

    empty_strings_allowed = False
    expected = "a range, or a pair of its ends"
    base_field: Any
    range_type: ClassVar[Any]
    column_type: ClassVar[Any]

    if TYPE_CHECKING:

        def __init__(self, *args: Any, null: N = ..., **options: Unpack[NamedOptions]) -> None: ...

    else:

        def __init__(self, *args: Any, **options: Any) -> None:
            if "default_bounds" in options:
                raise TypeError(f"Cannot use 'default_bounds' with {type(self).__name__}.")
            self.base_field = self.base_field()
            super().__init__(*args, **options)

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``, and the base field with it."""
        super().set_name(model, name)
        self.base_field.set_name(model, name)

    def _of_pair(self, pair: Any) -> Any:
        lower, upper = pair
        return self.range_type(lower, upper)

    def get_prep_value(self, value: Any) -> Any:
        """Convert a pair to a range."""
        value = super().get_prep_value(value)
        if value is None or isinstance(value, Range):
            return value
        if isinstance(value, (list, tuple)) and len(value) == 2:
            return self._of_pair([self.base_field.get_prep_value(end) for end in value])
        raise self.refuse(value)

    def to_python(self, value: Any) -> Any:
        """Convert a pair, or a fixture's JSON, to a range."""
        if isinstance(value, str):
            parts = json.loads(value)
            ends = {"lower", "upper"} & parts.keys()
            return self.range_type(
                **{k: self.base_field.to_python(v) if k in ends else v for k, v in parts.items()}
            )
        if isinstance(value, (list, tuple)):
            return self._of_pair(value)
        return value

    def value_to_string(self, obj: Any) -> Any:
        """Return ends and bounds as JSON, for fixtures."""
        value = self.value_from_object(obj)
        if value is None:
            return None
        if value.isempty:
            return json.dumps({"empty": True})
        name = self.base_field.attname
        made: dict[str, Any] = {"bounds": value.bounds}
        for end in ("lower", "upper"):
            limit = getattr(value, end)
            holder = SimpleNamespace(**{name: limit})
            made[end] = None if limit is None else self.base_field.value_to_string(holder)
        return json.dumps(made)

    def make_type(self) -> TypeEngine[Any]:
        """Return the type of range."""
        return PsycopgRange(self.column_type, self.range_type)


class ContinuousRangeField(RangeField[N]):
    """A range without steps, whose bounds count.

    Args:
        args: The options of every field.
        default_bounds: The bounds of a pair: ``[)``, ``(]``, ``()`` or ``[]``.
        options: The options of every field.
    """

    own_options: ClassVar[dict[str, Any]] = {"default_bounds": CANONICAL_BOUNDS}
    default_bounds: Any = CANONICAL_BOUNDS

    if TYPE_CHECKING:

        def __init__(
            self,
            *args: Any,
            default_bounds: str = ...,
            null: N = ...,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(
            self, *args: Any, default_bounds: str = CANONICAL_BOUNDS, **options: Any
        ) -> None:
            if default_bounds not in ("[)", "(]", "()", "[]"):
                raise ValueError("default_bounds must be one of '[)', '(]', '()', or '[]'.")
            self.default_bounds = default_bounds
            super().__init__(*args, **options)

    def _of_pair(self, pair: Any) -> Any:
        lower, upper = pair
        return self.range_type(lower, upper, self.default_bounds)


class IntegerRangeField(RangeField[N]):
    """A range of whole numbers of 32 bits; PostgreSQL writes it with the bounds ``[)``."""

    description = "Range of integers"
    base_field = IntegerField
    range_type = Int4Range
    column_type = INT4RANGE


class BigIntegerRangeField(RangeField[N]):
    """A range of whole numbers of 64 bits; PostgreSQL writes it with the bounds ``[)``."""

    description = "Range of big integers"
    base_field = BigIntegerField
    range_type = Int8Range
    column_type = INT8RANGE


class DecimalRangeField(ContinuousRangeField[N]):
    """A range of decimal numbers."""

    description = "Range of decimal numbers"
    base_field = DecimalField
    range_type = NumericRange
    column_type = NUMRANGE


class DateTimeRangeField(ContinuousRangeField[N]):
    """A range of moments."""

    description = "Range of moments"
    base_field = DateTimeField
    range_type = TimestamptzRange
    column_type = TSTZRANGE


class DateRangeField(RangeField[N]):
    """A range of dates; PostgreSQL writes it with the bounds ``[)``."""

    description = "Range of dates"
    base_field = DateField
    range_type = DateRange
    column_type = DATERANGE
