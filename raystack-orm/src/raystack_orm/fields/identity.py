"""A field as an object: its order among others, its copies, and how it is made again."""

import copy
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from ..registry import apps
from .declaration import NOT_PROVIDED
from .descriptors import DeferredAttribute

if TYPE_CHECKING:  # fields call these
    from .base import Field

F = TypeVar("F")

# The options of every field: name, attribute, and what it is when nobody gives it.
OPTIONS: tuple[tuple[str, str, Any], ...] = (
    ("verbose_name", "_verbose_name", None),
    ("primary_key", "primary_key", False),
    ("max_length", "max_length", None),
    ("unique", "_unique", False),
    ("blank", "blank", False),
    ("null", "null", False),
    ("default", "default", NOT_PROVIDED),
    ("db_default", "db_default", NOT_PROVIDED),
    ("editable", "editable", True),
    ("serialize", "serialize", True),
    ("unique_for_date", "unique_for_date", None),
    ("unique_for_month", "unique_for_month", None),
    ("unique_for_year", "unique_for_year", None),
    ("choices", "_choices", None),
    ("help_text", "help_text", ""),
    ("db_column", "db_column", None),
    ("db_comment", "db_comment", None),
    ("db_tablespace", "db_tablespace", None),
    ("auto_created", "auto_created", False),
    ("validators", "_validators", []),
    ("error_messages", "_error_messages", None),
)


def next_counter(base: Any, *, automatic: bool) -> int:
    """Number a new field: written ones upwards, automatic ones below all of them."""
    if automatic:
        number = int(base.auto_creation_counter)
        base.auto_creation_counter = number - 1
        return number
    number = int(base.creation_counter)
    base.creation_counter = number + 1
    return number


def order_of(field: "Field[Any, Any]") -> tuple[int, bool, str, str]:
    """Return what fields are sorted by: their creation, then their models."""
    model = getattr(field, "model", None)
    if model is None:
        return (field.creation_counter, False, "", "")
    return (field.creation_counter, True, model._meta.app_label, model._meta.model_name)


SHOWN_AS_THEY_ARE = (type(None), int, float, Decimal, dt.date, dt.time)


def put_on_class(field: "Field[Any, Any]", model: Any) -> None:
    """Put a descriptor on the model where the field brings one or something would hide it."""
    if field.concrete and not field.is_relation:
        if field.descriptor_class is not DeferredAttribute:
            setattr(model, field.attname, field.descriptor_class(field))
        elif hasattr(model, field.attname):
            setattr(model, field.attname, DeferredAttribute(field))
    display = f"get_{field.name}_display"
    if field._choices is not None and display not in model.__dict__:
        setattr(model, display, _display(field, display))


def _display(field: "Field[Any, Any]", name: str) -> Callable[[Any], Any]:
    def get_display(self: Any) -> Any:
        value = getattr(self, field.attname)
        for choice, label in field.flatchoices:
            if choice == value:
                return str(label)  # a translation is made now
        return value if isinstance(value, SHOWN_AS_THEY_ARE) else str(value)

    get_display.__name__ = name
    return get_display


def database_default(field: "Field[Any, Any]") -> Any:
    """Return the expression that leaves a new row's value to the database."""
    expressions: Any = import_module(
        "raystack_orm.expressions.values"
    )  # a room above, when it is needed
    default = field.db_default
    if not hasattr(default, "resolve_expression"):
        default = expressions.Value(default, field)
    return expressions.DatabaseDefault(default, output_field=field)


def deconstruct(field: "Field[Any, Any]") -> tuple[str | None, str, list[Any], dict[str, Any]]:
    """Return name, import path, and the arguments that are not the defaults."""
    kind = type(field)
    path = f"{kind.__module__}.{kind.__qualname__}"
    if path.startswith("raystack_orm.fields.postgres."):
        path = f"raystack_orm.postgres.fields.{kind.__qualname__}"
    elif path.startswith("raystack_orm.fields."):
        path = f"raystack_orm.models.{kind.__qualname__}"
    options = {}
    for name, attribute, default in OPTIONS:
        value = getattr(field, attribute)
        if value is not default and not (default == [] and value == []):
            options[name] = value
    if not field.tells_default_length and field.max_length == field.default_max_length:
        options.pop("max_length", None)
    if field.db_index is not field.default_db_index:
        options["db_index"] = field.db_index
    for base in reversed(kind.__mro__):
        for name, default in base.__dict__.get("own_options", {}).items():
            value = getattr(field, name)
            if value is not default and value != default:
                options[name] = value
    return getattr(field, "name", None), path, [], options


def blank(kind: type[F]) -> F:
    """Make an object of a class without calling it."""
    return kind.__new__(kind)


def deep_copy(field: Any) -> Any:
    """Copy a field, and the other end of its relation with it."""
    made = copy.copy(field)
    rel = field.__dict__.get("_rel")
    if rel is not None:
        made._rel = copy.copy(rel)
        if getattr(rel, "field", None) is field:
            made._rel.field = made
    return made


def reduce(field: Any) -> Any:
    """Pickle a model's field as the place where it is, any other with its values."""
    if not hasattr(field, "model"):
        return blank, (type(field),), dict(field.__dict__)
    meta = field.model._meta
    return _of_model, (meta.app_label, meta.object_name, field.name)


def _of_model(app_label: str, model_name: str, name: str) -> Any:
    return apps.get_model(app_label, model_name)._meta.get_field(name)
