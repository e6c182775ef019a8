"""What may be wrong with the declaration of a relation, by Django's ids.

https://docs.djangoproject.com/en/stable/ref/checks/#related-fields
"""

from collections.abc import Iterator
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from raystack import CheckMessage

from ..checks import error, warning

if TYPE_CHECKING:  # their check() calls this
    from .base import RelationField
    from .foreign_key import ForeignKey


def check_relation(field: "RelationField[Any, Any]") -> Iterator[CheckMessage]:
    """Return what is wrong with any relation."""
    yield from _names(field)
    if not field.is_resolved or field.related_model._meta.abstract:
        named = field.to if isinstance(field.to, str) else field.to._meta.label
        yield error(
            field,
            "fields.E300",
            f"{field} refers to the model {named}, which is not defined or abstract.",
            "Correct the name, or add the model's app to INSTALLED_APPS.",
        )
        return
    if field.related_model._meta.swapped:
        yield error(
            field,
            "fields.E301",
            f"{field} refers to {field.related_model._meta.label}, which another model replaces.",
            f"Refer to settings.{field.related_model._meta.swappable}.",
        )
        return
    yield from _clashes(field)


def _names(field: "RelationField[Any, Any]") -> Iterator[CheckMessage]:
    name = field.related_name
    if name and not name.endswith("+") and (iskeyword(name) or not name.isidentifier()):
        message = f"{field}: related_name={name!r} is no name in Python."
        yield error(field, "fields.E306", message, 'End it with "+" if nobody needs the way back.')
    if field.rel.hidden:
        return
    query_name = field.rel.name
    if query_name.endswith("_"):
        message = f"{field}: its name in filters, {query_name!r}, ends with an underscore."
        yield error(field, "fields.E308", message, "Give it another related_query_name.")
    if "__" in query_name:
        message = f"{field}: its name in filters, {query_name!r}, has two underscores."
        yield error(field, "fields.E309", message, "Give it another related_query_name.")


def _clashes(field: "RelationField[Any, Any]") -> Iterator[CheckMessage]:
    rel, meta = field.rel, field.related_model._meta
    accessor, query_name = (None if rel.hidden else rel.get_accessor_name()), rel.name
    for manager in meta.managers:
        if accessor == manager.name:
            yield _clash(field, "fields.E348", accessor, f"the manager {meta.label}.{accessor}")
    for other in (*meta.fields, *meta.many_to_many):
        said = f"the field {meta.label}.{other.name}"
        if other.name == accessor:
            yield _clash(field, "fields.E302", accessor, said)
        if other.name == query_name:
            yield _clash(field, "fields.E303", query_name, said)
    for back in meta.related_objects:
        if back.field is field or back.hidden:
            continue
        said = f"the way back from {back.field}"
        if back.get_accessor_name() == accessor:
            yield _clash(field, "fields.E304", accessor, said)
        if back.get_accessor_name() == query_name:
            yield _clash(field, "fields.E305", query_name, said)


def _clash(field: Any, id: str, name: str, other: str) -> CheckMessage:  # noqa: A002 - Django's name
    what = "attribute" if id in {"fields.E302", "fields.E304", "fields.E348"} else "name in filters"
    label = field.related_model._meta.label
    return error(
        field,
        id,
        f"{field} makes the {what} {label}.{name}, which clashes with {other}.",
        f"Rename one of them, or give {field} another related_name or related_query_name.",
    )


def check_foreign_key(field: "ForeignKey[Any, Any]") -> Iterator[CheckMessage]:
    """Return what is wrong with a foreign key's target and with its options."""
    if type(field).__name__ == "ForeignKey" and field._unique:
        message = f"{field} is unique, so it is a OneToOneField."
        yield warning(field, "fields.W342", message, "Use a OneToOneField.")
    if not field.is_resolved or field.related_model._meta.abstract:
        return
    meta = field.related_model._meta
    name = field.to_field
    if name is None:
        if meta.pk is not None and meta.pk.is_composite:
            message = f"{field} refers to {meta.label}, whose primary key has several fields."
            yield error(field, "fields.E347", message)
        return
    target = next((f for f in meta.fields if f.name == name), None)
    if target is None:
        message = f"{field}: to_field={name!r} is no field of {meta.label}."
        yield error(field, "fields.E312", message)
    elif not (target.unique or (name,) in _unique_alone(meta)):
        message = f"{field} refers to {meta.label}.{name}, which is not unique."
        yield error(field, "fields.E311", message, f"Set unique=True on {meta.label}.{name}.")


def _unique_alone(meta: Any) -> list[tuple[str, ...]]:
    given = meta.unique_together if isinstance(meta.unique_together, tuple | list) else ()
    return [tuple(c.fields) for c in meta.total_unique_constraints] + [tuple(n) for n in given]
