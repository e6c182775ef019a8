"""Values in expressions: bound ones, and SQL that the developer wrote."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import REAL, ColumnElement, cast, literal, literal_column, null, type_coerce
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from .base import Expression
from .shape import Collector, Uncacheable, field_shape

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class Value(Expression):
    """A value that is bound.

    Args:
        value: The value.
        output_field: Its type; inferred from the Python type by default.

    https://docs.djangoproject.com/en/stable/ref/models/expressions/#value-expressions
    """

    allowed_default = True
    for_save = False

    def __init__(self, value: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.value = value
        self.token = object()  # shared by copies: the compiler finds the value's place by it

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return a copy that knows whether it is saved."""
        clone = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        clone.for_save = for_save
        return clone

    def prepare(self, value: Any) -> Any:
        """Convert a value for binding."""
        field = self._output_field_or_none
        return value if field is None else field.get_prep_value(value)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the bind."""
        if self.value is None:
            from ..fields import JSONField
            from .json_null import json_null  # it is a value, too

            if isinstance(self._output_field_or_none, JSONField):
                return json_null(compiler)
            type_ = self.sa_type
            if isinstance(type_, NullType):
                return null()
            return cast(null(), type_) if compiler.vendor == "postgresql" else null()
        from ..fields.database_value import for_database

        prepare = for_database(self._output_field_or_none, compiler.driver, self.prepare)
        bound = compiler.bind(self.token, self.value, self._bound_type(), prepare)
        if isinstance(self.value, Decimal) and compiler.vendor == "sqlite":
            return cast(bound, REAL())  # NUMERIC would make a whole number of 3.0, and divide so
        if isinstance(self.value, dt.date | dt.time) and compiler.vendor == "mysql":
            return type_coerce(cast(bound, stored_type(bound.type, compiler)), bound.type)
        return bound

    def _bound_type(self) -> TypeEngine[Any]:
        type_ = self.sa_type
        return literal(self.value).type if isinstance(type_, NullType) else type_

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters, for an ``as_sql`` of one's own."""
        sql, params = compiler.compile_built(self.build(compiler.core))
        return sql, params

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing: a constant groups nothing."""
        return []

    def shape(self, collector: Collector) -> Hashable:
        """Give the value away, and leave its type."""
        if not self.cacheable:
            raise Uncacheable
        field = self.__dict__.get("output_field") if self._has_field else None
        if self.value is None:
            return (type(self), None, field_shape(field))
        collector.add(self.token, self.value)
        return (type(self), type(self.value), field_shape(field))

    @property
    def _has_field(self) -> bool:
        args, kwargs = self._constructor_args
        return len(args) > 1 or kwargs.get("output_field") is not None

    def _resolve_output_field(self) -> Any:
        from .. import fields

        for types, name in _FIELD_OF_TYPE:
            if isinstance(self.value, types):
                return getattr(fields, name)()
        return None

    @property
    def empty_result_set_value(self) -> Any:
        """The value: it does not ask the database."""
        return self.value

    def __repr__(self) -> str:
        return f"Value({self.value!r})"


def stored_type(type_: TypeEngine[Any], compiler: "Compiler") -> TypeEngine[Any]:
    """Return the database's own type: SQLAlchemy's CAST does not look into decorated ones."""
    if isinstance(type_, TypeDecorator):
        return type_.load_dialect_impl(compiler.driver.dialect)
    return type_


_FIELD_OF_TYPE: list[tuple[Any, str]] = [  # the first that fits: bool is an int
    (str, "CharField"),
    (bool, "BooleanField"),
    (int, "IntegerField"),
    (float, "FloatField"),
    (dt.datetime, "DateTimeField"),
    (dt.date, "DateField"),
    (dt.time, "TimeField"),
    (dt.timedelta, "DurationField"),
    (Decimal, "DecimalField"),
    (bytes, "BinaryField"),
    (uuid.UUID, "UUIDField"),
]


class Bound(Expression):
    """The right side of a lookup: a value that the query prepared, or will when it runs.

    Args:
        token: Finds the value's place among those that the shape gave away.
        value: The value, or several.
        field: Says of which type it is bound.
        prepare: Converts it when the query runs; ``None`` where that has been done.
    """

    cacheable = False

    def __init__(
        self, token: object, value: Any, field: Any, prepare: Callable[[Any], Any] | None = None
    ) -> None:
        super().__init__(output_field=field)
        self.token = token
        self.value = value
        self.prepare = prepare

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the bind."""
        return compiler.bind(self.token, self.value, self.sa_type, self.prepare)

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing: a constant groups nothing."""
        return []


class RawSQL(Expression):
    """SQL that the developer wrote, with ``%s`` for each of its parameters.

    Args:
        sql: The SQL. It goes to the database as it is: no input belongs in it.
        params: The parameters, which are bound.
        output_field: The type of the result.

    https://docs.djangoproject.com/en/stable/ref/models/expressions/#raw-sql-expressions
    """

    allowed_default = True
    cacheable = False
    encloses_itself = True

    def __init__(self, sql: str, params: Sequence[Any], output_field: Any = None) -> None:
        from .. import fields

        super().__init__(output_field=output_field or fields.Field())
        self.sql = sql
        self.params = params

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Join the tables of the model's parents whose columns it names."""
        if query is not None:
            sql = self.sql.lower()
            meta = query.model._meta
            inherited = [f for f in meta.concrete_fields if f not in meta.local_concrete_fields]
            for field in inherited:
                if field.column.lower() in sql:
                    query.resolve_ref(field.name).join.used = True
        return super().resolve_expression(query, *args, **kwargs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the SQL in brackets."""
        return f"({self.sql})", self.params

    def get_group_by_cols(self) -> list[Any]:
        """Return itself."""
        return [self]


class Star(Expression):
    """All rows, in ``COUNT(*)``."""

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return ``*``."""
        return literal_column("*")

    def __repr__(self) -> str:
        return "'*'"


class DatabaseDefault(Expression):
    """Stands for a column's ``db_default`` in an instance that is not saved yet.

    Args:
        expression: The default.
        output_field: The field.
    """

    def __init__(self, expression: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.expression = expression

    def get_source_expressions(self) -> list[Any]:
        """Return the default."""
        return [self.expression]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the default."""
        (self.expression,) = exprs

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return the default itself, unless it is for a column, which knows the word DEFAULT."""
        made = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        return made if for_save else made.expression

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return DEFAULT, or the expression where the database has no such word."""
        if compiler.driver.supports_default_keyword_in_insert:
            return literal_column("DEFAULT")
        return compiler.build(self.expression)
