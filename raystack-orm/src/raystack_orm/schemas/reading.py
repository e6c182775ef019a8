"""Reading instances into schemas: what is loaded, and nothing else.

A response must not run queries nobody asked for, least of all on an event loop. What is not loaded
is an error that says how to load it.
"""

from collections.abc import Callable
from typing import Any

from ..exceptions import FieldFetchBlocked

Read = Callable[[Any], Any]


def column(field: Any) -> Read:
    """Return what reads a field's own value, or a relation's key."""

    def read(instance: Any) -> Any:
        if field.attname not in instance.__dict__ and field.attname not in instance._state.computed:
            raise _not_loaded(field, "Do not defer it, or call refresh_from_db().")
        value = getattr(instance, field.attname)
        return (value or None) if hasattr(value, "storage") else value  # a file, or none

    return read


def related_object(field: Any, name: str) -> Read:
    """Return what reads the object that a relation leads to."""

    def read(instance: Any) -> Any:
        if field.many_to_one or field.one_to_one:
            if getattr(field, "attname", None) and instance.__dict__.get(field.attname, "") is None:
                return None
            if field.is_cached(instance):
                return field.get_cached_value(instance)
        raise _not_loaded(field, f'Load it with select_related("{name}").')

    return read


def related_objects(field: Any, name: str, *, keys: bool) -> Read:
    """Return what reads the objects that a relation to many leads to, or their keys."""

    def read(instance: Any) -> Any:
        cache = instance._prefetched_objects_cache or {}
        for known in (name, getattr(field, "cache_name", name)):
            if known in cache:
                objects = list(getattr(instance, name).all())
                return [one.pk for one in objects] if keys else objects
        raise _not_loaded(field, f'Load it with prefetch_related("{name}").')

    return read


def attribute(name: str) -> Read:
    """Return what reads a property."""
    return lambda instance: getattr(instance, name)


def _not_loaded(field: Any, advice: str) -> FieldFetchBlocked:
    label = field.model._meta.label
    return FieldFetchBlocked(f"{label}.{field.name} is not loaded, and a schema loads nothing. "
                             f"{advice}")  # fmt: skip
