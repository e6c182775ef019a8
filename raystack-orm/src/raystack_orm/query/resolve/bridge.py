"""The bridge: SQL that a developer's ``as_sql`` writes, inside of a statement of SQLAlchemy's.

``as_sql(compiler, connection)`` gets a compiler with Django's ``compile(node)``, which returns SQL
and parameters. SQL of ours is handed out as a mark that the bridge replaces afterwards, so that
SQLAlchemy keeps track of its binds; a parameter of the developer's is a ``%s`` and is bound here.
No name from a keyword or from input reaches this place.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.ext.compiler import compiles

from ...databases import DEFAULT
from ...databases.connection_facade import ConnectionFacade
from ...exceptions import EmptyResultSet, FullResultSet
from ...fields.types import Duration
from .compiler import Compiler, bridged

_PARTS = re.compile("\x02(\\d+)\x02|%s|%%|%")


class Bridge(ColumnElement[Any]):
    """An element whose SQL a method writes.

    The method runs here, while the statement is built: it may raise ``EmptyResultSet`` or
    ``FullResultSet``, and what is around it answers that.

    Args:
        compiler: Builds the nodes that the method asks for.
        method: ``as_sql`` or ``as_<vendor>`` of the node.
        node: The node.
    """

    inherit_cache = False

    def __init__(self, compiler: Compiler, method: Callable[..., Any], node: Any) -> None:
        facade = CompilerFacade(compiler)
        self.text, params = method(facade, facade.connection)
        self.values = list(params)
        self.parts = facade.parts
        self.type = node.sa_type
        self.enclosed = getattr(node, "encloses_itself", False)

    def self_group(self, against: Any = None) -> Any:
        """Return itself in brackets, where something stands beside it."""
        from sqlalchemy.sql.elements import Grouping

        return self if against is None or self.enclosed else Grouping(self)


class CompilerFacade:
    """What an ``as_sql`` gets as its compiler.

    Args:
        core: The compiler behind it.

    Attributes:
        parts: The constructs that it has handed out marks for.
    """

    def __init__(self, core: Compiler) -> None:
        self.core = core
        self.query = core.query
        self.connection = ConnectionFacade(core.driver)
        self.using = (core.driver.key or (DEFAULT,))[0]
        self.parts: list[Any] = []

    def compile(self, node: Any) -> tuple[str, list[Any]]:
        """Return the SQL and the parameters of a node.

        Raises:
            EmptyResultSet: No row can fit it.
            FullResultSet: Every row fits it.
        """
        method = bridged(type(node), self.core.vendor)
        if method is not None:
            sql, params = getattr(node, method)(self, self.connection)
            return sql, list(params)
        return self.compile_built(self.core.build(node))

    def compile_value(self, node: Any) -> tuple[str, list[Any]]:
        """Return the SQL and the parameters of an argument, even if no row can fit it.

        Raises:
            EmptyResultSet: Its value is not known then.
        """
        try:
            return self.compile(node)
        except (EmptyResultSet, FullResultSet):
            return self.compile_built(self.core.value_of(node))

    def compile_built(self, element: Any) -> tuple[str, list[Any]]:
        """Return a mark for the SQL of a construct; its parameters are SQLAlchemy's business."""
        self.parts.append(element)
        return f"\x02{len(self.parts) - 1}\x02", []

    def quote_name_unless_alias(self, name: str) -> str:
        """Return a name in the database's quotes."""
        return self.connection.ops.quote_name(name)

    quote_name = quote_name_unless_alias


@compiles(Bridge)
def _write(element: Bridge, sql_compiler: Any, **options: Any) -> str:
    """Return the SQL with the texts of the parts and the binds in their places.

    Raises:
        ValueError: The numbers of ``%s`` and of parameters differ.
    """
    inside = {**options, "within_columns_clause": False}
    texts = [sql_compiler.process(part, **inside) for part in element.parts]
    waiting = iter(element.values)
    doubled = sql_compiler.preparer._double_percents  # noqa: SLF001 - SQLAlchemy's only way to tell

    def replace(match: re.Match[str]) -> str:
        if match.group(1) is not None:
            return str(texts[int(match.group(1))])
        if match.group(0) == "%s" and element.values:
            value = next(waiting, _NONE)
            if value is _NONE:
                raise ValueError("There are fewer parameters than %s in the SQL of an expression.")
            type_ = Duration() if isinstance(value, timedelta) else None
            made: Any = bindparam(None, value, type_, unique=True)
            return str(sql_compiler.process(made, **options))
        return "%%" if doubled else "%"

    made = _PARTS.sub(replace, element.text)
    if next(waiting, _NONE) is not _NONE:
        raise ValueError(f"There are more parameters than %s in the SQL of {element.text!r}.")
    return made


_NONE = object()
