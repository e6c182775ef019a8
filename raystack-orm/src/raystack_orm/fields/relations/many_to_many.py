"""ManyToManyField: any number of objects of another model, by a table between the two."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from ...exceptions import FieldError, ImproperlyConfigured
from ..base import Field
from ..declaration import NamedOptions, V
from .base import RelationField
from .foreign_key import ForeignKey
from .hops import Hop, hops_between
from .rels import ManyToManyRel

if TYPE_CHECKING:  # rooms above
    from raystack import CheckMessage

    from ...models import Model
    from ...models.managers import ManyRelatedManager


class ManyToManyField(RelationField[V, Literal[False]]):
    """References to any number of objects of another model, in a table of their own.

    Args:
        to: The model, or its name.
        related_name: The name of the manager on the other model; ``"+"`` for none.
        related_query_name: The name in the other model's filters.
        limit_choices_to: Which objects validation accepts.
        symmetrical: For a relation to the model itself: being related goes both ways. So it is by
            default.
        through: A model that has a ForeignKey to each side; made for you by default.
        through_fields: The names of its keys to this side and to the other, where there are more.
        db_constraint: False creates no constraints in the table that is made.
        db_table: The name of the table that is made.
        swappable: The other model may be one that a setting replaces.

    https://docs.djangoproject.com/en/stable/ref/models/fields/#manytomanyfield
    """

    many_to_many = True
    many_to_one = False
    one_to_many = False
    one_to_one = False
    concrete = False
    rel: ManyToManyRel

    if TYPE_CHECKING:

        def __init__(
            self,
            to: type[V] | str,
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            limit_choices_to: Any = ...,
            symmetrical: bool | None = ...,
            through: Any = ...,
            through_fields: Sequence[str] | None = ...,
            db_constraint: bool = ...,
            db_table: str | None = ...,
            swappable: bool = ...,
            **options: Unpack[NamedOptions],
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
            related_name: str | None = None,
            related_query_name: str | None = None,
            limit_choices_to: Any = None,
            symmetrical: bool | None = None,
            through: Any = None,
            through_fields: Sequence[str] | None = None,
            db_constraint: bool = True,
            db_table: str | None = None,
            swappable: bool = True,
            **options: Any,
        ) -> None:
            super().__init__(**options)
            if through is not None and db_table is not None:
                raise ValueError(
                    "A ManyToManyField with through= has that model's table: leave db_table out."
                )
            if through_fields and through is None:
                raise ValueError("through_fields names the keys of a through model: give through.")
            rel = ManyToManyRel(
                self,
                related_name or "",
                related_query_name or "",
                limit_choices_to,
                to == "self" if symmetrical is None else symmetrical,
                through,
                through_fields or None,
                db_constraint,
            )
            self._set_relation(to, rel)
            self.db_table = db_table
            self.swappable = swappable
            self._given_through = through

    db_table: str | None
    swappable: bool
    _given_through: Any

    def __copy__(self) -> "ManyToManyField[V]":
        made = super().__copy__()
        made.rel.through = self._given_through
        return made

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``."""
        super().set_name(model, name)
        if self.rel.symmetrical and self.to in ("self", model, model.__name__):
            # The one manager serves both ways: the way back exists for queries alone.
            self.rel.related_name = f"{name}_rel_+"

    def get_attname_column(self) -> tuple[str, Any]:
        """Return the attribute and no column: the keys are in a table of their own."""
        return self.get_attname(), None

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, import path, and arguments to make the field again."""
        name, path, args, options = super().deconstruct()
        if self.db_table is not None:
            options["db_table"] = self.db_table
        if not self.rel.db_constraint:
            options["db_constraint"] = False
        through = self._given_through
        if through is not None:
            label = through if isinstance(through, str) else through._meta.label
            options["through"] = label
            if self.rel.through_fields:
                options["through_fields"] = self.rel.through_fields
        if self.to == "self" and not self.rel.symmetrical:
            options["symmetrical"] = False
        return name, path, args, options

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        from .through_checks import check_many_to_many  # needed by `raystack check` alone

        return [*super().check(**kwargs), *check_many_to_many(self)]

    # The table between ---------------------------------------------------------------------------

    @property
    def through(self) -> Any:
        """The model of the table between."""
        return self.rel.through

    @through.setter
    def through(self, value: Any) -> None:
        self.rel.through = value

    def check_through(self) -> None:
        """Refuse to go on without the model of the table between.

        Raises:
            FieldError: It is not defined.
        """
        if isinstance(self.through, str):
            raise FieldError(
                f"{self.model._meta.label}.{self.name} goes through the model {self.through!r}, "
                f"which is not defined. Import its module, or correct the name."
            )

    def _side(self, model: Any, number: int, skip: Any = None) -> ForeignKey[Any, Any]:
        self.check_through()
        named = self.rel.through_fields and self.rel.through_fields[number]
        for field in self.through._meta.fields:
            if named:
                if field.name == named:
                    return field  # type: ignore[no-any-return]  # of a model known only as Any
            elif _leads_to(field, model) and field is not skip:
                return field  # type: ignore[no-any-return]  # as above
        raise ImproperlyConfigured(
            f"{self.through._meta.label}, the through model of {self.model._meta.label}."
            f"{self.name}, has no ForeignKey "
            + (f'called "{named}".' if named else f"to {model._meta.label}.")
        )

    @property
    def source_key(self) -> ForeignKey[Any, Any]:
        """The through model's key to the model that has the field."""
        return self._side(self.model, 0)

    @property
    def target_key(self) -> ForeignKey[Any, Any]:
        """The through model's key to the related model."""
        return self._side(self.related_model, 1, skip=self.source_key)

    @property
    def target_field(self) -> Field[Any, Any]:
        """The field of the related model that the table between refers to."""
        target: Field[Any, Any] = self.target_key.target_field
        return target

    def m2m_db_table(self) -> str:
        """Return the name of the table between."""
        return str(self.through._meta.db_table)

    def m2m_field_name(self) -> str:
        """Return the name of the key to this side."""
        return str(self.source_key.name)

    def m2m_reverse_field_name(self) -> str:
        """Return the name of the key to the other side."""
        return str(self.target_key.name)

    def m2m_column_name(self) -> str:
        """Return the column of the key to this side."""
        return str(self.source_key.column)

    def m2m_reverse_name(self) -> str:
        """Return the column of the key to the other side."""
        return str(self.target_key.column)

    def hops(self) -> tuple[Hop, ...]:
        """Return the steps through the table between."""
        source, target = self.source_key, self.target_key
        return (*self.hops_to_key(source, target), *target.hops())

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the steps back through the table between."""
        source, target = self.source_key, self.target_key
        return (*self.hops_to_key(target, source), *source.hops())

    def hops_to_key(
        self, first: ForeignKey[Any, Any], second: ForeignKey[Any, Any]
    ) -> tuple[Hop, ...]:
        """Return the steps that enter the table between by one key and lead to the other.

        They are in tables of their own where the through model inherits one of them.
        """
        way = hops_between(first.model, second.model, self.through._meta.concrete_model)
        return (*first.hops_back(), *way)

    def value_from_object(self, obj: Any) -> list[Any]:
        """Return the related objects of an instance."""
        return [] if obj.pk is None else list(getattr(obj, self.name).all())


def _leads_to(field: Any, model: Any) -> bool:
    return isinstance(field, ForeignKey) and field.related_model is model
