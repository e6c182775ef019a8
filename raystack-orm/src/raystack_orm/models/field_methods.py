"""The methods that fields give to a model: ``get_FOO_display()``, ``get_next_by_FOO()``."""

from functools import partialmethod
from typing import Any

from ..fields import DateField


def add_methods(model: Any, field: Any) -> None:
    """Add a field's methods to its model."""
    if isinstance(field, DateField) and not field.null:
        for name, is_next in (("get_next_by", True), ("get_previous_by", False)):
            method = partialmethod(
                model._get_next_or_previous_by_FIELD, field=field, is_next=is_next
            )
            setattr(model, f"{name}_{field.name}", method)
