"""The connections of each thread to each configured database."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..configuration import Configuration, configuration
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
    from .postgresql import PostgreSQLDriver  # needs psycopg, which SQLite does without

    return PostgreSQLDriver(url)


class ConnectionHandler:
    """Hands out each thread's connection: ``connections["default"]``."""

    def __init__(self) -> None:
        self._drivers: dict[str, Driver] = {}
        self._configuration: Configuration | None = None
        self._local = threading.local()
        self._shared: dict[str, Connection] = {}
        self._lock = threading.Lock()

    def __getitem__(self, alias: str) -> Connection:
        if alias in self._shared:
            return self._shared[alias]
        if self._configuration is not configuration():
            self._reconfigure()
        mine = self._local.__dict__
        found = mine.get(alias)
        if found is None:
            found = mine[alias] = Connection(alias, self.driver(alias))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(configuration().databases)

    def driver(self, alias: str) -> Driver:
        """Return the driver of a database.

        Raises:
            ImproperlyConfigured: There is no database of that alias.
        """
        if self._configuration is not configuration():
            self._reconfigure()
        with self._lock:
            if alias not in self._drivers:
                self._drivers[alias] = make_driver(_url(alias))
            return self._drivers[alias]

    def _reconfigure(self) -> None:
        with self._lock:
            if self._configuration is configuration():
                return
            drivers, self._drivers = self._drivers, {}
            self._local = threading.local()
            self._configuration = configuration()
        for driver in drivers.values():
            driver.close()

    def close_all(self) -> None:
        """Close all connections of all threads. They open again when they are needed.

        What a test shares stays open: the application under test must not end its transaction.
        """
        for alias, driver in list(self._drivers.items()):
            if alias not in self._shared:
                driver.close()

    @contextmanager
    def shared(self, connection: Connection) -> Iterator[Connection]:
        """Let all threads use one connection under its alias, for a test."""
        connection.lock = threading.RLock()
        before = self._shared.get(connection.alias)
        self._shared[connection.alias] = connection
        try:
            yield connection
        finally:
            del self._shared[connection.alias]
            if before is not None:
                self._shared[connection.alias] = before

    def forget_after_fork(self) -> None:
        """Start without connections in a child process: a connection has one process."""
        self._inherited = (self._drivers, self._local)  # to close them is the parent's business
        self._drivers = {}
        self._local = threading.local()
        self._shared = {}
        self._lock = threading.Lock()


def _url(alias: str) -> DatabaseURL:
    databases = configuration().databases
    if alias in databases:
        return databases[alias]
    if not configuration().configured:
        raise ImproperlyConfigured(
            "The ORM has no database yet. In a project, run your code with `raystack` or "
            "manage.py; on its own, call "
            'raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"}) first.'
        )
    raise ImproperlyConfigured(
        f'There is no database "{alias}".{nearest(alias, databases)} '
        f"DATABASES has: {', '.join(databases)}."
    )


connections = ConnectionHandler()
os.register_at_fork(after_in_child=connections.forget_after_fork)
