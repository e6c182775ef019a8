"""Combined queries: UNION, INTERSECT and EXCEPT."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    except_,
    intersect,
    intersect_all,
    select,
    union,
    union_all,
)

from ...exceptions import DatabaseError, EmptyResultSet
from .compiler import Compiler, Context
from .ordering import order_of_combined

if TYPE_CHECKING:
    from .query import Query
    from .select import Selected

_FUNCTIONS: dict[tuple[str, bool], Any] = {
    ("union", False): union,
    ("union", True): union_all,
    ("intersection", False): intersect,
    ("intersection", True): intersect_all,
    ("difference", False): except_,
    ("difference", True): except_,
}


def combined_select(query: "Query", context: Context) -> "Selected":
    """Build the statement of a combined query; its columns are those of its first part.

    Raises:
        EmptyResultSet: It finds nothing.
    """
    state = query.state
    more = _only_sorted_by(query)
    parts = _parts(query, context, more)
    first = parts[0]
    if len(parts) == 1:
        statement: Any = first.statement.subquery().select()
    else:
        function = _FUNCTIONS[state.combinator, state.combine_all]
        statement = function(*[_enclosed(query, part) for part in parts])
    names = [_name(first, index) for index in range(len(first.expressions))]
    compiler = Compiler(query, query.driver, context)
    keys: list[Any] = []
    columns = list(statement.selected_columns)
    if more:
        number = len(columns) - len(more)
        columns = list(statement.subquery().c)
        statement = select(*columns[:number])
        first = first._replace(expressions=first.expressions[:number], names=first.names[:number])
    for index, one in order_of_combined(query, names) if state.ordering else ():
        keys += one.sort_keys(columns[index], compiler)
    if keys:
        statement = statement.order_by(*keys)
    made: Selected = first._replace(statement=_sliced(statement, state, compiler))
    return made


def _only_sorted_by(query: "Query") -> tuple[str, ...]:
    """Return the fields that ``values()`` does not select after all parts were combined."""
    state = query.state
    if not state.columns or any(part.columns is not None or part.parts for part in query.parts):
        return ()
    names = [key.removeprefix("-") for key in state.ordering if isinstance(key, str)]
    known = query.model._meta.names
    return tuple(name for name in names if name in known and name not in state.columns)


def _parts(query: "Query", context: Context, more: tuple[str, ...]) -> list[Any]:
    from .select import select_rows  # a part is a query itself

    state = query.state
    made = []
    for number, part in enumerate(query.parts):
        if state.columns is not None and part.columns is None and not part.parts:
            from .columns import select_names

            select_names(part, (*state.columns, *more))
        try:
            made.append(select_rows(part, context, named=True))
        except EmptyResultSet:
            if state.combinator == "union" or (state.combinator == "difference" and number):
                continue
            raise
    if not made:
        raise EmptyResultSet
    return made


def _enclosed(query: "Query", part: Any) -> Any:
    """Return the SELECT of a part; one that is cut or sorted stands in a table of its own."""
    statement = part.statement
    cut = getattr(statement, "_limit_clause", None) is not None or (
        getattr(statement, "_offset_clause", None) is not None
    )
    compound = isinstance(statement, CompoundSelect)
    if cut or compound:
        if not query.driver.supports_slicing_ordering_in_compound and cut:
            raise DatabaseError("LIMIT/OFFSET not allowed in subqueries of compound statements.")
        return statement.subquery().select()
    return statement.order_by(None)


def _name(selected: Any, index: int) -> str:
    number = len(selected.expressions) - len(selected.names)
    if index >= number:
        return str(selected.names[index - number])
    fields = [field for loaded in selected.loaded for field in loaded.fields]
    return str(fields[index].attname)


def _sliced(statement: Any, state: Any, compiler: Compiler) -> Any:
    if state.stop is not None:
        limit = state.stop - state.start
        statement = statement.limit(compiler.bind((state, "limit"), limit, Integer(), None))
    if state.start:
        offset = compiler.bind((state, "offset"), state.start, Integer(), None)
        statement = statement.offset(offset)
    return statement
