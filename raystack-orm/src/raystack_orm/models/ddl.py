"""What tables, indexes and constraints are made of: columns, conditions, expressions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table

from ..exceptions import NotSupportedError

MYSQL = {"mysql", "mariadb"}


def columns_of(model: Any, table: Table, names: Sequence[str]) -> list[Column[Any]]:
    """Return the columns of fields."""
    return [table.c[model._meta.get_field(name).column] for name in names]


def condition_on(model: Any, table: Table, condition: Any) -> ColumnElement[bool]:
    """Return a condition on a model's rows, its values written out."""
    raise NotSupportedError(f"Conditions in {table.name} wait for the resolver: {condition}.")


def expressions_on(model: Any, table: Table, expressions: Sequence[Any]) -> list[Any]:
    """Return expressions of a model's fields, their values written out."""
    raise NotSupportedError(f"Expressions in {table.name} wait for the resolver: {expressions}.")


def only_with(
    made: Any, *, conditions: bool = False, expressions: bool = False, more: bool = False
) -> None:
    """Create an index or a constraint only in databases that have what it needs, as Django does.

    Args:
        made: The index or constraint.
        conditions: It is of some rows only, which MySQL's cannot be.
        expressions: It is of expressions, which MariaDB's cannot be.
        more: It needs what only PostgreSQL has: being deferred, covering columns, equal nulls.
    """

    def has_it(ddl: Any, target: Any, bind: Any, *, dialect: Any, **kwargs: Any) -> bool:
        if more:
            return bool(dialect.name == "postgresql")
        mysql = dialect.name in MYSQL
        mariadb = mysql and getattr(dialect, "is_mariadb", True)
        return not (conditions and mysql) and not (expressions and mariadb)

    if conditions or expressions or more:
        made.ddl_if(callable_=has_it)
