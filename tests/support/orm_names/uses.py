"""The registry of uses: which function uses which documented names, and on which database."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("names.txt")


class Name(NamedTuple):
    """A documented name: ``Func.as_sql`` of the page ``ref/models/expressions``."""

    page: str
    name: str


class Use(NamedTuple):
    """A function that uses names, and the database that it needs."""

    names: tuple[Name, ...]
    run: Callable[[], None]
    vendor: str


USES: list[Use] = []
REFUSALS: dict[Name, Callable[[], None]] = {}


def uses(
    page: str, *names: str, vendor: str = "sqlite"
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Say that a function uses these names of a page of Django's documentation."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        mine = tuple(Name(page, name) for name in names)
        for place, use in enumerate(USES):
            if use.run is function:  # it uses names of two pages
                USES[place] = use._replace(names=(*mine, *use.names))
                return function
        USES.append(Use(mine, function, vendor))
        return function

    return register


def refused(page: str, *names: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Say that a function shows why names are not there, though something answers to them."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        REFUSALS.update(dict.fromkeys([Name(page, name) for name in names], function))
        return function

    return register


def documented() -> list[Name]:
    """Return the documented names, in their order."""
    found, page = [], ""
    for line in LIST.read_text().splitlines():
        if line.startswith("`"):
            page = line.strip("`").removesuffix(".txt")
        elif line.startswith("- "):
            found += [Name(page, name) for name in line.partition(": ")[2].split(", ")]
    return list(dict.fromkeys(found))
