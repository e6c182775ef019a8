"""Model: an object that is a row.

Each method says what it means; the work is in the modules beside this one.

https://docs.djangoproject.com/en/stable/ref/models/instances/
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from ..databases.colour import run_sync
from ..exceptions import (
    FieldDoesNotExist,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    ObjectNotUpdated,
    ValidationError,
)
from ..query.operations.delete import Deleted, delete_instance
from ..query.operations.fetch_modes import fetch
from ..signals import post_init, pre_init
from . import neighbours, pickling, refreshing, related_keys, saving, uniqueness, validation
from .construction import construct
from .databases_of import write_database
from .metaclass import ModelBase
from .model_managers import ManagerDescriptor
from .options import Options
from .state import LazyState, ModelState

if TYPE_CHECKING:
    from raystack import CheckMessage


class Model(metaclass=ModelBase):
    """The base of all models.

    Args:
        args: Values of the fields, in their order.
        kwargs: Values of the fields, by name.

    Raises:
        TypeError: A name is unknown, or a value is given twice; or the model is abstract.
    """

    _meta: ClassVar[Options]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]
    NotUpdated: ClassVar[type[ObjectNotUpdated]]
    _state: Any = LazyState()
    _batch: Any = None  # who was loaded with it
    _prefetched_objects_cache: Any = None

    if TYPE_CHECKING:
        # Without annotations, which pyright would take for the types of a model's own `id` and
        # `objects` too.
        id = cast("Any", None)  # of a model that has no primary key of its own
        objects: ClassVar = ManagerDescriptor("objects")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cls = type(self)
        meta = cls._meta
        if meta.abstract:
            raise TypeError("Abstract models cannot be instantiated.")
        if pre_init.receivers:
            pre_init.send(sender=cls, args=args, kwargs=kwargs)
        self._state = ModelState()
        construct(self, meta, args, kwargs)
        super().__init__()
        if post_init.receivers:
            post_init.send(sender=cls, instance=self)

    @classmethod
    def from_db(
        cls,
        db: str | None,
        field_names: Collection[str],
        values: Sequence[Any],
        *,
        fetch_mode: Any = None,
    ) -> Self:
        """Make an instance of a row. Override it to do more when a row is loaded.

        Args:
            db: The database.
            field_names: The attributes of the loaded fields.
            values: Their values.
            fetch_mode: How what is missing is fetched.
        """
        made = cls(*refreshing.row_values(cls._meta, field_names, values))
        made._state.adding = False
        made._state.db = db
        if fetch_mode is not None:
            made._state.fetch_mode = fetch_mode
        return made

    def _get_pk_val(self, meta: Options | None = None) -> Any:
        return getattr(self, (meta or self._meta).pk.attname)

    def _set_pk_val(self, value: Any) -> None:
        for link in self._meta.parents.values():
            if link is not None and link is not self._meta.pk:
                setattr(self, link.target_field.attname, value)
        setattr(self, self._meta.pk.attname, value)

    pk = property(_get_pk_val, _set_pk_val, doc="The primary key, whatever the field is called.")

    def _is_pk_set(self, meta: Options | None = None) -> bool:
        value = self._get_pk_val(meta)
        if type(value) is int or value is None:
            return value is not None
        parts = value if isinstance(value, tuple) else (value,)
        # An expression stands for what the database will make of it.
        return not any(part is None or hasattr(part, "resolve_expression") for part in parts)

    # Writing and reading -------------------------------------------------------------------------

    def save(
        self,
        *,
        force_insert: bool | tuple[type, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Write to the database: update the row, or insert it if there is none.

        Args:
            force_insert: Insert, and fail if there is a row; or the parents that are inserted.
            force_update: Update, and fail if there is none.
            using: The database; by default the one that it came from.
            update_fields: The only fields to update.

        Raises:
            IntegrityError: A constraint is broken.
            NotUpdated: Nothing was updated where something had to be.
            ValueError: A related object is not saved, or a name is no field.
        """
        saving.save(
            self,
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=update_fields,
        )

    def save_base(
        self,
        raw: bool = False,
        force_insert: bool | tuple[type, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Collection[str] | None = None,
    ) -> None:
        """Save without the checks of ``save()``; ``raw`` takes values as they are, no parents."""
        saving.save_base(
            self,
            raw=raw,
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=update_fields,
        )

    def delete(self, using: str | None = None, keep_parents: bool = False) -> Deleted:
        """Delete the row with all that goes with it; return the number, also by model.

        Args:
            using: The database; by default the one that it came from.
            keep_parents: Leave the rows of the models that it inherits from.

        Raises:
            ProtectedError: Another row refers to it and forbids it.
            ValueError: It has no primary key.
        """
        if not self._is_pk_set():
            raise ValueError(
                f"{self._meta.object_name} object can't be deleted because its "
                f"{self._meta.pk.attname} attribute is set to None."
            )
        database = using or write_database(type(self), self)
        return delete_instance(self, database, keep_parents=keep_parents)

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: Any = None,
    ) -> None:
        """Load the values from the database again.

        Args:
            using: The database; by default the one that it came from.
            fields: The only fields to load; by default all but the deferred ones.
            from_queryset: Where to look for the row.

        Raises:
            DoesNotExist: The row is gone.
        """
        refreshing.refresh(self, using, fields, from_queryset)

    def _load_deferred(self, name: str) -> Any:
        return refreshing.load_deferred(self, name)

    if not TYPE_CHECKING:  # type checkers would take every name for one that exists

        def __getattr__(self, name: str) -> Any:
            # Called for what is neither on the instance nor on the class: a deferred column, a
            # mistake, or a property that raised AttributeError itself, which is raised again here.
            if name in type(self)._meta.deferrable:
                return self._load_deferred(name)
            return object.__getattribute__(self, name)

    def get_deferred_fields(self) -> set[str]:
        """Return the attributes that are not loaded yet."""
        return {f.attname for f in self._meta.concrete_fields if f.attname not in self.__dict__}

    def _prepare_related_fields_for_save(self, operation_name: str, fields: Any = None) -> None:
        related_keys.prepare(self, operation_name, fields)

    def prepare_database_save(self, field: Any) -> Any:
        """Return the key by which a relation refers to the object."""
        if not self._is_pk_set():
            raise ValueError(
                f"Unsaved model instance {self!r} cannot be used in an ORM query. Save it first."
            )
        return getattr(self, field.remote_field.get_related_field().attname)

    def serializable_value(self, field_name: str) -> Any:
        """Return a field's value, a relation's key; of any other name the attribute."""
        try:
            field = self._meta.get_field(field_name)
        except FieldDoesNotExist:
            return getattr(self, field_name)
        return getattr(self, field.attname)

    def _get_next_or_previous_by_FIELD(  # noqa: N802 - Django's name
        self, field: Any, is_next: bool, **kwargs: Any
    ) -> Any:
        return neighbours.by_date(self, field, kwargs, is_next=is_next)

    # Validation ----------------------------------------------------------------------------------

    def full_clean(
        self,
        exclude: Collection[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        """Validate everything: each field, the model as a whole, what has to be unique.

        Args:
            exclude: Names of fields that are not looked at.
            validate_unique: Ask for rows with the same values.
            validate_constraints: Check the constraints of ``Meta``.

        Raises:
            ValidationError: Something does not fit; its ``message_dict`` says what, by field.
        """
        validation.full_clean(
            self, exclude, unique=validate_unique, constraints=validate_constraints
        )

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Convert and validate each field.

        Raises:
            ValidationError: A field does not fit.
        """
        validation.clean_fields(self, exclude or ())

    def clean(self) -> None:
        """Validate the model as a whole. Override it, and raise ``ValidationError``."""

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Ask the database whether the values that have to be unique are free.

        Raises:
            ValidationError: One is taken.
        """
        uniqueness.validate_unique(self, exclude or ())

    def get_constraints(self) -> list[tuple[Any, Any]]:
        """Return the constraints of the model and its parents, each with its model."""
        models = (type(self), *self._meta.all_parents)
        return [(m, m._meta.constraints) for m in models if m._meta.constraints or m is type(self)]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints of ``Meta``.

        Raises:
            ValidationError: The instance breaks one.
        """
        validation.validate_constraints(self, exclude)

    def unique_error_message(
        self, model_class: Any, unique_check: Sequence[str]
    ) -> ValidationError:
        """Make the error for values that another row has. Override it for another message."""
        return uniqueness.unique_error(self, model_class, unique_check)

    def date_error_message(
        self, lookup_type: str, field_name: str, unique_for: str
    ) -> ValidationError:
        """Make the error for a value that another row of the same date has."""
        return uniqueness.date_error(self, lookup_type, field_name, unique_for)

    @classmethod
    def check(cls, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the model's declaration, by Django's ids.

        https://docs.djangoproject.com/en/stable/ref/checks/#models
        """
        from .checks import check_model  # needed by `raystack check` alone

        return check_model(cls, **kwargs)

    # Async ---------------------------------------------------------------------------------------

    async def asave(
        self,
        *,
        force_insert: bool | tuple[type, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Write to the database; see ``save()``."""
        await run_sync(
            self.save,
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=update_fields,
        )

    async def adelete(self, using: str | None = None, keep_parents: bool = False) -> Deleted:
        """Delete the row with all that goes with it; see ``delete()``."""
        return await run_sync(self.delete, using=using, keep_parents=keep_parents)

    async def arefresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: Any = None,
    ) -> None:
        """Load the values from the database again; see ``refresh_from_db()``."""
        await run_sync(
            self.refresh_from_db, using=using, fields=fields, from_queryset=from_queryset
        )

    async def afetch(self, *names: str) -> None:
        """Load relations or deferred fields, whatever the fetch mode, to use them afterwards.

        Args:
            names: Fields and relations; ``author__publisher`` goes on from the author.
        """
        await run_sync(fetch, self, names)

    # Being an object -----------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if self._meta.concrete_model is not other._meta.concrete_model:
            return False
        return self is other if self.pk is None else self.pk == other.pk

    def __hash__(self) -> int:
        if not self._is_pk_set():
            raise TypeError("Model instances without primary key value are unhashable")
        return hash(self.pk)

    def __reduce__(self) -> Any:
        return pickling.reduce(self)

    def __getstate__(self) -> dict[str, Any]:
        """Return the attributes that are pickled and copied."""
        return pickling.get_state(self)

    def __setstate__(self, state: dict[str, Any]) -> None:
        pickling.set_state(self, state)

    def __str__(self) -> str:
        return f"{type(self).__name__} object ({self.pk})"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"
