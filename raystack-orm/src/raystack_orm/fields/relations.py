"""Fields that relate models: ForeignKey, ManyToManyField, and their other ends.

A relation is one or two hops from table to table. The resolver joins along them, in either
direction, without knowing which kind of field they came from.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, Unpack, overload

from sqlalchemy.types import TypeEngine

from ..exceptions import FieldError, ImproperlyConfigured
from ..registry import ModelKey
from .base import Field, FieldOptions

if TYPE_CHECKING:  # rooms above
    from ..models import Model
    from ..query.manager import ManyRelatedManager

V = TypeVar("V")
R = TypeVar("R")


class OnDelete(Enum):
    """What happens to the rows that refer to a deleted one."""

    CASCADE = "they are deleted too"
    PROTECT = "the deletion is refused"
    RESTRICT = "the deletion is refused, unless they are deleted with something else"
    SET_NULL = "they refer to nothing"
    SET_DEFAULT = "they refer to the field's default"
    DO_NOTHING = "the database decides"


CASCADE = OnDelete.CASCADE
PROTECT = OnDelete.PROTECT
RESTRICT = OnDelete.RESTRICT
SET_NULL = OnDelete.SET_NULL
SET_DEFAULT = OnDelete.SET_DEFAULT
DO_NOTHING = OnDelete.DO_NOTHING


@dataclass(frozen=True)
class SET:
    """``on_delete=SET(value)``: they refer to ``value``, or to what calling it returns."""

    value: Any

    def get(self) -> Any:
        """Return the value."""
        return self.value() if callable(self.value) else self.value


class Hop(NamedTuple):
    """One step from a table to the next."""

    model: Any
    source: Field[Any]
    target: Field[Any]
    many: bool
    nullable: bool


class Rel:
    """The other end of a relation, as the model that it leads to sees it.

    Args:
        field: The field that made the relation.
    """

    is_relation = True
    auto_created = True
    concrete = False
    editable = False
    primary_key = False

    def __init__(self, field: "RelationField[Any]") -> None:
        self.field = field
        self.many_to_many = bool(field.many_to_many)
        self.one_to_many = not field.many_to_many
        self.many_to_one = False
        self.one_to_one = False

    @property
    def model(self) -> Any:
        """The model that the relation leads to."""
        return self.field.related_model

    @property
    def related_model(self) -> Any:
        """The model that has the field."""
        return self.field.model

    @property
    def hidden(self) -> bool:
        """Whether there is no way back: ``related_name="+"``."""
        return bool(self.field.related_name) and self.field.related_name.endswith("+")

    @property
    def name(self) -> str:
        """The name in filters."""
        if self.hidden:  # resolvable, for the manager of a ManyToManyField, and never typed
            return f"{self._model_name}_{self.field.name}+"
        return self.field.related_query_name or self.field.related_name or self._model_name

    @property
    def _model_name(self) -> str:
        return str(self.field.model._meta.model_name)

    def get_accessor_name(self) -> str:
        """Return the name of the manager on the other model."""
        return self.field.related_name or f"{self._model_name}_set"

    @property
    def null(self) -> bool:
        """There may be none."""
        return True

    def hops(self) -> tuple[Hop, ...]:
        """Return the way from the related model to the field's."""
        return self.field.hops_back()

    def __repr__(self) -> str:
        return f"<Rel: {self.related_model._meta.label}.{self.field.name} backwards>"


class RelationField(Field[V]):
    """The base of the relations."""

    is_relation = True
    expected = "an object or its key"
    empty_strings_allowed = False

    to: Any
    related_name: str
    related_query_name: str
    rel: Rel

    def set_relation(self, to: Any, related_name: str | None, query_name: str | None) -> None:
        """Say what it relates to, anew for each model that gets the field.

        Raises:
            TypeError: ``to`` is neither a model nor a name.
        """
        if not isinstance(to, str) and not hasattr(to, "_meta"):
            raise TypeError(
                f"{type(self).__name__} takes a model, or the name of one, but got {to!r}."
            )
        self.to = to
        self.related_name = related_name or ""
        self.related_query_name = query_name or ""
        self.rel = Rel(self)
        self._resolved: Any = None

    @property
    def remote_field(self) -> Rel:
        """The other end."""
        return self.rel

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``; ``%(class)s`` in names is filled in."""
        super().set_name(model, name)
        filled = {"class": model.__name__.lower(), "app_label": model._meta.app_label.lower()}
        self.related_name %= filled
        self.related_query_name %= filled

    def key_of(self, to: Any) -> ModelKey:
        """Return how the registry finds the model named ``to``."""
        if to == "self":
            to = self.model
        if isinstance(to, str):
            label, _, name = to.rpartition(".")
            return ModelKey(label or self.model._meta.app_label, name.lower())
        return ModelKey(to._meta.app_label, to._meta.model_name)

    def resolve(self, related: Any) -> None:
        """Be told the related model."""
        self._resolved = related

    @property
    def is_resolved(self) -> bool:
        """Whether the related model is defined."""
        return self._resolved is not None

    @property
    def related_model(self) -> Any:
        """The model that the relation leads to.

        Raises:
            FieldError: It was named and never defined.
        """
        if self._resolved is None:
            raise FieldError(
                f"{self.model._meta.label}.{self.name} refers to the model {self.to!r}, which is "
                f"not defined. Import its module, or correct the name."
            )
        return self._resolved

    @related_model.setter
    def related_model(self, value: Any) -> None:
        self._resolved = value

    def hops(self) -> tuple[Hop, ...]:
        """Return the way to the related model."""
        raise NotImplementedError

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the way from the related model."""
        raise NotImplementedError


