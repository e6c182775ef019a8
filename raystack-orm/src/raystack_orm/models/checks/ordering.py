"""Checks of ``Meta.ordering``."""

from collections.abc import Iterator
from typing import Any

from raystack import CheckMessage

from ...exceptions import FieldDoesNotExist
from ...expressions import F
from .messages import error


def check_ordering(model: Any) -> Iterator[CheckMessage]:
    """Return what is wrong with the order that is named."""
    meta = model._meta
    if meta.order_with_respect_to and meta.original_attrs.get("ordering"):
        message = f"{meta.label} has both ordering and order_with_respect_to."
        yield error(model, "models.E021", message, "Leave one of them.")
        return
    if not isinstance(meta.ordering, list | tuple):
        message = f"{meta.label}: ordering is a list or a tuple, and not {meta.ordering!r}."
        yield error(model, "models.E014", message)
        return
    for key in meta.ordering:
        name = _name(key)
        if name is not None and not _leads_somewhere(model, name):
            message = f"{meta.label}: ordering names {name!r}, which is no field, relation, "
            yield error(model, "models.E015", f"{message}transform or lookup.")


def _name(key: Any) -> str | None:
    """Return the name that a sort key refers to; ``None`` where it is something else."""
    if hasattr(key, "descending"):
        key = key.expression
    if isinstance(key, F):
        key = key.name
    if not isinstance(key, str) or key == "?":
        return None
    return key.removeprefix("-")


def _leads_somewhere(model: Any, name: str) -> bool:
    here: Any = model
    field: Any = None
    for part in name.split("__"):
        if here is not None and part == "pk":
            field = here._meta.pk
        else:
            found = _field(here, part)
            if found is None:
                return field is not None and (
                    field.get_transform(part) is not None or field.get_lookup(part) is not None
                )
            field = found
        if field.is_relation and not getattr(field, "is_resolved", True):
            return True  # which is another error
        here = field.related_model if field.is_relation else None
    return True


def _field(model: Any, name: str) -> Any:
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next((f for f in model._meta.fields if f.attname == name), None)
