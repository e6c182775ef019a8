"""SQLAlchemy Core statements on the ORM's connections: ``connection.execute(select(table))``.

Core compiles the statement for the database and converts values and rows by their types. The
ORM's connection runs it, so it is part of the transaction that is open there.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ClauseElement, Insert
from sqlalchemy.engine import Dialect, IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from .driver import Executed

if TYPE_CHECKING:
    from .connection import Connection


class Result(IteratorResult[Any]):
    """What a statement returned: SQLAlchemy's own result, all of whose rows are there.

    Attributes:
        rowcount: How many rows were changed or returned.
        lastrowid: The key of the last new row, where the driver tells it.
    """

    rowcount: int
    lastrowid: Any


class Compiled(NamedTuple):
    """A statement as the driver takes it, and its columns' types, where they are known."""

    sql: str
    params: list[Any]
    types: list[TypeEngine[Any]]


def run_statement(connection: "Connection", statement: ClauseElement) -> Result:
    """Run a statement on a connection, with its transaction, and return its rows."""
    dialect = connection.driver.dialect
    compiled = _compile(statement, dialect)
    done = connection.execute_sql(compiled.sql, compiled.params)
    names, rows = _rows(done, compiled.types, dialect)
    result = Result(SimpleResultMetaData(names), iter(rows))
    result.rowcount, result.lastrowid = done.rowcount, done.lastrowid
    return result


def _compile(statement: ClauseElement, dialect: Dialect) -> Compiled:
    if isinstance(statement, Insert):
        statement = statement.inline()  # the database makes the key; nobody asks for it first
    compiled: Any = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):  # CREATE TABLE and the like have no parameters
        return Compiled(str(compiled), [], [])
    expanded = compiled.construct_expanded_state()  # a list after IN becomes its items
    params = []
    for name, value in zip(expanded.positiontup or (), expanded.positional_parameters, strict=True):
        process = expanded.processors.get(name)
        if process is None and name in compiled.binds:
            process = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        params.append(value if process is None else process(value))
    columns = getattr(statement, "exported_columns", ())
    return Compiled(expanded.statement, params, [column.type for column in columns])


def _rows(
    done: Executed, types: Sequence[TypeEngine[Any]], dialect: Dialect
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Convert rows by the types of their columns; text() has none and stays as it is."""
    description = done.description or ()
    names = [column[0] for column in description]
    if len(types) != len(names):
        return names, [tuple(row) for row in done.rows]
    processes = [
        type_.dialect_impl(dialect).result_processor(dialect, column[1])
        for type_, column in zip(types, description, strict=True)
    ]
    return names, [_converted(row, processes) for row in done.rows]


def _converted(
    row: Sequence[Any], processes: Sequence[Callable[[Any], Any] | None]
) -> tuple[Any, ...]:
    return tuple([v if p is None else p(v) for v, p in zip(row, processes, strict=True)])
