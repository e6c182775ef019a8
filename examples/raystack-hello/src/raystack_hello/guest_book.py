"""A resource that lives as long as the application serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI, Request


@dataclass
class GuestBook:
    """Counts the guests."""

    guests: int = 0


@asynccontextmanager
async def open_guest_book(app: FastAPI) -> AsyncIterator[None]:
    """Open the guest book, and close it at shutdown."""
    app.state.guest_book = GuestBook()
    yield
    del app.state.guest_book


def guest_book(request: Request) -> GuestBook:
    """Hand the guest book to an endpoint: a FastAPI dependency."""
    book: GuestBook = request.app.state.guest_book
    return book
