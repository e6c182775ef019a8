"""Counting and looking at the queries that a block runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from ..databases import DEFAULT, recorders


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

    def __len__(self) -> int:
        return len(self.queries)


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
