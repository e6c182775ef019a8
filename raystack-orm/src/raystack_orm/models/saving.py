"""Saving an instance: its parents' rows first, then its own; an UPDATE or an INSERT for each.

https://docs.djangoproject.com/en/stable/ref/models/instances/#saving-objects
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import transaction
from ..databases import connections
from ..databases.colour import in_job
from ..exceptions import nearest
from ..query.operations.row_values import Computed
from ..query.operations.row_writer import inserter_of, updated_fields, updater_of
from ..query.operations.write import insert_objects, update_objects
from ..signals import post_save, pre_save
from .databases_of import write_database
from .order_wrt import next_place

if TYPE_CHECKING:  # which calls these
    from .base import Model

ForceInsert = bool | tuple[type, ...]


def save(
    instance: "Model",
    *,
    force_insert: ForceInsert,
    force_update: bool,
    using: str | None,
    update_fields: Iterable[str] | None,
) -> None:
    """Check what is to be saved, and save it.

    Raises:
        ValueError: The arguments contradict each other, or a related object is not saved.
    """
    instance._prepare_related_fields_for_save("save")
    using = using or write_database(type(instance), instance)
    if force_insert and (force_update or update_fields):
        raise ValueError("Cannot force both insert and updating in model saving.")
    chosen = None if update_fields is None else frozenset(update_fields)
    if chosen is not None:
        if not chosen:
            return
        _check_update_fields(instance, chosen)
    elif not force_insert and using == instance._state.db and not instance._state.adding:
        chosen = _loaded_fields(instance)
    instance.save_base(
        using=using, force_insert=force_insert, force_update=force_update, update_fields=chosen
    )


def _check_update_fields(instance: "Model", names: frozenset[str]) -> None:
    known = instance._meta.updatable_names
    unknown = sorted(names - known)
    if unknown:
        raise ValueError(
            f"save(update_fields=...): {instance._meta.object_name} has no field to update named "
            f'"{unknown[0]}".{nearest(unknown[0], known)}'
        )


def _loaded_fields(instance: "Model") -> frozenset[str] | None:
    """Return the fields that are not deferred, ``None`` if all are there: deferred ones stay."""
    meta = instance._meta
    there = instance.__dict__.keys()
    if there >= meta.stored_attnames or not instance._is_pk_set():
        return None
    missing = meta.stored_attnames - there
    loaded = {f.attname for f in meta.concrete_fields if f not in meta.pk_fields} - missing
    return frozenset(loaded) or None


def save_base(
    instance: "Model",
    *,
    raw: bool,
    force_insert: ForceInsert,
    force_update: bool,
    using: str | None,
    update_fields: Collection[str] | None,
) -> None:
    """Save, and tell the signals' receivers before and after."""
    using = using or write_database(type(instance), instance)
    origin = type(instance)
    model: Any = origin._meta.concrete_model
    meta = model._meta
    forced = _checked(model, force_insert)
    told = not meta.auto_created
    if told and pre_save.receivers:
        pre_save.send(
            sender=origin, instance=instance, raw=raw, using=using, update_fields=update_fields
        )
    how = {"raw": raw, "force_insert": bool(force_insert), "force_update": force_update}
    if not meta.parents:
        updated = _save_table(instance, model, using, update_fields, **how)
    else:
        with transaction.atomic(using, savepoint=False):
            if not raw and _save_parents(instance, model, using, update_fields, forced, {}):
                how["force_insert"] = True
            updated = _save_table(instance, model, using, update_fields, **how)
    instance._state.db = using
    instance._state.adding = False
    if told and post_save.receivers:
        post_save.send(
            sender=origin,
            instance=instance,
            created=not updated,
            update_fields=update_fields,
            raw=raw,
            using=using,
        )


def _checked(model: Any, force_insert: Any) -> tuple[type, ...]:
    """Return the classes whose rows have to be inserted.

    Raises:
        TypeError: ``force_insert`` is neither a bool nor a tuple of the model's bases.
    """
    if isinstance(force_insert, bool):
        return (model,) if force_insert else ()
    if not isinstance(force_insert, tuple):
        raise TypeError("force_insert must be a bool or tuple.")
    for member in force_insert:
        if not isinstance(member, type(model)):
            raise TypeError(f"Invalid force_insert member. {member!r} must be a model subclass.")
        if not issubclass(model, member):
            raise TypeError(
                f"Invalid force_insert member. {member.__qualname__} must be a base of "
                f"{model.__qualname__}."
            )
    return force_insert


def _save_parents(
    instance: Any,
    model: Any,
    using: str,
    update_fields: Collection[str] | None,
    forced: tuple[type, ...],
    done: dict[Any, bool],
) -> bool:
    """Save the rows of a model's parents; return whether one of them was inserted."""
    inserted = False
    for parent, link in model._meta.parents.items():
        key = parent._meta.pk
        if link and getattr(instance, key.attname) is None:
            value = getattr(instance, link.attname)
            if value is not None:
                setattr(instance, key.attname, value)
        if parent not in done:
            above = _save_parents(instance, parent, using, update_fields, forced, done)
            force = above or issubclass(parent, forced)
            done[parent] = _save_table(instance, parent, using, update_fields, force_insert=force)
        inserted = inserted or not done[parent]
        if link:
            setattr(instance, link.attname, getattr(instance, key.attname))
            if link.is_cached(instance):
                link.delete_cached_value(instance)
    return inserted


