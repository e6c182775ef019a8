"""What an adapter does: one method for each row of the table.

The methods of an adapter may be ``async``. Instances are its ORM's own: ``columns`` takes them
apart, outside of what is measured.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Protocol, TypeAlias, TypeVar

from data import COLUMNS

T = TypeVar("T")
Maybe: TypeAlias = T | Awaitable[T]
Values = dict[str, Any]


class Adapter(Protocol):
    """An ORM, connected to a database."""

    asynchronous: bool = False
    columns: Callable[[Any], tuple[Any, ...]] = staticmethod(attrgetter(*COLUMNS))

    async def start(self) -> None:
        """Open what only a running loop can open."""
        return

    def get(self, key: int) -> Maybe[Any]:
        """Return the article with a primary key."""

    def page(self, views: int) -> Maybe[Sequence[Any]]:
        """Return 20 published articles with at most these views, the most viewed first."""

    def everything(self) -> Maybe[Sequence[Any]]:
        """Return all articles."""

    def related(self) -> Maybe[Sequence[tuple[int, str]]]:
        """Return the keys of the first 1,000 articles with their authors' names, from one join."""

    def tagged(self) -> Maybe[Sequence[tuple[int, list[str]]]]:
        """Return the keys of the first 100 articles with the names of their tags, prefetched."""

    def values(self) -> Maybe[Sequence[Mapping[str, Any]]]:
        """Return ``id``, ``title`` and ``views`` of the first 1,000 articles."""

    def of_author(self, name: str) -> Maybe[Sequence[Any]]:
        """Return the articles of an author by key, found by the author's name."""

    def create(self, values: Values) -> Maybe[None]:
        """Write a note and commit."""

    def create_each(self, rows: list[Values]) -> Maybe[None]:
        """Write notes one by one in one transaction."""

    def bulk(self, rows: list[Values]) -> Maybe[None]:
        """Make instances and write all of them at once."""

    def change(self, key: int, views: int) -> Maybe[None]:
        """Get a note, change it, save it."""

    def update(self, key: int, views: int) -> Maybe[None]:
        """Change a note by one UPDATE."""

    def remove(self, key: int) -> Maybe[None]:
        """Get a note, delete it."""

    def count(self, views: int) -> Maybe[int]:
        """Count the articles with fewer views."""

    def aggregate(self, views: int) -> Maybe[tuple[float, int]]:
        """Return the average rating and the most views of articles with fewer views."""
