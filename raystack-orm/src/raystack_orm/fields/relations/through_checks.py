"""What may be wrong with a ManyToManyField and the model that it goes through, by Django's ids.

https://docs.djangoproject.com/en/stable/ref/checks/#related-fields
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from raystack import CheckMessage

from ...exceptions import nearest
from ..checks import error, warning

if TYPE_CHECKING:  # its check() calls this
    from .many_to_many import ManyToManyField


def check_many_to_many(field: "ManyToManyField[Any]") -> Iterator[CheckMessage]:
    """Return what is wrong with a ManyToManyField's options and its through model."""
    yield from _options(field)
    if not field.is_resolved or field.related_model._meta.abstract:
        return
    through = field.through
    if isinstance(through, str):
        message = f"{field} goes through the model {through}, which is not defined."
        yield error(field, "fields.E331", message, "Correct the name, or import its module.")
    elif not through._meta.auto_created:
        named = field.rel.through_fields
        yield from _keys(field, through) if not named else _named(field, through, named)


def _options(field: Any) -> Iterator[CheckMessage]:
    if field.unique:
        yield error(field, "fields.E330", f"{field}: a ManyToManyField cannot be unique.")
    for is_set, id_, what in (
        (field.null, "fields.W340", "null"),
        (set(field.validators) - set(field.default_validators), "fields.W341", "validators"),
        (field.db_comment, "fields.W346", "db_comment"),
    ):
        if is_set:
            yield warning(field, id_, f"{field}: {what} has no effect on a ManyToManyField.")
    if field.rel.symmetrical and "related_name" in field.deconstruct()[3]:
        message = f"{field}: related_name has no effect on a symmetrical relation to itself."
        yield warning(field, "fields.W345", message, "Set symmetrical=False, or leave it out.")


def _keys(field: Any, through: Any) -> Iterator[CheckMessage]:
    here, there = field.model, field.related_model
    label = through._meta.label
    hint = "Say which: through_fields=(<to this model>, <to the other model>)."
    if here is there:
        if len(_keys_to(through, here)) > 2:
            message = f"{field}: {label} has more than two foreign keys to {here._meta.label}."
            yield error(field, "fields.E333", message, hint)
        return
    sides = (("fields.E334", here), ("fields.E335", there))
    counts = [(id_, model, len(_keys_to(through, model))) for id_, model in sides]
    for id_, model, count in counts:
        if count > 1:
            message = f"{field}: {label} has several foreign keys to {model._meta.label}."
            yield error(field, id_, message, hint)
    missing = [model._meta.label for _, model, count in counts if not count]
    if missing:
        message = f"{field}: {label} has no foreign key to {' nor to '.join(missing)}."
        yield error(field, "fields.E336", message, "Add it.")


def _named(field: Any, through: Any, named: Any) -> Iterator[CheckMessage]:
    if not (len(named) >= 2 and named[0] and named[1]):
        message = f"{field}: through_fields names two foreign keys of {through._meta.label}."
        yield error(field, "fields.E337", message, 'As in through_fields=("group", "person").')
        return
    for name, model in zip(named[:2], (field.model, field.related_model), strict=True):
        fields = {f.name: f for f in through._meta.fields}
        if name not in fields:
            close = nearest(name, _keys_to(through, model)).strip()
            message = f"{field}: {through._meta.label} has no field {name!r}."
            yield error(field, "fields.E338", message, close)
        elif name not in _keys_to(through, model):
            message = f"{field}: {through._meta.label}.{name} is no foreign key to "
            yield error(field, "fields.E339", f"{message}{model._meta.label}.")


def _keys_to(through: Any, model: Any) -> list[str]:
    keys = [f for f in through._meta.fields if f.is_relation and f.is_resolved]
    return [key.name for key in keys if key.related_model is model]
