"""The next and the previous object by a date: ``get_next_by_FOO()``."""

from typing import TYPE_CHECKING, Any

from ..databases import DEFAULT
from ..expressions import Q

if TYPE_CHECKING:  # which calls this
    from .base import Model


def by_date(instance: "Model", field: Any, conditions: dict[str, Any], *, is_next: bool) -> Any:
    """Return the nearest object after or before, by a date and then by key.

    Raises:
        DoesNotExist: There is none.
        ValueError: The instance is not saved.
    """
    if not instance._is_pk_set():
        raise ValueError("get_next/get_previous cannot be used on unsaved objects.")
    model = type(instance)
    value = getattr(instance, field.attname)
    op, sign = ("gt", "") if is_next else ("lt", "-")
    same_date = Q(**{field.name: value, f"pk__{op}": instance.pk})
    found = (
        model._default_manager.using(instance._state.db or DEFAULT)
        .filter(**conditions)
        .filter(same_date | Q(**{f"{field.name}__{op}": value}))
        .order_by(f"{sign}{field.name}", f"{sign}pk")
    )
    for obj in found[:1]:
        return obj
    raise model.DoesNotExist(
        f"There is no {model._meta.object_name} {'after' if is_next else 'before'} {value}."
    )
