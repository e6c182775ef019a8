"""Writing rows: inserting instances, updating what a query finds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ... import transaction
from ...databases import Connection, connections
from ...exceptions import FieldError
from ...expressions import Expression
from ...fields import Field
from ..execute import write, write_returning
from ..plan.shape import shape_of
from ..resolve.names import resolve_path
from ..resolve.write import insert_rows, update_rows
from ..state import State

ROWS_AT_ONCE = 256
MAX_PARAMETERS = 30_000  # SQLite takes 32,766 and PostgreSQL 65,535


def insert_objects(
    model: Any,
    objs: Sequence[Any],
    fields: Sequence[Field[Any]],
    returning: Sequence[Field[Any]],
    using: str,
    *,
    raw: bool = False,
) -> list[tuple[Any, ...]]:
    """Insert the rows of instances into one table.

    Args:
        model: The model whose table it is.
        objs: The instances.
        fields: The fields that are written.
        returning: The fields whose values the database makes.
        using: The database.
        raw: Take values as they are, without ``pre_save()``.

    Returns:
        For each row the values of the first fields of ``returning``: those that are known.
    """
    connection = connections[using]
    key = model._meta.pk
    values = [_inserted(field, obj, raw=raw) for obj in objs for field in fields]
    makes_key = bool(returning) and returning[0] is key
    by_returning = makes_key and not connection.driver.tells_lastrowid
    shape = ("insert", connection.vendor, model, tuple(fields), len(objs), by_returning)

    def resolve() -> Any:
        return insert_rows(model, fields, len(objs), returning=by_returning)

    if by_returning:
        return [tuple(row) for row in write_returning(shape, values, connection, resolve)]
    written = write(shape, values, connection, resolve)
    return [(written.lastrowid,)] if makes_key else [()]


def update_objects(
    rows: Any, values: Sequence[tuple[Field[Any], Any, Any]], returning: Sequence[Field[Any]]
) -> list[tuple[Any, ...]]:
    """Update the rows of a QuerySet.

    Args:
        rows: The QuerySet.
        values: Field, model and value of each change.
        returning: The fields whose values the database computes.

    Returns:
        For each updated row the values of the first fields of ``returning``: those that are known.
    """
    given = [
        (field, value if isinstance(value, Expression) else field.get_prep_value(value))
        for field, _, value in values
    ]
    state = rows._state.with_(order=())
    return [()] * _run_update(state, connections[rows.db], given)


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


def _inserted(field: Field[Any], instance: Any, *, raw: bool = False) -> Any:
    value = getattr(instance, field.attname) if raw else field.pre_save(instance, True)
    if isinstance(value, Expression):
        raise FieldError(
            f"{field!r} is set to {value!r}, but a new row has no fields to compute with."
        )
    return field.get_prep_value(value)


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
        obj._prepare_related_fields_for_save("bulk_create")
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
