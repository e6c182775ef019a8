"""Rows for an endpoint, or 404: Django's shortcuts that concern models.

https://docs.djangoproject.com/en/stable/topics/http/shortcuts/#get-object-or-404
"""

from typing import Any, NoReturn, TypeVar

from fastapi import HTTPException

from .models import Manager, Model, QuerySet

M = TypeVar("M", bound=Model)
Source = type[M] | Manager[M] | QuerySet[M]


def get_object_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> M:
    """Return the one row that fits, as ``get()`` does, or answer 404.

    Args:
        klass: A model, a manager, also a relation's, or a QuerySet.
        args: Conditions: ``Q`` objects.
        kwargs: Conditions: lookups.

    Raises:
        HTTPException: 404, there is none.
        MultipleObjectsReturned: There are several.
    """
    rows = _rows(klass, "get_object_or_404")
    try:
        found: M = rows.get(*args, **kwargs)
    except rows.model.DoesNotExist:
        _not_found(rows)
    return found


async def aget_object_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> M:
    """Return the one row that fits, or answer 404; see ``get_object_or_404``."""
    rows = _rows(klass, "aget_object_or_404")
    try:
        found: M = await rows.aget(*args, **kwargs)
    except rows.model.DoesNotExist:
        _not_found(rows)
    return found


def get_list_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> list[M]:
    """Return the rows that fit, as ``filter()`` does, or answer 404 where there is none.

    Args:
        klass: A model, a manager, also a relation's, or a QuerySet.
        args: Conditions: ``Q`` objects.
        kwargs: Conditions: lookups.

    Raises:
        HTTPException: 404, there is none.
    """
    rows = _rows(klass, "get_list_or_404")
    return list(rows.filter(*args, **kwargs)) or _not_found(rows)


async def aget_list_or_404(klass: Source[M], *args: Any, **kwargs: Any) -> list[M]:
    """Return the rows that fit, or answer 404 where there is none; see ``get_list_or_404``."""
    rows = _rows(klass, "aget_list_or_404")
    return [row async for row in rows.filter(*args, **kwargs)] or _not_found(rows)


def _rows(klass: Any, function: str) -> QuerySet[Any]:
    """Return the QuerySet to search.

    Raises:
        ValueError: There is none in what was given.
    """
    source = getattr(klass, "_default_manager", klass)
    if not isinstance(source, (Manager, QuerySet)):
        name = klass.__name__ if isinstance(klass, type) else type(klass).__name__
        raise ValueError(  # noqa: TRY004 - Django's class
            f"The first argument of {function}() should be a model, a manager or a QuerySet, "
            f"not {name}."
        )
    return source.all()


def _not_found(rows: QuerySet[Any]) -> NoReturn:
    name = rows.model._meta.object_name
    raise HTTPException(404, f"No {name} matches the given query.") from None
