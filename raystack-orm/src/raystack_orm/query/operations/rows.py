"""Rows: the three statements that change a table, for the seam that ``save()`` and others use."""

from collections.abc import Hashable, Sequence
from typing import Any

from ...databases import Connection, Rows, connections
from ...exceptions import NotSupportedError
from ...expressions.shape import Collector, shape_of
from ...expressions.values import Bound
from ..execute import plan_of, write, write_returning
from ..plan.repeat import repeated
from ..resolve.compiler import Context
from ..resolve.write import Conflict, delete_rows, insert_rows, update_rows
from ..state import State

ROWS_AT_ONCE = 10_000  # where a database takes any number of parameters
USUAL_LIMIT = 65_535


def insert(
    model: Any,
    fields: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    alias: str,
    *,
    returning: Sequence[Any] = (),
    conflict: Conflict | None = None,
) -> list[Any]:
    """Insert rows with one statement.

    Args:
        model: The model whose table it is.
        fields: The fields that get values.
        rows: For each row the value of each field, prepared, or an expression.
        alias: The database.
        returning: The fields whose values the database makes.
        conflict: What happens where a row breaks a constraint.

    Returns:
        For each row the values of ``returning``; for the first row the key alone where the
        database returns no rows.
    """
    connection = connections[alias]
    driver = connection.driver
    if len(rows) > 1 and not any(hasattr(v, "resolve_expression") for row in rows for v in row):
        return _insert_many(model, fields, rows, connection, returning, conflict)
    tokens = [[Bound(object(), value, field) if not hasattr(value, "resolve_expression") else value
               for field, value in zip(fields, row, strict=True)] for row in rows]  # fmt: skip
    told = len(rows) == 1 and conflict is None and _tells_key(driver, returning)
    by_rows = bool(returning) and driver.can_return_columns_from_insert and not told
    chosen = tuple(returning) if by_rows else ()

    def shape(collector: Collector) -> Hashable:
        parts = []
        for row in tokens:
            for value in row:
                if isinstance(value, Bound):
                    collector.values.append(value.value)
                    collector.tokens.append(value.token)
                else:
                    parts.append(shape_of(value, collector))
        plain = tuple(isinstance(v, Bound) for row in tokens for v in row) if parts else len(rows)
        return (model, tuple(fields), plain, tuple(parts), chosen, conflict)

    def build(context: Context) -> Any:
        return insert_rows(model, driver, fields, tokens, context, chosen, conflict)

    if chosen:
        return _converted(write_returning("insert", shape, connection, build), chosen, driver)
    written = write("insert", shape, connection, build)
    return [(written.lastrowid,)] if returning and conflict is None else []


def _insert_many(
    model: Any,
    fields: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    connection: Connection,
    returning: Sequence[Any],
    conflict: Conflict | None,
) -> list[Any]:
    """Insert many rows: the plan is that of one row, whose values are repeated in the SQL."""
    driver = connection.driver
    chosen = tuple(returning) if driver.can_return_columns_from_insert else ()
    first = [Bound(object(), None, field) for field in fields]

    def shape(collector: Collector) -> Hashable:
        for value in first:
            collector.add(value.token, None)
        return (model, tuple(fields), 1, (), chosen, conflict, "many")

    def build(context: Context) -> Any:
        return insert_rows(model, driver, fields, [first], context, chosen, conflict)

    plan = plan_of("insert", shape, driver, build)
    sql = repeated(plan.sql, len(rows), len(fields))
    bind = plan.bind
    params = [value for row in rows for value in bind(row)]
    if chosen:
        return _converted(connection.fetch(sql, params), chosen, driver)
    connection.write(sql, params)
    return []


def _tells_key(driver: Any, returning: Sequence[Any]) -> bool:
    """Say whether the statement's own answer is enough: it tells the new key, and no more."""
    if not driver.tells_lastrowid or len(returning) != 1 or not returning[0].primary_key:
        return False
    return "AutoField" in returning[0].get_internal_type()


def update(state: State, alias: str, given: Sequence[tuple[Any, Any]]) -> int:
    """Update the rows of a query.

    Args:
        state: The query.
        alias: The database.
        given: Fields, each with a prepared value or an expression.

    Returns:
        The number of rows that fit.
    """
    connection = connections[alias]
    change = _Change(state, given, connection.driver)
    return write("update", change.shape, connection, change.build).rowcount


def update_returning(
    state: State, alias: str, given: Sequence[tuple[Any, Any]], returning: Sequence[Any]
) -> list[Any]:
    """Update the rows of a query, and return the values of fields in each."""
    connection = connections[alias]
    change = _Change(state, given, connection.driver, tuple(returning))
    found = write_returning("update", change.shape, connection, change.build)
    return _converted(found, returning, connection.driver)


