"""Fields of whole numbers and truth values."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Double, Integer, SmallInteger
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from ..exceptions import ValidationError
from ..validators import MaxValueValidator, MinValueValidator, Validator
from .base import Field
from .checks import error, warning
from .declaration import N, NamedOptions, V

if TYPE_CHECKING:
    from raystack import CheckMessage


class Number(Field[V, N]):
    """What numbers share: conversion by a Python type."""

    expected = "a number"
    empty_strings_allowed = False
    python_type: ClassVar[Any]

    def to_python(self, value: Any) -> Any:
        """Convert to a number."""
        if value is None:
            return None
        try:
            return self.python_type(value)
        except (TypeError, ValueError, OverflowError):
            raise self.invalid("invalid", value=value) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a number."""
        if type(value) is self.python_type or value is None:
            return value
        value = super().get_prep_value(value)
        try:
            return None if value is None else self.python_type(value)
        except TypeError:
            raise TypeError(self.refuse(value).text) from None
        except (ValueError, OverflowError):
            raise self.refuse(value) from None


class IntegerField(Number[int, N]):
    """A whole number of 32 bits."""

    description = "Integer"
    internal_type = "IntegerField"
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value must be an integer."
    }
    python_type = int
    bits: ClassVar[int] = 32
    positive: ClassVar[bool] = False

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if self.max_length is not None:
            message = f"{self}: max_length has no effect on a number."
            found.append(warning(self, "fields.W122", message, "Remove it."))
        return found

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value that the column holds."""
        limit = 1 << (self.bits - 1)
        return (0 if self.positive else -limit), limit - 1

    @cached_property
    def plain_limits(self) -> tuple[int, int] | None:  # type: ignore[override]  # made once
        """What the column holds, unless a subclass converts what it is given."""
        kind = type(self)
        if kind.get_prep_value is not Number.get_prep_value or kind.get_db_prep_value not in {
            Field.get_db_prep_value,
            AutoField.get_db_prep_value,
        }:
            return None
        limit = 1 << (self.bits - 1)
        return -limit, limit - 1

    @cached_property
    def validators(self) -> list[Validator]:
        """All validators, and the column's range where none is narrower."""
        least, greatest = self.range
        given = [*self.default_validators, *self._validators]
        lower, upper = _limits(given, MinValueValidator), _limits(given, MaxValueValidator)
        if not any(limit >= least for limit in lower):
            given.append(MinValueValidator(least))
        if not any(limit <= greatest for limit in upper):
            given.append(MaxValueValidator(greatest))
        return given

    def make_type(self) -> TypeEngine[Any]:
        """Return the integer type of as many bits, which MySQL has without a sign too."""
        made: TypeEngine[Any] = {16: SmallInteger, 32: Integer, 64: BigInteger}[self.bits]()
        if not self.positive:
            return made
        unsigned = {16: mysql.SMALLINT, 32: mysql.INTEGER, 64: mysql.BIGINT}[self.bits]
        return made.with_variant(unsigned(unsigned=True), "mysql", "mariadb")

    def checks(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """Refuse negative numbers in a positive field, in the database too."""
        return [column >= 0] if self.positive else []


def _limits(validators: list[Validator], kind: Any) -> list[Any]:
    limits = [v.limit_value for v in validators if isinstance(v, kind)]
    return [limit() if callable(limit) else limit for limit in limits]


class BigIntegerField(IntegerField[N]):
    """A whole number of 64 bits."""

    description = "Big (8 byte) integer"
    internal_type = "BigIntegerField"
    bits = 64
    MAX_BIGINT = 9223372036854775807


class SmallIntegerField(IntegerField[N]):
    """A whole number of 16 bits."""

    description = "Small integer"
    internal_type = "SmallIntegerField"
    bits = 16


class PositiveIntegerField(IntegerField[N]):
    """A whole number of 32 bits, zero or more."""

    description = "Positive integer"
    internal_type = "PositiveIntegerField"
    positive = True


class PositiveBigIntegerField(BigIntegerField[N]):
    """A whole number of 64 bits, zero or more."""

    description = "Positive big integer"
    internal_type = "PositiveBigIntegerField"
    positive = True


class PositiveSmallIntegerField(SmallIntegerField[N]):
    """A whole number of 16 bits, zero or more."""

    description = "Positive small integer"
    internal_type = "PositiveSmallIntegerField"
    positive = True


class AutoField(IntegerField[N]):
    """A whole number that the database counts up for each new row; always the primary key."""

    internal_type = "AutoField"
    counts_up = True

    if TYPE_CHECKING:

        def __init__(self, *args: Any, null: N = ..., **options: Unpack[NamedOptions]) -> None: ...

    else:

        def __init__(self, *args: Any, **options: Any) -> None:
            options["blank"] = True
            super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments; that it is the key stays among them."""
        name, path, args, options = super().deconstruct()
        del options["blank"]
        return name, path, args, {**options, "primary_key": True}

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if not self.primary_key:
            message = f"{self} counts up, which the primary key alone does: set primary_key=True."
            found.append(error(self, "fields.E100", message))
        return found

    @property
    def db_returning(self) -> bool:
        """It is the database that makes it."""
        return True

    def rel_db_type(self, connection: Any) -> str | None:
        """Return the type of a column that refers to this one, which does not count up."""
        kinds: dict[int, Any] = {16: SmallIntegerField, 32: IntegerField, 64: BigIntegerField}
        made: str | None = kinds[self.bits]().db_type(connection)
        return made

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Convert a key that is saved.

        Raises:
            ValueError: It is 0, which MySQL takes for a key that it shall make.
        """
        made = super().get_db_prep_value(value, connection, prepared)
        if made == 0 and not prepared and not connection.driver.allows_auto_pk_0:
            raise ValueError("The database backend does not accept 0 as a value for AutoField.")
        return made

    def validate(self, value: Any, model_instance: Any) -> None:
        """Accept everything: the database chooses the value."""

    def make_type(self) -> TypeEngine[Any]:
        """Return the integer type, but INTEGER on SQLite, where only that counts up."""
        return super().make_type().with_variant(Integer(), "sqlite")


class BigAutoField(AutoField[N]):
    """A whole number of 64 bits that the database counts up; the default primary key."""

    internal_type = "BigAutoField"
    bits = 64


class SmallAutoField(AutoField[N]):
    """A whole number of 16 bits that the database counts up."""

    internal_type = "SmallAutoField"
    bits = 16


class BooleanField(Field[bool, N]):
    """True or false."""

    description = "Boolean (Either True or False)"
    expected = "True or False"
    internal_type = "BooleanField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value must be either True or False.",
        "invalid_nullable": "“%(value)s” value must be either True, False, or None.",
    }

    def _convert(self, value: Any) -> bool:
        if value in (True, "t", "True", "1"):
            return True
        if value in (False, "f", "False", "0"):
            return False
        raise ValueError(value)

    def to_python(self, value: Any) -> Any:
        """Convert what forms and JSON call true and false."""
        if self.null and value in self.empty_values:
            return None
        try:
            return self._convert(value)
        except ValueError:
            message = self.error_messages["invalid_nullable" if self.null else "invalid"]
            raise ValidationError(message, "invalid", {"value": value}) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a truth value."""
        if value is None or isinstance(value, bool):
            return value
        value = super().get_prep_value(value)
        if self.null and value == "":
            return None
        try:
            return self._convert(value)
        except ValueError:
            raise self.refuse(value) from None

    def make_type(self) -> TypeEngine[Any]:
        """Return BOOLEAN."""
        return Boolean()


class FloatField(Number[float, N]):
    """A floating-point number of 64 bits."""

    description = "Floating point number"
    internal_type = "FloatField"
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value must be a float."
    }
    python_type = float

    def make_type(self) -> TypeEngine[Any]:
        """Return DOUBLE PRECISION."""
        return Double()
