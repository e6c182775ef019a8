"""Related objects at the moment of saving: their keys are taken, unsaved ones are refused."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # which calls this
    from .base import Model


def prepare(instance: "Model", operation: str, fields: Collection[Any] | None) -> None:
    """Take the keys of related objects that were saved after they were assigned.

    Args:
        instance: What is saved.
        operation: What saves it, for the error.
        fields: The only fields to look at.

    Raises:
        ValueError: One of them is still not saved.
    """
    for field in instance._meta.relations_with_keys:
        if fields and field not in fields:
            continue
        related = field.get_cached_value(instance, None)
        if related is None:
            continue
        if not related._is_pk_set():
            if not field.remote_field.multiple:
                field.remote_field.delete_cached_value(related)
            raise ValueError(
                f"{operation}() prohibited to prevent data loss due to unsaved related object "
                f"'{field.name}'. Save it first."
            )
        key = getattr(related, field.target_field.attname)
        if getattr(instance, field.attname) in field.empty_values:
            setattr(instance, field.name, related)
        elif getattr(instance, field.attname) != key:
            field.delete_cached_value(instance)
    for field in instance._meta.private_fields:
        if fields and field not in fields:
            continue
        _check_generic(instance, operation, field)


def _check_generic(instance: Any, operation: str, field: Any) -> None:
    if not (field.is_relation and hasattr(field, "fk_field") and field.is_cached(instance)):
        return
    related = field.get_cached_value(instance, default=None)
    if related is not None and not related._is_pk_set():
        raise ValueError(
            f"{operation}() prohibited to prevent data loss due to unsaved related object "
            f"'{field.name}'. Save it first."
        )
