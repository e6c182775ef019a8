"""Sort keys.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#using-f-to-sort-null-values
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Tuple, case

from .base import Expression
from .shape import Collector

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class OrderBy(Expression):
    """An expression as a sort key.

    Args:
        expression: What is sorted by.
        descending: The greatest first.
        nulls_first: Nulls before all others.
        nulls_last: Nulls after all others.
    """

    allows_composite_expressions = True
    conditional = False

    def __init__(
        self,
        expression: Any,
        descending: bool = False,
        nulls_first: bool | None = None,
        nulls_last: bool | None = None,
    ) -> None:
        super().__init__()
        if nulls_first and nulls_last:
            raise ValueError("nulls_first and nulls_last are mutually exclusive")
        if nulls_first is False or nulls_last is False:
            raise ValueError("nulls_first and nulls_last values must be True or None.")
        if not hasattr(expression, "resolve_expression"):
            raise ValueError("expression must be an expression type")
        self.expression = expression
        self.descending = descending
        self.nulls_first = nulls_first
        self.nulls_last = nulls_last

    def get_source_expressions(self) -> list[Any]:
        """Return what is sorted by."""
        return [self.expression]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take what is sorted by."""
        (self.expression,) = exprs

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the sort key where one is enough: in a window, in an aggregate."""
        return self.sort_keys(compiler.build(self.expression), compiler)[-1]

    def sort_keys(
        self, element: ColumnElement[Any], compiler: "Compiler"
    ) -> list[ColumnElement[Any]]:
        """Return the sort keys of a built expression: two where nulls need one of their own."""
        if isinstance(element, Tuple):  # a key of several columns
            return [key for part in element.clauses for key in self.sort_keys(part, compiler)]
        key = element.desc() if self.descending else element.asc()
        if not self.nulls_first and not self.nulls_last:
            return [key]
        if compiler.driver.supports_order_by_nulls_modifier:
            return [key.nulls_first() if self.nulls_first else key.nulls_last()]
        first = case((element.is_(None), 0), else_=1)
        return [first.asc() if self.nulls_first else first.desc(), key]

    def get_group_by_cols(self) -> list[Any]:
        """Return what the expression needs."""
        return [column for s in self.get_source_expressions() for column in s.get_group_by_cols()]

    def reverse_ordering(self) -> "OrderBy":
        """Turn the order round, in place, and return it."""
        self.descending = not self.descending
        if self.nulls_first:
            self.nulls_last, self.nulls_first = True, None
        elif self.nulls_last:
            self.nulls_first, self.nulls_last = True, None
        return self

    def shape(self, collector: Collector) -> Hashable:
        """Return what is sorted by, and how: it may have been turned round since it was made."""
        inner = self.expression.shape(collector)
        return (OrderBy, inner, self.descending, self.nulls_first, self.nulls_last)

    @property
    def identity(self) -> tuple[Any, ...]:
        """What is sorted by, and how."""
        return (OrderBy, self.expression, self.descending, self.nulls_first, self.nulls_last)

    def asc(self, **kwargs: Any) -> "OrderBy":
        """Return it with the least first."""
        return OrderBy(self.expression, **kwargs)

    def desc(self, **kwargs: Any) -> "OrderBy":
        """Return it with the greatest first."""
        return OrderBy(self.expression, descending=True, **kwargs)
