"""Writing many instances with few statements.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#bulk-create
"""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Any

from ... import transaction
from ...databases import connections
from ...expressions import Case, Value, When
from ...expressions.values import DatabaseDefault
from ..resolve.write import Conflict
from . import rows
from .write import insert_objects


def bulk_create(
    model: Any,
    objs: Sequence[Any],
    alias: str,
    *,
    batch_size: int | None = None,
    conflict: Conflict | None = None,
) -> None:
    """Insert instances; each gets its key, where the database tells it."""
    meta = model._meta
    makes_key = meta.pk.has_default()
    for obj in objs:
        obj._prepare_related_fields_for_save(operation_name="bulk_create")
        if makes_key and not obj._is_pk_set():
            obj.pk = meta.pk.get_default()
    fields = [f for f in meta.concrete_fields if not f.generated]
    auto = meta.concrete_model._meta.auto_field  # a proxy has no fields of its own
    keyed: list[Any] = []
    unkeyed: list[Any] = []
    for obj in objs:
        (keyed if obj._is_pk_set() else unkeyed).append(obj)
    with transaction.atomic(using=alias, savepoint=False):
        meta.number_new(objs, alias)
        _insert(model, keyed, fields, alias, batch_size, conflict)
        others = [f for f in fields if f is not auto]
        _insert(model, unkeyed, others, alias, batch_size, conflict, auto)


def _insert(
    model: Any,
    objs: Sequence[Any],
    fields: list[Any],
    alias: str,
    batch_size: int | None,
    conflict: Conflict | None,
    auto: Any = None,
) -> None:
    if not objs:
        return
    connection = connections[alias]
    returning = [auto] if auto is not None else []
    fields, made = _made_by_database(model, objs, fields)
    returning += [field for field in made if field not in returning]
    if conflict is not None and (conflict.ignore or not conflict.unique):
        returning = []
    if not connection.driver.can_return_columns_from_insert:
        returning = []
    size = rows.batch_size(connection, len(fields), batch_size)
    for start in range(0, len(objs), size):
        batch = objs[start : start + size]
        found = insert_objects(model, batch, fields, returning, alias, conflict=conflict)
        if returning:
            if auto is not None:  # numbered in the rows' order, in whatever order they come back
                found = sorted(found, key=itemgetter(0))
            _take(batch, returning, found, connection)
        for obj in batch:
            obj._state.adding, obj._state.db = False, alias


def _made_by_database(
    model: Any, objs: Sequence[Any], fields: list[Any]
) -> tuple[list[Any], list[Any]]:
    """Return the fields that are written, and those whose values the database makes."""
    written, made = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            made.append(field)
        if field not in fields:
            continue
        kinds = set(map(type, map(attrgetter(field.attname), objs)))
        if any(hasattr(kind, "resolve_expression") for kind in kinds):
            made.append(field)
        if not all(issubclass(kind, DatabaseDefault) for kind in kinds):
            written.append(field)
    if not written and fields:
        written = [model._meta.pk] if model._meta.pk in fields else []
    return written, made


def _take(
    batch: Sequence[Any], fields: Sequence[Any], found: Sequence[Any], connection: Any
) -> None:
    """Take what the database computed, converted as it is when it is loaded."""
    converters = [getattr(field, "from_db_value", None) for field in fields]
    for obj, values in zip(batch, found, strict=False):
        for field, convert, value in zip(fields, converters, values, strict=True):
            made = value if convert is None else convert(value, None, connection)
            setattr(obj, field.attname, made)


def bulk_update(
    queryset: Any, objs: Sequence[Any], fields: Sequence[str], batch_size: int | None
) -> int:
    """Update fields of instances, each with its own value."""
    meta = queryset.model._meta
    chosen = [_updatable(meta, name) for name in fields]
    for obj in objs:
        if not obj._is_pk_set():
            raise ValueError("All bulk_update() objects must have a primary key set.")
        obj._prepare_related_fields_for_save(operation_name="bulk_update", fields=chosen)
    if not objs:
        return 0
    queryset._for_write = True
    connection = connections[queryset.db]
    size = rows.batch_size(connection, (len(chosen) * 2 + 1), batch_size or len(objs))
    base = queryset.using(queryset.db)
    updated = 0
    with transaction.atomic(using=queryset.db, savepoint=False):
        for start in range(0, len(objs), size):
            batch = objs[start : start + size]
            changes = {field.attname: _by_key(field, batch, connection) for field in chosen}
            updated += base.filter(pk__in=[obj.pk for obj in batch]).update(**changes)
    return updated


def _updatable(meta: Any, name: str) -> Any:
    field = meta.get_field(name)
    if not field.concrete or field.many_to_many:
        raise ValueError("bulk_update() can only be used with concrete fields.")
    if field.primary_key or field in getattr(meta, "pk_fields", ()):
        raise ValueError("bulk_update() cannot be used with primary key fields.")
    return field


def _by_key(field: Any, batch: Sequence[Any], connection: Any) -> Any:
    from ...expressions.functions import Cast

    whens = []
    for obj in batch:
        value = getattr(obj, field.attname)
        if not hasattr(value, "resolve_expression"):
            value = Value(value, output_field=None if value is None else field)  # JSON has another
        whens.append(When(pk=obj.pk, then=value))
    made: Any = Case(*whens, output_field=field)
    return Cast(made, output_field=field) if connection.vendor == "postgresql" else made
