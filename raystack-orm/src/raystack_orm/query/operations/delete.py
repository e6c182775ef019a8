"""Deleting rows: first all that goes with them is collected, then it is deleted in order.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#delete
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from ... import transaction
from ...databases import connections
from ...signals import post_delete, pre_delete
from .collector import Collector
from .row_writer import deleter_of

Deleted = tuple[int, dict[str, int]]
KEYS_AT_ONCE = 100


def delete_queryset(queryset: Any, origin: Any) -> Deleted:
    """Delete what a QuerySet finds, with all that goes with it.

    Args:
        queryset: It has no order, and loads no related objects.
        origin: The QuerySet that receivers are told of.

    Returns:
        The number of deleted rows, and the same by the model's label.

    Raises:
        ProtectedError: Another object refers to one of them and forbids it.
        RestrictedError: The same, with ``RESTRICT``.
    """
    collector = Collector(queryset.db, origin=origin)
    collector.collect(queryset)
    return delete_collected(collector)


def delete_instance(instance: Any, using: str, *, keep_parents: bool = False) -> Deleted:
    """Delete an instance, with all that goes with it; its primary key is ``None`` then.

    Args:
        instance: The instance.
        using: The database.
        keep_parents: Leave the rows of the models that it inherits from.

    Returns:
        The number of deleted rows, and the same by the model's label.

    Raises:
        ProtectedError: Another object refers to it and forbids it.
        RestrictedError: The same, with ``RESTRICT``.
    """
    collector = Collector(using, origin=instance)
    if collector.can_fast_delete(instance):
        return _delete_alone(instance, using)
    collector.collect([instance], keep_parents=keep_parents)
    return delete_collected(collector)


def _delete_alone(instance: Any, using: str) -> Deleted:
    """Delete the row of an instance that nothing refers to and nobody listens to."""
    model = type(instance)
    connection = connections[using]
    deleter = deleter_of(model._meta.concrete_model, connection)
    if deleter is None:
        count = _delete_keys(model, [instance.pk], using)
    else:
        count = deleter.delete(instance, connection)
    setattr(instance, model._meta.pk.attname, None)
    return count, {model._meta.label: count}


def delete_collected(collector: Collector) -> Deleted:
    """Delete what was collected, and tell receivers.

    Returns:
        The number of deleted rows, and the same by the model's label.
    """
    using = collector.using
    data = {
        model: sorted(collector.data[model], key=attrgetter("pk"))
        for model in collector.sorted_models()
    }
    objs = [obj for found in data.values() for obj in found]
    counts: Counter[str] = Counter()
    with transaction.atomic(using, savepoint=False):
        for model, found in data.items():
            _tell(pre_delete, model, found, collector)
        for queryset in collector.fast_deletes:
            _count(counts, queryset.model, queryset._raw_delete(using))
        for field, value, listed in collector.field_updates:
            _set_value(field, value, listed, using)
        for model, found in data.items():
            found.reverse()
            keys = [obj.pk for obj in found]
            _count(counts, model, _delete_keys(model, keys, using))
            _tell(post_delete, model, found, collector)
    for obj in objs:
        setattr(obj, type(obj)._meta.pk.attname, None)
    return counts.total(), dict(counts)


def _count(counts: Counter[str], model: Any, number: int) -> None:
    if number:  # what was not there is not mentioned
        counts[model._meta.label] += number


def _tell(signal: Any, model: Any, objs: Iterable[Any], collector: Collector) -> None:
    if model._meta.auto_created:
        return
    for obj in objs:
        signal.send(sender=model, instance=obj, using=collector.using, origin=collector.origin)


def _set_value(field: Any, value: Any, listed: Sequence[Any], using: str) -> None:
    """Update keys: by their condition where they were not fetched, otherwise by primary key."""
    changes = {field.name: value}
    lazy: list[Any] = []
    fetched: list[Any] = []
    for objs in listed:
        (lazy if getattr(objs, "_result_cache", ()) is None else fetched).append(objs)
    if lazy:
        reduce(or_, lazy).update(**changes)
    keys = list({obj.pk: None for objs in fetched for obj in objs})
    for start in range(0, len(keys), KEYS_AT_ONCE):
        _rows(field.model, keys[start : start + KEYS_AT_ONCE], using).update(**changes)


def _delete_keys(model: Any, keys: Sequence[Any], using: str) -> int:
    count = 0
    for start in range(0, len(keys), KEYS_AT_ONCE):
        rows = _rows(model, keys[start : start + KEYS_AT_ONCE], using)
        count += rows._raw_delete(using)
    return count


def _rows(model: Any, keys: Sequence[Any], using: str) -> Any:
    from ..queryset import QuerySet  # which deletes with this module

    return QuerySet(model, using=using).filter(pk__in=keys)
