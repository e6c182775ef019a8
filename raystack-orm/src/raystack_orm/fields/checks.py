"""What may be wrong with a field's declaration, by Django's ids.

https://docs.djangoproject.com/en/stable/ref/checks/#fields
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from raystack import CheckMessage, Level

if TYPE_CHECKING:  # Field.check() calls this
    from .base import Field


def error(field: "Field[Any, Any]", id: str, message: str, hint: str = "") -> CheckMessage:  # noqa: A002 - Django's name
    """Make a message about a field."""
    return CheckMessage(Level.ERROR, message, hint=hint, obj=str(field), id=id)


def warning(field: "Field[Any, Any]", id: str, message: str, hint: str = "") -> CheckMessage:  # noqa: A002 - as above
    """Make a warning about a field."""
    return CheckMessage(Level.WARNING, message, hint=hint, obj=str(field), id=id)


def check_field(field: "Field[Any, Any]") -> list[CheckMessage]:
    """Return what is wrong with the declaration of any kind of field."""
    return [
        *_name(field),
        *_choices(field),
        *_flags(field),
        *_validators(field),
        *_database_default(field),
    ]


def _name(field: "Field[Any, Any]") -> Iterator[CheckMessage]:
    name = getattr(field, "name", "")
    if name.endswith("_"):
        yield error(field, "fields.E001", f"The field {name} ends with an underscore.")
    elif "__" in name:
        message = f"The field {name} has two underscores, which separate the parts of a path."
        yield error(field, "fields.E002", message)
    elif name == "pk":
        yield error(field, "fields.E003", "No field can be called pk: it means the primary key.")


def _choices(field: "Field[Any, Any]") -> Iterator[CheckMessage]:
    given = field._choices
    if isinstance(given, (str, set, frozenset)):
        message = f"{field}: choices are a mapping or a list, in an order."
        yield error(field, "fields.E004", message)
        return
    try:
        flat = field.flatchoices
    except TypeError as found:
        yield error(field, "fields.E005", f"{field}: {found}")
        return
    longest = max((len(value) for value, _ in flat if isinstance(value, str)), default=0)
    if longest and field.max_length is not None and longest > field.max_length:
        message = f"{field}: max_length is {field.max_length}, and one of the choices {longest}."
        yield error(field, "fields.E009", message)


def _flags(field: "Field[Any, Any]") -> Iterator[CheckMessage]:
    if field.db_index not in (True, False):
        yield error(field, "fields.E006", f"{field}: db_index is True or False.")
    if field.primary_key and field.null:
        yield error(
            field,
            "fields.E007",
            f"{field} is the primary key, which cannot be null.",
            "Remove null=True, or primary_key=True.",
        )


def _validators(field: "Field[Any, Any]") -> Iterator[CheckMessage]:
    given: list[Any] = field.validators
    for validator in given:
        if not callable(validator):
            message = f"{field}: {validator!r} is no validator, it cannot be called."
            yield error(field, "fields.E008", message)


def _database_default(field: "Field[Any, Any]") -> Iterator[CheckMessage]:
    default: Any = field.db_default if field.has_db_default() else None
    if hasattr(default, "resolve_expression") and not default.allowed_default:
        message = f"{field}: {default!r} cannot be a column's default."
        yield error(field, "fields.E012", message, "A default reads no other column.")
