"""Aggregates of values to arrays and truth values."""

from typing import Any

from ...expressions.aggregates import Aggregate
from ...fields import BooleanField, JSONField
from ..fields import ArrayField


class ArrayAgg(Aggregate):
    """The values as an array, nulls among them."""

    function = "ARRAY_AGG"
    allow_distinct = True
    allow_order_by = True

    def _resolve_output_field(self) -> Any:
        return ArrayField(self.source_expressions[0].output_field)


class BoolAnd(Aggregate):
    """Whether all values are true."""

    function = "BOOL_AND"
    output_field: Any = BooleanField()


class BoolOr(Aggregate):
    """Whether one of the values is true."""

    function = "BOOL_OR"
    output_field: Any = BooleanField()


class JSONBAgg(Aggregate):
    """The values as a JSON array."""

    function = "JSONB_AGG"
    allow_distinct = True
    allow_order_by = True
    output_field: Any = JSONField()
