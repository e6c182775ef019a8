"""A column of a table that a filter has joined, for prefetching."""

from typing import Any

from ...expressions.base import Expression
from ...expressions.shape import Collector


class JoinedColumn(Expression):
    """A field of a table that the query has joined along certain steps.

    Args:
        hops: The steps.
        field: The field.
    """

    def __init__(self, hops: tuple[Any, ...], field: Any) -> None:
        super().__init__()
        self.hops = hops
        self.field_ = field

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the column of the table that was joined last along the steps."""
        return query.column(self.field_, query.reach(self.hops, None)[-1])

    def shape(self, collector: Collector) -> Any:
        """Return steps and field."""
        return (JoinedColumn, self.hops, self.field_)
