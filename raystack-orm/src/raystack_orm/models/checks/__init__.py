"""What may be wrong with the declaration of a model, by Django's ids: ``Model.check()``.

https://docs.djangoproject.com/en/stable/ref/checks/#models
"""

from typing import Any

from raystack import CheckMessage

from .declaration import check_declaration
from .options import check_options
from .ordering import check_ordering


def check_model(model: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return what is wrong with a model, its fields and its managers.

    Args:
        model: The model.
        kwargs: What the fields' and managers' ``check()`` get.
    """
    meta = model._meta
    found = [m for manager in meta.managers for m in manager.check(**kwargs)]
    for field in (*meta.local_fields, *meta.local_many_to_many):
        found += field.check(**kwargs)
    return [*found, *check_declaration(model), *check_options(model), *check_ordering(model)]
