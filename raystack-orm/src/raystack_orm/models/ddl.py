"""What tables, indexes and constraints are made of: columns, conditions, expressions."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Dialect, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnClause, UnaryExpression
from sqlalchemy.sql.operators import custom_op

from ..configuration import configuration
from ..databases import Driver, connections
from ..exceptions import FieldError, NotSupportedError
from ..query.resolve.compiler import Compiler, Context
from ..query.resolve.query import Query


class Declared(ColumnElement[Any]):
    """An expression of a model's own fields, resolved when a database is told of it.

    A table is made once for all databases, and each spells expressions in its way.

    Args:
        model: The model.
        table: Its table, which may not be finished yet.
        node: The condition or expression.
        grouped: Put it into parentheses unless it is a column, as an index wants it.
    """

    inherit_cache = False

    def __init__(self, model: Any, table: Table, node: Any, *, grouped: bool = False) -> None:
        self.model = model
        self.declared_table = table
        self.node = node
        self.grouped = grouped

    def resolve(self, dialect: Dialect) -> ColumnElement[Any]:
        """Return the SQLAlchemy construct for a dialect.

        Raises:
            FieldError: It names a field of another model.
        """
        driver = _driver_of(dialect)
        query = Query(self.model, driver)
        resolved = self.node.resolve_expression(query, allow_joins=False)
        if len(query.joins) > 1:
            raise FieldError(
                f"{self.declared_table.name}: {self.node!r} reads another table, which an index or "
                f"a constraint cannot."
            )
        return Compiler(query, driver, Context(None)).value_of(resolved)


@compiles(Declared)
def _compile(element: Declared, compiler: Any, **kwargs: Any) -> str:
    made = element.resolve(compiler.dialect)
    sql: str = compiler.process(made, **kwargs)
    return f"({sql})" if element.grouped and not isinstance(made, ColumnClause) else sql


def _driver_of(dialect: Dialect) -> Driver:
    for alias in configuration().databases:
        driver = connections.driver(alias)
        if driver.dialect.name == dialect.name:
            return driver
    raise NotSupportedError(f"No database of DATABASES is {dialect.name}.")


def columns_of(model: Any, table: Table, names: Sequence[str]) -> list[Column[Any]]:
    """Return the columns of fields."""
    return [table.c[model._meta.get_field(name).column] for name in names]


def condition_on(model: Any, table: Table, condition: Any) -> ColumnElement[bool]:
    """Return a condition on a model's rows."""
    return Declared(model, table, condition)


def expressions_on(model: Any, table: Table, expressions: Sequence[Any]) -> list[Any]:
    """Return expressions of a model's fields as the keys of an index."""
    return [_key(model, table, expression) for expression in expressions]


def _key(model: Any, table: Table, expression: Any) -> ColumnElement[Any]:
    opclass = getattr(expression, "opclass", None)  # PostgreSQL's OpClass names one
    if opclass is not None:
        key = _key(model, table, expression.get_source_expressions()[0])
        return UnaryExpression(key, modifier=custom_op(opclass))
    if not hasattr(expression, "descending"):
        return Declared(model, table, expression, grouped=True)
    key = _key(model, table, expression.expression)
    made = key.desc() if expression.descending else key.asc()
    if expression.nulls_first:
        return made.nulls_first()
    return made.nulls_last() if expression.nulls_last else made


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
    needed = (
        *(["supports_partial_indexes"] if conditions else []),
        *(["supports_expression_indexes"] if expressions else []),
        *(["supports_covering_indexes"] if more else []),
    )
    if needed:
        made.ddl_if(callable_=_having(needed))


def _having(needed: Sequence[str]) -> Callable[..., bool]:
    def has_it(ddl: Any, target: Any, bind: Any, *, dialect: Dialect, **kwargs: Any) -> bool:
        driver = _driver_of(dialect)
        return all(getattr(driver, feature) for feature in needed)

    return has_it
