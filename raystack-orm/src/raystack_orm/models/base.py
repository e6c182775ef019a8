"""Model: an object that is a row.

https://docs.djangoproject.com/en/stable/ref/models/instances/
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from ..databases import DEFAULT
from ..exceptions import (
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    nearest,
)
from ..fields import ForeignKey
from ..query import Manager, QuerySet
from ..query.operations.delete import Deleted, delete_instance
from ..query.operations.fetch_modes import FetchMode, default_mode, fetch_deferred
from ..query.operations.write import save
from . import validation
from .metaclass import ModelBase
from .options import Options


class ModelState:
    """Whether an instance is a row yet, and of which database.

    Args:
        adding: It is not saved yet.
        db: The database that it came from or was saved to.
    """

    __slots__ = ("adding", "db", "fetch_mode")

    def __init__(
        self, adding: bool = True, db: str | None = None, fetch_mode: FetchMode | None = None
    ) -> None:
        self.adding = adding
        self.db = db
        self.fetch_mode = default_mode() if fetch_mode is None else fetch_mode


class _LazyState:
    """Makes the state of a loaded instance when it is first asked for: most never are."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            return self
        batch = instance._batch
        made = (
            ModelState(adding=False, db=DEFAULT)
            if batch is None
            else ModelState(adding=False, db=batch.alias, fetch_mode=batch.mode)
        )
        instance.__dict__["_state"] = made
        return made


