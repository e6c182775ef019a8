"""Fields of numbers and truth values."""

import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, Unpack, overload

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Double, Integer, SmallInteger
from sqlalchemy.types import TypeEngine

from ..validators import MaxValueValidator, MinValueValidator, Validator
from .base import Field, FieldOptions
from .types import ExactDecimal

V = TypeVar("V")


class IntegerField(Field[V]):
    """A whole number of 32 bits."""

    expected = "a number"
    empty_strings_allowed = False
    bits: ClassVar[int] = 32
    positive: ClassVar[bool] = False

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "IntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "IntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value."""
        limit = 1 << (self.bits - 1)
        return (0 if self.positive else -limit), limit - 1

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """Refuse what the column cannot hold."""
        least, greatest = self.range
        return MinValueValidator(least), MaxValueValidator(greatest)

    def to_python(self, value: Any) -> Any:
        """Convert to a whole number."""
        if value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise self.invalid(
                "invalid", "“%(value)s” value must be an integer.", value=value
            ) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a whole number."""
        if type(value) is int or value is None:
            return value
        value = super().get_prep_value(value)
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise self.refuse(value) from None

    def sa_type(self) -> TypeEngine[Any]:
        """Return the integer type of as many bits."""
        return {16: SmallInteger, 32: Integer, 64: BigInteger}[self.bits]()

    def checks(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """Refuse negative numbers in a positive field, in the database too."""
        return [column >= 0] if self.positive else []


class BigIntegerField(IntegerField[V]):
    """A whole number of 64 bits."""

    bits = 64

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "BigIntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "BigIntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...


class SmallIntegerField(IntegerField[V]):
    """A whole number of 16 bits."""

    bits = 16

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "SmallIntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "SmallIntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...


class PositiveIntegerField(IntegerField[V]):
    """A whole number of 32 bits, zero or more."""

    positive = True

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "PositiveIntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "PositiveIntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...


class PositiveBigIntegerField(BigIntegerField[V]):
    """A whole number of 64 bits, zero or more."""

    positive = True

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "PositiveBigIntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "PositiveBigIntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...


class PositiveSmallIntegerField(SmallIntegerField[V]):
    """A whole number of 16 bits, zero or more."""

    positive = True

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "PositiveSmallIntegerField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "PositiveSmallIntegerField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...


class AutoField(IntegerField[V]):
    """A whole number that the database counts up for each new row."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "AutoField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "AutoField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def db_returning(self) -> bool:
        """It is the database that makes it."""
        return True

    def validate(self, value: Any) -> None:
        """Accept everything: the database chooses the value."""


class BigAutoField(AutoField[V]):
    """A whole number of 64 bits that the database counts up; the default primary key."""

    bits = 64

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "BigAutoField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "BigAutoField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def sa_type(self) -> TypeEngine[Any]:
        """Return BIGINT, but INTEGER on SQLite, where only that counts up and has 64 bits too."""
        return BigInteger().with_variant(Integer(), "sqlite")


class SmallAutoField(AutoField[V]):
    """A whole number of 16 bits that the database counts up."""

    bits = 16

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "SmallAutoField[int]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "SmallAutoField[int | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def sa_type(self) -> TypeEngine[Any]:
        """Return SMALLINT, but INTEGER on SQLite, where only that counts up."""
        return SmallInteger().with_variant(Integer(), "sqlite")


class BooleanField(Field[V]):
    """True or false."""

    expected = "True or False"
    empty_strings_allowed = False

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "BooleanField[bool]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "BooleanField[bool | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def to_python(self, value: Any) -> Any:
        """Convert what forms and JSON call true and false."""
        if self.null and value in {None, ""}:
            return None
        if value in {True, "t", "True", "1"}:
            return True
        if value in {False, "f", "False", "0"}:
            return False
        raise self.invalid(
            "invalid", "“%(value)s” value must be either True or False.", value=value
        )

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a truth value."""
        if value is None or isinstance(value, bool):
            return value
        try:
            if value in {1, "t", "True", "1"}:
                return True
            if value in {0, "f", "False", "0"}:
                return False
        except TypeError:
            pass
        raise self.refuse(value)

    def validate(self, value: Any) -> None:
        """Accept False where ``blank`` is not set: it is no empty value."""
        if value is None and not self.null:
            raise self.invalid("null", "This field cannot be null.")

    def sa_type(self) -> TypeEngine[Any]:
        """Return BOOLEAN."""
        return Boolean()


class FloatField(Field[V]):
    """A floating-point number of 64 bits."""

    expected = "a number"
    empty_strings_allowed = False

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "FloatField[float]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "FloatField[float | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def to_python(self, value: Any) -> Any:
        """Convert to a float."""
        try:
            return None if value is None else float(value)
        except (TypeError, ValueError):
            raise self.invalid(
                "invalid", "“%(value)s” value must be a float.", value=value
            ) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a float."""
        try:
            return None if value is None else float(super().get_prep_value(value))
        except (TypeError, ValueError):
            raise self.refuse(value) from None

    def sa_type(self) -> TypeEngine[Any]:
        """Return DOUBLE PRECISION."""
        return Double()


class DecimalOptions(FieldOptions, total=False):
    """The options of a decimal field."""

    max_digits: int
    decimal_places: int


class DecimalField(Field[V]):
    """A decimal number of ``max_digits`` digits, ``decimal_places`` of them after the point."""

    expected = "a decimal number"
    empty_strings_allowed = False

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "DecimalField[Decimal]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[DecimalOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "DecimalField[Decimal | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[DecimalOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            *,
            max_digits: int,
            decimal_places: int,
            **options: Any,
        ) -> None:
            super().__init__(verbose_name, **options)
            self.max_digits = max_digits
            self.decimal_places = decimal_places

    max_digits: int
    decimal_places: int

    def to_python(self, value: Any) -> Any:
        """Convert to a decimal."""
        if value is None:
            return None
        try:
            made = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            made = Decimal("NaN")
        if not made.is_finite():
            raise self.invalid(
                "invalid", "“%(value)s” value must be a decimal number.", value=value
            )
        return made

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a decimal of the column's scale."""
        value = super().get_prep_value(value)
        if value is None:
            return None
        try:
            made = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise self.refuse(value) from None
        if not made.is_finite() or math.fabs(made.adjusted()) > self.max_digits:
            raise self.refuse(value)
        return made

    def sa_type(self) -> TypeEngine[Any]:
        """Return NUMERIC."""
        return ExactDecimal(self.max_digits, self.decimal_places)
