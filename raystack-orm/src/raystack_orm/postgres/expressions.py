"""Expressions that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/expressions/
"""

from typing import Any

from ..expressions.subqueries import Subquery
from ..fields.postgres import ArrayField


class ArraySubquery(Subquery):
    """What a query finds, as an array: empty where it finds nothing."""

    template = "ARRAY(%(subquery)s)"

    def _resolve_output_field(self) -> Any:
        found = super()._resolve_output_field()
        return None if found is None else ArrayField(found)
