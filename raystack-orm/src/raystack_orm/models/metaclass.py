"""The metaclass: from a class body to a model.

It takes the fields off the class, so that an instance's attributes are plain ones, and puts there
what relations need. Nothing is read from settings or a database.
"""

import copy
from collections.abc import Iterable
from typing import Any

from ..exceptions import (
    FieldError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
)
from ..fields import BigAutoField, Field, ForeignKey, ManyToManyField, RelationField
from ..query import Manager
from ..query.manager import BaseManager
from ..registry import current_registry
from .options import Options
from .related import connect

RESERVED = {"pk", "save", "delete", "clean", "full_clean", "refresh_from_db", "objects"}


class ModelBase(type):
    """The type of models."""

    _meta: Options

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any
    ) -> "ModelBase":
        """Make a model of a class body."""
        parents = [base for base in bases if isinstance(base, ModelBase)]
        if not parents:
            return super().__new__(cls, name, bases, namespace, **kwargs)
        own = {key: v for key, v in namespace.items() if isinstance(v, (Field, BaseManager))}
        rest = {key: v for key, v in namespace.items() if key not in own}
        meta = rest.pop("Meta", None)
        model: Any = super().__new__(cls, name, bases, rest, **kwargs)
        model._meta = Options(model, _with_inherited(meta, model), current_registry())
        model._meta.base = [base for base in model.__mro__ if isinstance(base, ModelBase)][-1]
        _refuse_concrete_parents(model, parents)
        fields = {**_inherited_fields(parents, own), **own}
        model._meta.declared_fields = {k: f for k, f in fields.items() if isinstance(f, Field)}
        model._meta.declared_managers = {
            **_inherited_managers(parents),
            **{k: m for k, m in own.items() if isinstance(m, BaseManager)},
        }
        if model._meta.abstract:
            for key, manager in model._meta.declared_managers.items():
                setattr(model, key, manager)
            return model  # type: ignore[no-any-return]  # a class made by type()
        _prepare(model)
        return model  # type: ignore[no-any-return]  # as above

    def __repr__(cls) -> str:
        return f"<class '{cls.__module__}.{cls.__qualname__}'>"


def _with_inherited(meta: type | None, model: Any) -> type | None:
    """Give a model without ``Meta`` what its abstract parents say, all but that they are."""
    if meta is not None:
        model.Meta = meta
        return meta
    inherited = getattr(model, "Meta", None)
    return None if inherited is None else type("Meta", (inherited,), {"abstract": False})


def _refuse_concrete_parents(model: Any, parents: list[Any]) -> None:
    for parent in parents:
        options = getattr(parent, "_meta", None)
        if options is not None and not options.abstract:
            raise FieldError(
                f"{model.__name__} inherits from {parent.__name__}, which has a table of its own. "
                f"Multi-table inheritance does not exist yet: make {parent.__name__} abstract, or "
                f"refer to it with a ForeignKey."
            )


def _inherited_fields(parents: list[Any], own: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for parent in reversed(parents):
        for name, field in _declared(parent, "fields"):
            if name not in own:
                fields[name] = _fresh(field)
    return fields


def _declared(parent: Any, what: str) -> Iterable[tuple[str, Any]]:
    options = getattr(parent, "_meta", None)  # Model itself has none
    return getattr(options, f"declared_{what}", {}).items()


def _fresh(field: Any) -> Any:
    """Copy an abstract model's field for a model of its own."""
    made = copy.copy(field)
    if isinstance(made, RelationField):
        made.set_relation(made.to, made.related_name, made.related_query_name)
    return made


def _inherited_managers(parents: list[Any]) -> dict[str, Any]:
    managers: dict[str, Any] = {}
    for parent in reversed(parents):
        for name, manager in _declared(parent, "managers"):
            managers[name] = copy.copy(manager)
    return managers


def _prepare(model: Any) -> None:
    _add_exceptions(model)
    fields = model._meta.declared_fields
    if not any(field.primary_key for field in fields.values()):
        if "id" in fields:
            raise FieldError(
                f"{model.__name__}.id has to be the primary key: set primary_key=True or rename it."
            )
        fields = {"id": BigAutoField("ID", primary_key=True, blank=True), **fields}
        fields["id"].auto_created = True
    for name, field in fields.items():
        _check_name(model, name)
        field.contribute_to_class(model, name)
    _check_columns(model)
    for name, manager in (model._meta.declared_managers or {"objects": Manager()}).items():
        manager.contribute_to_class(model, name)
        setattr(model, name, manager)
        model._meta.managers.append(manager)
    _prime(model)
    model._meta.registry.add(model)
    for field in (*model._meta.local_fields, *model._meta.many_to_many):
        if isinstance(field, (ForeignKey, ManyToManyField)):
            connect(model, field)


def _add_exceptions(model: Any) -> None:
    for name, base in (
        ("DoesNotExist", ObjectDoesNotExist),
        ("MultipleObjectsReturned", MultipleObjectsReturned),
    ):
        error = type(name, (base,), {"__module__": model.__module__})
        error.__qualname__ = f"{model.__qualname__}.{name}"
        setattr(model, name, error)


def _check_name(model: Any, name: str) -> None:
    if name in RESERVED or "__" in name or name.endswith("_"):
        raise FieldError(
            f"{model.__name__} cannot have a field called {name!r}: "
            + (
                "the name is a model's own."
                if name in RESERVED
                else "queries could not name it, two underscores separate the parts of a path."
            )
        )


def _check_columns(model: Any) -> None:
    seen: dict[str, Any] = {}
    for field in model._meta.local_fields:
        for name in {field.attname, field.name}:
            if name in seen:
                raise FieldError(
                    f"{model.__name__} has two fields for the attribute {name!r}: "
                    f"{seen[name].name} and {field.name}."
                )
            seen[name] = field


def _prime(model: Any) -> None:
    """Set every attribute on one instance: CPython then stores those of all others alike."""
    instance = object.__new__(model)
    for field in model._meta.local_fields:
        object.__setattr__(instance, field.attname, None)
    for field in model._meta.local_fields:
        if isinstance(field, ForeignKey):
            object.__setattr__(instance, field.cache_name, None)
