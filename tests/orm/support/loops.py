"""Running asynchronous tests: each on an event loop of its own, closed properly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from press import Author

from raystack_orm import connections

T = TypeVar("T")


def run(main: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine on an event loop of its own, whose connections are closed at the end."""

    async def closing() -> T:
        try:
            return await main()
        finally:
            await connections.aclose_all()

    return asyncio.run(closing())


def names() -> list[str]:
    """Return the names of all authors."""
    return list(Author.objects.order_by("name").values_list("name", flat=True))
