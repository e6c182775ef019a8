"""How a field is declared: its options, and what type checkers read from them.

A field is generic over the type of its value and over ``null=``: ``IntegerField(null=True)`` is an
``IntegerField[Literal[True]]``, so its attribute is ``int | None``. At run time the brackets mean
nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict

from ..validators import Validator

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # knows defaults, which typing does from Python 3.13 on

    V = TypeVar("V", default=Any)  # a relation may name a model that is not defined yet
    N = TypeVar("N", Literal[False], Literal[True], default=Literal[False])

    class Declared(Generic[V, N]):
        """The base of fields, as type checkers see it."""

else:
    from typing import TypeVar

    V = TypeVar("V")
    N = TypeVar("N")

    class Declared:
        """The base of fields."""

        def __class_getitem__(cls, types: Any) -> type:
            """Return the class itself: the types are for type checkers."""
            return cls


class NotProvided:
    """The type of ``NOT_PROVIDED``: no default."""

    def __bool__(self) -> bool:
        return False

    def __copy__(self) -> "NotProvided":
        return self

    def __deepcopy__(self, memo: Any) -> "NotProvided":
        return self

    def __reduce__(self) -> str:
        return "NOT_PROVIDED"

    def __repr__(self) -> str:
        return "NOT_PROVIDED"


NOT_PROVIDED = NotProvided()

Pairs = Iterable[Any] | Mapping[Any, Any]
Choices = Pairs | type[Enum] | Callable[[], Pairs]


class FieldOptions(TypedDict, total=False):
    """The options that every field takes, but for ``verbose_name``, ``name`` and ``null``."""

    primary_key: bool
    max_length: int | None
    unique: bool
    blank: bool
    db_index: bool
    rel: Any
    default: Any
    editable: bool
    serialize: bool
    unique_for_date: str | None
    unique_for_month: str | None
    unique_for_year: str | None
    choices: Choices | None
    help_text: str
    db_column: str | None
    db_tablespace: str | None
    auto_created: bool
    validators: Iterable[Validator]
    error_messages: Mapping[str, Any] | None
    db_comment: str | None
    db_default: Any


class NamedOptions(FieldOptions, total=False):
    """The options of a field that takes all of them by position too."""

    verbose_name: str | None
    name: str | None
