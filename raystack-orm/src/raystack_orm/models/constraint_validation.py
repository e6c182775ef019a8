"""Asking the database whether an instance would keep a constraint, before it is saved."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ..exceptions import NotSupportedError, ValidationError

if TYPE_CHECKING:  # which use these
    from .constraints import CheckConstraint, UniqueConstraint


def validate_check(
    constraint: "CheckConstraint", model: Any, instance: Any, exclude: Collection[str], using: str
) -> None:
    """Check that the instance's values fit the condition."""
    raise NotSupportedError(f"{constraint!r} waits for the resolver.")


def validate_unique(
    constraint: "UniqueConstraint", model: Any, instance: Any, exclude: Collection[str], using: str
) -> None:
    """Check that no other row has the instance's values."""
    if set(constraint.fields) & set(exclude):
        return
    values: dict[str, Any] = {}
    for name in constraint.fields:
        field = model._meta.get_field(name)
        value = getattr(instance, field.attname)
        if value is None and constraint.nulls_distinct is not False:
            return  # nulls differ from each other
        values[f"{field.name}__isnull" if value is None else field.name] = (
            True if value is None else value
        )
    others = model._default_manager.using(using).filter(**values)
    if not instance._state.adding and instance._is_pk_set(model._meta):
        others = others.exclude(pk=instance._get_pk_val(model._meta))
    if others.exists():
        raise _taken(constraint, model, instance)


def _taken(constraint: "UniqueConstraint", model: Any, instance: Any) -> ValidationError:
    default = constraint.default_violation_error_message
    if not constraint.fields or constraint.violation_error_message != default:
        return constraint.violation()
    error: ValidationError = instance.unique_error_message(model, constraint.fields)
    return error
