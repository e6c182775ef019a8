"""Writing instances: the seam between ``save()`` and the statements.

Values come from the instances' fields; what the database makes of them comes back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...databases import connections
from ..resolve.write import Conflict
from . import rows
from .row_values import Computed
from .row_writer import inserter_of


def insert_objects(
    model: Any,
    objs: Sequence[Any],
    fields: Sequence[Any],
    returning: Sequence[Any],
    using: str,
    *,
    raw: bool = False,
    conflict: Conflict | None = None,
    saved: Mapping[Any, Any] | None = None,
) -> list[tuple[Any, ...]]:
    """Insert the rows of instances into one table.

    Args:
        model: The model whose table it is.
        objs: The instances.
        fields: The fields that are written.
        returning: The fields whose values the database makes.
        using: The database.
        raw: Take values as they are, without ``pre_save()``.
        conflict: What happens where a row breaks a constraint.
        saved: What ``pre_save()`` of the one instance has returned already.

    Returns:
        For each row the values of the first fields of ``returning``: those that are known.
    """
    connection = connections[using]
    if raw or saved:
        values = [_row(obj, fields, connection, saved or {}, raw=raw) for obj in objs]
    else:
        values = _rows(model, objs, fields, connection)
    found = rows.insert(model, fields, values, using, returning=returning, conflict=conflict)
    return found or [()] * len(objs)


def _rows(
    model: Any, objs: Sequence[Any], fields: Sequence[Any], connection: Any
) -> list[list[Any]]:
    """Return the values of many instances' rows, as fast as each of them allows."""
    inserter = inserter_of(model, model._meta.pk in fields, connection)
    if inserter is None or inserter.fields != tuple(fields):
        return [_row(obj, fields, connection, {}) for obj in objs]
    made = []
    for obj in objs:
        try:
            made.append(inserter.extract(obj))
        except Computed as computed:
            made.append(_row(obj, fields, connection, computed.saved))
    return made


def _row(
    instance: Any,
    fields: Sequence[Any],
    connection: Any,
    saved: Mapping[Any, Any],
    *,
    raw: bool = False,
) -> list[Any]:
    """Return the values of a new row's fields, prepared, or expressions."""
    made = []
    for field in fields:
        if raw:
            value = getattr(instance, field.attname)
        else:
            value = saved[field] if field in saved else field.pre_save(instance, True)
        made.append(prepared(field, value, connection))
    return made


def prepared(field: Any, value: Any, connection: Any) -> Any:
    """Return a value as the field saves it; an expression as it is."""
    if hasattr(value, "resolve_expression"):
        return value
    return field.get_db_prep_save(value, connection)


def update_objects(
    queryset: Any, values: Sequence[tuple[Any, Any, Any]], returning: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Update the rows of a QuerySet.

    Args:
        queryset: The QuerySet.
        values: Field, model and value of each change.
        returning: The fields whose values the database computes.

    Returns:
        For each updated row the values of the first fields of ``returning``: those that are known.
    """
    connection = connections[queryset.db]
    given = [(field, prepared(field, value, connection)) for field, _, value in values]
    state = queryset._state.with_(order=(), default_order=False)
    if returning and connection.driver.can_return_rows_from_update:
        return rows.update_returning(state, queryset.db, given, returning)
    return [()] * rows.update(state, queryset.db, given)
