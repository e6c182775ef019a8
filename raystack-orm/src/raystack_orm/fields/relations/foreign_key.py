"""ForeignKey: a column that holds the key of another model's row."""

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy.types import TypeEngine

from ...exceptions import FieldDoesNotExist, FieldError, ImproperlyConfigured
from ..base import Field
from ..declaration import N, NamedOptions, V
from .base import RelationField
from .cached import CachedRelation
from .hops import Hop
from .on_delete import DB_SET_NULL, SET_DEFAULT, SET_NULL, Action
from .rels import ManyToOneRel

if TYPE_CHECKING:
    from raystack import CheckMessage


class ForeignKey(RelationField[V, N], CachedRelation):
    """A reference to one object of another model.

    Args:
        to: The model, or its name: ``"self"``, ``"Author"``, ``"blog.Author"``.
        on_delete: What happens when the other object is deleted.
        related_name: The name of the manager on the other model; ``"+"`` for none.
        related_query_name: The name in the other model's filters.
        limit_choices_to: Which objects validation accepts: a dictionary, a Q, or a callable that
            returns one.
        parent_link: It links a model to its parent, in multi-table inheritance.
        to_field: The other model's field that it refers to; its primary key by default.
        db_constraint: False creates no constraint in the database.
        swappable: The other model may be one that a setting replaces.

    https://docs.djangoproject.com/en/stable/ref/models/fields/#foreignkey
    """

    many_to_many = False
    many_to_one = True
    one_to_many = False
    one_to_one = False
    default_db_index = True
    rel_class = ManyToOneRel
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "%(model)s instance with %(field)s %(value)r is not a valid choice."
    }

    rel: ManyToOneRel

    if TYPE_CHECKING:

        def __init__(
            self,
            to: type[V] | str,
            on_delete: Action,
            related_name: str | None = ...,
            related_query_name: str | None = ...,
            limit_choices_to: Any = ...,
            parent_link: bool = ...,
            to_field: str | None = ...,
            db_constraint: bool = ...,
            swappable: bool = ...,
            *,
            null: N = False,  # type: ignore[assignment]  # N's own default
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            to: Any,
            on_delete: Action,
            related_name: str | None = None,
            related_query_name: str | None = None,
            limit_choices_to: Any = None,
            parent_link: bool = False,
            to_field: str | None = None,
            db_constraint: bool = True,
            swappable: bool = True,
            **options: Any,
        ) -> None:
            super().__init__(**options)
            rel = self.rel_class(
                self,
                related_name or "",
                related_query_name or "",
                limit_choices_to,
                parent_link,
                on_delete,
            )
            self._set_relation(to, rel)
            self.to_field = to_field
            self.db_constraint = db_constraint
            self.swappable = swappable
            self._check_on_delete(on_delete)

    to_field: str | None
    db_constraint: bool
    swappable: bool

    def _check_on_delete(self, on_delete: Any) -> None:
        if not callable(on_delete):
            raise TypeError(f"on_delete is {on_delete!r}; use models.CASCADE or another of it.")
        kind = type(self).__name__
        if on_delete in (SET_NULL, DB_SET_NULL) and not self.null:
            raise ImproperlyConfigured(
                f"A {kind} with on_delete={on_delete!r} needs null=True as well."
            )
        if on_delete is SET_DEFAULT and not self.has_default():
            raise ImproperlyConfigured(
                f"A {kind} with on_delete=SET_DEFAULT needs a default as well."
            )

    @property
    def on_delete(self) -> Any:
        """What happens when the other object is deleted."""
        return self.rel.on_delete

    def get_attname(self) -> str:
        """Return the name of the attribute that holds the key."""
        return f"{self.name}_id"

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, import path, and arguments to make the field again."""
        name, path, args, options = super().deconstruct()
        options["on_delete"] = self.on_delete
        if self.to_field is not None and not self._is_pk(self.to_field):
            options["to_field"] = self.to_field
        if not self.db_constraint:
            options["db_constraint"] = False
        if not self.swappable:
            options["swappable"] = False
        if self.rel.parent_link:
            options["parent_link"] = True
        return name, path, args, options

    def _is_pk(self, name: str) -> bool:
        return self.is_resolved and bool(self.related_model._meta.pk.name == name)

    # The other model -----------------------------------------------------------------------------

    @property
    def target_field(self) -> Field[Any, Any]:
        """The field of the other model that the column refers to.

        Raises:
            FieldError: ``to_field`` is none of its fields.
        """
        if self._target is None:
            self._target = self._find_target()
        found: Field[Any, Any] = self._target
        return found

    def _find_target(self) -> Field[Any, Any]:
        meta = self.related_model._meta
        try:
            target: Field[Any, Any] = (
                meta.pk if self.to_field is None else meta.get_field(self.to_field)
            )
        except FieldDoesNotExist as error:
            raise FieldError(
                f'{self.model._meta.label}.{self.name} has to_field="{self.to_field}". {error}'
            ) from error
        if target.model._meta.concrete_model is not meta.concrete_model:
            raise FieldError(
                f"'{self.model._meta.label}.{self.name}' refers to field '{target.name}' which is "
                f"not local to model '{meta.label}': it is in the table of "
                f"{target.model._meta.label}. Let the key refer to that model."
            )
        return target

    @property
    def related_fields(self) -> list[tuple[Field[Any, Any], Field[Any, Any]]]:
        """The field on this side with the field on the other."""
        return [(self, self.target_field)]

    @property
    def target_column(self) -> str:
        """The column that the constraint refers to."""
        if not self.db_constraint:
            return ""
        target = self.target_field
        return f"{target.model._meta.db_table}.{target.column}"

    def hops(self) -> tuple[Hop, ...]:
        """Return the one step to the other model."""
        return (Hop(self.related_model, self, self.target_field, False, self.null),)

    def hops_back(self) -> tuple[Hop, ...]:
        """Return the one step from the other model, to many."""
        return (Hop(self.model, self.target_field, self, not self.unique, True),)

    # Values --------------------------------------------------------------------------------------

    def sa_type(self) -> TypeEngine[Any]:
        """Return the type of the other model's key."""
        target: TypeEngine[Any] = self.target_field.sa_type()
        return target

    def to_python(self, value: Any) -> Any:
        """Convert a key."""
        return self.target_field.to_python(value)

    def key_in(self, related: Any) -> Any:
        """Return the key of an object: the value of the field that the column refers to."""
        return getattr(related, self.target_field.attname)

    @property
    def plain_limits(self) -> tuple[int, int] | None:  # type: ignore[override]  # the other's
        """The limits of the field that it refers to, unless a subclass converts values."""
        if type(self).get_prep_value is not ForeignKey.get_prep_value:
            return None
        return self.target_field.plain_limits  # type: ignore[no-any-return]  # any field

    def get_prep_value(self, value: Any) -> Any:
        """Convert an object, or its key, to the key."""
        if hasattr(value, "_meta"):
            value = self.key_in(value)
        return self.target_field.get_prep_value(value)

    @property
    def from_db_value(self) -> Any:
        """What the field that it refers to does with a loaded value."""
        return self.target_field.from_db_value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Convert a key for one database, as the field that it refers to does."""
        return self.target_field.get_db_prep_value(value, connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Convert a key that is saved, as the field that it refers to does."""
        if hasattr(value, "resolve_expression"):
            return value
        if hasattr(value, "_meta"):
            value = self.key_in(value)
        return None if value is None else self.target_field.get_db_prep_save(value, connection)

    def get_default(self) -> Any:
        """Return the key of the default."""
        value = super().get_default()
        return self.key_in(value) if hasattr(value, "_meta") else value

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        from .checks import check_foreign_key  # needed by `raystack check` alone

        return [*super().check(**kwargs), *check_foreign_key(self)]

    def validate(self, value: Any, model_instance: Any) -> None:
        """Check that the other object exists, and is among those that it is limited to.

        Raises:
            ValidationError: It does not, or is not.
        """
        if self.rel.parent_link:
            return
        super().validate(value, model_instance)
        if value is None:
            return
        target = self.target_field
        hints = {"instance": model_instance}
        found = self.related_model._meta.base_manager.db_manager(hints=hints)
        found = found.filter(**{target.name: value})
        limit = self.get_limit_choices_to()
        if limit:
            found = found.complex_filter(limit)
        if not found.exists():
            raise self.invalid(
                "invalid",
                model=self.related_model._meta.verbose_name,
                pk=value,
                field=target.name,
                value=value,
            )

    # What is remembered of the related object ----------------------------------------------------

    @property
    def cache_name(self) -> str:
        """The attribute that remembers the related object together with its key."""
        return f"_{self.name}_cache"

    @property
    def cache_key_name(self) -> str:
        """The attribute that holds the key."""
        return self.attname

    def cached_key_of(self, related: Any) -> Any:
        """Return the key of a related object."""
        return self.key_in(related)
