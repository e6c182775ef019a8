"""Who may use the databases: everyone, until a test run sets a guard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # see the room's place: below both
    from .configuration import DatabaseKey

Guard = Callable[["DatabaseKey | None"], None]
"""Raises where a database must not be used; ``None`` is one that is not configured yet."""

guard: Guard | None = None


def watch(driver: Any, key: "DatabaseKey", *ways: str) -> None:
    """Have the guard asked each time before a driver's connection is taken.

    Nothing is put in the way where there is no guard.

    Args:
        driver: The driver.
        key: The database.
        ways: The names of the methods that take a connection.
    """
    asked = guard
    if asked is None:
        return
    for name in ways:
        setattr(driver, name, _asking(asked, key, getattr(driver, name)))


def _asking(asked: Guard, key: "DatabaseKey", method: Callable[[], Any]) -> Callable[[], Any]:
    def take() -> Any:
        asked(key)
        return method()

    return take
