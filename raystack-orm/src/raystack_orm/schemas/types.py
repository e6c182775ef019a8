"""The type of a field in a schema, and what JSON Schema can say of its limits."""

import base64
import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from .. import fields as kinds
from ..validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)
from .values import checker, refuse_other_spellings, refuse_unstorable

# The first that fits: a DateTimeField is a DateField too.
TYPES: tuple[tuple[type[kinds.Field[Any, Any]], Any], ...] = (
    (kinds.BooleanField, bool),
    (kinds.IntegerField, int),
    (kinds.FloatField, float),
    (kinds.DecimalField, Decimal),
    (kinds.DateTimeField, dt.datetime),
    (kinds.DateField, dt.date),
    (kinds.TimeField, dt.time),
    (kinds.DurationField, dt.timedelta),
    (kinds.UUIDField, uuid.UUID),
    (kinds.CharField, str),
    (kinds.TextField, str),
    (kinds.GenericIPAddressField, str),
    (kinds.FilePathField, str),
)
FORMATS = ((kinds.EmailField, "email"), (kinds.URLField, "uri"))
LIMITS = (
    (MaxLengthValidator, "maxLength", min),
    (MinLengthValidator, "minLength", max),
    (MaxValueValidator, "maximum", min),
    (MinValueValidator, "minimum", max),
)


def _bytes_in_json(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


# In JSON as in fixtures: Base64, which the field itself reads.
BINARY = Annotated[
    Any, PlainSerializer(_bytes_in_json, return_type=str, when_used="json-unless-none")
]
FILE = Annotated[Any, PlainSerializer(str, return_type=str, when_used="unless-none")]


def python_type(field: Any) -> Any:
    """Return the type of a field's values; ``Any`` for a field that says nothing about them."""
    while field.is_relation:
        field = field.target_field
    if field.generated:
        return python_type(field.output_field)
    if isinstance(field, kinds.BinaryField):
        return BINARY
    if isinstance(field, kinds.FileField):
        return FILE
    if field.get_internal_type() == "ArrayField":  # whose module needs psycopg
        item: Any = python_type(field.base_field)
        return list[item | None]
    if field.get_internal_type() == "HStoreField":  # as above
        return dict[str, str | None]
    if hasattr(field, "from_db_value"):  # it has values of its own
        return Any
    return next((found for kind, found in TYPES if isinstance(field, kind)), Any)


def read_type(field: Any) -> Any:
    """Return the type of a field in what is read: the database's values are not checked again."""
    found = python_type(field)
    return found | None if field.null else found


def input_type(field: Any) -> Any:
    """Return the type of a field in what comes from outside, with all checks."""
    found: Any = python_type(field)
    if isinstance(field, kinds.DecimalField):
        limits = Field(max_digits=field.max_digits, decimal_places=field.decimal_places)
        found = Annotated[found, limits]
    if field.null:
        found = found | None
    made: Any = Annotated[found, AfterValidator(checker(field)), BeforeValidator(refuse_unstorable)]
    if python_type(field) in {int, float, Decimal}:
        return Annotated[made, BeforeValidator(refuse_other_spellings)]
    return made


def limits_of(field: Any) -> dict[str, Any]:
    """Return what JSON Schema says of a field: lengths, ranges, choices, patterns."""
    while field.is_relation:
        field = field.target_field
    found: dict[str, Any] = {}
    for validator, key, narrower in LIMITS:
        given = [v.limit_value for v in field.validators if isinstance(v, validator)]
        numbers = [n for n in given if isinstance(n, (int, float)) and not isinstance(n, bool)]
        if numbers:
            found[key] = narrower(numbers)
    for kind, name in FORMATS:
        if isinstance(field, kind):
            found["format"] = name
    pattern = _pattern(field)
    if pattern:
        found["pattern"] = pattern
    if field.choices is not None:
        values = [value.value if isinstance(value, Enum) else value
                  for value, _ in field.flatchoices]  # fmt: skip
        found["enum"] = list(dict.fromkeys([*values, *_empties(field)]))
    return found


def _empties(field: Any) -> list[Any]:
    empty = [None] if field.null else []
    return ["", *empty] if field.blank and field.empty_strings_allowed else empty


def _pattern(field: Any) -> str | None:
    """Return the one pattern that is the same in JavaScript, if there is one."""
    found = [v for v in field.validators if type(v) is RegexValidator]
    if len(found) != 1 or found[0].inverse_match or field.blank:
        return None
    pattern = str(found[0].regex.pattern)
    pattern = pattern.replace(r"\A", "^").replace(r"\Z", "$").replace(r"\z", "$")
    plain = not found[0].flags and "(?" not in pattern and pattern.isascii()
    return pattern if plain else None
