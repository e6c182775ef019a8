"""Lists in pages, for the pages and for the API."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from raystack_orm import models

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)

MAX_DIGITS = 9  # of a page's number in an address: more of them lie beyond any list


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, math.ceil(self.total / self.size))

    @property
    def previous(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def window(self) -> list[int | None]:
        """The pages to link to: the first, the last, and those around; None for a gap."""
        around = {1, self.pages, *range(self.number - 1, self.number + 2)}
        shown: list[int | None] = []
        last = 0
        for number in sorted(around & set(range(1, self.pages + 1))):
            if number - last > 1:
                shown.append(None)
            shown.append(number)
            last = number
        return shown


async def paginate(
    rows: models.QuerySet[M], number: int, size: int, *, clamp: bool = False
) -> Page[M]:
    """Take one page out of a QuerySet.

    Args:
        rows: The QuerySet.
        number: The page's number, from 1.
        size: How many items a page has.
        clamp: True gives the nearest page that there is; otherwise a page beyond the end is empty.
    """
    page: Page[M] = Page((), number, size, await rows.acount())
    if clamp:
        page = replace(page, number=min(max(number, 1), page.pages))
    elif number > page.pages:
        return page
    start = (page.number - 1) * size
    return replace(page, items=await rows[start : start + size])


def page_number(text: str) -> int:
    """Read a page's number from an address; what is no number means the first page."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return int(text) if len(text) <= MAX_DIGITS else 10**MAX_DIGITS
