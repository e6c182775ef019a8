"""Watching queries: wrappers around them, a log of them, and warnings about slow ones.

Loggers: ``raystack_orm.queries`` (DEBUG, with the log on) and ``raystack_orm.slow`` (WARNING).
https://docs.djangoproject.com/en/stable/topics/db/instrumentation/
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .connection import Connection

MAX_LOGGED = 9000

Recorder = Callable[[str, str, Sequence[Any]], None]
recorders: list[Recorder] = []
"""Called with alias, SQL and parameters before each query of any thread."""

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
Wrapper = Callable[[Execute, str, Any, bool, dict[str, Any]], Any]

wrappers: ContextVar[tuple[tuple[str, Wrapper], ...]] = ContextVar("wrappers", default=())
"""The wrappers of this context with their databases' aliases, outermost first."""

_queries = logging.getLogger("raystack_orm.queries")
_slow = logging.getLogger("raystack_orm.slow")


class QueryLog:
    """The queries of a thread's connection to one database, while somebody wants to see them.

    Attributes:
        entries: What ``connection.queries_log`` is.
        forced: What ``connection.force_debug_cursor`` is.
        wanted: The configuration asks for the log, as in debug mode.
        slow_s: Queries that take longer are warned about; ``None`` for none.
        is_on: Queries have to be timed.
    """

    def __init__(self) -> None:
        self.entries: deque[dict[str, Any]] = deque(maxlen=MAX_LOGGED)
        self.forced = False
        self.wanted = False
        self.slow_s: float | None = None
        self.is_on = False  # a plain attribute: each query looks at it

    def force(self, value: bool) -> None:
        """Log in any case, or as the configuration wants it."""
        self.forced = value
        self._look()

    def follow(self, *, wanted: bool, slow_s: float | None) -> None:
        """Log what the configuration wants to have logged."""
        self.wanted, self.slow_s = wanted, slow_s
        self._look()

    def _look(self) -> None:
        self.is_on = self.forced or self.wanted or self.slow_s is not None

    @contextmanager
    def timed(self, alias: str, sql: str, params: Any, *, many: bool = False) -> Iterator[None]:
        """Time a query, and put it down."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._put(alias, sql, params, time.perf_counter() - start, many=many)

    def _put(self, alias: str, sql: str, params: Any, took_s: float, *, many: bool) -> None:
        if self.forced or self.wanted:
            shown = f"{len(params)} times: {sql}" if many else sql
            self.entries.append({"sql": shown, "params": params, "time": f"{took_s:.3f}"})
            _queries.debug(
                "(%.3f) %s; args=%s; alias=%s",
                took_s,
                sql,
                params,
                alias,
                extra={"duration": took_s, "sql": sql, "params": params, "alias": alias},
            )
        self._warn(alias, sql, took_s)

    @contextmanager
    def timed_chunk(self, alias: str, sql: str) -> Iterator[None]:
        """Time a part of the rows of a stream: its query may end long before they are there."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._warn(alias, sql, time.perf_counter() - start)

    def _warn(self, alias: str, sql: str, took_s: float) -> None:
        if self.slow_s is not None and took_s >= self.slow_s:
            _slow.warning(
                "A query took %.3f s on %s: %s",
                took_s,
                alias,
                sql,  # without the parameters, which may be secrets
                extra={"duration": took_s, "sql": sql, "alias": alias},
            )


def wrapped(
    connection: "Connection", run: Callable[[str, Any], Any], sql: str, params: Any, *, many: bool
) -> Any:
    """Run a query through the wrappers of this context.

    Returns:
        What the query returned, whatever the wrappers made of it; theirs if none ran it.
    """
    ran: list[Any] = []

    def execute(sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        ran.append(run(sql, params))
        return ran[-1]

    chain: Execute = execute
    for alias, wrapper in reversed(wrappers.get()):
        if alias == connection.alias:
            chain = _around(wrapper, chain)
    answer = chain(sql, params, many, {"connection": connection, "cursor": connection.cursor()})
    return ran[-1] if ran else answer


def _around(wrapper: Wrapper, inner: Execute) -> Execute:
    return lambda sql, params, many, context: wrapper(inner, sql, params, many, context)
