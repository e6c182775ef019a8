"""The ORM's part in the server's life: what was opened is closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .databases import connections


@asynccontextmanager
async def closing_connections() -> AsyncIterator[None]:
    """Close all connections at the end, without blocking the event loop."""
    try:
        yield
    finally:
        await connections.aclose_all()
        await asyncio.to_thread(connections.close_all)
