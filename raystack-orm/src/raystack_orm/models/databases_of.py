"""Which database is used for related objects: the one of the instance that they belong to."""

from typing import Any

from ..databases import DEFAULT


def write_database(model: Any, instance: Any) -> str:
    """Return the database that rows of ``model`` which belong to ``instance`` are written to."""
    return instance._state.db or DEFAULT


def check_allowed(value: Any, instance: Any, said: str) -> None:
    """Check that objects of two databases are not related.

    Raises:
        ValueError: They are in different ones.
    """
    one, other = value._state.db, instance._state.db
    if one is not None and other is not None and one != other:
        raise ValueError(
            f"{said}: it is in the database {one!r} and {instance!r} in {other!r}, and the "
            f"database router prevents this relation."
        )
