"""Now: when the statement is run.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#now
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, literal_column

from ...fields import DateTimeField
from .base import BuiltFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class Now(BuiltFunc):
    """The current moment; on PostgreSQL when the statement began, as elsewhere."""

    function = "CURRENT_TIMESTAMP"
    arity = 0
    output_field: Any = DateTimeField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the function that each database has for it."""
        if compiler.vendor == "postgresql":
            return func.statement_timestamp(type_=self.sa_type)
        if compiler.vendor == "mysql":
            return literal_column("CURRENT_TIMESTAMP(6)", self.sa_type)
        written = compiler.constant("%Y-%m-%d %H:%M:%f000")  # SQLite stops at milliseconds
        return func.strftime(written, compiler.constant("now"), type_=self.sa_type)
