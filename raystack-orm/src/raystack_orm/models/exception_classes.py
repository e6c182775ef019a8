"""The exceptions of a model: ``Article.DoesNotExist`` and its like.

A child's are its parents' too, so that who catches those of a parent catches the child's.
"""

from typing import Any

from ..exceptions import (
    DatabaseError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    ObjectNotUpdated,
)

BASES: dict[str, tuple[type[Exception], ...]] = {
    "DoesNotExist": (ObjectDoesNotExist,),
    "MultipleObjectsReturned": (MultipleObjectsReturned,),
    "NotUpdated": (ObjectNotUpdated, DatabaseError),
}


def add_exceptions(model: Any, parents: list[Any]) -> None:
    """Give a model its exceptions."""
    concrete = [parent for parent in parents if hasattr(parent, "_meta")]
    for name, bases in BASES.items():
        inherited = tuple(getattr(p, name) for p in concrete if not p._meta.abstract)
        error = type(name, inherited or bases, {"__module__": model.__module__})
        error.__qualname__ = f"{model.__qualname__}.{name}"  # pickle finds it there
        setattr(model, name, error)
