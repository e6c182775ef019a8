"""Validators: callables that raise ``ValidationError`` for a value they refuse.

https://docs.djangoproject.com/en/stable/ref/validators/
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .exceptions import ValidationError

Validator = Callable[[Any], None]
EMPTY_VALUES: tuple[Any, ...] = (None, "", [], (), {})
MAX_EMAIL_LENGTH = 320
MAX_URL_LENGTH = 2048


@dataclass(frozen=True)
class RegexValidator:
    """Refuse text in which a pattern is not found.

    Args:
        regex: The pattern.
        message: What to say.
        code: The error's code.
    """

    regex: str
    message: str = "Enter a valid value."
    code: str = "invalid"

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if not re.search(self.regex, str(value)):
            raise ValidationError(self.message, self.code, {"value": value})


@dataclass(frozen=True)
class MaxLengthValidator:
    """Refuse what is longer than ``limit_value``."""

    limit_value: int

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if len(value) > self.limit_value:
            raise ValidationError(
                "Ensure this value has at most %(limit_value)d characters (it has %(show)d).",
                "max_length",
                {"limit_value": self.limit_value, "show": len(value)},
            )


@dataclass(frozen=True)
class MinValueValidator:
    """Refuse what is less than ``limit_value``."""

    limit_value: Any

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if value < self.limit_value:
            raise ValidationError(
                "Ensure this value is greater than or equal to %(limit_value)s.",
                "min_value",
                {"limit_value": self.limit_value},
            )


@dataclass(frozen=True)
class MaxValueValidator:
    """Refuse what is greater than ``limit_value``."""

    limit_value: Any

    def __call__(self, value: Any) -> None:
        """Check ``value``."""
        if value > self.limit_value:
            raise ValidationError(
                "Ensure this value is less than or equal to %(limit_value)s.",
                "max_value",
                {"limit_value": self.limit_value},
            )


validate_slug = RegexValidator(
    r"\A[-a-zA-Z0-9_]+\Z",
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
)


def validate_email(value: Any) -> None:
    """Refuse what is no email address."""
    text = str(value)
    pattern = (
        r"\A[^\s@\"(),:;<>\[\\\]]+@[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[-a-zA-Z0-9]+)+\Z"
    )
    if len(text) > MAX_EMAIL_LENGTH or not re.match(pattern, text) or ".." in text:
        raise ValidationError("Enter a valid email address.", "invalid", {"value": value})


def validate_url(value: Any) -> None:
    """Refuse what is no http, https, ftp or ftps URL."""
    text = str(value)
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https", "ftp", "ftps"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        fits = False
    if not fits or len(text) > MAX_URL_LENGTH or re.search(r"[\s\x00-\x1f]", text):
        raise ValidationError("Enter a valid URL.", "invalid", {"value": value})