def _save_table(
    instance: Any,
    model: Any,
    using: str,
    update_fields: Collection[str] | None,
    *,
    raw: bool = False,
    force_insert: bool = False,
    force_update: bool = False,
) -> bool:
    """Save the row of one table; return whether it was updated, not inserted."""
    meta = model._meta
    if meta.pk.has_default() and getattr(instance, meta.pk.attname) is None:
        setattr(instance, meta.pk.attname, meta.pk.get_default())
    has_key = instance._is_pk_set(meta)
    if not has_key and (force_update or update_fields):
        raise ValueError("Cannot force an update in save() with no primary key.")
    if not raw and not force_insert and not force_update and instance._state.adding:
        # A key that was just made up is no row's: the UPDATE would find nothing.
        force_insert = all(f.has_default() or f.has_db_default() for f in meta.pk_fields)
    if has_key and not force_insert:
        if _update(instance, model, using, update_fields, raw=raw, forced=force_update):
            return True
        if force_update or update_fields:
            raise instance.NotUpdated(
                f"save() was told to update {meta.label} {instance.pk!r}, but there is no such row."
            )
    _insert(instance, model, using, raw=raw, has_key=has_key)
    return False


def _update(
    instance: Any,
    model: Any,
    using: str,
    update_fields: Collection[str] | None,
    *,
    raw: bool,
    forced: bool,
) -> bool:
    meta = model._meta
    saved: Mapping[Any, Any] | None = None
    asks = instance._meta.select_on_save  # it decides for the tables of its parents, too
    if not raw and not asks:
        connection = connections[using]
        updater = updater_of(model, update_fields, connection)
        if updater is not None:
            try:
                return updater.update(instance, connection)
            except Computed as computed:  # the general way builds expressions into the statement
                saved = computed.saved
    fields = updated_fields(meta, update_fields)
    row = model._base_manager.using(using).filter(pk=instance._get_pk_val(meta))
    if not fields:
        return update_fields is not None or bool(row.exists())
    values = []
    for field in fields:
        if raw:
            value = getattr(instance, field.attname)
        else:
            value = saved[field] if saved and field in saved else field.pre_save(instance, False)
        values.append((field, None, value))
    select_first = asks and not forced and not update_fields
    if select_first and not row.exists():
        return False
    returning = _computed(meta, values)
    rows = update_objects(row, values, returning)
    if rows:
        _take(instance, model, returning, rows[0], using)
        return True
    return select_first and bool(row.exists())


def _computed(meta: Any, values: Sequence[tuple[Any, Any, Any]]) -> list[Any]:
    """Return the fields whose values the database computes in this UPDATE."""
    changed = {field for field, _, _ in values}
    generated = [
        f for f in meta.local_concrete_fields if f.generated and changed & set(f.referenced_fields)
    ]
    return generated + [f for f, _, value in values if hasattr(value, "resolve_expression")]


def _insert(instance: Any, model: Any, using: str, *, raw: bool, has_key: bool) -> None:
    meta = model._meta
    saved: Mapping[Any, Any] | None = None
    auto = meta.auto_field
    if has_key and auto is not None and isinstance(instance.__dict__.get(auto.attname), str):
        setattr(instance, auto.attname, auto.get_prep_value(getattr(instance, auto.attname)))
    if not raw:
        connection = connections[using]
        inserter = inserter_of(model, has_key, connection)
        if inserter is not None:
            try:
                inserter.insert(instance, connection)
            except Computed as computed:  # the general way builds expressions into the statement
                saved = computed.saved
            else:
                return
    if meta.order_with_respect_to:
        instance._order = next_place(model, instance, using)
    fields = [
        f for f in meta.local_concrete_fields if not f.generated and (has_key or f is not auto)
    ]
    returning = [f for f in fields if _is_computed(instance, f)]
    if not has_key and auto is not None:
        returning.insert(0, auto)
    returning += [f for f in meta.local_concrete_fields if f.generated]
    rows = insert_objects(model, [instance], fields, returning, using, raw=raw, saved=saved)
    if rows:
        _take(instance, model, returning, rows[0], using)


def _is_computed(instance: Any, field: Any) -> bool:
    return hasattr(instance.__dict__.get(field.attname), "resolve_expression")


def _take(
    instance: Any, model: Any, fields: Sequence[Any], values: Sequence[Any], using: str
) -> None:
    """Take what the database computed; what it did not tell is loaded when it is asked for.

    Asynchronous code cannot load anything by reading an attribute, so that it is loaded here.
    """
    for field, given in zip(fields, values, strict=False):
        convert = getattr(field, "from_db_value", None)
        value = given if convert is None else convert(given, None, connections[using])
        setattr(instance, field.attname, value)
    missing = [field.attname for field in fields[len(values) :]]
    for name in missing:
        instance.__dict__.pop(name, None)
    if missing and in_job():
        row = model._base_manager.using(using).filter(pk=instance._get_pk_val(model._meta))
        for found in row.values_list(*missing):
            for name, value in zip(missing, found, strict=True):
                setattr(instance, name, value)
    elif missing:
        instance._state.computed |= frozenset(missing)
