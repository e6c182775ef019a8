"""The column of a field: its type for SQLAlchemy, and what a database calls that.

A field's own class makes its type, unless it says otherwise: by ``db_type()``, which returns SQL,
or by ``get_internal_type()``, which names the field of ours that it is stored like.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    DefaultClause,
    Dialect,
    ForeignKey,
    literal,
    quoted_name,
)
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine, UserDefinedType

if TYPE_CHECKING:  # the fields call these
    from .base import Field


class Place(NamedTuple):
    """What a field's ``db_type()`` is told of the database while tables are made.

    Args:
        vendor: Django's name of the database.
        dialect: SQLAlchemy's dialect.
    """

    vendor: str
    dialect: Dialect


def vendor_of(dialect: Dialect) -> str:
    """Return Django's name of a dialect's database."""
    return "mysql" if dialect.name == "mariadb" else dialect.name


class Spelled(UserDefinedType[Any]):
    """A type that is written as it was given.

    Args:
        sql: The type in SQL.
    """

    cache_ok = True

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def get_col_spec(self, **kwargs: Any) -> str:
        """Return the type in SQL."""
        return self.sql


class DeclaredType(TypeDecorator[Any]):
    """The type that a field's ``db_type()`` returns, which may differ by database.

    Args:
        field: The field.
    """

    impl = NullType
    cache_ok = False

    def __init__(self, field: "Field[Any, Any]") -> None:
        super().__init__()
        self.field = field

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask the field."""
        sql = self.field.db_type(Place(vendor_of(dialect), dialect))
        return dialect.type_descriptor(NullType() if sql is None else Spelled(sql))


def internal_type(field: "Field[Any, Any]") -> TypeEngine[Any]:
    """Return the type of the field of ours that ``get_internal_type()`` names."""
    kind = _kind(field.get_internal_type())
    if kind is None or isinstance(field, kind):
        return field.make_type()
    twin = kind.__new__(kind)
    twin.__dict__.update(field.__dict__)
    return twin.make_type()


def _kind(name: str) -> "type[Field[Any, Any]] | None":
    from .base import Field

    waiting: list[Any] = [Field]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ == name and kind.__dict__.get("internal_type") == name:
            return kind  # type: ignore[no-any-return]  # of the subclasses of Field
        waiting += kind.__subclasses__()
    return None


def database_type(field: "Field[Any, Any]", connection: Any) -> str | None:
    """Return the column's type in a database's SQL; ``None`` if there is no column."""
    if not field.concrete:
        return None
    from .base import Field

    has_own_type = type(field).sa_type is not Field.sa_type
    type_ = field.sa_type() if has_own_type else internal_type(field)
    return str(type_.compile(dialect=dialect_of(connection)))


def dialect_of(connection: Any) -> Dialect:
    """Return SQLAlchemy's dialect of a connection, or of a place."""
    driver = getattr(connection, "driver", connection)
    dialect: Dialect = driver.dialect
    return dialect


def set_default(column: Column[Any], expression: ColumnElement[Any]) -> None:
    """Let the database compute the value of new rows.

    Args:
        column: The column of the table.
        expression: The expression, in parentheses.
    """
    DefaultClause(expression)._set_parent_with_dispatch(column)  # noqa: SLF001 - Column() alone calls it, before the table is there for the expression


def is_key(field: "Field[Any, Any]") -> bool:
    """Say whether the column is the primary key, or a part of it."""
    meta = getattr(getattr(field, "model", None), "_meta", None)
    pk = getattr(meta, "pk", None)
    return field.primary_key or field in getattr(pk, "fields", ())


def make_column(field: "Field[Any, Any]") -> Column[Any]:
    """Make the column for the model's table."""
    constraints = (
        [
            ForeignKey(
                field.target_column,
                ondelete=getattr(field.remote_field.on_delete, "database", None),
                deferrable=True,
                initially="DEFERRED",
            )
        ]
        if field.target_column
        else []
    )
    default = field.db_default
    plain = field.has_db_default() and not hasattr(default, "resolve_expression")
    type_ = field.sa_type()
    return Column(
        quoted_name(field.column, True),
        type_,
        *constraints,
        primary_key=is_key(field),
        nullable=field.null or field.generated,  # which MariaDB refuses to promise
        unique=(field._unique and not field.primary_key) or None,
        index=(field.db_index and not field.unique) or None,
        autoincrement=field.counts_up,
        comment=field.db_comment,
        server_default=literal(field.get_prep_value(default), type_) if plain else None,
    )
