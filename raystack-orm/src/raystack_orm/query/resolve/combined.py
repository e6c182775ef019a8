"""Combined queries: UNION, INTERSECT and EXCEPT."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CompoundSelect,
    except_,
    intersect,
    intersect_all,
    select,
    union,
    union_all,
)

from ...exceptions import DatabaseError, EmptyResultSet, OperationalError, ProgrammingError
from ...expressions.ordering import OrderBy
from ...expressions.references import F
from .compiler import Compiler, Context
from .slicing import sliced

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
    keys = [_key_of(query, key) for key in state.ordering]
    parts = _parts(query, context)
    number = len(parts[0].expressions)
    places = [_place(query.model, _names(parts[0]), expression) for expression, _ in keys]
    if None in places:
        missing = [e for (e, _), place in zip(keys, places, strict=True) if place is None]
        _select_more(query, missing)
        parts = _parts(query, context)
        more = iter(range(number, number + len(missing)))  # they come last
        places = [next(more) if place is None else place for place in places]
    compiler = Compiler(query, query.driver, context)
    statement, columns = _joined(query, parts, number, apart=_sorts_apart(query, keys))
    for (_, order), place in zip(keys, places, strict=True):
        statement = statement.order_by(*order.sort_keys(columns[place or 0], compiler))
    return _selected(parts[0], number, state, sliced(statement, state, compiler))


def _sorts_apart(query: "Query", keys: list[tuple[Any, OrderBy]]) -> bool:
    """Say whether more than a column is sorted by, which has to stand around the statement."""
    if query.driver.supports_order_by_nulls_modifier:
        return False
    return any(order.nulls_first or order.nulls_last for _, order in keys)


def _joined(query: "Query", parts: list[Any], number: int, *, apart: bool) -> tuple[Any, list[Any]]:
    """Return the statement of the parts, whose first columns come out, and all its columns."""
    state = query.state
    if len(parts) == 1:
        statement: Any = parts[0].statement.subquery().select()
    else:
        _check_widths(query, parts)
        function = _FUNCTIONS[state.combinator, state.combine_all]
        statement = function(*[_enclosed(query, part) for part in parts])
    columns = list(statement.selected_columns)
    if apart or number < len(columns):
        columns = list(statement.subquery().c)
        statement = select(*columns[:number])
    return statement, columns


def _check_widths(query: "Query", parts: list[Any]) -> None:
    """Refuse parts with different numbers of columns, as the database would.

    Raises:
        OperationalError: They differ.
        ProgrammingError: They differ, and the database is PostgreSQL.
    """
    widths = [len(part.statement.selected_columns) for part in parts]
    if len(set(widths)) > 1:
        postgresql = query.driver.vendor == "postgresql"
        raise (ProgrammingError if postgresql else OperationalError)(
            f"{query.state.combinator}() of queries that return {', '.join(map(str, widths))} "
            f"columns: they have to return as many. Choose them with values_list()."
        )


def _selected(first: "Selected", number: int, state: Any, statement: Any) -> "Selected":
    """Return what the columns are: those of the first part, under the names that were asked for."""
    values = number - (len(first.expressions) - len(first.names))
    names = first.names[:values]
    if state.columns and len(state.columns) == len(names):
        names = tuple(state.columns)
    return first._replace(statement=statement, expressions=first.expressions[:number], names=names)


def _key_of(query: "Query", key: Any) -> tuple[Any, OrderBy]:
    """Return what is sorted by, as it was written, and how.

    Raises:
        NotImplementedError: A transform of an annotation is sorted by.
    """
    if isinstance(key, str):
        expression, descending = F(key.lstrip("-+")), key[:1] == "-"
    else:
        order = key if isinstance(key, OrderBy) else key.asc()
        expression, descending = order.expression, order.descending
        return expression, order.copy().reverse_ordering() if query.state.reverse else order
    first, _, rest = expression.name.partition("__")
    if rest and first in query.state.annotations:
        raise NotImplementedError("Ordering combined queries by transforms is not implemented.")
    return expression, OrderBy(expression, descending=descending != query.state.reverse)


def _place(model: Any, names: list[str], expression: Any) -> int | None:
    """Return the number of the column that a sort key names; ``None`` for none."""
    name = getattr(expression, "name", None)
    if not isinstance(name, str):
        return None
    pk = model._meta.pk
    field = pk if name == "pk" else model._meta.names.get(name)
    spellings = {name, getattr(field, "name", name), getattr(field, "attname", name)}
    if field is pk:
        spellings.add("pk")
    return next((index for index, column in enumerate(names) if column in spellings), None)


def _select_more(query: "Query", expressions: list[Any]) -> None:
    """Select what is sorted by in all parts, which it has to be a column of.

    Raises:
        DatabaseError: A part has chosen its columns.
    """
    for part in query.parts:
        if part.state.columns is not None or part.parts:
            raise DatabaseError(
                f"ORDER BY term does not match any column in the result set: "
                f"{', '.join(repr(e) for e in expressions)}."
            )
        for number, expression in enumerate(expressions):
            part.add_annotation(f"__order{number}", expression)


def _parts(query: "Query", context: Context) -> list[Any]:
    from .columns import select_names
    from .select import select_rows  # a part is a query itself

    state = query.state
    made = []
    sorts_parts = query.driver.supports_slicing_ordering_in_compound
    for number, part in enumerate(query.parts):
        if part.state.order and not part.state.is_sliced and not sorts_parts:
            raise DatabaseError("ORDER BY not allowed in subqueries of compound statements.")
        if state.columns is not None and part.parts:
            if part.state.columns is None:
                part.state = part.state.with_(columns=state.columns)
        elif state.columns is not None and part.columns is None:
            select_names(part, state.columns)
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


def _names(selected: Any) -> list[str]:
    """Return the names of the columns."""
    fields = [field.attname for loaded in selected.loaded for field in loaded.fields]
    return [*fields, *selected.names]
