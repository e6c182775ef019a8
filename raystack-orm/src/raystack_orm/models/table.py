"""The SQLAlchemy table of a model."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    DefaultClause,
    MetaData,
    Table,
    UniqueConstraint,
    quoted_name,
)

from ..exceptions import FieldDoesNotExist, ImproperlyConfigured
from .ddl import Declared, columns_of
from .names import short_name

if TYPE_CHECKING:  # which uses this
    from .options import Options


def make_table(meta: "Options") -> Table:
    """Make the table, with its constraints and indexes.

    Raises:
        ImproperlyConfigured: Another model that we create the table of has the same, or two fields
            have the same column.
        FieldDoesNotExist: A constraint or an index names a field that there is not.
    """
    shared = _share(meta)
    _check_columns(meta)
    columns = [field.make_column() for field in meta.local_concrete_fields]
    table = Table(
        quoted_name(meta.db_table, True),
        MetaData() if shared else meta.apps.metadata,
        *columns,
        implicit_returning=False,
        comment=meta.db_table_comment or None,
        # No key is given twice, as on other databases: what remembers one finds no other row.
        sqlite_autoincrement=any(field.counts_up for field in meta.local_concrete_fields),
    )
    if not shared:
        try:
            _complete(table, meta)
        except BaseException:
            meta.apps.metadata.remove(table)  # the next one who asks gets this error, too
            raise
    return table


def _check_columns(meta: "Options") -> None:
    owners: dict[str, Any] = {}
    for field in meta.local_concrete_fields:
        other = owners.setdefault(field.column, field)
        if other is not field:
            raise ImproperlyConfigured(
                f"{meta.label}.{other.name} and {meta.label}.{field.name} have the same column "
                f"{field.column}. Give one of them another db_column."
            )


def _complete(table: Table, meta: "Options") -> None:
    """Add what is made of several columns: computed ones, constraints, indexes."""
    for field in meta.local_concrete_fields:
        _compute(field, table, meta.model)
    for field in meta.local_concrete_fields:
        for condition in field.checks(table.c[field.column]):
            name = short_name(f"{meta.db_table}_{field.column}_check")
            table.append_constraint(CheckConstraint(condition, name=name))
    for names in meta.unique_together:
        with _naming(f"{meta.label}: Meta.unique_together {names}"):
            table.append_constraint(UniqueConstraint(*columns_of(meta.model, table, names)))
    parts: list[Any] = [*meta.constraints, *meta.indexes]
    for part in parts:
        with _naming(f"{meta.label}: the {type(part).__name__} {part.name}"):
            part.add_to(table, meta.model)


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """Say which part of ``Meta`` names a field that there is not."""
    try:
        yield
    except FieldDoesNotExist as error:
        raise FieldDoesNotExist(f"{what}: {error}") from None


def _compute(field: Any, table: Table, model: Any) -> None:
    """Let the database compute a column's values, or their defaults."""
    column = table.c[field.column]
    if field.generated:
        column.nullable = True  # MariaDB takes no NOT NULL here, and the expression decides anyway
        field.compute(column, Declared(model, table, field.expression))
    elif hasattr(field.db_default, "resolve_expression"):
        default = Declared(model, table, field.db_default, grouped=True)
        column.server_default = DefaultClause(default)


def _share(meta: "Options") -> bool:
    """Say whether the table is another model's already, which is fine if one only looks at it."""
    for model in meta.apps.get_models(include_auto_created=True):
        other = model._meta
        if other is meta or other.db_table != meta.db_table or other.built_table is None:
            continue
        if meta.managed and other.managed:
            raise ImproperlyConfigured(
                f"{other.label} and {meta.label} have the same table {meta.db_table}. "
                f"Give one of them another Meta.db_table."
            )
        return True
    return False
