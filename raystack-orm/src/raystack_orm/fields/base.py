"""Fields: what a model's attribute is called, which column it is, and which values it takes.

For type checkers a field is a descriptor: ``article.title`` is ``str``. At run time the metaclass
takes plain fields off the class, and the instance simply has the value.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypedDict, TypeVar, overload

from sqlalchemy import Column, ColumnElement, Dialect, ForeignKey
from sqlalchemy.types import TypeEngine

from ..exceptions import ValidationError
from ..expressions import Expression
from ..validators import EMPTY_VALUES, Validator

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model

V = TypeVar("V")


class NotProvided:
    """The type of ``NOT_PROVIDED``: no default."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NOT_PROVIDED"


NOT_PROVIDED = NotProvided()

Choices = Iterable[tuple[Any, Any]] | Mapping[Any, Any] | type[Enum]


class FieldOptions(TypedDict, total=False):
    """The options that every field takes."""

    primary_key: bool
    unique: bool
    blank: bool
    db_index: bool
    default: Any
    editable: bool
    choices: Choices | None
    help_text: str
    db_column: str | None
    validators: Iterable[Validator]
    error_messages: Mapping[str, str] | None
    max_length: int | None


class Field(Generic[V]):
    """The base of all fields.

    Args:
        verbose_name: What people call it; made from its name by default.
        primary_key: It identifies the row.
        null: It may be ``None``.
        unique: No two rows have the same value.
        blank: Validation accepts an empty value.
        db_index: The column has an index.
        default: The value of new objects, or a callable that makes it.
        editable: Forms show it.
        choices: The only values that validation accepts, each with its name for people.
        help_text: What a form says about it.
        db_column: The column's name; the field's own by default.
        validators: Called with the value; they raise ``ValidationError``.
        error_messages: Other messages by code.
        max_length: The greatest number of characters, for text.

    https://docs.djangoproject.com/en/stable/ref/models/fields/
    """

    expected = "a value"
    """What a message says when a value cannot be converted."""
    empty_strings_allowed = True
    default_max_length: ClassVar[int | None] = None
    default_db_index: ClassVar[bool] = False
    is_relation = False
    many_to_many: bool | None = None
    many_to_one: bool | None = None
    one_to_many: bool | None = None
    one_to_one: bool | None = None
    related_model: Any = None
    auto_created = False
    concrete = True
    autos = 0
    made = 0
    generated = False
    remote_field = None
    empty_values = EMPTY_VALUES
    unique_for_date = unique_for_month = unique_for_year = None

    def contribute_to_class(self, cls, name, private_only=False):
        self.set_name(cls, name)
        cls._meta.add_field(self)

    def has_db_default(self):
        return False

    @property
    def descriptor_class(self):
        from ..models.column import ColumnDescriptor
        return lambda field: ColumnDescriptor(field.attname)

    name: str
    attname: str
    column: str
    model: "type[Model]"

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> V: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: Any, value: V) -> None: ...

    def __init__(
        self,
        verbose_name: str | None = None,
        *,
        primary_key: bool = False,
        null: bool = False,
        unique: bool = False,
        blank: bool = False,
        db_index: bool | None = None,
        default: Any = NOT_PROVIDED,
        editable: bool = True,
        choices: Choices | None = None,
        help_text: str = "",
        db_column: str | None = None,
        validators: Iterable[Validator] = (),
        error_messages: Mapping[str, str] | None = None,
        max_length: int | None = None,
        name: str | None = None,
        auto_created: bool = False,
    ) -> None:
        self.verbose_name = verbose_name or ""
        if name is not None:
            self.name = name
        self.auto_created = auto_created
        if auto_created:
            self.creation_counter = Field.autos = Field.autos - 1
        else:
            self.creation_counter = Field.made = Field.made + 1
        self.primary_key = primary_key
        self.null = null
        self._unique = unique
        self.blank = blank
        self.db_index = self.default_db_index if db_index is None else db_index
        self.default = default
        self.editable = editable
        self.choices = _choice_pairs(choices)
        self.help_text = help_text
        self.db_column = db_column
        self.max_length = self.default_max_length if max_length is None else max_length
        self.error_messages = {"unique": "%(model_name)s with this %(field_label)s already exists.", "unique_for_date": "%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.", **(error_messages or {})}
        self._given_validators = tuple(validators)

    # Its place in a model ------------------------------------------------------------------------

    def set_name(self, model: "type[Model]", name: str) -> None:
        """Take the place of ``name`` in ``model``."""
        self.model = model
        self.name = name
        self.attname = self.get_attname()
        self.column = self.db_column or self.attname
        self.verbose_name = self.verbose_name or name.replace("_", " ")

    def get_attname(self) -> str:
        """Return the name of the attribute that holds the column's value."""
        return self.name

    @property
    def unique(self) -> bool:
        """Whether no two rows have the same value."""
        return self._unique or self.primary_key

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """The validators that come with the field's kind."""
        return ()

    @property
    def validators(self) -> list[Validator]:
        """All validators."""
        return [*self.default_validators, *self._given_validators]

    @property
    def flatchoices(self) -> list[tuple[Any, Any]]:
        """The choices, groups opened."""
        return list(_flat(self.choices or []))

    def has_default(self) -> bool:
        """Whether a default was given."""
        return self.default is not NOT_PROVIDED

    def get_default(self) -> Any:
        """Return the value of a new object."""
        if self.has_default():
            return self.default() if callable(self.default) else self.default
        return None if self.null or not self.empty_strings_allowed else ""

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

    def pre_save(self, instance: "Model", add: bool) -> Any:
        """Return the value to save, of an instance that is inserted (``add``) or updated."""
        return getattr(instance, self.attname)

    def refuse(self, value: Any) -> ValueError:
        """Make the error for a value that cannot be converted."""
        return ValueError(f"Field '{self.name}' expected {self.expected} but got {value!r}.")

    def clean(self, value: Any, instance: Any) -> Any:
        """Convert and validate a value.

        Raises:
            ValidationError: It does not fit.
        """
        value = self.to_python(value)
        self.validate(value)
        if value not in EMPTY_VALUES:
            errors: list[ValidationError] = []
            for validator in self.validators:
                try:
                    validator(value)
                except ValidationError as error:
                    errors += error.error_list
            if errors:
                raise ValidationError(errors)
        return value

    def validate(self, value: Any) -> None:
        """Check a converted value against ``choices``, ``null`` and ``blank``.

        Raises:
            ValidationError: It does not fit.
        """
        if self.choices is not None and value not in EMPTY_VALUES:
            if value not in [choice for choice, _ in self.flatchoices]:
                raise self.invalid(
                    "invalid_choice", "Value %(value)r is not a valid choice.", value=value
                )
            return
        if value is None and not self.null:
            raise self.invalid("null", "This field cannot be null.")
        if not self.blank and value in EMPTY_VALUES:
            raise self.invalid("blank", "This field cannot be blank.")

    def invalid(self, code: str, message: str, **params: Any) -> ValidationError:
        """Make a ``ValidationError``, with the field's own message where it has one."""
        return ValidationError(self.error_messages.get(code, message), code, params or None)

    # The column ----------------------------------------------------------------------------------

    def sa_type(self) -> TypeEngine[Any]:
        """Return the SQLAlchemy type of the column."""
        raise NotImplementedError(f"{type(self).__name__} has no column type.")

    @property
    def target_column(self) -> str:
        """The name of the table and column that it refers to; empty for a plain field."""
        return ""

    def make_column(self) -> Column[Any]:
        """Make the column for the model's table."""
        constraints = (
            [ForeignKey(self.target_column, deferrable=True, initially="DEFERRED")]
            if self.target_column
            else []
        )
        return Column(
            self.column,
            self.sa_type(),
            *constraints,
            primary_key=self.primary_key,
            nullable=self.null,
            unique=(self._unique and not self.primary_key) or None,
            index=(self.db_index and not self.unique) or None,
            autoincrement=self.db_returning,
        )

    def checks(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions that the table checks in this column."""
        return []

    @property
    def db_returning(self) -> bool:
        """Whether the database makes the value of a new row."""
        return False

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what converts a value for the driver."""
        return self.sa_type().dialect_impl(dialect).bind_processor(dialect)

    def get_internal_type(self) -> str:
        """Return the name of the field's kind."""
        return type(self).__name__

    def __repr__(self) -> str:
        if hasattr(self, "model"):
            return f"<{type(self).__name__}: {self.model._meta.label}.{self.name}>"
        return f"<{type(self).__name__}>"


def is_expression(value: Any) -> bool:
    """Say whether a value is an expression, which the database computes."""
    return isinstance(value, Expression)


def _choice_pairs(choices: Choices | None) -> list[tuple[Any, Any]] | None:
    if choices is None:
        return None
    if isinstance(choices, type):
        members: Iterable[Any] = choices  # of an Enum
        return [(m.value, getattr(m, "label", m.name.replace("_", " ").title())) for m in members]
    if isinstance(choices, Mapping):
        return list(choices.items())
    return list(choices)


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for value, name in choices:
        if isinstance(name, (list, tuple)):
            yield from name
        else:
            yield value, name
