"""The rows of the table: what is done, with which arguments, and what Raystack may cost.

A target is the CPU time of Raystack, divided by that of the strongest peer.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from data import ARTICLES, AUTHORS, content
from databases import NOTES

Arguments = Callable[[int], tuple[Any, ...]]
BULK = 10_000
IN_ATOMIC = 100


class Work(NamedTuple):
    """A row of the table.

    Args:
        title: Its name in the table.
        method: The method of the adapters.
        sqlite: The target on SQLite.
        postgresql: The target on PostgreSQL.
        arguments: The arguments of the n-th call.
        writes: The notes have to be put back afterwards.
        each: What one call's time is divided by.
        most: How many calls the notes suffice for.
    """

    title: str
    method: str
    sqlite: float
    postgresql: float
    arguments: Arguments = lambda _number: ()
    writes: bool = False
    each: int = 1
    most: int = 100_000


def key_of(count: int) -> Arguments:
    """Give keys up to a number, in no order."""
    return lambda number: (number * 7919 % count + 1,)


def key_and_views(number: int) -> tuple[int, int]:
    """Give the key of a note and another value for it."""
    return number * 7919 % NOTES + 1, 20_000 + number


def few(number: int) -> tuple[int]:
    """Give a number of views that about 500 articles have not reached."""
    return (500 + number % 50,)


def author(number: int) -> tuple[str]:
    """Give the name of an author."""
    return (f"Author {number * 31 % AUTHORS + 1:03}",)


def new(number: int) -> tuple[dict[str, Any]]:
    """Give the values of a note."""
    return (content(number + NOTES + 1),)


def several(count: int) -> Arguments:
    """Give the values of notes."""
    return lambda number: ([*new_ones(number * count, count)],)


def new_ones(start: int, count: int) -> list[dict[str, Any]]:
    """Return the values of notes that follow each other."""
    return [content(NOTES + 1 + number) for number in range(start, start + count)]


WORKS = (
    Work("get by primary key", "get", 0.20, 0.35, key_of(ARTICLES)),
    Work("filter, order, 20 rows", "page", 0.18, 0.30, lambda n: (n * 37 % 9_000 + 500,)),
    Work("10,000 instances", "everything", 0.40, 0.46),
    Work("select_related, 1,000", "related", 0.50, 0.50),
    Work("prefetch M2M of 100", "tagged", 0.25, 0.45),
    Work("values, 1,000", "values", 0.70, 0.87),
    Work("filter over a foreign key", "of_author", 0.23, 0.30, author),
    Work("create, own commit", "create", 0.40, 0.40, new, writes=True),
    Work(
        "create inside atomic", "create_each", 0.25, 0.70, several(IN_ATOMIC), True, each=IN_ATOMIC
    ),
    Work("bulk_create 10,000", "bulk", 0.70, 0.90, several(BULK), writes=True, most=1),
    Work("get, change, save", "change", 0.33, 0.50, key_and_views, writes=True),
    Work("filter().update()", "update", 0.70, 0.90, key_and_views, writes=True),
    Work("get, delete", "remove", 0.40, 0.60, key_of(NOTES), writes=True, most=NOTES),
    Work("count", "count", 0.80, 0.80, few),
    Work("aggregate", "aggregate", 0.90, 0.90, few),
)
BY_METHOD = {work.method: work for work in WORKS}
