"""Writing instances: the seam between ``save()`` and the statements.

Values come from the instances' fields; what the database makes of them comes back.
"""

from collections.abc import Sequence
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

    Returns:
        For each row the values of the first fields of ``returning``: those that are known.
    """
    connection = connections[using]
    values = None if raw else _plain_values(model, objs, fields, connection)
    if values is None:
        values = [[inserted(field, obj, connection, raw=raw) for field in fields] for obj in objs]
    found = rows.insert(model, fields, values, using, returning=returning, conflict=conflict)
    return found or [()] * len(objs)


def _plain_values(
    model: Any, objs: Sequence[Any], fields: Sequence[Any], connection: Any
) -> list[list[Any]] | None:
    """Return the values of many instances' rows; ``None`` where one of them is an expression."""
    inserter = inserter_of(model, model._meta.pk in fields, connection)
    if inserter is None or inserter.fields != tuple(fields):
        return None
    try:
        return [inserter.extract(obj) for obj in objs]
    except Computed:
        return None


def inserted(field: Any, instance: Any, connection: Any, *, raw: bool = False) -> Any:
    """Return the value of a new row's field, prepared, or an expression."""
    value = getattr(instance, field.attname) if raw else field.pre_save(instance, True)
    return prepared(field, value, connection)


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
