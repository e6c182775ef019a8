"""JSON's own null, which is another one than SQL's.

https://docs.djangoproject.com/en/stable/topics/db/queries/#storing-and-querying-for-none
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, cast, func

from ..fields import JSONField
from .values import Value

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class JSONNull(Value):
    """JSON's null, to store it and to compare with it."""

    def __init__(self) -> None:
        super().__init__(None, output_field=JSONField())

    def __repr__(self) -> str:
        return "JSONNull()"


def json_null(compiler: "Compiler") -> ColumnElement[Any]:
    """Return JSON's null as the database has it."""
    null = compiler.constant("null")
    if compiler.vendor == "postgresql":
        from sqlalchemy.dialects.postgresql import JSONB  # heavy

        return cast(null, JSONB())
    if compiler.vendor == "mysql":
        return func.json_extract(null, compiler.constant("$"))
    return null
