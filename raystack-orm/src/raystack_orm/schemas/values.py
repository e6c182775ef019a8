"""Values that come from outside: whatever the database would refuse is refused here, by name.

A half surrogate pair and a NaN are worse than wrong: the 422 that repeats them cannot be written as
JSON. They are replaced by text that says what they were before pydantic sees them.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from pydantic_core import PydanticCustomError

from ..configuration import configuration
from ..exceptions import ValidationError
from ..fields import DateTimeField, DurationField

MAX_DEPTH = 100  # of JSON inside JSON; MySQL stores no deeper document
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?", re.ASCII)
_MAX_MICROSECONDS = (1 << 63) - 1


class Unstorable(str):
    """Text in the place of a value that neither JSON nor a database can hold."""

    __slots__ = ()


def document(value: Any) -> Any:
    """Return a document as pydantic may have it, and repeat it in an error."""
    made = _without_unstorable(value)
    # From attributes, an object of a class of ours would have fields: str.title is one.
    return str(made) if isinstance(made, Unstorable) else made


def _without_unstorable(value: Any, depth: int = 0) -> Any:
    """Replace what no JSON can say in a document, as deep as it goes."""
    if isinstance(value, str):
        return value if _is_encodable(value) else Unstorable(ascii(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else Unstorable(repr(value))
    if not isinstance(value, (dict, list)):
        return value
    if depth == MAX_DEPTH:
        return Unstorable(f"more than {MAX_DEPTH} levels")
    if isinstance(value, list):
        return [_without_unstorable(item, depth + 1) for item in value]
    return {
        _without_unstorable(key, depth + 1): _without_unstorable(item, depth + 1)
        for key, item in value.items()
    }


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def refuse_unstorable(value: Any) -> Any:
    """Raise an error where something was replaced.

    Raises:
        PydanticCustomError: Something was.
    """
    if isinstance(value, Unstorable):
        raise PydanticCustomError("unstorable", "No database stores this value")
    if isinstance(value, list):
        for item in value:
            refuse_unstorable(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key)
            refuse_unstorable(item)
    return value


def refuse_other_spellings(value: Any) -> Any:
    """Take numbers, and text that spells one in ASCII: neither ``1_0`` nor ``٣`` nor true.

    Raises:
        PydanticCustomError: It is something else.
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        raise PydanticCustomError("number_spelling", "Input should be a number")
    return value


def checker(field: Any) -> Callable[[Any], Any]:
    """Return what converts a value as the field does, and refuses what it or a database refuses.

    Args:
        field: The field of the model. Of a relation, the key's field is asked; whether there is
            such a row is for the database to say.
    """
    target = field
    while target.is_relation:
        target = target.target_field

    def check(value: Any) -> Any:
        if value is None and field.null:
            return None
        try:
            made = target.clean(value, None)
            if target is not field:
                field.run_validators(made)
            _check_time(target, made)
            target.get_prep_value(made)
        except ValidationError as error:
            first = error.error_list[0] if hasattr(error, "error_list") else error
            code = str(getattr(first, "code", None) or "invalid")
            raise PydanticCustomError(code, _literal(" ".join(error.messages))) from None
        except (ArithmeticError, TypeError, ValueError):
            message = f"Input should be {target.expected}"
            raise PydanticCustomError("invalid", _literal(message)) from None
        return made

    return check


def _literal(message: str) -> Any:
    """Return a message for pydantic; it has no parameters, so braces stay as they are."""
    return message


def _check_time(field: Any, value: Any) -> None:
    """Refuse moments and durations that the column cannot hold.

    Raises:
        PydanticCustomError: A datetime is naive where ``USE_TZ`` wants aware ones, or vice versa.
        OverflowError: It lies beyond the column's range.
    """
    if isinstance(field, DateTimeField) and isinstance(value, dt.datetime):
        naive = value.utcoffset() is None
        if configuration().use_tz:
            if naive:
                raise PydanticCustomError("timezone_aware", "Input should have a UTC offset")
            value.astimezone(dt.UTC)
        elif not naive:
            raise PydanticCustomError("timezone_naive", "Input should not have a UTC offset")
    if isinstance(field, DurationField) and isinstance(value, dt.timedelta):
        microseconds = value // dt.timedelta(microseconds=1)
        if abs(microseconds) > _MAX_MICROSECONDS:
            raise OverflowError(value)
