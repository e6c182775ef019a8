"""Checks of a model's name and of its fields together."""

from collections.abc import Iterator
from typing import Any

from raystack import CheckMessage

from .messages import error


def check_declaration(model: Any) -> Iterator[CheckMessage]:
    """Return what is wrong with the model's name, and with its fields beside each other."""
    yield from _name(model)
    yield from _proxy(model)
    yield from _primary_keys(model)
    yield from _inherited(model)
    yield from _columns(model)
    yield from _properties(model)
    yield from _through(model)


def _name(model: Any) -> Iterator[CheckMessage]:
    name = model.__name__
    if name.startswith("_") or name.endswith("_"):
        message = f"The model name {name} begins or ends with an underscore."
        yield error(model, "models.E023", f"{message} Queries could not name it.", "Rename it.")
    elif "__" in name:
        message = f"The model name {name} has two underscores, which separate the parts of a path."
        yield error(model, "models.E024", message, "Rename it.")


def _proxy(model: Any) -> Iterator[CheckMessage]:
    meta = model._meta
    if meta.proxy and (meta.local_fields or meta.local_many_to_many):
        names = ", ".join(f.name for f in (*meta.local_fields, *meta.local_many_to_many))
        message = f"{meta.label} is a proxy, which has no columns of its own, and declares {names}."
        yield error(model, "models.E017", message, "Move them to the model, or inherit its table.")


def _primary_keys(model: Any) -> Iterator[CheckMessage]:
    keys = [f.name for f in model._meta.local_fields if f.primary_key]
    if len(keys) > 1:
        message = f"{model._meta.label} has several primary keys: {', '.join(keys)}."
        yield error(model, "models.E026", message, "Leave one, or use a CompositePrimaryKey.")
    key = model._meta.pk
    if key is None or not key.is_composite:
        return
    local = {name: f for f in model._meta.local_fields for name in (f.name, f.attname)}
    for name in key.field_names:
        if name not in local:
            message = f"{key} names {name}, which is no field of {model._meta.label}."
            yield error(model, "models.E042", message)
        elif local[name].null or local[name].generated or local[name].is_composite:
            message = f"{key} names {name}, which may be null or is no plain column."
            yield error(model, "models.E042", message)


def _inherited(model: Any) -> Iterator[CheckMessage]:
    seen: dict[str, Any] = {}
    for parent in model._meta.all_parents:
        for field in parent._meta.local_fields:
            other = seen.get(field.name) or seen.get(field.attname)
            if other is not None:
                yield error(
                    model,
                    "models.E005",
                    f"{model._meta.label} inherits {field.name} twice: {other} and {field}.",
                    "Rename one of them.",
                )
            seen[field.name] = seen[field.attname] = field


def _columns(model: Any) -> Iterator[CheckMessage]:
    seen: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        other = seen.setdefault(field.column, field)
        if other is not field:
            message = f"{other} and {field} have the same column {field.column}."
            yield error(model, "models.E007", message, "Give one of them another db_column.")


def _properties(model: Any) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        if field.is_relation and isinstance(vars(model).get(field.attname), property):
            message = f"The property {field.attname} is in the place of the key of {field}."
            yield error(model, "models.E025", message, "Rename it.")


def _through(model: Any) -> Iterator[CheckMessage]:
    seen: set[Any] = set()
    for field in model._meta.local_many_to_many:
        through = field.through
        if isinstance(through, str) or through._meta.auto_created or not field.is_resolved:
            continue
        way = (field.related_model, through, tuple(field.rel.through_fields or ()))
        if way in seen:
            message = f"{field} goes through {through._meta.label}, as another field does."
            yield error(model, "models.E003", message, "Say which keys: through_fields=(...).")
        seen.add(way)
