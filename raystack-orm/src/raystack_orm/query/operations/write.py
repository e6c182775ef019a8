"""Writing rows: saving an instance, inserting many, updating what a query finds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ... import transaction
from ...databases import Connection, connections
from ...exceptions import DatabaseError, FieldError, nearest
from ...expressions import Expression
from ...fields import Field
from ..execute import exists, write, write_returning
from ..plan.shape import shape_of
from ..resolve.names import resolve_path, resolve_target
from ..resolve.write import insert_rows, update_rows
from ..state import Condition, Node, State

ROWS_AT_ONCE = 256
MAX_PARAMETERS = 30_000  # SQLite takes 32,766 and PostgreSQL 65,535


def save(
    instance: Any,
    *,
    alias: str,
    force_insert: bool = False,
    force_update: bool = False,
    update_fields: Iterable[str] | None = None,
) -> None:
    """Write an instance to its row: update the row if there is one, insert it otherwise.

    Raises:
        ValueError: A related object is not saved, or ``update_fields`` names an unknown field.
        DatabaseError: Nothing was updated where something had to be.
    """
    if force_insert and (force_update or update_fields is not None):
        raise ValueError("Cannot force both insert and updating in model saving.")
    instance._take_related_keys()
    chosen = None if update_fields is None else _chosen(instance, update_fields)
    if chosen is not None and not chosen:
        return
    connection = connections[alias]
    meta, state = instance._meta, instance._state
    has_key = getattr(instance, meta.pk.attname) is not None
    only_insert = force_insert or (state.adding and meta.pk.has_default() and not force_update)
    if (has_key and not only_insert) or chosen is not None or force_update:
        if not has_key:
            raise ValueError("Cannot force an update in save() with no primary key.")
        if _update(instance, connection, chosen):
            state.adding, state.db = False, alias
            return
        if force_update or chosen is not None:
            raise DatabaseError(
                f"save() was told to update {meta.label} {instance.pk!r}, but there is no such row."
            )
    _insert(instance, connection)
    state.adding, state.db = False, alias


def _chosen(instance: Any, names: Iterable[str]) -> list[Field[Any]]:
    known = {
        name: field
        for field in instance._meta.concrete_fields
        if not field.primary_key
        for name in (field.name, field.attname)
    }
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ValueError(
            f"save(update_fields=...): {instance._meta.object_name} has no field to update named "
            f'"{unknown[0]}".{nearest(unknown[0], known)}'
        )
    return list(dict.fromkeys(known[name] for name in names))


def _update(instance: Any, connection: Connection, chosen: list[Field[Any]] | None) -> bool:
    meta = instance._meta
    fields = chosen if chosen is not None else [f for f in meta.concrete_fields if f is not meta.pk]
    if chosen is None:
        fields = [f for f in fields if f.attname in instance.__dict__]  # not deferred
    key = resolve_target(type(instance), "pk").prepare(type(instance), instance.pk)
    state = State(type(instance)).with_(
        where=(Node("AND", False, (Condition(resolve_target(type(instance), "pk"), *key),)),)
    )
    if not fields:
        return exists(state, connection.alias)
    given = [(field, _value(field, instance, add=False)) for field in fields]
    return _run_update(state, connection, given) > 0


def _value(field: Field[Any], instance: Any, *, add: bool) -> Any:
    value = field.pre_save(instance, add)
    return value if isinstance(value, Expression) else field.get_prep_value(value)


def _run_update(
    state: State, connection: Connection, given: Sequence[tuple[Field[Any], Any]]
) -> int:
    values: list[Any] = []
    assigned = []
    for field, value in given:
        if isinstance(value, Expression):
            assigned.append((field, value.shape(values)))
        else:
            values.append(value)
            assigned.append((field, None))
    shape = (tuple(assigned), shape_of("update", state, connection.driver, values))
    return write(
        shape, values, connection, lambda: update_rows(state, connection.driver, given)
    ).rowcount


def _insert(instance: Any, connection: Connection) -> None:
    meta = instance._meta
    fields = [
        field
        for field in meta.concrete_fields
        if not (field.db_returning and getattr(instance, field.attname) is None)
    ]
    values = [_inserted(field, instance) for field in fields]
    makes_key = meta.pk not in fields
    driver = connection.driver
    returning = makes_key and not driver.tells_lastrowid
    shape = ("insert", driver.vendor, type(instance), tuple(fields), 1, returning)

    def resolve() -> Any:
        return insert_rows(type(instance), fields, 1, returning=returning)

    if returning:
        setattr(
            instance, meta.pk.attname, write_returning(shape, values, connection, resolve)[0][0]
        )
        return
    written = write(shape, values, connection, resolve)
    if makes_key:
        setattr(instance, meta.pk.attname, written.lastrowid)


def _inserted(field: Field[Any], instance: Any) -> Any:
    value = _value(field, instance, add=True)
    if isinstance(value, Expression):
        raise FieldError(
            f"{field!r} is set to {value!r}, but a new row has no fields to compute with."
        )
    return value


def bulk_create(
    model: Any,
    objs: Sequence[Any],
    *,
    alias: str,
    batch_size: int | None = None,
    ignore: bool = False,
) -> None:
    """Insert instances with few statements; each gets its key."""
    meta = model._meta
    with_key = [obj for obj in objs if getattr(obj, meta.pk.attname) is not None]
    without = [obj for obj in objs if getattr(obj, meta.pk.attname) is None]
    for obj in objs:
        obj._take_related_keys()
    with transaction.atomic(alias, savepoint=False):
        for group, fields in (
            (with_key, list(meta.concrete_fields)),
            (without, [f for f in meta.concrete_fields if not f.db_returning]),
        ):
            size = min(batch_size or ROWS_AT_ONCE, MAX_PARAMETERS // max(len(fields), 1))
            for batch in _batches(group, max(size, 1)):
                _insert_batch(model, batch, fields, connections[alias], ignore=ignore)
    for obj in objs:
        obj._state.adding, obj._state.db = False, alias


def _batches(objs: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Cut into batches whose sizes are ``size`` or powers of two: few shapes for any number."""
    start = 0
    while start < len(objs):
        left = len(objs) - start
        length = size if left >= size else 1 << (left.bit_length() - 1)
        yield objs[start : start + length]
        start += length


