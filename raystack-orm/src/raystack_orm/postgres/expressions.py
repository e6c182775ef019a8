"""Expressions that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/expressions/
"""

from typing import Any

from ..expressions.subqueries import Subquery


class ArraySubquery(Subquery):
    """What a query finds, as an array: empty where it finds nothing."""

    template = "ARRAY(%(subquery)s)"

    def _resolve_output_field(self) -> Any:
        from .fields import ArrayField  # with its lookups, which need this module

        found = super()._resolve_output_field()
        return None if found is None else ArrayField(found)
