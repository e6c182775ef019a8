"""PostgreSQL on an event loop: psycopg's asynchronous connections, in a pool of the loop's own."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

import psycopg
import psycopg_pool

from .async_driver import AsyncDriver
from .colour import is_abandoned, run_sync, to_the_end, wait
from .driver import Chunks, Executed, Rows, Stream, Written
from .opened import tell_opened
from .pool import exhausted
from .postgresql import PostgreSQLDriver
from .postgresql_cursors import AsyncConnection
from .sockets import has_news


class AsyncPostgreSQLDriver(AsyncDriver):
    """A PostgreSQL database, for the tasks of one event loop.

    When a task is cancelled, psycopg has the server cancel the statement and waits for its end.
    """

    sync: PostgreSQLDriver

    def __init__(self, sync: PostgreSQLDriver) -> None:
        super().__init__(sync)
        self._pool: Any = None
        self._reached: Any = None  # the pool, while there is no reason to doubt the server
        self._knocking = asyncio.Lock()
        self._refused: tuple[float, psycopg.Error] | None = None
        self._opened: WeakSet[Any] = WeakSet()
        self._telling: set[asyncio.Task[None]] = set()
        self._streams = 0

    def lease(self) -> Any:
        """Take a connection from the pool.

        Raises:
            OperationalError: None became free in time, or the server cannot be reached.
        """
        return wait(self._lease())

    async def _lease(self) -> Any:
        while True:
            pool = self._reached or await self._reach()
            try:
                raw = await pool.getconn()
            except psycopg_pool.PoolTimeout as error:
                await self._reach()
                size, timeout_s = self.sync.limits.size, self.sync.limits.timeout_s
                raise exhausted(str(self.sync.url), size, timeout_s) from error
            if not has_news(raw.fileno()):
                return raw
            self._reached = None
            await raw.close()  # the server ended it while it was idle; the pool opens another
            await pool.putconn(raw)

    async def _reach(self) -> Any:
        """Return the pool, as ``PostgreSQLDriver`` does."""
        self._reached = None
        asked = time.monotonic()
        async with self._knocking:
            pool = self._reached or self._pool or await self._open_pool()
            if self._reached is None:
                await self._knock(asked)
                self._reached = pool
            return pool

    async def _knock(self, asked: float) -> None:
        if any(not raw.closed for raw in self._opened):
            return
        if self._refused is not None and self._refused[0] >= asked:
            raise self._refused[1]
        try:
            made = await psycopg.AsyncConnection.connect(
                self.sync.conninfo(), **self.sync.reach_options
            )
        except psycopg.Error as error:
            self._refused = time.monotonic(), error
            raise
        await made.close()

    async def _open_pool(self) -> Any:
        pool = psycopg_pool.AsyncConnectionPool(
            self.sync.conninfo(),
            connection_class=AsyncConnection,
            min_size=0,
            max_size=self.sync.limits.size,
            timeout=self.sync.limits.timeout_s,
            kwargs={"autocommit": True, "cursor_factory": psycopg.AsyncRawCursor},
            configure=lambda raw: self._remember(pool, raw),
            open=False,
        )
        self._pool = pool  # a second task must not open one too, so before the first await
        await pool.open()
        return pool

    async def _remember(self, pool: Any, raw: Any) -> None:
        raw.home = pool
        self._opened.add(raw)
        await run_sync(tell_opened, self, raw)

    def release(self, raw: Any) -> None:
        """Put a connection back; the pool drops a broken one."""
        if is_abandoned():
            self.discard(raw)
        else:
            wait(self._release(raw))

    async def _release(self, raw: Any) -> None:
        if self.in_transaction(raw):
            await to_the_end(self._roll_back(raw))
        await raw.home.putconn(raw)  # one that was closed in the meantime closes it

    async def _roll_back(self, raw: Any) -> None:
        try:
            await raw.rollback()
        except psycopg.Error:
            await raw.close()  # it broke in the meantime, and the server rolls back itself

    def discard(self, raw: Any) -> None:
        """Close the socket; the pool learns of it when the loop comes to that."""
        raw.pgconn.finish()
        if self._pool is not None and asyncio._get_running_loop() is not None:  # noqa: SLF001 - the way to ask
            told = asyncio.create_task(raw.home.putconn(raw))
            self._telling.add(told)  # or it may be collected before it has run
            told.add_done_callback(self._telling.discard)

    def fetch(self, raw: Any, sql: str, params: Sequence[Any]) -> Rows:
        """Run a statement that returns rows, and fetch them all."""
        return wait(raw.fetch(sql, params))  # type: ignore[no-any-return]

    def write(self, raw: Any, sql: str, params: Sequence[Any]) -> Written:
        """Run a statement that returns none."""
        return wait(raw.write(sql, params))  # type: ignore[no-any-return]

    def execute(self, raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
        """Run any statement, for a cursor."""
        return wait(_execute(raw, sql, params, many=many))

    def stream(self, raw: Any, sql: str, params: Sequence[Any], size: int) -> Stream:
        """Read from a cursor of the server's, unless the settings are against that.

        Outside of a transaction it lives on WITH HOLD.
        """
        cursor = self._stream_cursor(raw)

        def close() -> None:
            if not is_abandoned():  # or the connection is dropped, and the cursor with it
                wait(to_the_end(cursor.close()))

        try:
            wait(cursor.execute(sql, params))
        except BaseException:
            close()
            raise
        return Stream(cursor.description or (), Chunks(lambda: wait(cursor.fetchmany(size)), close))

    def _stream_cursor(self, raw: Any) -> Any:
        if not self.sync.url.server_side_cursors:
            return raw.cursor()
        self._streams += 1
        name, hold = f"raystack_async_{self._streams}", not self.in_transaction(raw)
        return psycopg.AsyncRawServerCursor(raw, name, scrollable=False, withhold=hold)

    def begin(self, raw: Any, *, read_only: bool) -> None:
        """Begin a transaction."""
        wait(raw.execute("BEGIN READ ONLY" if read_only else "BEGIN"))

    def control(self, raw: Any, sql: str) -> None:
        """Run COMMIT, or what concerns a savepoint, even when the task is cancelled."""
        wait(to_the_end(raw.execute(sql)))

    def rollback(self, raw: Any) -> None:
        """Roll back, if a transaction is open, even when the task is cancelled."""
        if self.in_transaction(raw):
            wait(to_the_end(self._roll_back(raw)))

    def in_transaction(self, raw: Any) -> bool:
        """Say whether a transaction is open, be it one that failed."""
        return self.sync.in_transaction(raw)

    def check_constraints(self, raw: Any) -> None:
        """Check the deferred constraints now, and defer them again."""
        wait(raw.execute("SET CONSTRAINTS ALL IMMEDIATE"))
        wait(raw.execute("SET CONSTRAINTS ALL DEFERRED"))

    def forget(self) -> None:
        """Close the sockets: the pool's own tasks ended with the loop."""
        self._pool = self._reached = None
        for raw in list(self._opened):
            raw.pgconn.finish()
        self.workers.stop()

    async def aclose(self) -> None:
        """Close the pool."""
        pool, self._pool, self._reached = self._pool, None, None
        if pool is not None:
            await pool.close()
        self.forget()


async def _execute(raw: Any, sql: str, params: Any, *, many: bool) -> Executed:
    async with raw.cursor() as cursor:
        if many:
            await cursor.executemany(sql, params)
        else:
            await cursor.execute(sql, params)
        rows = await cursor.fetchall() if cursor.description is not None and not many else []
        return Executed(rows, cursor.description, cursor.rowcount, None)
