"""States and values to INSERT, UPDATE and DELETE statements."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, literal_column, null, select, update

from ...databases import Driver
from ...exceptions import EmptyResultSet, FieldError, FullResultSet
from ...expressions.values import Bound
from .compiler import Compiler, Context
from .query import Query
from .replay import replay
from .select import Selection, select_rows


class Conflict(NamedTuple):
    """What ``bulk_create()`` does where a row breaks a constraint.

    Args:
        ignore: It passes over the row.
        update: The fields that it updates in the row that is there.
        unique: The fields that decide which row that is.
    """

    ignore: bool = False
    update: tuple[Any, ...] = ()
    unique: tuple[Any, ...] = ()


def insert_rows(
    model: Any,
    driver: Driver,
    fields: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    context: Context,
    returning: Sequence[Any] = (),
    conflict: Conflict | None = None,
) -> Any:
    """Build an INSERT.

    Args:
        model: The model.
        driver: The database.
        fields: The fields that get values.
        rows: For each row the value of each field: ``Bound`` or another expression.
        context: Knows where the bound values are.
        returning: The fields whose values come back.
        conflict: What happens where a row breaks a constraint.
    """
    table = model._meta.table
    query = Query(model, driver)
    compiler = Compiler(query, driver, context)
    given = [
        {
            field.column: _inserted(query, compiler, field, value)
            for field, value in zip(fields, row, strict=True)
        }
        for row in rows
    ]
    if not fields:  # a new row of defaults: its key is the column that can be named safely
        default = literal_column("DEFAULT") if driver.vendor == "postgresql" else null()
        given = [{model._meta.pk.column: default} for _ in rows]
    statement = _insert(driver, table, conflict).inline()
    statement = statement.values(given if len(rows) > 1 else given[0])
    if conflict is not None:
        statement = _on_conflict(driver, statement, conflict, table)
    if returning:
        statement = statement.returning(*[table.c[field.column] for field in returning])
    return statement


def _insert(driver: Driver, table: Any, conflict: Conflict | None) -> Any:
    from importlib import import_module

    return import_module(f"sqlalchemy.dialects.{driver.vendor}").insert(table)


def _inserted(query: Query, compiler: Compiler, field: Any, value: Any) -> ColumnElement[Any]:
    if not isinstance(value, Bound):
        value = value.resolve_expression(query, allow_joins=False, for_save=True)
        if value.contains_column_references:
            raise ValueError(
                f"{field!r}: {value!r} refers to a column, but a new row has none to compute with."
            )
        if value.contains_aggregate or value.contains_over_clause:
            what = "Aggregate functions" if value.contains_aggregate else "Window expressions"
            raise FieldError(f"{what} are not allowed in this query ({field.name}={value!r}).")
    return compiler.value_of(value)


def _on_conflict(driver: Driver, statement: Any, conflict: Conflict, table: Any) -> Any:
    updated = [field.column for field in conflict.update]
    if driver.vendor == "mysql":
        if conflict.ignore:
            return statement.prefix_with("IGNORE")
        return statement.on_duplicate_key_update({c: statement.inserted[c] for c in updated})
    keys = [table.c[field.column] for field in conflict.unique] or None
    if conflict.ignore:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(
        index_elements=keys, set_={c: statement.excluded[c] for c in updated}
    )


def update_rows(
    state: Any, driver: Driver, assignments: Sequence[tuple[Any, Any]], context: Context
) -> Any:
    """Build an UPDATE.

    Args:
        state: Which rows.
        driver: The database.
        assignments: Fields, each with a ``Bound`` value or an expression.
        context: Knows where the bound values are.
    """
    query = replay(state, driver)
    compiler = Compiler(query, driver, context)
    table: Any = query.base.table
    changes = {}
    for field, value in assignments:
        if not isinstance(value, Bound):
            value = _updated(query, field, value)
        changes[table.c[field.column]] = compiler.value_of(value)
    if not changes:
        raise EmptyResultSet
    return update(table).values(changes).where(*_rows(query, context))


def update_row(
    model: Any,
    driver: Driver,
    fields: Sequence[Any],
    values: Sequence[Bound],
    context: Context,
) -> Any:
    """Build the UPDATE of one row.

    Args:
        model: The model.
        driver: The database.
        fields: The fields that get values.
        values: Their values, and that of the primary key.
        context: Knows where the bound values are.
    """
    table = model._meta.table
    *given, key = [Compiler(Query(model, driver), driver, context).value_of(v) for v in values]
    changes = {field.column: value for field, value in zip(fields, given, strict=True)}
    return update(table).values(changes).where(table.c[model._meta.pk.column] == key)


def delete_row(model: Any, driver: Driver, key: Bound, context: Context) -> Any:
    """Build the DELETE of one row, by its primary key."""
    table = model._meta.table
    value = Compiler(Query(model, driver), driver, context).value_of(key)
    return delete(table).where(table.c[model._meta.pk.column] == value)


def _updated(query: Query, field: Any, value: Any) -> Any:
    value = value.resolve_expression(query, allow_joins=False, for_save=True)
    if getattr(value, "cols", None):
        raise FieldError(
            f"Composite primary keys expressions are not allowed in this query ({field.name}=...)."
        )
    for what, name in (
        ("contains_aggregate", "Aggregate functions"),
        ("contains_over_clause", "Window expressions"),
    ):
        if getattr(value, what, False):
            raise FieldError(f"{name} are not allowed in this query ({field.name}={value!r}).")
    return value


def delete_rows(state: Any, driver: Driver, context: Context) -> Any:
    """Build a DELETE."""
    query = replay(state, driver)
    table: Any = query.base.table
    return delete(table).where(*_rows(query, context))


def _rows(query: Query, context: Context) -> list[ColumnElement[bool]]:
    """Choose rows by their conditions, or by their keys where that needs more than the table."""
    where, having, qualify = query.where.split()
    state = query.state
    simple = (
        len(query.joins) == 1
        and having is None
        and qualify is None
        and not state.is_sliced
        and not query.parts
        and not state.distinct_on
        and not _reads_own_table(query)
    )
    if simple:
        return _conditions(query, where, context)
    inner = replay(
        state.with_(columns=("pk",), form="tuples", related=False, annotations={}, order=state.order
                    if state.is_sliced else (), default_order=state.is_sliced),
        query.driver,
        Query(query.model, query.driver),
    )  # fmt: skip
    inner.columns = [("pk", inner.resolve_ref("pk"))]
    inner.value_names, inner.selected = ("pk",), set()
    below: Any = select_rows(inner, context).statement.correlate(None)
    if not query.driver.delete_can_self_reference_subquery or state.is_sliced:
        below = select(*below.subquery().c)
    key = Compiler(query, query.driver, context).build(query.resolve_ref("pk"))
    return [key.in_(below)]


def _reads_own_table(query: Query) -> bool:
    """Say whether a subquery reads the table that is written, which MySQL refuses."""
    if query.driver.delete_can_self_reference_subquery:
        return False
    return any(
        getattr(part, "contains_subquery", False)
        for leaf in query.where.leaves()
        for part in leaf.flatten()
    )


def _conditions(query: Query, where: Any, context: Context) -> list[ColumnElement[bool]]:
    try:
        return Selection(query, context).conditions(where)
    except FullResultSet:
        return []
