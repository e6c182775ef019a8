"""Validators that search text for a pattern.

Every pattern here takes time in proportion to the text: no two of its repetitions can match the
same characters.
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from ..deconstruct import deconstructible
from ..exceptions import ValidationError

Validator = Callable[[Any], None]


class LazyPattern:
    """A pattern that is compiled when it is first used: some take longer than all else here.

    It has what a compiled pattern has.

    Args:
        pattern: The pattern.
        flags: Flags of ``re``.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._source = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._source)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # copying and pickling ask before there is a source
            raise AttributeError(name)
        return getattr(self._compiled, name)

    def __getstate__(self) -> dict[str, Any]:
        return {"_source": self._source}


EMPTY_VALUES: tuple[Any, ...] = (None, "", [], (), {})


@deconstructible
class RegexValidator:
    """Refuse text in which a pattern is not found, or is found if ``inverse_match``.

    Args:
        regex: The pattern, as text or compiled.
        message: What to say.
        code: The error's code.
        inverse_match: Refuse text in which the pattern is found.
        flags: Flags of ``re``, for a pattern that is text.

    Raises:
        TypeError: There are flags, and the pattern is compiled already.

    https://docs.djangoproject.com/en/stable/ref/validators/#regexvalidator
    """

    regex: Any = ""
    message: Any = "Enter a valid value."
    code: str = "invalid"
    inverse_match: bool = False
    flags: int = 0

    def __init__(
        self,
        regex: str | re.Pattern[str] | LazyPattern | None = None,
        message: Any = None,
        code: str | None = None,
        inverse_match: bool | None = None,
        flags: int | None = None,
    ) -> None:
        if regex is not None:
            self.regex = regex
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code
        if inverse_match is not None:
            self.inverse_match = inverse_match
        if flags is not None:
            self.flags = flags
        if self.flags and not isinstance(self.regex, str):
            raise TypeError("RegexValidator: flags go with a pattern that is text, not compiled.")
        if isinstance(self.regex, str):
            self.regex = LazyPattern(self.regex, self.flags)

    def refuse(self, value: Any) -> ValidationError:
        """Make the error."""
        return ValidationError(self.message, self.code, {"value": value})

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if bool(self.regex.search(str(value))) == self.inverse_match:
            raise self.refuse(value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegexValidator):
            return NotImplemented
        return self._parts() == other._parts()

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed

    def _parts(self) -> tuple[Any, ...]:
        pattern = self.regex
        return pattern.pattern, pattern.flags, self.message, self.code, self.inverse_match


@deconstructible
class ProhibitNullCharactersValidator:
    """Refuse text with a NUL in it.

    Args:
        message: What to say.
        code: The error's code.
    """

    message: Any = "Null characters are not allowed."
    code: str = "null_characters_not_allowed"

    def __init__(self, message: Any = None, code: str | None = None) -> None:
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if "\0" in str(value):
            raise ValidationError(self.message, self.code, {"value": value})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProhibitNullCharactersValidator):
            return NotImplemented
        return (self.message, self.code) == (other.message, other.code)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed


def int_list_validator(
    sep: str = ",", message: Any = None, code: str = "invalid", allow_negative: bool = False
) -> RegexValidator:
    """Make a validator of text that lists whole numbers.

    Args:
        sep: What stands between them.
        message: What to say.
        code: The error's code.
        allow_negative: Accept a minus before a number.
    """
    number = r"-?\d+" if allow_negative else r"\d+"
    pattern = rf"\A{number}(?:{re.escape(sep)}{number})*\Z"
    return RegexValidator(pattern, message=message, code=code)


validate_comma_separated_integer_list = int_list_validator(
    message="Enter only digits separated by commas."
)
integer_validator = RegexValidator(r"\A-?\d+\Z", "Enter a valid integer.")
validate_slug = RegexValidator(
    r"\A[-a-zA-Z0-9_]+\Z",
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
)
validate_unicode_slug = RegexValidator(
    r"\A[-\w]+\Z",
    "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
)


def validate_integer(value: Any) -> None:
    """Refuse text that is no whole number."""
    integer_validator(value)
