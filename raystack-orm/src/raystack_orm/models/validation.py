"""Validating an instance before it is saved.

https://docs.djangoproject.com/en/stable/ref/models/instances/#validating-objects
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from ..databases import DEFAULT
from ..exceptions import NON_FIELD_ERRORS, ValidationError

if TYPE_CHECKING:  # Model calls these
    from .base import Model

Errors = dict[str, list[ValidationError]]


def full_clean(
    instance: "Model", exclude: Collection[str] | None, *, unique: bool, constraints: bool
) -> None:
    """Validate everything; fields that are wrong already are not asked about again."""
    errors: Errors = {}
    skip = set(exclude or ())
    _collect(errors, lambda: instance.clean_fields(exclude=skip))
    _collect(errors, instance.clean)
    if unique:
        skip |= set(errors) - {NON_FIELD_ERRORS}
        _collect(errors, lambda: instance.validate_unique(exclude=skip))
    if constraints:
        skip |= set(errors) - {NON_FIELD_ERRORS}
        _collect(errors, lambda: instance.validate_constraints(exclude=skip))
    if errors:
        raise ValidationError(errors)


def _collect(errors: Errors, check: Callable[[], None]) -> None:
    try:
        check()
    except ValidationError as error:
        error.update_error_dict(errors)


def clean_fields(instance: "Model", exclude: Collection[str]) -> None:
    """Convert and validate each field."""
    errors: Errors = {}
    for field in instance._meta.fields:
        if field.name in exclude or field.generated or not field.concrete:
            continue
        value = getattr(instance, field.attname)
        if field.blank and value in field.empty_values:
            continue
        if hasattr(value, "resolve_expression") and field.has_db_default():
            continue  # the database makes it
        try:
            setattr(instance, field.attname, field.clean(value, instance))
        except ValidationError as error:
            errors[field.name] = error.error_list
    if errors:
        raise ValidationError(errors)


def validate_constraints(instance: "Model", exclude: Collection[str] | None) -> None:
    """Check the constraints of the model and its parents."""
    using = instance._state.db or DEFAULT
    errors: Errors = {}
    for model, constraints in instance.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, instance, exclude=exclude, using=using)
            except ValidationError as error:
                _sort_in(errors, constraint, error)
    if errors:
        raise ValidationError(errors)


def _sort_in(errors: Errors, constraint: Any, error: ValidationError) -> None:
    """Say an error where its one field is, or of the whole."""
    fields: Any = getattr(constraint, "fields", ())
    if getattr(error, "code", None) == "unique" and len(fields) == 1:
        errors.setdefault(fields[0], []).append(error)
    else:
        error.update_error_dict(errors)