class Model(metaclass=ModelBase):
    """The base of all models.

    Args:
        args: Values of the fields, in their order.
        kwargs: Values of the fields, by name.

    Raises:
        TypeError: A name is unknown, or a value is given twice.
    """

    _meta: ClassVar[Options]
    objects: ClassVar[Manager[Self]]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]
    _state: Any = _LazyState()
    _batch: Any = None  # who was loaded with it
    _prefetched_objects_cache: Any = None

    if TYPE_CHECKING:
        id: Any  # of a model that has no primary key of its own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        meta = self._meta
        self._state = ModelState()
        if len(args) > len(meta.concrete_fields):
            raise IndexError(f"{meta.object_name}() got more values than it has fields.")
        for field, value in zip(meta.concrete_fields, args, strict=False):
            if field.name in kwargs or field.attname in kwargs:
                raise TypeError(f"{meta.object_name}() got both positional and keyword arguments "
                                f"for field '{field.name}'.")  # fmt: skip
            kwargs[field.attname] = value
        for field in meta.concrete_fields:
            name, attname = field.name, field.attname
            if attname in kwargs:
                setattr(self, attname, kwargs.pop(attname))
            elif name != attname and name in kwargs:
                setattr(self, name, kwargs.pop(name))
            else:
                setattr(self, attname, field.get_default())
        if kwargs:
            self._set_others(kwargs)

    def _set_others(self, kwargs: dict[str, Any]) -> None:
        meta = self._meta
        for name, value in kwargs.items():
            if name == "pk":
                self.pk = value
            elif name in meta.init_names:
                setattr(self, name, value)
            elif any(name == field.name for field in meta.many_to_many):
                raise TypeError(
                    f"Direct assignment to the many-to-many field {name} is not possible: save the "
                    f"{meta.object_name}, then use {name}.set()."
                )
            else:
                raise TypeError(
                    f'{meta.object_name}() got an unexpected field "{name}".'
                    f"{nearest(name, meta.init_names)}\n"
                    f"  Fields of {meta.object_name}: "
                    f"{', '.join(field.name for field in meta.concrete_fields)}."
                )

    @classmethod
    def from_db(cls, db: str, field_names: Collection[str], values: Sequence[Any]) -> Self:
        """Make an instance of a row. Override it to do more when a row is loaded.

        Args:
            db: The database.
            field_names: The loaded fields.
            values: Their values.
        """
        made = cls(**dict(zip(field_names, values, strict=True)))
        made._state.adding = False
        made._state.db = db
        return made

    @property
    def pk(self) -> Any:
        """The primary key's value, whatever the field is called."""
        return getattr(self, self._meta.pk.attname)

    @pk.setter
    def pk(self, value: Any) -> None:
        setattr(self, self._meta.pk.attname, value)

    # Writing and reading -------------------------------------------------------------------------

    def save(
        self,
        *,
        force_insert: bool = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Write to the database: update the row, or insert it if there is none.

        Args:
            force_insert: Insert, and fail if there is a row.
            force_update: Update, and fail if there is none.
            using: The database; by default the one that it came from.
            update_fields: The only fields to update.

        Raises:
            IntegrityError: A constraint is broken.
            DatabaseError: Nothing was updated where something had to be.
        """
        save(
            self,
            alias=using or self._state.db or DEFAULT,
            force_insert=force_insert,
            force_update=force_update,
            update_fields=update_fields,
        )

    def delete(self, using: str | None = None, keep_parents: bool = False) -> Deleted:
        """Delete the row with all that goes with it; return the number, also by model.

        Raises:
            ProtectedError: Another row refers to it and forbids it.
            ValueError: It has no primary key.
        """
        if self.pk is None:
            raise ValueError(
                f"{self._meta.object_name} object can't be deleted because its "
                f"{self._meta.pk.attname} attribute is set to None."
            )
        using = using or self._state.db or DEFAULT
        return delete_instance(self, using, keep_parents=keep_parents)

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None
    ) -> None:
        """Load the values from the database again.

        Args:
            using: The database; by default the one that it came from.
            fields: The only fields to load.

        Raises:
            DoesNotExist: The row is gone.
        """
        meta = self._meta
        wanted = [
            field
            for field in meta.concrete_fields
            if fields is None or field.name in fields or field.attname in fields
        ]
        query: QuerySet[Any] = QuerySet(type(self), using or self._state.db or DEFAULT)
        row = query.filter(pk=self.pk).values_list(*(field.attname for field in wanted)).get()
        for field, value in zip(wanted, row, strict=True):
            setattr(self, field.attname, value)
            if isinstance(field, ForeignKey):
                field.delete_cached_value(self)

    def _load_deferred(self, name: str) -> Any:
        self.refresh_from_db(fields=[name])
        return self.__dict__[name]

    if not TYPE_CHECKING:  # type checkers would take every name for one that exists

        def __getattr__(self, name: str) -> Any:
            # Called for what is neither on the instance nor on the class: a deferred column, a
            # mistake, or a property that raised AttributeError itself, which is raised again here.
            if any(name == field.attname for field in type(self)._meta.concrete_fields):
                return fetch_deferred(self, name)
            return object.__getattribute__(self, name)

    def get_deferred_fields(self) -> set[str]:
        """Return the attributes that are not loaded yet."""
        return {f.attname for f in self._meta.concrete_fields if f.attname not in self.__dict__}

    def _take_related_keys(self) -> None:
        """Take the keys of related objects that were saved after they were assigned.

        Raises:
            ValueError: One of them is still not saved.
        """
        for field in self._meta.concrete_fields:
            cached = self.__dict__.get(field.cache_name) if isinstance(field, ForeignKey) else None
            if cached is None or cached[1] is None or getattr(self, field.attname) is not None:
                continue
            if cached[1].pk is None:
                raise ValueError(
                    f"save() prohibited to prevent data loss due to unsaved related object "
                    f"'{field.name}'."
                )
            setattr(self, field.name, cached[1])

    # Validation ----------------------------------------------------------------------------------

    def full_clean(self, exclude: Collection[str] = (), validate_unique: bool = True) -> None:
        """Validate everything: each field, the model as a whole, what has to be unique.

        Raises:
            ValidationError: Something does not fit; its ``message_dict`` says what, by field.
        """
        validation.full_clean(self, exclude, validate_unique=validate_unique)

    def clean_fields(self, exclude: Collection[str] = ()) -> None:
        """Convert and validate each field.

        Raises:
            ValidationError: A field does not fit.
        """
        validation.clean_fields(self, exclude)

    def clean(self) -> None:
        """Validate the model as a whole. Override it, and raise ``ValidationError``."""

    def validate_unique(self, exclude: Collection[str] = ()) -> None:
        """Ask the database whether the values that have to be unique are free.

        Raises:
            ValidationError: One is taken.
        """
        validation.validate_unique(self, exclude)

    # Being an object -----------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if type(self) is not type(other):
            return False
        return self is other if self.pk is None else self.pk == other.pk

    def __hash__(self) -> int:
        if self.pk is None:
            raise TypeError("Model instances without primary key value are unhashable")
        return hash(self.pk)

    def __str__(self) -> str:
        return f"{self._meta.object_name} object ({self.pk})"

    def __repr__(self) -> str:
        return f"<{self._meta.object_name}: {self}>"
