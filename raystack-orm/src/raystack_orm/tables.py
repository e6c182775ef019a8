"""Tables: creating those of models, and comparing them with what a database has."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Inspector, Table, inspect
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError

from .databases import DEFAULT, connections
from .databases.errors import translate
from .databases.routing import router
from .exceptions import ProgrammingError
from .registry import apps


@dataclass
class Difference:
    """How a table differs from its model.

    Args:
        label: The model.
        table: The table.
        missing: Columns that only the model has.
        surplus: Columns that only the database has.
    """

    label: str
    table: str
    missing: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)


@contextmanager
def _engine(alias: str) -> Iterator[Engine]:
    connection = connections[alias]
    engine = connection.driver.engine()
    try:
        with connection.translated():
            yield engine
    except DBAPIError as error:  # what SQLAlchemy wraps around the driver's
        raise translate(error.orig if isinstance(error.orig, Exception) else error) from error
    except SQLAlchemyError as error:
        raise ProgrammingError(f"This table cannot be made: {error}") from error
    finally:
        engine.dispose()


def tables_of(models: Sequence[Any] | None, using: str = DEFAULT) -> list[Table]:
    """Return the tables of models, all built: foreign keys are resolved among them.

    Args:
        models: The models; by default all that are defined, where the routers allow them.
        using: The database; models that are not for it are left out, as unmanaged ones are.
    """
    registry = models[0]._meta.apps if models else apps
    known = registry.get_models(include_auto_created=True)
    chosen = router.get_migratable_models(known, using) if models is None else models
    between = []
    for m2m in (m2m for model in chosen for m2m in model._meta.local_many_to_many):
        m2m.check_through()
        between.append(m2m.through)
    ours = [m for m in (*chosen, *between) if m._meta.can_migrate(using)]
    tables = list(dict.fromkeys(model._meta.table for model in ours))
    for column in (column for model in ours for column in model._meta.local_concrete_fields):
        if column.is_relation:
            _ = column.related_model._meta.table  # foreign keys find it by its name
    return tables


def create_all(models: Sequence[Any] | None = None, using: str = DEFAULT) -> list[str]:
    """Create the tables that are missing.

    Args:
        models: The models; by default all that are defined, where the routers allow them.
        using: The database.

    Returns:
        The names of the tables that were created.
    """
    tables = tables_of(models, using)
    if not tables:
        return []
    with _engine(using) as engine:
        there = set(inspect(engine).get_table_names())
        tables[0].metadata.create_all(engine, tables=tables, checkfirst=True)
    return [table.name for table in tables if table.name not in there]


def drop_all(models: Sequence[Any] | None = None, using: str = DEFAULT) -> None:
    """Drop the tables of models, those of all by default."""
    tables = tables_of(models, using)
    if tables:
        with _engine(using) as engine, engine.begin() as connection, warnings.catch_warnings():
            if connection.dialect.name == "sqlite":
                # It cannot drop foreign keys first, so it checks them when all tables are gone.
                if not connections[using].in_atomic_block:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                warnings.filterwarnings("ignore", "Can't sort tables for DROP", SAWarning)
            tables[0].metadata.drop_all(connection, tables=tables, checkfirst=True)


def missing_tables(using: str = DEFAULT) -> list[Any]:
    """Return the models whose tables a database does not have."""
    with _engine(using) as engine:
        there = set(inspect(engine).get_table_names())
    return [model for model in _ours(using) if model._meta.db_table not in there]


def differences(using: str = DEFAULT) -> list[Difference]:
    """Compare the columns of the tables that are there with the models'."""
    with _engine(using) as engine:
        inspector = inspect(engine)
        there = set(inspector.get_table_names())
        found = [
            _compare(model, inspector) for model in _ours(using) if model._meta.db_table in there
        ]
    return [difference for difference in found if difference.missing or difference.surplus]


def _ours(using: str) -> list[Any]:
    models = apps.get_models(include_auto_created=True)
    ours = [model for model in models if model._meta.can_migrate(using)]
    return router.get_migratable_models(ours, using)


def _compare(model: Any, inspector: Inspector) -> Difference:
    meta = model._meta
    wanted = {f.column for f in meta.local_concrete_fields}
    there = {column["name"] for column in inspector.get_columns(meta.db_table)}
    return Difference(meta.label, meta.db_table, sorted(wanted - there), sorted(there - wanted))