def _insert_batch(
    model: Any,
    batch: Sequence[Any],
    fields: Sequence[Field[Any]],
    connection: Connection,
    *,
    ignore: bool = False,
) -> None:
    values = [_inserted(field, obj) for obj in batch for field in fields]
    key = model._meta.pk
    returning = key not in fields and not ignore
    shape = ("insert", connection.vendor, model, tuple(fields), len(batch), returning, ignore)

    def resolve() -> Any:
        ignoring = connection.vendor if ignore else ""
        return insert_rows(model, fields, len(batch), returning=returning, ignoring=ignoring)

    if not returning:
        write(shape, values, connection, resolve)
        return
    # Both databases number the rows of one INSERT in their order, so the sorted keys fit it.
    keys = sorted(row[0] for row in write_returning(shape, values, connection, resolve))
    for obj, made in zip(batch, keys, strict=True):
        setattr(obj, key.attname, made)


def update(state: State, alias: str, changes: Mapping[str, Any]) -> int:
    """Update the rows of a query.

    Raises:
        FieldError: A name is no field of the model itself.
    """
    if state.is_sliced:
        raise TypeError("Cannot update a query once a slice has been taken.")
    given = [_assignment(state.model, name, value) for name, value in changes.items()]
    if not given or state.nothing:
        return 0
    return _run_update(state.with_(order=()), connections[alias], given)


def _assignment(model: Any, name: str, value: Any) -> tuple[Field[Any], Any]:
    said = f"update({name}=...)"
    path = resolve_path(model, name, said, whole=True)
    if path.hops or not path.field.concrete:
        raise FieldError(f"{said}: only the fields of {model.__name__} itself can be updated.")
    if isinstance(value, Expression):
        for inner in value.names():
            if resolve_path(model, inner, f"F({inner!r})", whole=True).hops:
                raise FieldError(
                    f"{said}: F({inner!r}) is a related row's, which UPDATE cannot read."
                )
        return path.field, value
    return path.field, path.field.get_prep_value(value)
