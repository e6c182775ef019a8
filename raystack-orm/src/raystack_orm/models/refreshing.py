"""Loading the values of an instance again, and those that were deferred.

https://docs.djangoproject.com/en/stable/ref/models/instances/#refreshing-objects-from-database
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..query.operations.fetch_modes import fetch_deferred
from .state import DEFERRED

if TYPE_CHECKING:  # which calls these
    from .base import Model
    from .options import Options


def row_values(
    meta: "Options", field_names: Collection[str], values: Sequence[Any]
) -> Sequence[Any]:
    """Return a row's values for all fields, ``DEFERRED`` for those that were not loaded."""
    if len(values) == len(meta.concrete_fields):
        return values
    loaded = iter(values)
    return [
        next(loaded) if field.attname in field_names else DEFERRED for field in meta.concrete_fields
    ]


def refresh(
    instance: "Model", using: str | None, fields: Iterable[str] | None, from_queryset: Any
) -> None:
    """Load the values of ``fields``, or of all that are loaded, from the database."""
    wanted = _without_prefetched(instance, fields)
    if wanted is not None and not wanted:
        return
    model = type(instance)
    if from_queryset is None:
        found = model._base_manager.db_manager(using, hints={"instance": instance})
    else:
        alias = using or instance._state.db
        found = from_queryset if alias is None else from_queryset.using(alias)
    found = found.filter(pk=instance.pk)
    deferred = instance.get_deferred_fields()
    if wanted is not None:
        found = found.only(*wanted)
    elif deferred:
        loaded = [f.attname for f in model._meta.concrete_fields if f.attname not in deferred]
        found = found.only(*loaded)
    loaded_now = found.get()
    _take_values(instance, loaded_now)
    _forget_related(instance, wanted)
    instance._state.db = loaded_now._state.db


def _without_prefetched(instance: Any, fields: Iterable[str] | None) -> set[str] | None:
    """Forget prefetched objects, all or those that are named; return the other names."""
    prefetched: dict[str, Any] = instance._prefetched_objects_cache or {}
    if fields is None:
        prefetched.clear()
        return None
    wanted = set(fields)
    for name in wanted & set(prefetched):
        del prefetched[name]
        wanted.remove(name)
    paths = [name for name in wanted if "__" in name]
    if paths:
        raise ValueError(
            f'Found "__" in fields argument: refresh_from_db(fields=["{paths[0]}"]) loads the '
            f"fields of the object itself, not of related ones."
        )
    return wanted


def _take_values(instance: Any, other: Any) -> None:
    missing = other.get_deferred_fields()
    for field in instance._meta.fields:
        if field.attname in missing:
            continue
        if field.concrete:
            setattr(instance, field.attname, getattr(other, field.attname))
        if field.is_relation:
            if field.is_cached(other):
                field.set_cached_value(instance, field.get_cached_value(other))
            elif field.is_cached(instance):
                field.delete_cached_value(instance)


def _forget_related(instance: Any, wanted: set[str] | None) -> None:
    meta = instance._meta
    for relation in (*meta.related_objects, *meta.private_fields):
        if not relation.is_relation or relation.many_to_many or relation.one_to_many:
            continue
        if (wanted is None or relation.name in wanted) and relation.is_cached(instance):
            relation.delete_cached_value(instance)


def load_deferred(instance: "Model", attname: str) -> Any:
    """Load a column that is missing from an instance, and return its value."""
    meta = instance._meta
    field = meta.get_field(attname)
    link = meta.get_ancestor_link(field.model) if field.primary_key else None
    if link is not None and link.attname in instance.__dict__:
        value = instance.__dict__[attname] = instance.__dict__[link.attname]
        return value
    cached = getattr(instance, field.cache_name) if field.is_relation else None
    if cached is not None:  # the object that the key belongs to is there, the key is not
        value = instance.__dict__[attname] = cached[0]
        return value
    if not instance._is_pk_set():
        raise AttributeError(
            f"Cannot retrieve deferred field {attname!r} from an unsaved {meta.object_name}: it "
            f"has no row yet."
        )
    return fetch_deferred(instance, attname)
