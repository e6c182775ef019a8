"""Asking the database whether the values that have to be unique are free.

https://docs.djangoproject.com/en/stable/ref/models/instances/#django.db.models.Model.validate_unique
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..databases import DEFAULT
from ..exceptions import NON_FIELD_ERRORS, ValidationError

if TYPE_CHECKING:  # Model calls these
    from .base import Model

Errors = dict[str, list[ValidationError]]


class DateCheck(NamedTuple):
    """A value that no other row of the same date has.

    Args:
        model: The model that declares it.
        lookup: ``date``, ``month`` or ``year``.
        field: The field of the value.
        unique_for: The field of the date.
    """

    model: Any
    lookup: str
    field: str
    unique_for: str


def validate_unique(instance: "Model", exclude: Collection[str]) -> None:
    """Ask for rows with the same values; a constraint on an excluded field is not asked about."""
    errors: Errors = {}
    for model, names in _unique_sets(instance, exclude):
        if _is_taken(instance, model, names):
            key = names[0] if len(names) == 1 else NON_FIELD_ERRORS
            error = instance.unique_error_message(model, names)
            errors.setdefault(key, []).append(error)
    for check in _date_checks(instance, exclude):
        if _is_taken_on_date(instance, check):
            error = instance.date_error_message(check.lookup, check.field, check.unique_for)
            errors.setdefault(check.field, []).append(error)
    if errors:
        raise ValidationError(errors)


def _models(instance: "Model") -> tuple[Any, ...]:
    return (type(instance), *instance._meta.all_parents)


def _unique_sets(
    instance: "Model", exclude: Collection[str]
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for model in _models(instance):
        for names in model._meta.unique_together:
            if not set(names) & set(exclude):
                yield model, names
    for model in _models(instance):
        for field in model._meta.local_fields:
            if field.name in exclude:
                continue
            parts = getattr(field, "fields", None)  # of a composite primary key
            if parts:
                names = tuple(part.name for part in parts)
                if not set(names) & set(exclude):
                    yield model, names
            elif field.unique:
                yield model, (field.name,)


def _is_taken(instance: "Model", model: Any, names: Sequence[str]) -> bool:
    values = {}
    for name in names:
        field = instance._meta.get_field(name)
        value = getattr(instance, field.attname)
        if value is None:
            return False  # nulls differ from each other
        if field in model._meta.pk_fields and not instance._state.adding:
            return False  # it is its own
        values[name] = value
    return _others(instance, model, values)


def _others(instance: "Model", model: Any, values: dict[str, Any]) -> bool:
    found = model._default_manager.using(instance._state.db or DEFAULT).filter(**values)
    if not instance._state.adding and instance._is_pk_set(model._meta):
        found = found.exclude(pk=instance._get_pk_val(model._meta))
    return bool(found.exists())


def _date_checks(instance: "Model", exclude: Collection[str]) -> Iterator[DateCheck]:
    for model in _models(instance):
        for field in model._meta.local_fields:
            if field.name in exclude:
                continue
            for lookup in ("date", "year", "month"):
                unique_for = getattr(field, f"unique_for_{lookup}")
                if unique_for and unique_for not in exclude:
                    yield DateCheck(model, lookup, field.name, unique_for)


def _is_taken_on_date(instance: "Model", check: DateCheck) -> bool:
    date = getattr(instance, check.unique_for)
    if date is None:
        return False
    parts = ("day", "month", "year") if check.lookup == "date" else (check.lookup,)
    values = {f"{check.unique_for}__{part}": getattr(date, part) for part in parts}
    values[check.field] = getattr(instance, check.field)
    return _others(instance, check.model, values)


def unique_error(instance: "Model", model: Any, names: Sequence[str]) -> ValidationError:
    """Make the error for values that another row has."""
    meta = model._meta
    params: dict[str, Any] = {
        "model": instance,
        "model_class": model,
        "model_name": _capital(meta.verbose_name),
        "unique_check": names,
    }
    labels = [_capital(meta.get_field(name).verbose_name) for name in names]
    if len(names) == 1:
        params["field_label"] = labels[0]
        message = meta.get_field(names[0]).error_messages["unique"]
        return ValidationError(message, code="unique", params=params)
    *first, last = labels
    params["field_labels"] = f"{', '.join(first)} and {last}"
    return ValidationError(
        "%(model_name)s with this %(field_labels)s already exists.",
        code="unique_together",
        params=params,
    )


def date_error(
    instance: "Model", lookup_type: str, field_name: str, unique_for: str
) -> ValidationError:
    """Make the error for a value that another row of the same date has."""
    meta = instance._meta
    field = meta.get_field(field_name)
    params = {
        "model": instance,
        "model_name": _capital(meta.verbose_name),
        "lookup_type": lookup_type,
        "field": field_name,
        "field_label": _capital(field.verbose_name),
        "date_field": unique_for,
        "date_field_label": _capital(meta.get_field(unique_for).verbose_name),
    }
    return ValidationError(
        field.error_messages["unique_for_date"], code="unique_for_date", params=params
    )


def _capital(text: Any) -> str:
    return f"{str(text)[:1].upper()}{str(text)[1:]}"
