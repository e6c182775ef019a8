"""Rules that all attributes of relations share: what may be assigned, and what is missing."""

from collections.abc import Sequence
from typing import Any

from .databases_of import check_allowed, write_database


def check_assignment(instance: Any, value: Any, model: Any, name: str) -> None:
    """Check that ``value`` may be related to ``instance``; new objects take a database.

    Raises:
        ValueError: It is of another model, or the databases must not be mixed.
    """
    if not isinstance(value, model):
        raise ValueError(  # noqa: TRY004 - Django's class
            f'Cannot assign "{value!r}": "{instance._meta.object_name}.{name}" must be a '
            f'"{model._meta.object_name}" instance.'
        )
    if instance._state.db is None:
        instance._state.db = write_database(type(instance), value)
    if value._state.db is None:
        value._state.db = write_database(type(value), instance)
    check_allowed(value, instance, 'Cannot assign "{!r}"')


def missing_error(related: Any, model: Any, name: str) -> type[Exception]:
    """Make the class of the error for a related object that does not exist."""
    return type(
        "RelatedObjectDoesNotExist",
        (related.DoesNotExist, AttributeError),
        {
            "__module__": model.__module__,
            "__qualname__": f"{model.__qualname__}.{name}.RelatedObjectDoesNotExist",
        },
    )


def only_queryset(querysets: Sequence[Any] | None) -> Any:
    """Return the one QuerySet that was given, if any.

    Raises:
        ValueError: There are several.
    """
    if not querysets:
        return None
    if len(querysets) != 1:
        raise ValueError("get_prefetch_querysets() takes one queryset for this relation.")
    return querysets[0]
