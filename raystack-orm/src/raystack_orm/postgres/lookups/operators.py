"""Lookups that are one operator of PostgreSQL's."""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ...lookups import BuiltinLookup

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class OperatorLookup(BuiltinLookup):
    """The base of lookups that are one operator.

    Attributes:
        operator: The operator.
    """

    operator: ClassVar[str]

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the two sides with the operator between."""
        return left.op(self.operator, is_comparison=True)(right)


class Contains(OperatorLookup):
    """All of the right side is in the left one."""

    lookup_name = "contains"
    operator = "@>"


class ContainedBy(OperatorLookup):
    """All of the left side is in the right one."""

    lookup_name = "contained_by"
    operator = "<@"


class Overlap(OperatorLookup):
    """Something is in both sides."""

    lookup_name = "overlap"
    operator = "&&"
