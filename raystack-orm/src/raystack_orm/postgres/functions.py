"""Functions that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/functions/
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func

from ..expressions.func import Func
from ..expressions.functions.base import BuiltFunc
from ..fields import DateTimeField, UUIDField

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class RandomUUID(Func):
    """A random UUID."""

    function = "GEN_RANDOM_UUID"
    arity = 0
    output_field: Any = UUIDField()


class TransactionNow(BuiltFunc):
    """When the transaction began."""

    arity = 0
    output_field: Any = DateTimeField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return CURRENT_TIMESTAMP."""
        return func.current_timestamp(type_=self.sa_type)
