"""The route of raystack-hello."""

from typing import Annotated

from fastapi import APIRouter, Depends

from .greeting import greet
from .guest_book import GuestBook, guest_book

router = APIRouter(prefix="/hello", tags=["hello"])


@router.get("/{name}", name="greeting")
async def greeting(name: str, book: Annotated[GuestBook, Depends(guest_book)]) -> dict[str, object]:
    """Greet somebody and count the guests so far."""
    book.guests += 1
    return {"greeting": greet(name), "guests": book.guests}
