"""Preparing a model: its primary key, what its fields put on the class, its managers."""

from importlib import import_module
from typing import Any

from ..configuration import configuration
from ..exceptions import FieldDoesNotExist, FieldError, ImproperlyConfigured, nearest
from ..fields import (
    AutoField,
    BigAutoField,
    CompositePrimaryKey,
    Field,
    RelationField,
    SmallAutoField,
)
from ..query import Manager
from ..query.manager import BaseManager
from .field_methods import add_methods
from .model_managers import ManagerDescriptor
from .order_wrt import OrderWrt, add_order_methods
from .related import connect

RESERVED = {"pk", "save", "delete", "clean", "full_clean", "refresh_from_db"}
BIG_AUTO_FIELD = "raystack_orm.models.BigAutoField"
_NOTHING = object()


def add_attribute(model: Any, name: str, value: Any) -> None:
    """Add an attribute of a class body: a field and a manager have their own way to join."""
    if isinstance(value, type) or not hasattr(value, "contribute_to_class"):
        setattr(model, name, value)
        return
    if isinstance(value, Field) and not (name == "pk" and isinstance(value, CompositePrimaryKey)):
        _check_name(model, name)
    value.contribute_to_class(model, name)
    if isinstance(value, BaseManager):
        if not any(value is other for other in model._meta.local_managers):
            model._meta.add_manager(value)
        setattr(model, name, ManagerDescriptor(str(value.name)))
    elif isinstance(value, Field) and model._meta.prepared:
        _finish_field(model, value)


def prepare(model: Any) -> None:
    """Finish a model that has all its fields, and register it."""
    meta = model._meta
    _order_with_respect_to(model)
    _find_primary_key(model)
    _check_attributes(model)
    if not meta.managers:
        _add_objects(model)
    if model.__doc__ is None:
        model.__doc__ = f"{model.__name__}({', '.join(field.name for field in meta.fields)})"
    for index in meta.indexes:
        if not index.name:
            index.set_name_with_model(model)
    meta.prepared = True
    for field in (*meta.local_fields, *meta.private_fields):
        _put_descriptor(model, field)
        add_methods(model, field)
    _prime(model)
    meta.apps.register_model(meta.app_label, model)
    for field in (*meta.local_fields, *meta.local_many_to_many):
        if isinstance(field, RelationField):
            connect(model, field)
    if meta.order_with_respect_to:
        add_order_methods(model)


def _finish_field(model: Any, field: Any) -> None:
    """Do for a field that comes late what ``prepare()`` does for the others."""
    _put_descriptor(model, field)
    add_methods(model, field)
    if isinstance(field, RelationField):
        connect(model, field)


def _order_with_respect_to(model: Any) -> None:
    meta = model._meta
    name = meta.order_with_respect_to
    if not name:
        return
    known = {f.name: f for f in meta.fields} | {f.attname: f for f in meta.fields}
    if name not in known:
        raise FieldDoesNotExist(
            f"{model.__name__}.Meta has order_with_respect_to='{name}', and {model.__name__} has "
            f"no field named '{name}'.{nearest(name, known)}"
        )
    meta.order_with_respect_to = known[name]
    meta.ordering = ("_order",)
    if not any(isinstance(field, OrderWrt) for field in meta.local_fields):
        add_attribute(model, "_order", OrderWrt())


def _find_primary_key(model: Any) -> None:
    """Take the link to the first parent for the primary key, or add an ``id``."""
    meta = model._meta
    if meta.pk is not None:
        return
    if meta.parents:
        first = next(iter(meta.parents.values()))
        local = [field for field in meta.local_fields if field.name == first.name]
        link = local[0] if local else first
        link.primary_key = True
        meta.setup_pk(link)
        meta.forget()
        return
    if any(field.name == "id" for field in meta.fields):
        raise FieldError(
            f"{model.__name__}.id has to be the primary key: set primary_key=True or rename it."
        )
    field: Any = _automatic_key()("ID", primary_key=True, auto_created=True)
    add_attribute(model, "id", field)


def _automatic_key() -> Any:
    """Return the field of the setting ``DEFAULT_AUTO_FIELD``.

    Raises:
        ImproperlyConfigured: It is no such field.
    """
    path = getattr(configuration(), "default_auto_field", BIG_AUTO_FIELD)
    if path == BIG_AUTO_FIELD:
        return BigAutoField
    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"DEFAULT_AUTO_FIELD refers to '{path}', which could not be imported."
        ) from error
    if not issubclass(found, (AutoField, BigAutoField, SmallAutoField)):
        raise ValueError(  # noqa: TRY004 - Django's class
            f"Primary key '{path}' referred by DEFAULT_AUTO_FIELD must subclass AutoField."
        )
    return found


def _add_objects(model: Any) -> None:
    if any(field.name == "objects" for field in model._meta.fields):
        raise ValueError(
            f"Model {model.__name__} must specify a custom Manager, because it has a field named "
            f"'objects'."
        )
    manager: Any = Manager()
    manager.auto_created = True
    add_attribute(model, "objects", manager)


def _check_name(model: Any, name: str) -> None:
    if name in RESERVED or "__" in name or name.endswith("_"):
        why = (
            "the name is a model's own."
            if name in RESERVED
            else "queries could not name it, two underscores separate the parts of a path."
        )
        raise FieldError(f"{model.__name__} cannot have a field called {name!r}: {why}")


def _check_attributes(model: Any) -> None:
    seen: dict[str, Any] = {}
    for field in model._meta.local_fields:
        for name in {field.attname, field.name}:
            if name in seen:
                raise FieldError(
                    f"{model.__name__} has two fields for the attribute {name!r}: "
                    f"{seen[name].name} and {field.name}."
                )
            seen[name] = field


def _put_descriptor(model: Any, field: Any) -> None:
    """Leave a plain column off the class, unless something there would hide the instance's."""
    if not field.concrete or field.attname in vars(model):
        return
    if getattr(model, field.attname, _NOTHING) is not _NOTHING:
        setattr(model, field.attname, field.descriptor_class(field))


def _prime(model: Any) -> None:
    """Set every attribute on one instance: CPython then stores those of all others alike."""
    instance = object.__new__(model)
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields if field.attname not in vars(model)]
    names += [field.cache_name for field in fields if field.is_relation]
    for name in names:
        object.__setattr__(instance, name, None)
