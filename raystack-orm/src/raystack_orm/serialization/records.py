"""From an object to a record: ``{"model": "blog.article", "pk": 1, "fields": {...}}``."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..exceptions import ImproperlyConfigured
from ..fields import JSONField
from ..query.operations.prefetch_lookup import Prefetch


def record_of(
    instance: Any, *, natural_foreign: bool = False, natural_primary: bool = False
) -> dict[str, Any]:
    """Return an object's own row as JSON has it, with the keys of its relations to many.

    Args:
        instance: The object.
        natural_foreign: Relations have natural keys, where their models have such.
        natural_primary: It has no primary key, where its model has a natural one.
    """
    meta = instance._meta.concrete_model._meta
    made: dict[str, Any] = {"model": instance._meta.label_lower}
    if not (natural_primary and hasattr(instance, "natural_key")):
        keys = [_value(field, instance) for field in meta.pk_fields]
        made["pk"] = keys if meta.is_composite_pk else keys[0]
    made["fields"] = {
        field.name: _related(field, instance) if natural_foreign else _value(field, instance)
        for field in meta.local_concrete_fields
        if field.serialize and not field.primary_key and not field.generated
    }
    for field in _many(meta):
        made["fields"][field.name] = _related_many(field, instance, natural=natural_foreign)
    return made


def relations_of(model: Any, *, natural_foreign: bool) -> list[Prefetch]:
    """Return what of other models is in a model's records, for ``prefetch_related()``.

    Args:
        model: The model.
        natural_foreign: Relations have natural keys, where their models have such.
    """
    made = []
    for field in _many(model._meta):
        objects = field.related_model._default_manager.all()
        if not (natural_foreign and hasattr(field.related_model, "natural_key")):
            objects = objects.only("pk")
        made.append(Prefetch(field.name, objects))
    return made


def _many(meta: Any) -> list[Any]:
    return [
        field
        for field in meta.local_many_to_many
        if field.serialize and field.remote_field.through._meta.auto_created
    ]


def _value(field: Any, instance: Any) -> Any:
    value = getattr(instance, field.attname)
    target = field
    while target.is_relation:
        target = target.target_field
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(target, JSONField):
        return target.get_prep_value(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value) if target is not field else field.value_to_string(instance)


def _related(field: Any, instance: Any) -> Any:
    if not field.is_relation or not hasattr(field.related_model, "natural_key"):
        return _value(field, instance)
    related = getattr(instance, field.name)
    return None if related is None else list(related.natural_key())


def _related_many(field: Any, instance: Any, *, natural: bool) -> list[Any]:
    objects = getattr(instance, field.name).all()
    if natural and hasattr(field.related_model, "natural_key"):
        return [list(one.natural_key()) for one in objects]
    key = field.related_model._meta.pk
    if objects._result_cache is None:  # nobody has prefetched them
        objects = objects.only("pk")
    return [_value(key, one) for one in objects]


def in_order_of_natural_keys(models: Sequence[Any]) -> list[Any]:
    """Sort models so that natural keys refer to what comes before.

    Raises:
        ImproperlyConfigured: They refer to each other in a circle.
    """
    waiting = {model: _dependencies(model) & set(models) - {model} for model in models}
    sorted_models: list[Any] = []
    while waiting:
        ready = [model for model, needed in waiting.items() if needed <= set(sorted_models)]
        if not ready:
            labels = ", ".join(sorted(model._meta.label for model in waiting))
            raise ImproperlyConfigured(f"The natural keys of {labels} depend on each other.")
        sorted_models += ready
        waiting = {model: needed for model, needed in waiting.items() if model not in ready}
    return sorted_models


def _dependencies(model: Any) -> set[Any]:
    meta = model._meta
    named = getattr(getattr(model, "natural_key", None), "dependencies", ())
    found = {meta.apps.get_model(label) for label in named} | set(meta.parents)
    for field in (*meta.local_fields, *meta.local_many_to_many):
        if field.is_relation and hasattr(field.related_model, "natural_key"):
            found.add(field.related_model)
    return found
