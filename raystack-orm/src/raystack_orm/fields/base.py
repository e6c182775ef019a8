"""Fields: what a model's attribute is called, which column it is, and which values it takes.

For type checkers a field is a descriptor: ``article.title`` is ``str``. At run time a plain column
has none, and the instance simply has the value.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property, total_ordering
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from sqlalchemy import Column, ColumnElement, Dialect
from sqlalchemy.types import TypeEngine

from ..exceptions import InvalidValue, ValidationError
from ..lookup_registry import RegisterLookupMixin
from ..validators import EMPTY_VALUES, Validator
from . import column, identity
from .choices import BLANK, flat, pairs_of, with_blank
from .declaration import NOT_PROVIDED as NOT_PROVIDED
from .declaration import Choices, Declared, N, V
from .declaration import FieldOptions as FieldOptions
from .descriptors import DeferredAttribute

if TYPE_CHECKING:  # the models are a room above
    from raystack import CheckMessage

    from ..expressions.combinable import Combinable
    from ..models import Model


@total_ordering
class Field(RegisterLookupMixin, Declared[V, N]):
    """The base of all fields.

    Args:
        verbose_name: What people call it; made from its name by default.
        name: Its name; the attribute that it is assigned to by default.
        primary_key: It identifies the row.
        max_length: The greatest number of characters, for text.
        unique: No two rows have the same value.
        blank: Validation accepts an empty value.
        null: It may be ``None``.
        db_index: The column has an index; ``None`` for what the kind of field has.
        rel: The other end of a relation.
        default: The value of new objects, or a callable that makes it.
        editable: Forms show it.
        serialize: Fixtures have it.
        unique_for_date: A field of dates; no two rows of one date have the same value.
        unique_for_month: The same for months.
        unique_for_year: The same for years.
        choices: The only values that validation accepts, each with its name for people.
        help_text: What a form says about it.
        db_column: The column's name; the field's own by default.
        db_tablespace: The tablespace of its index.
        auto_created: It was not written by anybody.
        validators: Called with the value; they raise ``ValidationError``.
        error_messages: Other messages by code.
        db_comment: A comment on the column.
        db_default: The value or expression that the database sets in new rows.

    https://docs.djangoproject.com/en/stable/ref/models/fields/
    """

    description: Any = "A value"
    expected = "a value"
    """What a message says when a value cannot be converted."""
    internal_type: ClassVar[str] = ""
    """What ``get_internal_type()`` returns; the class's name where it is empty."""
    empty_strings_allowed = True
    plain_limits: tuple[int, int] | None = None  # whole numbers between need no conversion
    empty_values: Sequence[Any] = EMPTY_VALUES
    default_validators: Sequence[Validator] = ()
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid_choice": "Value %(value)r is not a valid choice.",
        "null": "This field cannot be null.",
        "blank": "This field cannot be blank.",
        "unique": "%(model_name)s with this %(field_label)s already exists.",
        "unique_for_date": (
            "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s."
        ),
    }
    default_max_length: ClassVar[int | None] = None
    tells_default_length: ClassVar[bool] = False  # to deconstruct(), where it may change
    default_db_index: ClassVar[bool] = False
    own_options: ClassVar[dict[str, Any]] = {}
    """The options that a kind of field adds, with what they are when nobody gives them."""
    non_db_attrs: tuple[str, ...] = (
        "blank", "choices", "db_column", "editable", "error_messages", "help_text",
        "limit_choices_to", "related_name", "related_query_name", "validators", "verbose_name",
    )  # fmt: skip
    descriptor_class: Any = DeferredAttribute
    creation_counter: int = 0
    auto_creation_counter: ClassVar[int] = -1
    is_relation: bool = False
    is_composite: bool = False
    many_to_many: bool | None = None
    many_to_one: bool | None = None
    one_to_many: bool | None = None
    one_to_one: bool | None = None
    related_model: Any = None
    concrete: bool = True
    hidden = False
    generated = False
    counts_up = False

    name: str
    attname: str
    column: str
    model: "type[Model]"

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self: "Field[V, Literal[False]]", instance: object, owner: Any) -> V: ...
        @overload
        def __get__(self: "Field[V, Literal[True]]", instance: object, owner: Any) -> V | None: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        @overload
        def __set__(
            self: "Field[V, Literal[False]]", instance: Any, value: "V | Combinable"
        ) -> None: ...
        @overload
        def __set__(
            self: "Field[V, Literal[True]]", instance: Any, value: "V | Combinable | None"
        ) -> None: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    def __init__(
        self,
        verbose_name: str | None = None,
        name: str | None = None,
        primary_key: bool = False,
        max_length: int | None = None,
        unique: bool = False,
        blank: bool = False,
        null: N = False,  # type: ignore[assignment]  # N's own default
        db_index: bool | None = None,
        rel: Any = None,
        default: Any = NOT_PROVIDED,
        editable: bool = True,
        serialize: bool = True,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
        choices: Choices | None = None,
        help_text: str = "",
        db_column: str | None = None,
        db_tablespace: str | None = None,
        auto_created: bool = False,
        validators: Iterable[Validator] = (),
        error_messages: Mapping[str, Any] | None = None,
        db_comment: str | None = None,
        db_default: Any = NOT_PROVIDED,
    ) -> None:
        if name is not None:
            self.name = name
        self.verbose_name: Any = verbose_name or ""
        self._verbose_name = verbose_name
        self.primary_key = primary_key
        self.max_length = self.default_max_length if max_length is None else max_length
        self._unique = unique
        self.blank = blank
        self.null: bool = null
        self.db_index = self.default_db_index if db_index is None else db_index
        self._rel = rel
        if rel is not None:
            self.is_relation = True
        self.default = default
        self.db_default = db_default
        self.editable = editable
        self.serialize = serialize
        self.unique_for_date = unique_for_date
        self.unique_for_month = unique_for_month
        self.unique_for_year = unique_for_year
        self._choices = list(choices) if isinstance(choices, Iterator) else choices
        self.help_text = help_text
        self.db_column = db_column
        self.db_comment = db_comment
        self.db_tablespace = db_tablespace
        self.auto_created = auto_created
        self._validators = list(validators)
        self._error_messages = error_messages
        self.creation_counter = identity.next_counter(Field, automatic=auto_created)

    # Its place in a model ------------------------------------------------------------------------

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Become the field ``name`` of a model. Override it to add more to the class.

        Args:
            cls: The model.
            name: The attribute that the field was assigned to.
            private_only: Each subclass gets a field of its own.
        """
        self.set_name(cls, name)
        if private_only:
            cls._meta.add_field(self, private=True)
        else:
            cls._meta.add_field(self)
        identity.put_on_class(self, cls)

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``."""
        self.model = model
        self.set_attributes_from_name(name)

    def set_attributes_from_name(self, name: str) -> None:
        """Derive attribute, column and verbose name from ``name``."""
        self.name = getattr(self, "name", None) or name
        self.attname, self.column = self.get_attname_column()
        if self.column is None:
            self.concrete = False
        if self._verbose_name is None:
            self.verbose_name = self.name.replace("_", " ")

    def get_attname(self) -> str:
        """Return the name of the attribute that holds the column's value."""
        return self.name

    def get_attname_column(self) -> tuple[str, Any]:
        """Return the attribute and the column; no column is ``None``."""
        attname = self.get_attname()
        return attname, self.db_column or attname

    @property
    def remote_field(self) -> Any:
        """The other end of a relation."""
        return self._rel

    @property
    def unique(self) -> bool:
        """Whether no two rows have the same value."""
        return self._unique or self.primary_key

    @cached_property
    def error_messages(self) -> dict[str, Any]:
        """The messages by code."""
        messages: dict[str, Any] = {}
        for kind in reversed(type(self).__mro__):
            messages.update(kind.__dict__.get("default_error_messages", {}))
        return {**messages, **(self._error_messages or {})}

    @cached_property
    def validators(self) -> list[Validator]:
        """All validators."""
        return [*self.default_validators, *self._validators]

    @property
    def choices(self) -> Any:
        """Pairs of value and name, groups as pairs of name and pairs; ``None`` without choices."""
        return None if self._choices is None else pairs_of(self._choices)

    @choices.setter
    def choices(self, value: Choices | None) -> None:
        self._choices = value

    @property
    def flatchoices(self) -> list[tuple[Any, Any]]:
        """The choices, groups opened."""
        return list(flat(self.choices or []))

    def get_choices(
        self,
        include_blank: bool = True,
        blank_choice: Iterable[tuple[Any, Any]] = (BLANK,),
        limit_choices_to: Any = None,
        ordering: Sequence[str] = (),
    ) -> list[tuple[Any, Any]]:
        """Return the choices for a form, the blank one first unless there is one.

        Args:
            include_blank: Add the blank choice.
            blank_choice: The blank choice.
            limit_choices_to: Which objects to offer, for a relation.
            ordering: Their order, for a relation.
        """
        choices = self.choices or []
        return with_blank(choices, blank_choice) if include_blank else choices

    def has_default(self) -> bool:
        """Say whether a default was given."""
        return self.default is not NOT_PROVIDED

    def has_db_default(self) -> bool:
        """Say whether the database has a default."""
        return self.db_default is not NOT_PROVIDED

    def get_default(self) -> Any:
        """Return the value of a new object."""
        if self.has_default():
            return self.default() if callable(self.default) else self.default
        if self.has_db_default():
            return identity.database_default(self)
        return None if self.null or not self.empty_strings_allowed else ""

    def get_pk_value_on_save(self, instance: Any) -> Any:
        """Return the key of a new object that has none; ``None`` where the database makes it."""
        return self.get_default() if self.has_default() else None

    # Values --------------------------------------------------------------------------------------

    def to_python(self, value: Any) -> Any:
        """Convert a value to the field's Python type.

        Raises:
            ValidationError: It cannot be converted.
        """
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Convert a value to what the column's type binds.

        Raises:
            ValueError: It cannot be converted.
            TypeError: It is nothing that could be converted.
        """
        return value.value if isinstance(value, Enum) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Convert a value for one database.

        Args:
            value: The value.
            connection: The database's connection.
            prepared: The value went through ``get_prep_value()``.
        """
        return value if prepared else self.get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Convert a value that is saved; expressions stay."""
        if hasattr(value, "resolve_expression"):
            return value
        return self.get_db_prep_value(value, connection=connection, prepared=False)

    def pre_save(self, model_instance: "Model", add: bool) -> Any:
        """Return the value to save, of an instance that is inserted (``add``) or updated."""
        return getattr(model_instance, self.attname)

    def value_from_object(self, obj: Any) -> Any:
        """Return the value that an instance has."""
        return getattr(obj, self.attname)

    def value_to_string(self, obj: Any) -> str:
        """Return the value that an instance has as text, for fixtures."""
        return str(self.value_from_object(obj))

    def save_form_data(self, instance: Any, data: Any) -> None:
        """Give an instance the value that came from a form."""
        setattr(instance, self.name, data)

    def formfield(self, **kwargs: Any) -> Any:
        """Refuse: forms are pydantic models here.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(
            f"{type(self).__name__}.formfield(): there are no form fields here. Build a pydantic "
            f"model from the model with its schema(), and use that as the form."
        )

    def refuse(self, value: Any) -> InvalidValue:
        """Make the error for a value that cannot be converted."""
        name = getattr(self, "name", type(self).__name__)
        return InvalidValue(
            "Field '%(field)s' expected %(expected)s but got %(value)r.",
            "invalid",
            {"field": name, "expected": self.expected, "value": value},
        )

    def clean(self, value: Any, model_instance: Any) -> Any:
        """Convert and validate a value.

        Raises:
            ValidationError: It does not fit.
        """
        value = self.to_python(value)
        self.validate(value, model_instance)
        self.run_validators(value)
        return value

    def run_validators(self, value: Any) -> None:
        """Call the validators, unless the value is empty.

        Raises:
            ValidationError: Some refuse it.
        """
        if value in self.empty_values:
            return
        errors: list[ValidationError] = []
        for validator in self.validators:
            try:
                validator(value)
            except ValidationError as error:
                code = getattr(error, "code", None)
                if code in self.error_messages:
                    error.message = self.error_messages[code]
                errors += error.error_list
        if errors:
            raise ValidationError(errors)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Check a converted value against ``choices``, ``null`` and ``blank``.

        Raises:
            ValidationError: It does not fit.
        """
        if not self.editable:
            return
        if self.choices is not None and value not in self.empty_values:
            if value not in [choice for choice, _ in self.flatchoices]:
                raise self.invalid("invalid_choice", value=value)
            return
        if value is None and not self.null:
            raise self.invalid("null")
        if not self.blank and value in self.empty_values:
            raise self.invalid("blank")

    def invalid(self, code: str, message: Any = "", **params: Any) -> ValidationError:
        """Make a ``ValidationError``, with the field's own message where it has one."""
        return ValidationError(self.error_messages.get(code, message), code, params or None)

    # The column ----------------------------------------------------------------------------------

    def sa_type(self) -> TypeEngine[Any]:
        """Return the SQLAlchemy type of the column. A custom field may override it."""
        if type(self).db_type is not Field.db_type:
            return column.DeclaredType(self)
        return column.internal_type(self)

    def make_type(self) -> TypeEngine[Any]:
        """Make the SQLAlchemy type of this kind of field."""
        raise NotImplementedError(
            f"{type(self).__name__} has no column type. Give it db_type(), get_internal_type() or "
            f"sa_type()."
        )

    def db_type(self, connection: Any) -> str | None:
        """Return the column's type in a database's SQL, without constraints.

        Args:
            connection: The database's connection, or what knows its ``vendor``.

        Returns:
            The SQL; ``None`` if there is no column.
        """
        return column.database_type(self, connection)

    def rel_db_type(self, connection: Any) -> str | None:
        """Return the type of a column that refers to this one."""
        return self.db_type(connection)

    def db_type_parameters(self, connection: Any) -> dict[str, Any]:
        """Return what a type in SQL may be filled with: the field's attributes."""
        return dict(self.__dict__)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Return the column's type, check and, where it has one, collation."""
        made = {"type": self.db_type(connection), "check": None}
        return {**made, "collation": self.db_collation} if hasattr(self, "db_collation") else made

    def get_internal_type(self) -> str:
        """Return the name of the kind of field that this one is stored like."""
        return self.internal_type or type(self).__name__

    @property
    def target_column(self) -> str:
        """The name of the table and column that it refers to; empty for a plain field."""
        return ""

    def make_column(self) -> Column[Any]:
        """Make the column for the model's table."""
        return column.make_column(self)

    def checks(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions that the table checks in this column."""
        return []

    @property
    def db_returning(self) -> bool:
        """Whether the database makes the value of a new row."""
        return self.has_db_default()

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what converts a value for the driver."""
        return self.sa_type().dialect_impl(dialect).bind_processor(dialect)

    # Being an object -----------------------------------------------------------------------------

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        from .checks import check_field  # needed by `raystack check` alone

        return check_field(self)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, import path, and arguments to make the field again."""
        return identity.deconstruct(self)

    def clone(self) -> Self:
        """Return a new field of the same arguments, that is in no model."""
        _, _, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return self.creation_counter == other.creation_counter and (
            getattr(self, "model", None) is getattr(other, "model", None)
        )

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return identity.order_of(self) < identity.order_of(other)

    def __hash__(self) -> int:
        return hash(self.creation_counter)

    def __copy__(self) -> Self:
        made = identity.blank(type(self))
        made.__dict__.update(self.__dict__)
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made: Self = identity.deep_copy(self)
        memo[id(self)] = made
        return made

    def __reduce__(self) -> Any:
        return identity.reduce(self)

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}" if hasattr(self, "model") else repr(self)

    def __repr__(self) -> str:
        if hasattr(self, "model"):
            return f"<{type(self).__name__}: {self.model._meta.label}.{self.name}>"
        return f"<{type(self).__name__}>"


def is_expression(value: Any) -> bool:
    """Say whether a value is an expression, which the database computes."""
    return hasattr(value, "resolve_expression")