class _Change:
    """An UPDATE: its shape, and how it is built.

    Args:
        state: The query.
        given: Fields, each with a prepared value or an expression.
        driver: The database.
        returning: The fields whose values come back.
    """

    def __init__(
        self,
        state: State,
        given: Sequence[tuple[Any, Any]],
        driver: Any,
        returning: tuple[Any, ...] = (),
    ) -> None:
        self.state = state
        self.driver = driver
        self.returning = returning
        self.assigned = [
            (
                field,
                value if hasattr(value, "resolve_expression") else Bound(object(), value, field),
            )
            for field, value in given
        ]

    def shape(self, collector: Collector) -> Hashable:
        """Return the fields, the shapes of expressions, and the query's."""
        parts: list[Any] = []
        for field, value in self.assigned:
            if isinstance(value, Bound):
                collector.add(value.token, value.value)
                parts.append(field)
            else:
                parts.append((field, shape_of(value, collector)))
        return (tuple(parts), self.returning, self.state.nothing, self.state.shape(collector))

    def build(self, context: Context) -> Any:
        """Build the statement."""
        made = update_rows(self.state, self.driver, self.assigned, context)
        table = self.state.model._meta.table
        if self.returning:
            made = made.returning(*[table.c[field.column] for field in self.returning])
        return made


def _converted(found: Rows, fields: Sequence[Any], driver: Any) -> list[Any]:
    """Convert the rows that a statement returned."""
    rows, description = found
    processes = [
        field.sa_type().dialect_impl(driver.dialect).result_processor(driver.dialect, column[1])
        for field, column in zip(fields, description, strict=bool(rows))
    ]
    if not any(processes):
        return [tuple(row) for row in rows]
    return [
        tuple([v if p is None else p(v) for p, v in zip(processes, row, strict=True)])
        for row in rows
    ]


def delete(state: State, alias: str) -> int:
    """Delete the rows of a query, and nothing else; return their number."""
    connection = connections[alias]
    return write(
        "delete",
        lambda collector: (state.nothing, state.shape(collector)),
        connection,
        lambda context: delete_rows(state, connection.driver, context),
    ).rowcount


def batch_size(connection: Connection, fields: int, wanted: int | None) -> int:
    """Return how many rows one statement takes.

    Args:
        connection: The database.
        fields: The number of parameters of a row.
        wanted: What the caller asked for.
    """
    limit = connection.driver.max_query_params
    most = ROWS_AT_ONCE if limit is None else max(1, limit // max(fields, 1))
    return most if wanted is None else min(wanted, most)


def conflict_of(
    driver: Any,
    ignore: bool,
    update_conflicts: bool,
    update_fields: Sequence[Any] | None,
    unique_fields: Sequence[Any] | None,
) -> Conflict | None:
    """Return what happens where a row breaks a constraint.

    Raises:
        ValueError: The options contradict each other.
        NotSupportedError: The database has not that option.
    """
    if ignore and update_conflicts:
        raise ValueError("ignore_conflicts and update_conflicts are mutually exclusive.")
    if ignore:
        if not driver.supports_ignore_conflicts:
            raise NotSupportedError("This database backend does not support ignoring conflicts.")
        return Conflict(ignore=True)
    if not update_conflicts:
        return None
    if not driver.supports_update_conflicts:
        raise NotSupportedError("This database backend does not support updating conflicts.")
    _check_conflict_fields(driver, update_fields, unique_fields)
    return Conflict(False, tuple(update_fields or ()), tuple(unique_fields or ()))


def _check_conflict_fields(driver: Any, update_fields: Any, unique_fields: Any) -> None:
    if not update_fields:
        raise ValueError(
            "Fields that will be updated when a row insertion fails on conflicts must be provided."
        )
    if unique_fields and not driver.supports_update_conflicts_with_target:
        raise NotSupportedError(
            "This database backend does not support updating conflicts with specifying unique "
            "fields that can trigger the upsert."
        )
    if not unique_fields and driver.supports_update_conflicts_with_target:
        raise ValueError("Unique fields that can trigger the upsert must be provided.")
    if any(not f.concrete or f.many_to_many for f in update_fields):
        raise ValueError("bulk_create() can only be used with concrete fields in update_fields.")
    if any(f.primary_key or f in f.model._meta.pk_fields for f in update_fields):
        raise ValueError("bulk_create() cannot be used with primary keys in update_fields.")
    if unique_fields and any(not f.concrete or f.many_to_many for f in unique_fields):
        raise ValueError("bulk_create() can only be used with concrete fields in unique_fields.")
