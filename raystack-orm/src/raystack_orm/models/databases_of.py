"""Which database is used for related objects: routers decide, by the instance at hand."""

from typing import Any

from ..databases.routing import router


def write_database(model: Any, instance: Any) -> str:
    """Return the database that rows of ``model`` which belong to ``instance`` are written to."""
    return router.db_for_write(model, instance=instance)


def check_allowed(value: Any, instance: Any, said: str) -> None:
    """Check that the routers let two objects be related.

    Args:
        value: One object.
        instance: The other.
        said: What was wanted, for the error, with ``{!r}`` for the first.

    Raises:
        ValueError: They do not; by default because they are in different databases.
    """
    if not router.allow_relation(value, instance):
        raise ValueError(
            f"{said.format(value)}: it is in the database {value._state.db!r} and {instance!r} in "
            f"{instance._state.db!r}, and the database router prevents this relation."
        )
