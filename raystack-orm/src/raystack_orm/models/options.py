"""``Model._meta``: what is known about a model, with Django's documented names.

https://docs.djangoproject.com/en/stable/ref/models/meta/
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Table, UniqueConstraint
from sqlalchemy import Index as TableIndex

from ..configuration import label_of
from ..exceptions import FieldDoesNotExist, ImproperlyConfigured, nearest
from ..fields import Field, ManyToManyField, Rel
from ..registry import Registry
from .indexes import Index

if TYPE_CHECKING:  # the metaclass makes these
    from ..query import Manager
    from ..query.resolve.names import Target
    from .base import Model

META_NAMES = {
    "abstract": False,
    "app_label": "",
    "db_table": "",
    "get_latest_by": None,
    "indexes": (),
    "ordering": (),
    "unique_together": (),
    "verbose_name": "",
    "verbose_name_plural": "",
}


class Options:
    """What is known about a model.

    Args:
        model: The model.
        meta: Its inner class ``Meta``, if it has one.
        registry: Where the model is registered.

    Raises:
        ImproperlyConfigured: ``Meta`` has an unknown name.
    """

    def __init__(self, model: "type[Model]", meta: type | None, registry: Registry) -> None:
        given = {
            name: value
            for base in reversed(meta.__mro__ if meta else ())
            for name, value in vars(base).items()
            if not name.startswith("_")
        }
        for name in given:
            if name not in META_NAMES:
                raise ImproperlyConfigured(
                    f"{model.__name__}.Meta has an unknown option {name!r}."
                    f"{nearest(name, META_NAMES)}"
                )
        self.model = model
        self.registry = registry
        self.object_name = model.__name__
        self.model_name = model.__name__.lower()
        options: dict[str, Any] = {**META_NAMES, **given}
        self.abstract: bool = options["abstract"]
        self.app_label: str = options["app_label"] or label_of(model.__module__)
        self.db_table: str = options["db_table"] or f"{self.app_label}_{self.model_name}"
        self.get_latest_by: Any = options["get_latest_by"]
        self.ordering: tuple[Any, ...] = tuple(options["ordering"])
        self.unique_together = _pairs(options["unique_together"])
        self.indexes: list[Index] = list(options["indexes"])
        self.verbose_name: str = options["verbose_name"] or _spaced(model.__name__)
        self.verbose_name_plural: str = options["verbose_name_plural"] or f"{self.verbose_name}s"
        self.auto_created: Any = False
        self.declared_fields: dict[str, Field[Any]] = {}  # with those of abstract parents
        self.declared_managers: dict[str, Any] = {}
        self.local_fields: list[Field[Any]] = []
        self.many_to_many: list[ManyToManyField[Any]] = []
        self.related_objects: list[Rel] = []
        self.managers: list[Manager[Any]] = []
        self.pk: Field[Any]
        self.base: Any = None  # Model itself, to see what a class overrides
        self.targets: dict[str, Target] = {}
        self.built_table: Table | None = None

    @property
    def label(self) -> str:
        """The app's label and the model's name: ``blog.Article``."""
        return f"{self.app_label}.{self.object_name}"

    @property
    def label_lower(self) -> str:
        """The label in lower case."""
        return f"{self.app_label}.{self.model_name}"

    # Fields --------------------------------------------------------------------------------------

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        """The fields that have columns, in the order of their definition."""
        return tuple(self.local_fields)

    @cached_property
    def concrete_fields(self) -> tuple[Field[Any], ...]:
        """The fields that have columns."""
        return tuple(self.local_fields)

    @cached_property
    def names(self) -> dict[str, Any]:
        """All that a query can name: fields, their keys' attributes, relations back, ``pk``."""
        found: dict[str, Any] = {rel.name: rel for rel in self.related_objects}
        for field in (*self.local_fields, *self.many_to_many):
            found[field.attname] = field
            found[field.name] = field
        found["pk"] = self.pk
        return found

    @property
    def field_names(self) -> set[str]:
        """What an error lists: the names without the keys' attributes."""
        hidden = {f.attname for f in self.local_fields if f.attname != f.name}
        return {name for name in self.names if name[-1] != "+"} - hidden - {"pk"}

    @cached_property
    def init_names(self) -> set[str]:
        """The names that the model's constructor takes."""
        names = {name for field in self.local_fields for name in (field.name, field.attname)}
        properties = {
            name
            for base in self.model.__mro__
            for name, value in vars(base).items()
            if isinstance(value, property)
        }
        return names | properties

    def get_field(self, field_name: str) -> Any:
        """Return a field, or a relation back, by its name.

        Raises:
            FieldDoesNotExist: There is none.
        """
        found = self.names.get(field_name)
        if found is None or field_name == "pk":
            raise FieldDoesNotExist(
                f"{self.object_name} has no field named '{field_name}'."
                f"{nearest(field_name, self.field_names)}"
            )
        return found

    def get_fields(self, include_parents: bool = True, include_hidden: bool = False) -> list[Any]:
        """Return the relations back and all fields."""
        back = [rel for rel in self.related_objects if include_hidden or not rel.hidden]
        return [*back, *self.local_fields, *self.many_to_many]

    def add_field(self, field: Field[Any]) -> None:
        """Add a field that has taken its name."""
        if isinstance(field, ManyToManyField):
            self.many_to_many.append(field)
        else:
            self.local_fields.append(field)
        if field.primary_key:
            self.pk = field
        self.forget()

    def add_related_object(self, rel: Rel) -> None:
        """Add a relation that leads here."""
        mine = (rel.related_model._meta.label, rel.field.name)
        self.related_objects = [  # without what a reloaded module defined before
            other
            for other in self.related_objects
            if (other.related_model._meta.label, other.field.name) != mine
        ]
        self.related_objects.append(rel)
        self.forget()

    def forget(self) -> None:
        """Forget what was derived from the fields."""
        for name in ("names", "init_names", "concrete_fields"):
            self.__dict__.pop(name, None)
        self.targets.clear()

    # Managers ------------------------------------------------------------------------------------

    @property
    def default_manager(self) -> "Manager[Any]":
        """The first manager of the class."""
        return self.managers[0]

    parents: ClassVar[dict[Any, Any]] = {}

    @property
    def concrete_model(self) -> "type[Model]":
        """The model whose table it is."""
        return self.model

    @cached_property
    def base_manager(self) -> "Manager[Any]":
        """The manager that finds a row whatever the default one hides."""
        from ..query import Manager

        made: Manager[Any] = Manager()
        made.contribute_to_class(self.model, "_base_manager")
        return made

    # The table -----------------------------------------------------------------------------------

    @property
    def table(self) -> Table:
        """The SQLAlchemy table, made when it is first asked for."""
        if self.built_table is None:
            with self.registry.lock:  # the first requests may come at once
                if self.built_table is None:
                    self.built_table = self._make_table()
        return self.built_table

    def _make_table(self) -> Table:
        others = [
            model._meta.label
            for model in self.registry.get_models()
            if model._meta.built_table is not None and model._meta.db_table == self.db_table
        ]
        if others:
            raise ImproperlyConfigured(
                f"{others[0]} and {self.label} have the same table {self.db_table}. "
                f"Give one of them another Meta.db_table."
            )
        columns = [field.make_column() for field in self.local_fields]
        table = Table(self.db_table, self.registry.metadata, *columns, implicit_returning=False)
        for field in self.local_fields:
            for condition in field.checks(table.c[field.column]):
                name = f"{self.db_table}_{field.column}_check"
                table.append_constraint(CheckConstraint(condition, name=name))
        for names in self.unique_together:
            table.append_constraint(UniqueConstraint(*(self._column(table, n) for n in names)))
        for index in self.indexes:
            keys = [
                self._column(table, n.lstrip("-")).desc()
                if n.startswith("-")
                else self._column(table, n)
                for n in index.fields
            ]
            TableIndex(index.name or f"{self.db_table}_{'_'.join(index.names)}_idx", *keys)
        return table

    def _column(self, table: Table, name: str) -> Any:
        field: Field[Any] = self.get_field(name)
        return table.c[field.column]

    def __repr__(self) -> str:
        return f"<Options for {self.object_name}>"


def _pairs(given: Sequence[Any]) -> tuple[tuple[str, ...], ...]:
    if given and isinstance(given[0], str):
        return (tuple(given),)
    return tuple(tuple(names) for names in given)


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
