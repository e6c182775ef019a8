"""The connections of each thread to each configured database."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..configuration import Configuration, DatabaseKey, configuration
from ..database_url import DatabaseURL
from ..exceptions import ImproperlyConfigured, nearest
from .connection import Connection
from .driver import Driver

DEFAULT = "default"


def make_driver(url: DatabaseURL) -> Driver:
    """Make the driver of a database; nothing connects yet."""
    if url.vendor == "sqlite":
        from .sqlite import SQLiteDriver

        return SQLiteDriver(url)
    if url.vendor == "mysql":
        from .mysql import MySQLDriver  # needs PyMySQL, which the others do without

        return MySQLDriver(url)
    from .postgresql import PostgreSQLDriver  # needs psycopg

    return PostgreSQLDriver(url)


class _Mine(threading.local):
    """A thread's connections: those of the active configuration by alias, and all of them."""

    def __init__(self) -> None:
        self.configuration: Configuration | None = None
        self.active: dict[str, Connection] = {}
        self.all: dict[DatabaseKey, Connection] = {}


class ConnectionHandler:
    """Hands out each thread's connection: ``connections["default"]``.

    A database keeps its driver and its connections while another configuration is active: a test
    that overrides settings inside of a transaction finds the transaction open afterwards.
    """

    def __init__(self) -> None:
        self._drivers: dict[DatabaseKey, Driver] = {}
        self._mine = _Mine()
        self._shared: dict[DatabaseKey, Connection] = {}
        self._lock = threading.Lock()

    def __getitem__(self, alias: str) -> Connection:
        if self._shared:
            shared = self._shared.get(_key(alias))
            if shared is not None:
                return shared
        mine, active = self._mine, configuration()
        if mine.configuration is not active:
            mine.configuration, mine.active = active, {}
        found = mine.active.get(alias)
        if found is None:
            key = _key(alias)
            found = mine.all.get(key) or Connection(alias, self.driver(alias))
            mine.active[alias] = mine.all[key] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(configuration().databases)

    def driver(self, alias: str) -> Driver:
        """Return the driver of a database.

        Raises:
            ImproperlyConfigured: There is no database of that alias.
        """
        key = _key(alias)
        with self._lock:
            if key not in self._drivers:
                self._drivers[key] = make_driver(key[1])
            return self._drivers[key]

    def close_all(self) -> None:
        """Close all connections of all threads. They open again when they are needed.

        Those of test databases stay: an application under test must not end the test's
        transaction, nor a database in memory.
        """
        for driver in list(self._drivers.values()):
            if not driver.url.testing:
                driver.close()

    @contextmanager
    def shared(self, connection: Connection) -> Iterator[Connection]:
        """Let all threads use one connection to its database, for a test."""
        connection.lock = threading.RLock()
        key = (connection.alias, connection.driver.url)
        before = self._shared.get(key)
        self._shared[key] = connection
        try:
            yield connection
        finally:
            del self._shared[key]
            if before is not None:
                self._shared[key] = before

    def forget_after_fork(self) -> None:
        """Start without connections in a child process: a connection has one process."""
        self._inherited = (self._drivers, self._mine)  # to close them is the parent's business
        self._drivers = {}
        self._mine = _Mine()
        self._shared = {}
        self._lock = threading.Lock()


def _key(alias: str) -> DatabaseKey:
    active = configuration()
    url = active.databases.get(alias)
    if url is not None:
        return alias, url
    if not active.configured:
        raise ImproperlyConfigured(
            "The ORM has no database yet. In a project, run your code with `raystack` or "
            "manage.py; on its own, call "
            'raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"}) first.'
        )
    raise ImproperlyConfigured(
        f'There is no database "{alias}".{nearest(alias, active.databases)} '
        f"DATABASES has: {', '.join(active.databases)}."
    )


connections = ConnectionHandler()
os.register_at_fork(after_in_child=connections.forget_after_fork)
