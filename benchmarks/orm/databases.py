"""The databases: one for each adapter, copies of the same; on PostgreSQL, the server's clock.

This side talks through the bare drivers: it prepares and looks, and is not measured.
"""

import datetime as dt
import os
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import data
import psycopg
from data import COLUMNS

SERVER = "RAYSTACK_TEST_POSTGRES_URL"
TEMPLATE = "raystack_bench_orm"
NOTES = 2_000
CPUCLOCK_SCHED = 2
MARKS = {"sqlite": "?", "postgresql": "%s"}


class Target(NamedTuple):
    """A database.

    Args:
        vendor: ``sqlite`` or ``postgresql``.
        name: The file, or the name on the server.
    """

    vendor: str
    name: str

    @property
    def server(self) -> dict[str, Any]:
        """Where the server is, by psycopg's names."""
        parts = urlsplit(os.environ[SERVER])
        return {
            "host": parts.hostname,
            "port": parts.port or 5432,
            "user": parts.username,
            "password": parts.password or "",
        }

    def url(self, scheme: str) -> str:
        """Return its URL: the scheme is the peer's own."""
        if self.vendor == "sqlite":
            return f"{scheme}:///{self.name}"
        parts = urlsplit(os.environ[SERVER])
        return f"{scheme}://{parts.netloc}/{self.name}"

    def connect(self) -> Any:
        """Open a connection of the bare driver, in autocommit."""
        if self.vendor == "postgresql":
            return psycopg.connect(**self.server, dbname=self.name, autocommit=True)
        connection = sqlite3.connect(self.name, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def copy(self, name: str) -> "Target":
        """Copy the database, for one adapter."""
        if self.vendor == "sqlite":
            path = Path(self.name).with_name(f"{name}.sqlite3")
            shutil.copy(self.name, path)
            return Target("sqlite", str(path))
        made = Target("postgresql", f"{TEMPLATE}_{name}")
        drop(made)
        on_server(f"CREATE DATABASE {made.name} TEMPLATE {self.name}")
        return made


def template(vendor: str, folder: Path) -> Target:
    """Make the database that the others are copies of."""
    if vendor == "sqlite":
        made = Target(vendor, str(folder / "template.sqlite3"))
    else:
        made = Target(vendor, TEMPLATE)
        drop(made)
        on_server(f"CREATE DATABASE {made.name}")
    connection = made.connect()
    for statement in data.ddl(vendor):
        connection.execute(statement)
    for table, rows in data.rows(vendor):
        insert(connection, vendor, table, list(rows))
    if vendor == "sqlite":
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE" if vendor == "sqlite" else "VACUUM ANALYZE")
    connection.close()
    return made


def on_server(statement: str) -> None:
    """Run a statement in the server's own database."""
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        connection.execute(statement.encode())


def drop(target: Target) -> None:
    """Drop a database of the server; files go with their folder."""
    if target.vendor == "postgresql":
        on_server(f"DROP DATABASE IF EXISTS {target.name} WITH (FORCE)")


def insert(connection: Any, vendor: str, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows in one transaction."""
    marks = ", ".join([MARKS[vendor]] * len(rows[0]))
    connection.execute("BEGIN")
    connection.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.execute("COMMIT")


def fill_notes(target: Target) -> None:
    """Put the notes back that the writing rows change."""
    connection = target.connect()
    sqlite = target.vendor == "sqlite"
    connection.execute("DELETE FROM note" if sqlite else "TRUNCATE note RESTART IDENTITY")
    insert(connection, target.vendor, "note", list(data.stored(target.vendor, range(1, NOTES + 1))))
    if sqlite:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        connection.execute("SELECT setval('note_id_seq', %s)", [NOTES])
        connection.execute("ANALYZE note")
    connection.close()


def notes(target: Target) -> list[tuple[Any, ...]]:
    """Return the rows of ``note``, whatever text or type the times were written as."""
    connection = target.connect()
    found = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM note ORDER BY id").fetchall()
    connection.close()
    return [tuple(map(plain_column, COLUMNS, row)) for row in found]


def plain_column(column: str, value: Any) -> Any:
    """Return a column's value as it is in Python."""
    if column == "published":
        return bool(value)
    if column == "created":
        time = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
        return time.replace(tzinfo=None).isoformat()
    return value


class Clock:
    """The CPU time of this process and of the server's processes that work for it."""

    def __init__(self, target: Target) -> None:
        self.own = None if target.vendor == "sqlite" else target.connect()
        self.name = target.name

    def backends(self) -> list[int]:
        """Return the processes of the server that other connections to the database have."""
        if self.own is None:
            return []
        found = self.own.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
            [self.name],
        )
        return [pid for (pid,) in found]

    def read(self) -> dict[int, float]:
        """Return seconds by process: 0 is this one, with all its threads.

        The clock of another process is what ``clock_getcpuclockid(3)`` computes: nanoseconds, where
        ``/proc`` has hundredths of seconds.
        """
        server = {pid: time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED) for pid in self.backends()}
        return {0: time.process_time(), **server}

    @staticmethod
    def between(before: dict[int, float], after: dict[int, float]) -> float:
        """Return the seconds between two readings; a backend that is new has all its time."""
        return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
