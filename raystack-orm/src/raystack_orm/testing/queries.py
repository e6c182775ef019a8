"""Counting and looking at the queries that a block runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from ..databases import DEFAULT, Connection, recorders
from ..databases.handler import connection


class Query(NamedTuple):
    """A query that was run."""

    sql: str
    params: tuple[Any, ...]


class CaptureQueries:
    """The queries that run inside of a block, of all threads.

    Args:
        using: The database.
    """

    def __init__(self, using: str = DEFAULT) -> None:
        self.using = using
        self.queries: list[Query] = []

    def _record(self, alias: str, sql: str, params: Sequence[Any]) -> None:
        if alias == self.using:
            self.queries.append(Query(sql, tuple(params)))

    def __enter__(self) -> Self:
        recorders.append(self._record)
        return self

    def __exit__(self, *error: object) -> None:
        recorders.remove(self._record)

    @property
    def captured_queries(self) -> list[dict[str, Any]]:
        """The queries as Django has them: dictionaries with ``sql``, and ``params``."""
        return [query._asdict() for query in self.queries]

    def __len__(self) -> int:
        return len(self.queries)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.captured_queries)

    def __getitem__(self, index: Any) -> Any:
        return self.captured_queries[index]


def capture_queries(using: str = DEFAULT) -> CaptureQueries:
    """Return what captures the queries of a block, to stand after ``with``."""
    return CaptureQueries(using)


class CaptureQueriesContext(CaptureQueries):
    """Django's spelling: ``with CaptureQueriesContext(connection) as captured:``.

    Args:
        connection: The connection to the database.
    """

    def __init__(self, connection: Connection = connection) -> None:
        super().__init__(connection.alias)


@contextmanager
def assert_num_queries(number: int, using: str = DEFAULT) -> Iterator[CaptureQueries]:
    """Fail unless the block runs so many queries. Savepoints count, BEGIN and COMMIT do not.

    Raises:
        AssertionError: It runs another number; the message lists them.
    """
    with CaptureQueries(using) as captured:
        yield captured
    if len(captured) != number:
        ran = "\n".join(f"  {n}. {query.sql}" for n, query in enumerate(captured.queries, 1))
        raise AssertionError(f"{len(captured)} queries ran where {number} were expected:\n{ran}")
