"""Running a coroutine from a use, which is a plain function."""

import asyncio
from collections.abc import Awaitable, Callable

from raystack_orm import connections


def awaited(main: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine function on an event loop of its own."""

    async def closing() -> None:
        try:
            await main()
        finally:
            await connections.aclose_all()

    asyncio.run(closing())
