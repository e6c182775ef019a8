"""Related objects: the attributes that relations give to the models at both ends."""

from typing import TYPE_CHECKING, Any

from ..fields import CASCADE, ForeignKey, ManyToManyField, RelationField
from ..query import ManyRelatedManager, QuerySet, RelatedManager
from ..registry import ModelKey
from .managers import make_many_manager, make_related_manager

if TYPE_CHECKING:  # models are made by the metaclass, which calls this
    from .base import Model


def connect(model: "type[Model]", field: RelationField[Any]) -> None:
    """Connect a relation: at once with models that are defined, later with those to come."""
    registry = model._meta.registry
    origin = f"{model._meta.label}.{field.name}"
    if isinstance(field, ForeignKey):
        setattr(model, field.cache_name, None)
        setattr(model, field.name, ForwardDescriptor(field))
    elif isinstance(field, ManyToManyField):
        setattr(model, field.name, ManyDescriptor(field, reverse=False))
        _connect_through(model, field, origin)

    def resolved(related: Any) -> None:
        field.resolve(related)
        related._meta.add_related_object(field.rel)
        if not field.rel.hidden and clash(field) is None:
            setattr(related, field.rel.get_accessor_name(), _back(field))

    registry.when_defined(field.key_of(field.to), origin, resolved)


def clash(field: RelationField[Any]) -> str | None:
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
    if not isinstance(there, (ReverseDescriptor, ManyDescriptor)):
        return f"the attribute {related._meta.label}.{name}"
    other = there.field
    if (other.model._meta.label, other.name) == (field.model._meta.label, field.name):
        return None  # itself, or what a reloaded module defined before
    return f"{other.model._meta.label}.{other.name}"


def _back(field: RelationField[Any]) -> Any:
    if isinstance(field, ManyToManyField):
        return ManyDescriptor(field, reverse=True)
    return ReverseDescriptor(field)


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
    to_self = to == "self" or to is model
    first, second = (f"from_{source}", f"to_{source}") if to_self else (source, other)
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
        first: ForeignKey(model, CASCADE, related_name="+"),
        second: ForeignKey(to if to != "self" else model, CASCADE, related_name="+"),
    }
    metaclass: Any = type(Model)
    made = metaclass(f"{model.__name__}_{field.name}", (Model,), body)
    made._meta.auto_created = model
    return made


class ForwardDescriptor:
    """``article.author``: the object that a ForeignKey refers to, loaded when first asked for.

    Args:
        field: The ForeignKey.
    """

    def __init__(self, field: ForeignKey[Any]) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the related object, remembering it while the key stays."""
        if instance is None:
            return self
        field = self.field
        cached = instance.__dict__.get(field.cache_name)
        key = getattr(instance, field.attname)
        if cached is not None and cached[0] == key:
            return cached[1]  # under the key None: an object that was assigned before it was saved
        if key is None:
            if field.null:
                return None
            raise field.related_model.DoesNotExist(
                f"{instance._meta.object_name} has no {field.name}."
            )
        related = field.related_model
        found = QuerySet(related, instance._state.db).get(pk=key)
        instance.__dict__[field.cache_name] = (key, found)
        return found

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the related object and its key."""
        field = self.field
        if value is not None and not isinstance(value, field.related_model):
            raise ValueError(
                f'Cannot assign "{value!r}": "{instance._meta.object_name}.{field.name}" must be a '
                f'"{field.related_model._meta.object_name}" instance.'
            )
        key = None if value is None else value.pk
        setattr(instance, field.attname, key)
        instance.__dict__[field.cache_name] = (key, value)


class ReverseDescriptor:
    """``author.article_set``: the manager of the objects that refer to this one.

    Args:
        field: The ForeignKey that refers.
    """

    def __init__(self, field: Any) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any) -> "RelatedManager[Any] | ReverseDescriptor":
        """Return the manager for ``instance``."""
        if instance is None:
            return self
        _check_saved(instance, self.field.rel.get_accessor_name())
        return make_related_manager(self.field, instance)

    def __set__(self, instance: Any, value: Any) -> None:
        """Refuse: a manager is no value."""
        name = self.field.rel.get_accessor_name()
        raise TypeError(
            f"Direct assignment to the reverse side of a related set is prohibited. Use "
            f"{name}.set() instead."
        )


class ManyDescriptor:
    """``article.tags`` and ``tag.article_set``: the manager of the objects at the other side.

    Args:
        field: The ManyToManyField.
        reverse: Whether this is the side without the field.
    """

    def __init__(self, field: ManyToManyField[Any], *, reverse: bool) -> None:
        self.field = field
        self.reverse = reverse

    @property
    def through(self) -> Any:
        """The model of the table between."""
        return self.field.through

    def __get__(self, instance: Any, owner: Any) -> "ManyRelatedManager[Any] | ManyDescriptor":
        """Return the manager for ``instance``."""
        if instance is None:
            return self
        _check_saved(instance, self.field.name)
        return make_many_manager(self.field, instance, reverse=self.reverse)

    def __set__(self, instance: Any, value: Any) -> None:
        """Refuse: a manager is no value."""
        raise TypeError(
            f"Direct assignment to a many-to-many set is prohibited. Use {self.field.name}.set() "
            f"instead."
        )


def _check_saved(instance: Any, name: str) -> None:
    if instance.pk is None:
        raise ValueError(
            f"{instance!r} needs to have a primary key before its {name} can be used: save it."
        )
