"""``raystack flush`` and ``raystack sqlflush``: all rows of all tables away."""

import sys
from typing import Annotated

import typer

from ..configuration import configuration
from ..databases import DEFAULT, Connection, connections
from ..foreign_keys import OFF, ON, waiting_foreign_keys
from ..signals import post_migrate
from ..tables import tables_of
from .migrate_signals import tell_apps


def flush(
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
    no_input: Annotated[bool, typer.Option("--no-input", help="Do not ask.")] = False,
) -> None:
    """Delete all rows of all models' tables, and count from 1 again. It asks first."""
    url = configuration().databases[connections[database].alias]
    if not no_input:
        print(f"This deletes ALL data in {url}, for good.")
        if input("Type 'yes' to do it, anything else to stop: ") != "yes":
            print("Nothing was deleted.")
            sys.exit(1)
    statements = flush_statements(database)  # before the transaction, for it looks at the tables
    with waiting_foreign_keys(database):
        for statement in statements:
            connections[database].write(statement)
    tell_apps(post_migrate, database, interactive=not no_input)


def sqlflush(
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
) -> None:
    """Print the statements that ``raystack flush`` runs."""
    for statement in flush_statements(database):
        print(f"{statement};")


def flush_statements(database: str) -> list[str]:
    """Return the statements that empty the tables of the models that are there."""
    connection = connections[database]
    there = set(connection.introspection.table_names())
    names = [table.name for table in tables_of(None, database) if table.name in there]
    quoted = [connection.ops.quote_name(name) for name in names]
    if not quoted:
        return []
    if connection.vendor == "postgresql":
        return [f"TRUNCATE {', '.join(quoted)} RESTART IDENTITY"]
    if connection.vendor == "mysql":  # it truncates no table that another refers to
        truncate = [f"TRUNCATE {name}" for name in quoted]
        return [OFF, *truncate, ON]
    delete = [f"DELETE FROM {name}" for name in quoted]  # noqa: S608 - names, quoted
    return ["PRAGMA defer_foreign_keys = ON", *delete, *_counters(connection, names)]


def _counters(connection: Connection, names: list[str]) -> list[str]:
    """Return the statement that lets SQLite's keys start from 1, if any of them is counted."""
    counted = connection.fetch("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").rows
    literals = ", ".join("'{}'".format(name.replace("'", "''")) for name in names)
    return [f"DELETE FROM sqlite_sequence WHERE name IN ({literals})"] if counted else []  # noqa: S608 - escaped
