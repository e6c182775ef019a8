"""States and values to INSERT, UPDATE and DELETE statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, Select, Update, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ...databases import Driver
from ...exceptions import FieldError
from ...expressions import Expression
from ...fields import Field
from ..state import State
from .statement import Binds, Resolver


def insert_rows(
    model: Any, fields: Sequence[Field[Any]], rows: int, *, returning: bool, ignoring: str = ""
) -> Insert:
    """Resolve an INSERT of some rows, whose values are bound row by row."""
    table, binds = model._meta.table, Binds()
    given = [
        {field.column: binds.next(table.c[field.column].type) for field in fields}
        for _ in range(rows)
    ]
    if ignoring == "postgresql":
        statement: Insert = postgresql.insert(table).on_conflict_do_nothing().inline()
    elif ignoring == "sqlite":
        statement = sqlite.insert(table).on_conflict_do_nothing().inline()
    elif ignoring:
        statement = insert(table).prefix_with("IGNORE").inline()
    else:
        statement = insert(table).inline()
    if fields:
        statement = statement.values(given if rows > 1 else given[0])
    if returning:
        statement = statement.returning(table.c[model._meta.pk.column])
    return statement


def update_rows(
    state: State, driver: Driver, assignments: Sequence[tuple[Field[Any], Any]]
) -> Update:
    """Resolve an UPDATE.

    Args:
        state: Which rows.
        driver: The database.
        assignments: Fields with a value, which is bound, or an expression.
    """
    table = state.model._meta.table
    resolver = Resolver(state.model, driver)
    changes = {}
    for field, value in assignments:
        column = table.c[field.column]
        if isinstance(value, Expression):
            changes[column] = resolver.expression(value, column.type)
        else:
            changes[column] = resolver.binds.next(column.type)
    if resolver.joins:
        raise FieldError("update(): an F() names a related row's field, which UPDATE cannot read.")
    return update(table).values(changes).where(*_rows(state, resolver))


def delete_rows(state: State, driver: Driver) -> Delete:
    """Resolve a DELETE."""
    resolver = Resolver(state.model, driver)
    return delete(state.model._meta.table).where(*_rows(state, resolver))


def _rows(state: State, resolver: Resolver) -> list[ColumnElement[bool]]:
    """Choose rows by their conditions, or by their keys where the conditions need other tables."""
    where = resolver.where(state.where)
    if not resolver.joins:
        return where
    table = state.model._meta.table
    key = state.model._meta.pk.column
    # The resolver joined from the table itself: in the subquery it stands under its own name.
    inner: Select[Any] = (
        select(table.c[key]).select_from(resolver.joins.from_clause()).where(*where)
    )
    return [table.c[key].in_(inner.correlate(None))]
