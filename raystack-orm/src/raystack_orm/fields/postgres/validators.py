"""Validators of arrays, ranges and stores of keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...deconstruct import deconstructible
from ...exceptions import ValidationError
from ...validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)


class ArrayMaxLengthValidator(MaxLengthValidator):
    """Refuse a list of more items than the limit."""

    message = "List contains %(show_value)d items, it should contain no more than %(limit_value)d."


class ArrayMinLengthValidator(MinLengthValidator):
    """Refuse a list of fewer items than the limit."""

    message = "List contains %(show_value)d items, it should contain no fewer than %(limit_value)d."


class RangeMaxValueValidator(MaxValueValidator):
    """Refuse a range that ends after the limit, or never."""

    message = "Ensure that the upper bound of the range is not greater than %(limit_value)s."

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether the range ``a`` ends too late."""
        return bool(a.upper is None or a.upper > b)


class RangeMinValueValidator(MinValueValidator):
    """Refuse a range that begins before the limit, or never did."""

    message = "Ensure that the lower bound of the range is not less than %(limit_value)s."

    def compare(self, a: Any, b: Any) -> bool:
        """Say whether the range ``a`` begins too early."""
        return bool(a.lower is None or a.lower < b)


@deconstructible
class KeysValidator:
    """Refuse a mapping without some keys.

    Args:
        keys: The keys.
        strict: Refuse other keys too.
        messages: Other messages by code: ``missing_keys``, ``extra_keys``.
    """

    messages: Mapping[str, Any] = {
        "missing_keys": "Some keys were missing: %(keys)s",
        "extra_keys": "Some unknown keys were provided: %(keys)s",
    }

    def __init__(
        self,
        keys: Iterable[str],
        strict: bool = False,
        messages: Mapping[str, Any] | None = None,
    ) -> None:
        self.keys = set(keys)
        self.strict = strict
        self.messages = {**self.messages, **(messages or {})}

    def __call__(self, value: Mapping[str, Any]) -> None:
        """Check the keys of ``value``."""
        found = set(value)
        wrong = {"missing_keys": self.keys - found}
        if self.strict:
            wrong["extra_keys"] = found - self.keys
        for code, keys in wrong.items():
            if keys:
                params = {"keys": ", ".join(sorted(keys))}
                raise ValidationError(self.messages[code], code, params)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KeysValidator):
            return NotImplemented
        mine = (self.keys, self.strict, self.messages)
        return mine == (other.keys, other.strict, other.messages)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed
