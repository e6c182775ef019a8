"""The connections of each thread and each event loop to each configured database."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from .. import access
from ..configuration import Configuration, DatabaseKey, configuration
from ..database_url import DatabaseURL
from ..exceptions import ConnectionDoesNotExist, ImproperlyConfigured, nearest
from .async_driver import AsyncDriver
from .bridge import BridgeDriver
from .connection import Connection
from .driver import Driver
from .lent import LentDriver
from .ownership import next_block, opened, usable

DEFAULT = "default"


def make_driver(url: DatabaseURL) -> Driver:
    """Make the driver of a database; nothing connects yet."""
    if url.vendor == "sqlite":
        from .sqlite import SQLiteDriver

        return SQLiteDriver(url)
    if url.vendor == "mysql":
        from .mysql import MySQLDriver  # needs PyMySQL, which the others do without

        return MySQLDriver(url)
    from .postgresql import PostgreSQLDriver  # needs psycopg, which the others do without

    return PostgreSQLDriver(url)


def make_async_driver(sync: Any) -> AsyncDriver:
    """Make what stands before a driver on an event loop."""
    if sync.vendor == "sqlite":
        from .async_sqlite import AsyncSQLiteDriver

        return AsyncSQLiteDriver(sync)
    if sync.vendor == "mysql":
        from .async_mysql import AsyncMySQLDriver

        return AsyncMySQLDriver(sync)
    from .async_postgresql import AsyncPostgreSQLDriver

    return AsyncPostgreSQLDriver(sync)


class _Connections:
    """A thread's or a loop's: those of the active configuration by alias, and all of them."""

    def __init__(self) -> None:
        self.configuration: Configuration | None = None
        self.active: dict[str, Connection] = {}
        self.all: dict[DatabaseKey, Connection] = {}

    def forget(self) -> None:
        """Close what a loop that has ended left open."""
        for connection in self.all.values():
            cast("AsyncDriver", connection.driver).forget()


class _Mine(_Connections, threading.local):
    """The connections of each thread."""


_NOTHING = _Connections()


class ConnectionHandler:
    """Hands out connections: ``connections["default"]``.

    In a thread it is the thread's. On an event loop it is the loop's, or that of the transaction
    which the running task has open. A database keeps its driver and its connections while another
    configuration is active: a test that overrides settings inside of a transaction finds the
    transaction open afterwards.
    """

    def __init__(self) -> None:
        self._drivers: dict[DatabaseKey, Driver] = {}
        self._loops: dict[asyncio.AbstractEventLoop, _Connections] = {}
        self._mine = _Mine()
        self._shared: dict[DatabaseKey, Connection] = {}
        self._lock = threading.RLock()

    def __getitem__(self, alias: str) -> Connection:
        loop = asyncio._get_running_loop()  # noqa: SLF001 - asyncio's own fast way to ask
        if self._shared:
            shared = self._shared.get(_key(alias))
            if shared is not None:
                return _follow_configuration(shared)
        mine: _Connections = self._mine if loop is None else self._loops.get(loop) or _NOTHING
        active = configuration()
        if mine.configuration is not active:
            mine = self._follow(loop, active)
        found = mine.active.get(alias) or self._first(mine, loop, alias)
        here = opened.get()
        if here is None and not found.blocks:
            return found
        inside: object = here and here.get(found.place)
        if inside is found:
            return found
        allowed: Connection | None = usable(found)
        return allowed or found

    def _follow(
        self, loop: asyncio.AbstractEventLoop | None, active: Configuration
    ) -> "_Connections":
        mine = self._mine if loop is None else self._meet(loop)
        mine.configuration, mine.active = active, {}
        return mine

    def _first(self, mine: "_Connections", loop: Any, alias: str) -> Connection:
        """Find or make a connection that was not asked for under the active configuration."""
        key = _key(alias)
        found = mine.all.get(key)
        if found is None:
            driver: Any = self.driver(alias)
            if loop is not None:
                driver = make_async_driver(driver)
                access.watch(driver, key, "lease")
            found = mine.all[key] = Connection(key, driver, is_of_loop=loop is not None)
        mine.active[alias] = found
        return _follow_configuration(found)

    def _meet(self, loop: asyncio.AbstractEventLoop) -> "_Connections":
        """Make room for a new event loop, and close what those that ended have left."""
        with self._lock:
            for other in [other for other in self._loops if other.is_closed()]:
                self._loops.pop(other).forget()
            return self._loops.setdefault(loop, _Connections())

    def __iter__(self) -> Iterator[str]:
        return iter(configuration().databases)

    def all(self) -> list[Connection]:
        """Return the connections to all configured databases."""
        return [self[alias] for alias in self]

    def driver(self, alias: str) -> Driver:
        """Return the synchronous driver of a database.

        Raises:
            ImproperlyConfigured: There is no database of that alias.
        """
        key = _key(alias)
        with self._lock:
            if key not in self._drivers:
                made = self._drivers[key] = make_driver(key[1])
                made.key = key
                access.watch(made, key, "lease", "engine")
            return self._drivers[key]

    def close_all(self) -> None:
        """Close all connections of all threads. They open again when they are needed.

        Those of test databases stay: an application under test must not end the test's
        transaction, nor a database in memory.
        """
        for driver in list(self._drivers.values()):
            if not driver.url.testing:
                driver.close()

    async def aclose_all(self) -> None:
        """Close all connections of this event loop, which is about to end."""
        of_loop = self._loops.pop(asyncio.get_running_loop(), _NOTHING)
        for connection in of_loop.all.values():
            await cast("AsyncDriver", connection.driver).aclose()

    def bridge(self, alias: str, kind: type[Connection] = Connection) -> Connection:
        """Make a connection that threads and tasks can share: see ``bridge.py``.

        Args:
            alias: The database.
            kind: The connection's class.
        """
        driver = BridgeDriver(self.driver(alias))
        made = kind(_key(alias), cast("Driver", driver))
        made.is_lent = True
        return _follow_configuration(made)

    @contextmanager
    def lending(self, alias: str) -> Iterator[None]:
        """Let the transaction that this task enters next be used by threads that inherit it.

        In a test it is the shared connection.
        """
        found = self[alias]
        token = next_block.set(self._lent(found) if found.is_of_loop else found)
        try:
            yield
        finally:
            next_block.reset(token)

    def _lent(self, of_loop: Connection) -> Connection:
        lent = LentDriver(cast("AsyncDriver", of_loop.driver), asyncio.get_running_loop())
        made = Connection(of_loop.key, cast("Driver", lent), of_loop.log)
        made.is_lent = True
        return made

    @contextmanager
    def shared(self, connection: Connection) -> Iterator[Connection]:
        """Let all threads and tasks use one connection to its database, for a test."""
        before = self._shared.get(connection.key)
        self._shared[connection.key] = connection
        try:
            yield connection
        finally:
            del self._shared[connection.key]
            if before is not None:
                self._shared[connection.key] = before

    def forget_after_fork(self) -> None:
        """Start without connections in a child process: a connection has one process."""
        self._inherited = (self._drivers, self._mine, self._loops)  # the parent closes them
        self._drivers = {}
        self._loops = {}
        self._mine = _Mine()
        self._shared = {}
        self._lock = threading.RLock()
        opened.set(None)


def _follow_configuration(connection: Connection) -> Connection:
    """Log what the active configuration wants to have logged."""
    active = configuration()
    if connection.configuration is not active:
        connection.configuration = active
        slow_ms = active.slow_query_log_ms
        connection.log.follow(
            wanted=bool(active.settings.get("DEBUG")),
            slow_s=None if slow_ms is None else slow_ms / 1000,
        )
    return connection


def _key(alias: str) -> DatabaseKey:
    active = configuration()
    url = active.databases.get(alias)
    if url is not None:
        return alias, url
    if not active.configured:
        if access.guard is not None:
            access.guard(None)
        raise ImproperlyConfigured(
            "The ORM has no database yet. In a project, run your code with `raystack` or "
            "manage.py; on its own, call "
            'raystack_orm.configure(databases={"default": "sqlite:///db.sqlite3"}) first.'
        )
    raise ConnectionDoesNotExist(
        f'There is no database "{alias}".{nearest(alias, active.databases)} '
        f"DATABASES has: {', '.join(active.databases)}."
    )


connections = ConnectionHandler()
os.register_at_fork(after_in_child=connections.forget_after_fork)


class ConnectionProxy:
    """``connection``: whatever ``connections["default"]`` is where it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[DEFAULT], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(connections[DEFAULT], name, value)

    def __eq__(self, other: object) -> bool:
        return other is self or connections[DEFAULT] == other

    def __hash__(self) -> int:
        return hash(connections[DEFAULT])


connection: Connection = cast("Connection", ConnectionProxy())
