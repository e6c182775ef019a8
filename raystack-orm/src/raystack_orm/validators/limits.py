"""Validators that compare with a limit: values, lengths, steps, digits."""

import math
from decimal import Decimal
from typing import Any, ClassVar

from ..deconstruct import deconstructible
from ..exceptions import ValidationError


@deconstructible
class BaseValidator:
    """The base of validators that have a limit.

    Args:
        limit_value: The limit, or a callable that returns it.
        message: What to say.
    """

    message: Any = "Ensure this value is %(limit_value)s (it is %(show_value)s)."
    code: str = "limit_value"

    def __init__(self, limit_value: Any, message: Any = None) -> None:
        self.limit_value = limit_value
        if message:
            self.message = message

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        cleaned, limit = self.clean(value), self.limit()
        if self.compare(cleaned, limit):
            params = {"limit_value": limit, "show_value": cleaned, "value": value}
            raise ValidationError(self.message, self.code, params)

    def limit(self) -> Any:
        """Return the limit as it is now."""
        return self.limit_value() if callable(self.limit_value) else self.limit_value

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether ``a`` is refused under the limit ``b``."""
        return a is not b

    def clean(self, x: Any) -> Any:
        """Return what of a value is compared."""
        return x

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        mine = (self.limit_value, self.message, self.code)
        return mine == (other.limit_value, other.message, other.code)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed


@deconstructible
class MaxValueValidator(BaseValidator):
    """Refuse what is greater than the limit."""

    message = "Ensure this value is less than or equal to %(limit_value)s."
    code = "max_value"

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether ``a`` is greater."""
        return bool(a > b)


@deconstructible
class MinValueValidator(BaseValidator):
    """Refuse what is less than the limit."""

    message = "Ensure this value is greater than or equal to %(limit_value)s."
    code = "min_value"

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether ``a`` is less."""
        return bool(a < b)


@deconstructible
class StepValueValidator(BaseValidator):
    """Refuse what is no multiple of the limit, counted from ``offset``.

    Args:
        limit_value: The step, or a callable that returns it.
        message: What to say.
        offset: Where the counting starts.
    """

    message = "Ensure this value is a multiple of step size %(limit_value)s."
    code = "step_size"

    def __init__(self, limit_value: Any, message: Any = None, offset: Any = None) -> None:
        super().__init__(limit_value, message)
        self.offset = offset
        if offset is not None:
            self.message = (
                "Ensure this value is a multiple of step size %(limit_value)s, starting from "
                "%(offset)s, e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on."
            )

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        step = self.limit()
        if not self.compare(value, step):
            return
        params: dict[str, Any] = {"limit_value": step, "show_value": value, "value": value}
        if self.offset is not None:
            start = type(value)(self.offset)
            params |= {
                "offset": start,
                "valid_value1": start + step,
                "valid_value2": start + 2 * step,
            }
        raise ValidationError(self.message, self.code, params)

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether ``a`` lies between two steps."""
        offset = 0 if self.offset is None else self.offset
        if isinstance(a, Decimal) and isinstance(offset, float):
            a = float(a)
        return not math.isclose(math.remainder(a - offset, b), 0, abs_tol=1e-9)


@deconstructible
class MinLengthValidator(BaseValidator):
    """Refuse what is shorter than the limit."""

    message = "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d)."
    code = "min_length"

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether the length ``a`` is less."""
        return bool(a < b)

    def clean(self, x: Any) -> int:
        """Return the length."""
        return len(x)


@deconstructible
class MaxLengthValidator(BaseValidator):
    """Refuse what is longer than the limit."""

    message = "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
    code = "max_length"

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether the length ``a`` is greater."""
        return bool(a > b)

    def clean(self, x: Any) -> int:
        """Return the length."""
        return len(x)


@deconstructible
class DecimalValidator:
    """Refuse a decimal of too many digits.

    Args:
        max_digits: The most digits of all; ``None`` for any number.
        decimal_places: The most digits after the point; ``None`` for any number.
    """

    messages: ClassVar[dict[str, str]] = {
        "invalid": "Enter a number.",
        "max_digits": "Ensure that there are no more than %(max)s digits in total.",
        "max_decimal_places": "Ensure that there are no more than %(max)s decimal places.",
        "max_whole_digits": (
            "Ensure that there are no more than %(max)s digits before the decimal point."
        ),
    }

    def __init__(self, max_digits: int | None, decimal_places: int | None) -> None:
        self.max_digits = max_digits
        self.decimal_places = decimal_places

    def __call__(self, value: Decimal) -> None:
        """Check ``value``."""
        _, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int):
            raise ValidationError(self.messages["invalid"], "invalid", {"value": value})
        decimals = max(-exponent, 0)
        total = len(digits) + (exponent if exponent > 0 and digits != (0,) else 0)
        total = max(total, decimals)
        whole = None
        if self.max_digits is not None and self.decimal_places is not None:
            whole = self.max_digits - self.decimal_places
        for code, most, found in (
            ("max_digits", self.max_digits, total),
            ("max_decimal_places", self.decimal_places, decimals),
            ("max_whole_digits", whole, total - decimals),
        ):
            if most is not None and found > most:
                raise ValidationError(self.messages[code], code, {"max": most, "value": value})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DecimalValidator):
            return NotImplemented
        mine = (self.max_digits, self.decimal_places)
        return mine == (other.max_digits, other.decimal_places)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed
