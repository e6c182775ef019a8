"""Values without their secrets.

A value is shown if it is a number, a boolean or nothing, or text under a harmless name; of any
other object its class. Text is shown without what a URL, a DSN or a header has of secrets.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sized
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import BaseModel, SecretBytes, SecretStr

MASK = "**********"
SOUNDS = (
    "pass|pwd|secret|token|key(?!board|words?)|cred|sign(?:ature|ing)|salt|private|bearer|webhook"
    "|authori[sz]"
)
ENDS = "auth|cookies?|pin|otp"  # a setting that goes on, such as SESSION_COOKIE_NAME, is harmless
SECRET_NAME = re.compile(f"(?i){SOUNDS}|(?:{ENDS})$")
AS_TEXT = (str, PurePath, dt.date, dt.time, dt.timedelta, UUID)
# Up to the last @: a password with a slash or an @ that nobody escaped is one all the same.
URL_PASSWORD = re.compile(r"(?s)(?P<head>://[^:@]*:|\A[^:@]*:(?!//)).*@")
HTTP_USER = re.compile(r"(?i)(?P<head>https?://)[^:@/\s]+@")  # it may be a token
ASSIGNED = re.compile(
    rf"(?is)(?P<head>(?:(?:{SOUNDS})[\w.-]*|{ENDS})(?:\s*=|[\"']\s*:|:\s))(?P<value>.*)"
)
NEXT_PARAMETER = re.compile(r"[&;][\w.-]+=")
# What is a secret by its form, under whatever name: private keys, and tokens with a known prefix.
FORM = re.compile(
    r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
    r"|\b(?:(?:sk|rk|gh[opsu]|xox[abprs]|glpat)[-_][A-Za-z0-9_-]{8,}|AKIA[A-Z0-9]{12,})"
)
HEADER = re.compile(r"(?is)\A(?P<head>(?:bearer|basic)\s+)\S+\Z")


def masked(value: Any, name: str = "") -> Any:
    """Return a value as plain data in which no secret can be read.

    Args:
        value: The value.
        name: What it is called: all that is below a name such as ``API_KEYS`` is masked.
    """
    if isinstance(value, Enum):
        value = value.value
    if SECRET_NAME.search(name) and not _is_empty(value):
        return MASK
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, SecretStr | SecretBytes):
        return "" if _is_empty(value) else MASK
    if isinstance(value, bytes):
        return _masked_text(value.decode(errors="replace"))
    if isinstance(value, AS_TEXT):
        return _masked_text(str(value))
    return _masked_parts(value)


def _is_empty(value: Any) -> bool:
    return value is None or isinstance(value, bool) or (isinstance(value, Sized) and not len(value))


def _masked_parts(value: Any) -> Any:
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    named = _named_parts(value)
    if named is not None:
        return {str(masked(key)): masked(inner, str(key)) for key, inner in named.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = list(value)
        if _is_pair(parts):
            return [masked(parts[0]), masked(parts[1], str(masked(parts[0])))]
        return [masked(part) for part in parts]
    return _masked_text(str(value)) if _is_url(value) else type(value).__name__


def _named_parts(value: Any) -> Mapping[Any, Any] | None:
    """Return the parts of a value that have names; ``None`` if they have none."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, BaseModel):
        return {**vars(value), **(value.model_extra or {})}
    if is_dataclass(value):
        return {field.name: getattr(value, field.name, None) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):  # a named tuple
        return dict(value._asdict())
    return None


def _is_pair(parts: list[Any]) -> bool:
    """Say whether two values may be a name and what it names, as in a list of headers."""
    return len(parts) == 2 and isinstance(parts[0], str | bytes) and "." not in str(parts[0])


def _is_url(value: Any) -> bool:
    """Say whether a value is a URL of pydantic, of Starlette or of another library."""
    return hasattr(value, "scheme") and hasattr(value, "path")


def _masked_text(text: str) -> str:
    text = URL_PASSWORD.sub(rf"\g<head>{MASK}@", text)
    text = HTTP_USER.sub(rf"\g<head>{MASK}@", text)
    text = HEADER.sub(rf"\g<head>{MASK}", text)
    text = FORM.sub(MASK, text)
    return ASSIGNED.sub(lambda found: found["head"] + _masked_rest(found["value"], text), text)


def _masked_rest(value: str, text: str) -> str:
    """Mask what a secret parameter is set to.

    In a URL it ends where the next parameter begins. In other text its end cannot be told, for
    quotes may hold spaces: everything that follows is masked.
    """
    following = NEXT_PARAMETER.search(value) if "://" in text else None
    return MASK + (_masked_text(value[following.start() :]) if following else "")