class ForeignKey(RelationField[V]):
    """A reference to one object of another model.

    Args:
        to: The model, or its name: ``"self"``, ``"Author"``, ``"blog.Author"``.
        on_delete: What happens when the other object is deleted.
        related_name: The name of the manager on the other model; ``"+"`` for none.
        related_query_name: The name in the other model's filters.
        db_constraint: False creates no constraint in the database.
    """

    many_to_one = True
    default_db_index = True

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "ForeignKey[R]",
            to: type[R] | str,
            on_delete: OnDelete | SET,
            *,
            null: Literal[False] = ...,
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            db_constraint: bool = ...,
            verbose_name: str | None = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "ForeignKey[R | None]",
            to: type[R] | str,
            on_delete: OnDelete | SET,
            *,
            null: Literal[True],
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            db_constraint: bool = ...,
            verbose_name: str | None = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, to: Any, on_delete: Any, **options: Any) -> None: ...

    else:

        def __init__(
            self,
            to: Any,
            on_delete: OnDelete | SET,
            *,
            related_name: str | None = None,
            related_query_name: str | None = None,
            db_constraint: bool = True,
            **options: Any,
        ) -> None:
            super().__init__(**options)
            self.set_relation(to, related_name, related_query_name)
            self.on_delete = on_delete
            self.db_constraint = db_constraint
            if not isinstance(on_delete, (OnDelete, SET)):
                raise TypeError(f"on_delete is {on_delete!r}; use models.CASCADE or another of it.")
            if on_delete is SET_NULL and not self.null:
                raise ImproperlyConfigured(
                    "A ForeignKey with on_delete=SET_NULL needs null=True as well."
                )
            if on_delete is SET_DEFAULT and not self.has_default():
                raise ImproperlyConfigured(
                    "A ForeignKey with on_delete=SET_DEFAULT needs a default as well."
                )

    on_delete: OnDelete | SET
    db_constraint: bool

    def get_attname(self) -> str:
        """Return the name of the attribute that holds the key."""
        return f"{self.name}_id"

    @property
    def target_field(self) -> Field[Any]:
        """The field of the other model that the column refers to: its primary key."""
        target: Field[Any] = self.related_model._meta.pk
        return target

    @property
    def target_column(self) -> str:
        """The column that the constraint refers to."""
        if not self.db_constraint:
            return ""
        return f"{self.related_model._meta.db_table}.{self.target_field.column}"

    def sa_type(self) -> TypeEngine[Any]:
        """Return the type of the other model's key."""
        target: TypeEngine[Any] = self.target_field.sa_type()
        return target

    def to_python(self, value: Any) -> Any:
        """Convert a key."""
        return self.target_field.to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        """Convert an object, or its key, to the key."""
        if hasattr(value, "_meta"):
            value = value.pk
        return self.target_field.get_prep_value(value)

    def get_default(self) -> Any:
        """Return the key of the default."""
        value = super().get_default()
        return value.pk if hasattr(value, "_meta") else value

    @property
    def cache_name(self) -> str:
        """The attribute that remembers the related object together with its key."""
        return f"_{self.name}_cache"

    def hops(self) -> tuple[Hop, ...]:
        """Return the one step to the other model."""
        return (Hop(self.related_model, self, self.target_field, False, self.null),)

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the one step from the other model, to many."""
        return (Hop(self.model, self.target_field, self, not self.unique, True),)


class ManyToManyField(RelationField[V]):
    """References to any number of objects of another model, in a table of their own.

    Args:
        to: The model, or its name.
        related_name: The name of the manager on the other model; ``"+"`` for none.
        related_query_name: The name in the other model's filters.
        through: A model that has a ForeignKey to each side; made for you by default.
        db_table: The name of the table that is made.
    """

    many_to_many = True
    concrete = False

    through: Any

    if TYPE_CHECKING:

        def __init__(
            self: "ManyToManyField[R]",
            to: type[R] | str,
            *,
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            through: Any = ...,
            db_table: str | None = ...,
            verbose_name: str | None = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload  # type: ignore[override]  # a manager of the related model, not its value
        def __get__(self, instance: None, owner: Any) -> "ManyToManyField[V]": ...
        @overload
        def __get__(self, instance: object, owner: Any) -> "ManyRelatedManager[V]": ...  # type: ignore[type-var]  # V is a model here
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    else:

        def __init__(
            self,
            to: Any,
            *,
            related_name: str | None = None,
            related_query_name: str | None = None,
            through: Any = None,
            db_table: str | None = None,
            **options: Any,
        ) -> None:
            super().__init__(**options)
            self.set_relation(to, related_name, related_query_name)
            self.through = through
            self.db_table = db_table

    db_table: str | None

    def _side(self, model: Any, skip: Any = None) -> ForeignKey[Any]:
        for field in self.through._meta.fields:
            if isinstance(field, ForeignKey) and field is not skip and field.related_model is model:
                return field
        raise ImproperlyConfigured(
            f"{self.through._meta.label}, the through model of {self.model._meta.label}."
            f"{self.name}, has no ForeignKey to {model._meta.label}."
        )

    @property
    def source_key(self) -> ForeignKey[Any]:
        """The through model's key to the model that has the field."""
        return self._side(self.model)

    @property
    def target_key(self) -> ForeignKey[Any]:
        """The through model's key to the related model."""
        return self._side(self.related_model, skip=self.source_key)

    def hops(self) -> tuple[Hop, ...]:
        """Return the steps through the table between."""
        return (*self.source_key.hops_back(), *self.target_key.hops())

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the steps back through the table between."""
        return (*self.target_key.hops_back(), *self.source_key.hops())


Relation = RelationField[Any] | Rel
