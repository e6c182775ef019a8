"""``Model._meta``: what is known about a model, with Django's documented names.

https://docs.djangoproject.com/en/stable/ref/models/meta/
"""

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from ..configuration import label_of
from ..databases import connections
from ..exceptions import FieldDoesNotExist, nearest
from ..registry import Registry, setting
from . import ancestry, model_managers
from .constraints import BaseConstraint, UniqueConstraint
from .construction import Given, given_fields
from .field_lists import collect, names_of, property_names
from .indexes import Index
from .meta_options import DEFAULTS, EVERYWHERE, as_pairs, read_meta, spaced
from .names import short_name
from .order_wrt import number_new
from .table import make_table

if TYPE_CHECKING:  # the metaclass makes these
    from pydantic import BaseModel

    from ..fields import Field, ManyToManyField, Rel
    from ..query import Manager
    from ..query.resolve.targets import Target
    from ..schemas import Kind
    from .base import Model


class Options:
    """What is known about a model.

    Args:
        model: The model.
        meta: Its inner class ``Meta``, if it has one.
        registry: Where the model is registered, unless ``Meta.apps`` says otherwise.

    Raises:
        TypeError: ``Meta`` has an unknown name.
    """

    abstract: bool
    auto_created: Any
    base_manager_name: str | None
    db_table: str
    db_table_comment: str
    db_tablespace: str
    default_manager_name: str | None
    default_permissions: Sequence[str]
    default_related_name: str | None
    get_latest_by: Any
    managed: bool
    order_with_respect_to: Any
    ordering: Sequence[Any]
    permissions: Sequence[tuple[str, str]]
    proxy: bool
    required_db_features: Sequence[str]
    required_db_vendor: str | None
    select_on_save: bool
    swappable: str | None
    verbose_name: str
    verbose_name_plural: str

    def __init__(self, model: "type[Model]", meta: type | None, registry: Registry) -> None:
        self.model = model
        self.object_name = model.__name__
        self.model_name = model.__name__.lower()
        self.original_attrs = read_meta(model.__name__, meta)
        for name, value in {**DEFAULTS, **self.original_attrs}.items():
            setattr(self, name, value if name in self.original_attrs else copy(value))
        self.apps: Registry = self.original_attrs.get("apps") or registry
        self.app_label: str = self.original_attrs.get("app_label") or label_of(model.__module__)
        self.db_table = short_name(self.db_table or f"{self.app_label}_{self.model_name}")
        self.verbose_name = self.original_attrs.get("verbose_name") or spaced(model.__name__)
        self.verbose_name_plural = (
            self.original_attrs.get("verbose_name_plural") or f"{self.verbose_name}s"
        )
        self.unique_together = as_pairs(self.original_attrs.get("unique_together"))
        self.indexes: list[Index] = self._named(self.original_attrs.get("indexes", ()))
        self.constraints: list[BaseConstraint] = self._named(
            self.original_attrs.get("constraints", ())
        )
        self.pk: Any = None  # until the metaclass has the fields
        self.concrete_model: Any = None
        self.proxy_for_model: Any = None
        self.parents: dict[Any, Any] = {}  # model to the field that is the link, none for a proxy
        self.local_fields: list[Field[Any]] = []
        self.local_many_to_many: list[ManyToManyField[Any]] = []
        self.private_fields: list[Any] = []
        self.own_relations: list[Rel] = []  # that lead here from other models
        self.local_managers: list[Any] = []
        self.base: Any = None  # Model itself, to see what a class overrides
        self.prepared = False  # until the metaclass has finished
        self.targets: dict[str, Target] = {}
        self.sort_keys: set[str] = set()
        self.row_writers: dict[Any, Any] = {}
        self.row_getters: dict[Any, Any] = {}
        self.built_table: Table | None = None

    def _named(self, given: Sequence[Any]) -> list[Any]:
        """Copy indexes or constraints, names filled in: abstract models share theirs."""
        made = [one.clone() for one in given]
        if not self.abstract:
            filled = {"app_label": self.app_label.lower(), "class": self.model_name}
            for one in made:
                one.name %= filled
        return made

    # Names ---------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The app's label and the model's name: ``blog.Article``."""
        return f"{self.app_label}.{self.object_name}"

    @property
    def label_lower(self) -> str:
        """The label in lower case."""
        return f"{self.app_label}.{self.model_name}"

    @property
    def registry(self) -> Registry:
        """The registry that the model is in."""
        return self.apps

    @property
    def app_config(self) -> Any:
        """The app that the model belongs to, ``None`` where it is not installed."""
        return self.apps.app_configs.get(self.app_label)

    @property
    def verbose_name_raw(self) -> str:
        """The name for people, as it was written."""
        return str(self.verbose_name)

    @property
    def swapped(self) -> str | None:
        """The label of the model that a setting puts in this one's place."""
        given = setting(self.swappable) if self.swappable else None
        if not given:
            return None
        label, _, name = str(given).rpartition(".")
        return None if f"{label}.{name.lower()}" == self.label_lower else str(given)

    def can_migrate(self, connection: Any) -> bool:
        """Say whether the model's table is ours to create on a database.

        Args:
            connection: The connection, or its alias.
        """
        if self.proxy or self.swapped or not self.managed:
            return False
        if isinstance(connection, str):
            connection = connections[connection]
        if self.required_db_vendor:
            return bool(self.required_db_vendor == connection.vendor)
        return all(
            getattr(connection.driver, name, name in EVERYWHERE)
            for name in self.required_db_features
        )

    # Fields --------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> tuple["Field[Any]", ...]:
        """All fields but those to many, the parents' first."""
        return tuple(
            f
            for f in collect(self, reverse=False)
            if not f.many_to_many
            and not f.one_to_many
            and not (f.is_relation and f.many_to_one and f.remote_field is None)
        )

    @cached_property
    def concrete_fields(self) -> tuple["Field[Any]", ...]:
        """The fields that have columns, the parents' first."""
        return tuple(field for field in self.fields if field.concrete)

    @cached_property
    def local_concrete_fields(self) -> tuple["Field[Any]", ...]:
        """The fields that have columns in the model's own table."""
        return tuple(field for field in self.local_fields if field.concrete)

    @cached_property
    def many_to_many(self) -> tuple["ManyToManyField[Any]", ...]:
        """The relations from many to many, the parents' first."""
        return tuple(f for f in collect(self, reverse=False) if f.is_relation and f.many_to_many)

    @cached_property
    def related_objects(self) -> tuple["Rel", ...]:
        """The relations that lead here, but those that have no way back."""
        found = collect(self, forward=False, hidden=True)
        return tuple(rel for rel in found if not rel.hidden or rel.many_to_many)

    @cached_property
    def relations_here(self) -> tuple["Rel", ...]:
        """The other ends of the keys that lead here, also of those that have no way back."""
        found = self.get_fields(include_hidden=True)
        return tuple(
            rel
            for rel in found
            if rel.auto_created and not rel.concrete and (rel.one_to_one or rel.one_to_many)
        )

    @cached_property
    def pk_fields(self) -> tuple["Field[Any]", ...]:
        """The fields of the primary key: one, unless it is a composite."""
        return tuple(getattr(self.pk, "fields", ()) or (self.pk,))

    @property
    def is_composite_pk(self) -> bool:
        """Whether the primary key has several fields."""
        return bool(getattr(self.pk, "fields", ()))

    @cached_property
    def auto_field(self) -> Any:
        """The field whose values the database counts, if there is one."""
        for field in self.local_fields:
            if field.get_internal_type() in {"AutoField", "BigAutoField", "SmallAutoField"}:
                return field
        return None

    @cached_property
    def db_returning_fields(self) -> tuple["Field[Any]", ...]:
        """The fields whose values the database makes for a new row."""
        found = collect(self, reverse=False, parents="proxied")
        return tuple(field for field in found if getattr(field, "db_returning", False))

    @cached_property
    def names(self) -> dict[str, Any]:
        """All that a query can name: fields, their keys' attributes, relations back, ``pk``."""
        return names_of(self)

    @cached_property
    def field_names(self) -> set[str]:
        """What an error lists: the names without the keys' attributes."""
        hidden = {f.attname for f in self.concrete_fields if f.attname != f.name}
        return {name for name in self.names if name[-1] != "+"} - hidden - {"pk"}

    @cached_property
    def property_names(self) -> frozenset[str]:
        """The names of the model's properties."""
        return frozenset(property_names(self.model))

    @cached_property
    def init_names(self) -> set[str]:
        """The names that the model's constructor takes."""
        return {name for f in self.fields for name in (f.name, f.attname)} | self.property_names

    @cached_property
    def given_fields(self) -> "tuple[Given, ...]":
        """How the fields of a new instance get their values."""
        return given_fields(self)

    @cached_property
    def attnames(self) -> tuple[str, ...]:
        """The attributes of the fields that have columns, in their order."""
        return tuple(field.attname for field in self.concrete_fields)

    @cached_property
    def updatable_names(self) -> frozenset[str]:
        """The names that ``save(update_fields=...)`` takes."""
        keys = {f for model in (self.model, *self.all_parents) for f in model._meta.pk_fields}
        fields = [field for field in self.concrete_fields if field not in keys]
        return frozenset(name for field in fields for name in (field.name, field.attname))

    @cached_property
    def stored_attnames(self) -> frozenset[str]:
        """The attributes of all columns that the database does not compute."""
        return frozenset(f.attname for f in self.concrete_fields if not f.generated)

    @cached_property
    def relations_with_keys(self) -> tuple[Any, ...]:
        """The fields whose columns hold the key of another object."""
        return tuple(field for field in self.concrete_fields if field.is_relation)

    @cached_property
    def deferrable(self) -> frozenset[str]:
        """The attributes that may be missing from an instance, to be loaded when asked for."""
        return frozenset(field.attname for field in self.concrete_fields)

    def get_field(self, field_name: str) -> Any:
        """Return a field, or a relation back, by its name.

        Raises:
            FieldDoesNotExist: There is none.
        """
        found = self.names.get(field_name)
        if found is None or (field_name == "pk" and found.name != "pk"):
            raise FieldDoesNotExist(
                f"{self.object_name} has no field named '{field_name}'."
                f"{nearest(field_name, self.field_names)}"
            )
        return found

    def get_fields(
        self, include_parents: bool = True, include_hidden: bool = False
    ) -> tuple[Any, ...]:
        """Return the relations back and all fields.

        Args:
            include_parents: With those of parents.
            include_hidden: With relations that have no way back.
        """
        if not isinstance(include_parents, bool):
            raise TypeError(f"Invalid argument for include_parents: {include_parents!r}.")
        found = collect(self, parents=include_parents or "proxied", hidden=include_hidden)
        return tuple(found)

    def add_field(self, field: Any, private: bool = False) -> None:
        """Add a field that has taken its name, in the order in which fields were made."""
        if private:
            self.private_fields.append(field)
        elif field.is_relation and field.many_to_many:
            _insert(self.local_many_to_many, field)
        else:
            _insert(self.local_fields, field)
            self.setup_pk(field)
        self.forget()

    def setup_pk(self, field: Any) -> None:
        """Take a field for the primary key if it is one, and the first."""
        if self.pk is None and field.primary_key:
            self.pk = field

    def add_related_object(self, rel: "Rel") -> None:
        """Add a relation that leads here; a proxy's belong to what it stands for."""
        meta = self.concrete_model._meta
        mine = (rel.related_model._meta.label, rel.field.name)
        meta.own_relations = [  # without what a reloaded module defined before
            other
            for other in meta.own_relations
            if (other.related_model._meta.label, other.field.name) != mine
        ]
        meta.own_relations.append(rel)
        meta.forget()

    def number_new(self, objs: Sequence[Any], using: str) -> None:
        """Give objects that are inserted together their places, where they have an order."""
        if objs and self.order_with_respect_to:
            number_new(self.model, objs, using)

    def drop_relations_of(self, model: Any) -> None:
        """Drop the relations that lead here from a model that is no more."""
        kept = [rel for rel in self.own_relations if rel.related_model is not model]
        if len(kept) < len(self.own_relations):
            self.own_relations = kept
            self.forget()

    def forget(self) -> None:
        """Forget what was derived from fields, relations and managers, here and in children."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                self.__dict__.pop(name, None)
        self.targets.clear()
        self.sort_keys.clear()
        self.row_writers.clear()
        self.row_getters.clear()
        for child in type.__subclasses__(self.model):
            if "_meta" in child.__dict__:
                child.__dict__["_meta"].forget()

    # Schemas -------------------------------------------------------------------------------------

    @cached_property
    def schemas(self) -> dict[Any, "type[BaseModel]"]:
        """The schemas that were built, by what they were asked to be."""
        return {}

    def schema(self, kind: "Kind" = "read", **options: Any) -> "type[BaseModel]":
        """Return a pydantic model of the fields, which FastAPI takes and shows.

        Args:
            kind: ``read``, ``create`` or ``update``.
            options: Which fields: ``include``, ``exclude``, ``depth``, ``properties``,
                ``from_attributes``, ``name``.

        Raises:
            FieldError: A name is no field, or one that cannot be in this kind of schema.
        """
        schemas: Any = import_module("raystack_orm.schemas")  # a room above, when it is needed
        found: type[BaseModel] = schemas.schema_of(self.model, kind, **options)
        return found

    # Parents -------------------------------------------------------------------------------------

    @cached_property
    def all_parents(self) -> tuple[Any, ...]:
        """All ancestors that have tables, the nearest first."""
        return ancestry.all_parents(self)

    def get_parent_list(self) -> list[Any]:
        """Return all ancestors that have tables, the nearest first."""
        return list(self.all_parents)

    def get_base_chain(self, model: Any) -> list[Any]:
        """Return the models on the way to an ancestor, the nearest first."""
        return ancestry.base_chain(self, model)

    def get_ancestor_link(self, ancestor: Any) -> Any:
        """Return the field that leads to an ancestor, or to the parent on the way to it."""
        return ancestry.ancestor_link(self, ancestor)

    def get_path_to_parent(self, parent: Any) -> list[Any]:
        """Return the parent links on the way to an ancestor, one for each join."""
        return ancestry.links_to(self, parent)

    # Managers, constraints, the table ------------------------------------------------------------

    def add_manager(self, manager: Any) -> None:
        """Add a manager that has taken its name."""
        self.local_managers.append(manager)
        self.forget()

    @cached_property
    def managers(self) -> tuple["Manager[Any]", ...]:
        """The model's managers, the nearest class's first."""
        return model_managers.managers_of(self)

    @cached_property
    def managers_map(self) -> dict[str, "Manager[Any]"]:
        """The model's managers by name."""
        return {str(manager.name): manager for manager in self.managers}

    @cached_property
    def default_manager(self) -> "Manager[Any]":
        """The manager that relations and other code start from."""
        found: Manager[Any] = model_managers.default_manager(self)
        return found

    @cached_property
    def base_manager(self) -> "Manager[Any]":
        """The manager that finds a row whatever the default one hides."""
        found: Manager[Any] = model_managers.base_manager(self)
        return found

    @cached_property
    def total_unique_constraints(self) -> list[UniqueConstraint]:
        """The constraints by which some fields are unique in all rows."""
        return [
            constraint
            for constraint in self.constraints
            if isinstance(constraint, UniqueConstraint)
            and constraint.condition is None
            and not constraint.contains_expressions
        ]

    @property
    def table(self) -> Table:
        """The SQLAlchemy table, made when it is first asked for."""
        if self.proxy:
            table: Table = self.concrete_model._meta.table
            return table
        if self.built_table is None:
            with self.apps.lock:  # the first requests may come at once
                if self.built_table is None:
                    self.built_table = make_table(self)
        return self.built_table

    def __repr__(self) -> str:
        return f"<Options for {self.object_name}>"

    def __str__(self) -> str:
        return self.label_lower


def _insert(fields: list[Any], field: Any) -> None:
    """Insert a field by the order in which fields were made."""
    number = getattr(field, "creation_counter", None)
    place = len(fields)
    while number is not None and place and fields[place - 1].creation_counter > number:
        place -= 1
    fields.insert(place, field)
