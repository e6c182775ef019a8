"""MySQL's GROUP_CONCAT, which has a grammar of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class GroupConcat(FunctionElement[str]):
    """The texts, joined.

    Args:
        value: The text.
        delimiter: What stands between them.
        order: The sort keys.
        type_: The type of the result.
        distinct: Each text counts once.
    """

    name = "group_concat"
    inherit_cache = False

    def __init__(
        self,
        value: ColumnElement[Any],
        delimiter: ColumnElement[Any],
        order: Sequence[ColumnElement[Any]],
        type_: TypeEngine[Any],
        *,
        distinct: bool,
    ) -> None:
        super().__init__(value, delimiter, *order)
        self.parts = (value, delimiter, order)
        self.type = type_
        self.each_once = distinct


@compiles(GroupConcat)
def _write(element: GroupConcat, compiler: Any, **options: Any) -> str:
    value, delimiter, order = element.parts
    sql = ("DISTINCT " if element.each_once else "") + str(compiler.process(value, **options))
    if order:
        sql += " ORDER BY " + ", ".join(compiler.process(key, **options) for key in order)
    return f"GROUP_CONCAT({sql} SEPARATOR {compiler.process(delimiter, **options)})"
