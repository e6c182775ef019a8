"""What a lookup is: it prepares a value for binding, and builds the condition around the bind.

Preparing happens for every query; building once for each shape. The kind of a value is what its
condition looks like: ``= ?``, ``IS NULL``, ``IN (?, ?)``.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, ClassVar, NamedTuple, Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.types import TypeEngine


class Kind(Enum):
    """The kind of a value: part of a query's shape."""

    NULL = auto()  # IS NULL
    NOT_NULL = auto()  # IS NOT NULL
    NOTHING = auto()  # no row can fit
    ALL = auto()  # every row fits that has a value
    SCALAR = auto()  # one bound value
    PAIR = auto()  # two bound values
    LIST = auto()  # some bound values
    EXPRESSION = auto()  # computed by the database
    QUERY = auto()  # another query


class Prepared(NamedTuple):
    """A value that is ready to be bound, and its kind."""

    kind: Kind
    value: Any = None


NOTHING = Prepared(Kind.NOTHING)


class Converter(Protocol):
    """What prepares single values: a field, or a transform."""

    def get_prep_value(self, value: Any) -> Any:
        """Convert a value to what is bound."""

    def sa_type(self) -> TypeEngine[Any]:
        """Return the type that it is bound with."""


class Lookup:
    """A way to compare. One object serves all queries.

    Attributes:
        name: What stands in the keyword.
        binds_text: The value is text, whatever the field is.
    """

    name: ClassVar[str]
    binds_text: ClassVar[bool] = False

    def prepare(self, field: Converter, value: Any) -> Prepared:
        """Convert a value for binding.

        Raises:
            ValueError: It does not fit the field or the lookup.
            TypeError: It is of a type that cannot fit.
        """
        if value is None:
            raise ValueError("Cannot use None as a query value")
        return Prepared(Kind.SCALAR, field.get_prep_value(value))

    def build(
        self, column: ColumnElement[Any], binds: Sequence[Any], *, upper: bool
    ) -> ColumnElement[bool]:
        """Build the condition.

        Args:
            column: The left side.
            binds: The right side: binds, or one expression.
            upper: LIKE respects case here, so that comparing without it takes upper case.
        """
        raise NotImplementedError


class Transform:
    """Something that is compared in place of a field, such as the year of a date.

    Attributes:
        name: What stands in the keyword.
    """

    name: ClassVar[str]

    def apply(self, column: ColumnElement[Any], vendor: str, zone: str) -> ColumnElement[Any]:
        """Build the transformed column.

        Args:
            column: The column.
            vendor: The database.
            zone: The time zone that an aware datetime is looked at in; empty for none.
        """
        raise NotImplementedError

    def get_prep_value(self, value: Any) -> Any:
        """Convert what it is compared with."""
        raise NotImplementedError

    def sa_type(self) -> TypeEngine[Any]:
        """Return the type that this is bound with."""
        raise NotImplementedError
