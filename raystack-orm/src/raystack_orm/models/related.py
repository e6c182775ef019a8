"""Related objects: the attributes that relations give to the models at both ends."""

from typing import TYPE_CHECKING, Any

from ..fields import CASCADE, ForeignKey, ManyToManyField, OneToOneField, RelationField
from ..registry import ModelKey
from .descriptors import (
    ForwardManyToOneDescriptor,
    ForwardOneToOneDescriptor,
    ManyToManyDescriptor,
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)

if TYPE_CHECKING:  # models are made by the metaclass, which calls this
    from .base import Model


def connect(model: "type[Model]", field: RelationField[Any, Any]) -> None:
    """Connect a relation: at once with models that are defined, later with those to come."""
    registry = model._meta.registry
    origin = f"{model._meta.label}.{field.name}"
    if isinstance(field, ForeignKey):
        setattr(model, field.cache_name, None)  # what an instance has until it is asked
        one = isinstance(field, OneToOneField)
        descriptor = ForwardOneToOneDescriptor if one else ForwardManyToOneDescriptor
        setattr(model, field.name, descriptor(field))
    elif isinstance(field, ManyToManyField):
        setattr(model, field.name, ManyToManyDescriptor(field.rel))
        _connect_through(model, field, origin)

    def resolved(related: Any) -> None:
        field.resolve(related)
        related._meta.add_related_object(field.rel)
        if isinstance(field, ManyToManyField) and not isinstance(field.through, str):
            between = field.through._meta
            if between.auto_created:  # the table is ours to create if one of the two is
                between.managed = model._meta.managed or related._meta.managed
        concrete = related._meta.concrete_model  # a proxy's instances are its model's too
        if field.rel.one_to_one:
            setattr(concrete, field.rel.cache_name, None)
        if not field.rel.hidden and clash(field) is None:
            setattr(concrete, field.rel.get_accessor_name(), _back(field))

    if isinstance(field.to, str):
        registry.when_defined(field.key_of(field.to), origin, resolved)
    else:  # a model at hand may be of another registry
        resolved(field.to)


def clash(field: RelationField[Any, Any]) -> str | None:
    """Say what else has the name of a relation's manager on the related model.

    Returns:
        The field or attribute, ``None`` where the name is free or the relation's own.
    """
    related, name = field.related_model, field.rel.get_accessor_name()
    for other in (*related._meta.local_fields, *related._meta.many_to_many):
        if name in {other.name, other.attname}:
            return f"the field {related._meta.label}.{other.name}"
    there = getattr(related, name, None)
    if there is None:
        return None
    if not isinstance(there, _BACK):
        return f"the attribute {related._meta.label}.{name}"
    other = there.rel.field if hasattr(there, "rel") else there.related.field
    if (other.model._meta.label, other.name) == (field.model._meta.label, field.name):
        return None  # itself, or what a reloaded module defined before
    return f"{other.model._meta.label}.{other.name}"


_BACK = (ReverseOneToOneDescriptor, ReverseManyToOneDescriptor, ManyToManyDescriptor)


def _back(field: RelationField[Any, Any]) -> Any:
    if isinstance(field, ManyToManyField):
        return ManyToManyDescriptor(field.rel, reverse=True)
    if field.rel.one_to_one:
        return ReverseOneToOneDescriptor(field.rel)
    return ReverseManyToOneDescriptor(field.rel)


def _connect_through(model: "type[Model]", field: ManyToManyField[Any], origin: str) -> None:
    if field.through is None:
        field.through = _make_through(model, field)
    elif isinstance(field.through, str):
        key: ModelKey = field.key_of(field.through)

        def resolved(through: Any) -> None:
            field.through = through

        model._meta.registry.when_defined(key, f"{origin} (through)", resolved)


def _make_through(model: Any, field: ManyToManyField[Any]) -> Any:
    """Make the model of the table between, with a key to each side."""
    from .base import Model  # which is made of this module's descriptors

    to = field.to
    other = to.rpartition(".")[2].lower() if isinstance(to, str) else to._meta.model_name
    source = model._meta.model_name
    to_self = to == "self" or to is model or other == source
    first, second = (f"from_{source}", f"to_{source}") if to_self else (source, other)
    constraint = field.rel.db_constraint
    meta = type(
        "Meta",
        (),
        {
            "app_label": model._meta.app_label,
            "db_table": field.db_table or f"{model._meta.db_table}_{field.name}",
            "unique_together": ((first, second),),
            "verbose_name": f"{source}-{other} relationship",
        },
    )
    body = {
        "__module__": model.__module__,
        "Meta": meta,
        first: ForeignKey(model, CASCADE, related_name="+", db_constraint=constraint),
        second: ForeignKey(
            to if to != "self" else model, CASCADE, related_name="+", db_constraint=constraint
        ),
    }
    metaclass: Any = type(Model)
    made = metaclass(f"{model.__name__}_{field.name}", (Model,), body)
    made._meta.auto_created = model
    return made
