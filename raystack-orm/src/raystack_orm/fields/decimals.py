"""The field of decimal numbers."""

from decimal import Context, Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy.types import TypeEngine

from ..validators import DecimalValidator, Validator
from .base import Field
from .checks import error
from .declaration import FieldOptions, N
from .types import ExactDecimal

if TYPE_CHECKING:
    from raystack import CheckMessage


class DecimalField(Field[Decimal, N]):
    """A decimal number of ``max_digits`` digits, ``decimal_places`` of them after the point.

    Args:
        verbose_name: What people call it.
        name: Its name.
        max_digits: The number of all digits; with ``None``, PostgreSQL and SQLite keep any number.
        decimal_places: The number of digits after the point.
        null: It may be ``None``.
        options: The options of every field.
    """

    description = "Decimal number"
    expected = "a decimal number"
    internal_type = "DecimalField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” value must be a decimal number."
    }
    own_options: ClassVar[dict[str, Any]] = {"max_digits": None, "decimal_places": None}
    max_digits: int | None = None
    decimal_places: int | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            max_digits: int | None = ...,
            decimal_places: int | None = ...,
            *,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            max_digits: int | None = None,
            decimal_places: int | None = None,
            **options: Any,
        ) -> None:
            self.max_digits = max_digits
            self.decimal_places = decimal_places
            super().__init__(verbose_name, name, **options)

    @cached_property
    def validators(self) -> list[Validator]:
        """All validators; too many digits are refused."""
        digits = DecimalValidator(self.max_digits, self.decimal_places)
        return [*self.default_validators, *self._validators, digits]

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        digits, places = self.max_digits, self.decimal_places
        found = super().check(**kwargs)
        if (digits is None) != (places is None):
            message = f"{self} has one of max_digits and decimal_places; give both, or none."
            found.append(error(self, "fields.E135", message))
        if places is not None and places < 0:
            found.append(error(self, "fields.E131", f"{self}: decimal_places is negative."))
        if digits is not None and digits <= 0:
            found.append(error(self, "fields.E133", f"{self}: max_digits is not positive."))
        if digits is not None and places is not None and places > digits:
            message = f"{self}: decimal_places is greater than max_digits."
            found.append(error(self, "fields.E134", message))
        return found

    @cached_property
    def context(self) -> Context:
        """The arithmetic with as many digits as the column has."""
        return Context(prec=self.max_digits or 28)

    def _convert(self, value: Any) -> Decimal:
        if isinstance(value, float):
            return self.context.create_decimal_from_float(value)
        return Decimal(value)

    def to_python(self, value: Any) -> Any:
        """Convert to a decimal; NaN and the infinities are none."""
        if value is None:
            return None
        try:
            made = self._convert(value)
        except (InvalidOperation, TypeError, ValueError):
            made = Decimal("NaN")
        if not made.is_finite():
            raise self.invalid("invalid", value=value)
        return made

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a decimal of the column's scale; one with more digits may still be compared.

        Raises:
            ValueError: It is no number.
        """
        value = super().get_prep_value(value)
        if value is None:
            return None
        try:
            made = self._convert(value)
        except (InvalidOperation, TypeError, ValueError):
            raise self.refuse(value) from None
        if not made.is_finite():
            raise self.refuse(value)
        scaled = self._scaled(made)
        return made if scaled is None else scaled

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Convert a value that is saved; expressions stay.

        Raises:
            ValueError: It is no number, or has more digits than the column.
        """
        made = super().get_db_prep_save(value, connection)
        if isinstance(made, Decimal) and self._scaled(made) is None:
            raise self.refuse(value)
        return made

    def _scaled(self, value: Decimal) -> Decimal | None:
        """Return a number at the column's scale; ``None`` if it has too many digits for that."""
        if self.decimal_places is None:
            return value
        try:
            return value.quantize(Decimal(1).scaleb(-self.decimal_places), context=self.context)
        except InvalidOperation:
            return None

    def make_type(self) -> TypeEngine[Any]:
        """Return NUMERIC."""
        return ExactDecimal(self.max_digits, self.decimal_places)
