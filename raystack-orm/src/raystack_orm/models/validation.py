"""Validating an instance before it is saved.

https://docs.djangoproject.com/en/stable/ref/models/instances/#validating-objects
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from ..databases import DEFAULT
from ..exceptions import NON_FIELD_ERRORS, ValidationError
from ..query import QuerySet

if TYPE_CHECKING:  # Model calls these
    from .base import Model

Errors = dict[str, list[ValidationError]]


def full_clean(instance: "Model", exclude: Collection[str], *, validate_unique: bool) -> None:
    """Validate everything; fields that are wrong already are not asked about again."""
    errors: Errors = {}
    skip = set(exclude)
    try:
        instance.clean_fields(skip)
    except ValidationError as error:
        error.update_error_dict(errors)
    try:
        instance.clean()
    except ValidationError as error:
        error.update_error_dict(errors)
    if validate_unique:
        try:
            instance.validate_unique(skip | set(errors))
        except ValidationError as error:
            error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def clean_fields(instance: "Model", exclude: Collection[str]) -> None:
    """Convert and validate each field."""
    errors: Errors = {}
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        if field.name in exclude or (field.blank and value in (None, "")):
            continue
        try:
            setattr(instance, field.attname, field.clean(value, instance))
        except ValidationError as error:
            errors[field.name] = error.error_list
    if errors:
        raise ValidationError(errors)


def validate_unique(instance: "Model", exclude: Collection[str]) -> None:
    """Ask the database whether the values that have to be unique are free."""
    errors: Errors = {}
    for names in _unique_sets(instance, exclude):
        values = {name: getattr(instance, name) for name in names}
        if None in values.values():
            continue
        query: QuerySet[Any] = QuerySet(type(instance), instance._state.db or DEFAULT)
        others = query.filter(**values)
        if not instance._state.adding and instance.pk is not None:
            others = others.exclude(pk=instance.pk)
        if others.exists():
            key = names[0] if len(names) == 1 else NON_FIELD_ERRORS
            errors.setdefault(key, []).append(_taken(instance, names))
    if errors:
        raise ValidationError(errors)


def _unique_sets(instance: "Model", exclude: Collection[str]) -> Iterator[tuple[str, ...]]:
    meta = instance._meta
    for field in meta.concrete_fields:
        if field.unique and field.name not in exclude and not field.db_returning:
            yield (field.name,)
    for names in meta.unique_together:
        if not set(names) & set(exclude):
            yield names


def _taken(instance: "Model", names: tuple[str, ...]) -> ValidationError:
    meta = instance._meta
    name = meta.verbose_name.capitalize()
    labels = [meta.get_field(n).verbose_name.capitalize() for n in names]
    code = "unique" if len(names) == 1 else "unique_together"
    return ValidationError(f"{name} with this {' and '.join(labels)} already exists.", code)
