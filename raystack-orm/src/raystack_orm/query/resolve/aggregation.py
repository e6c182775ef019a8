"""Aggregation over a whole query: ``aggregate()`` and ``count()``."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ...exceptions import FieldError
from ...expressions.references import Ref
from .compiler import Compiler, Context
from .select import Selected, Selection, select_rows

if TYPE_CHECKING:
    from .query import Query


def select_aggregates(query: "Query", expressions: dict[str, Any], context: Context) -> Selected:
    """Build the SELECT of one row with aggregates.

    Args:
        query: The query.
        expressions: The aggregates by name.
        context: What the compilers share.

    Raises:
        TypeError: An expression is no aggregate.
        EmptyResultSet: There are no rows.
    """
    before = dict(query.annotations)
    resolved = _resolved(query, expressions)
    values = [e.empty_result_set_value for e in resolved.values()]
    context.skips_empty = not any(value is NotImplemented for value in values)
    if _needs_table(query, before, resolved):
        return _over(query, before, resolved, context)
    query.annotations = before
    return _directly(query, resolved, context)


def _resolved(query: "Query", expressions: dict[str, Any]) -> dict[str, Any]:
    """Resolve the aggregates; each may refer to those before it, which are put in its place."""
    made: dict[str, Any] = {}
    replacements: dict[Any, Any] = {}
    for name, expression in expressions.items():
        found = expression.resolve_expression(query, allow_joins=True, reuse=None, summarize=True)
        if not found.contains_aggregate:
            raise TypeError(f"{name} is not an aggregate expression")
        found = found.replace_expressions(replacements)
        made[name] = query.annotations[name] = found
        replacements[Ref(name, found)] = found
    return made


def _needs_table(query: "Query", before: dict[str, Any], resolved: dict[str, Any]) -> bool:
    """Say whether the aggregates have to be computed over the query as a table."""
    _, having, qualify = query.where.split()
    state = query.state
    names = {name for e in resolved.values() for name in e.get_refs()} & set(before)
    return bool(
        query.parts
        or state.is_sliced
        or state.distinct
        or isinstance(query.group_by, tuple)
        or having is not None
        or qualify is not None
        or any(_is_of_many_rows(a) for a in before.values())
        or any(_is_computed_elsewhere(before[name]) for name in names)
    )


def _is_of_many_rows(annotation: Any) -> bool:
    return bool(
        getattr(annotation, "contains_aggregate", False)
        or getattr(annotation, "set_returning", False)
    )


def _is_computed_elsewhere(annotation: Any) -> bool:
    return any(
        getattr(part, "contains_subquery", False) or getattr(part, "contains_over_clause", False)
        for part in annotation.flatten()
    )


def _directly(query: "Query", resolved: dict[str, Any], context: Context) -> Selected:
    selection = Selection(query, context)
    where, _, _ = query.where.split()
    conditions = selection.conditions(where)
    columns = [
        selection.compiler.selected(e).label(f"col{n}") for n, e in enumerate(resolved.values())
    ]
    statement = select(*columns).where(*conditions).select_from(selection.from_clause())
    return Selected(statement, (), tuple(resolved.values()), tuple(resolved))


def _over(
    query: "Query", before: dict[str, Any], resolved: dict[str, Any], context: Context
) -> Selected:
    """Aggregate over the query as a table."""
    needed: dict[Any, Any] = {}
    for expression in resolved.values():
        _collect(expression, needed)
    query.annotations = before
    inner, identities = _inner(query, needed, context)
    below = inner.subquery("subquery")
    compiler = Compiler(query, query.driver, context)
    compiler.mapped = {identity: below.c[index] for identity, index in identities.items()}
    columns = [compiler.selected(e).label(f"col{n}") for n, e in enumerate(resolved.values())]
    statement = select(*columns).select_from(below)
    return Selected(statement, (), tuple(resolved.values()), tuple(resolved))


def _inner(query: "Query", needed: dict[Any, Any], context: Context) -> tuple[Any, dict[Any, int]]:
    """Return the SELECT below, and the number of the column of each needed expression."""
    state = query.state
    sorts_groups = isinstance(query.group_by, tuple) and state.order  # its keys are groups too
    if not state.is_sliced and not state.distinct_on and not sorts_groups:
        query.state = state = state.unsorted()
        for part in query.parts:
            part.state = part.state.unsorted()
    if query.parts:
        selected = select_rows(query, context, named=True)
        names = [*_attnames(selected), *selected.names]
        return selected.statement, {
            identity: names.index(
                getattr(getattr(e, "target", None), "attname", getattr(e, "refs", ""))
            )
            for identity, e in needed.items()
        }
    sources = {identity: getattr(e, "source", e) for identity, e in needed.items()}
    if state.distinct and not state.distinct_on:
        selected = _with_more(query, sources, context)
    else:
        if query.columns is None and query.group_by is True:
            query.group_by = (query.resolve_ref("pk"),)
        chosen = [*_grouping(query), *sources.values()] or [query.resolve_ref("pk")]
        selected = _chosen(query, chosen, context)
    numbers = {e.identity: n for n, e in enumerate(selected.expressions)}
    return selected.statement, {i: numbers[s.identity] for i, s in sources.items()}


def _grouping(query: "Query") -> list[Any]:
    """Return what is selected and decides which rows there are, in a query with groups."""
    if query.group_by is None:
        return []
    columns = [expression for _, expression in query.columns or ()]
    annotations = [query.annotations[n] for n in query.annotations if n in query.selected]
    return [*columns, *(a for a in annotations if a.get_group_by_cols())]


def _chosen(query: "Query", expressions: list[Any], context: Context) -> Selected:
    query.columns = [(f"__col{n}", e) for n, e in enumerate(expressions)]
    query.value_names = tuple(name for name, _ in query.columns)
    query.selected = set()
    return select_rows(query, context, named=True)


def _with_more(query: "Query", sources: dict[Any, Any], context: Context) -> Selected:
    selection = Selection(query, context)
    selection.choose()
    known = {e.identity for e in selection.expressions}
    more = [e for e in sources.values() if e.identity not in known]
    return _chosen(query, [*selection.expressions, *more], context)


def _attnames(selected: Selected) -> list[str]:
    return [field.attname for loaded in selected.loaded for field in loaded.fields]


def _collect(expression: Any, needed: dict[Any, Any]) -> None:
    """Find the columns and annotations that an aggregate is computed of."""
    for source in expression.get_source_expressions():
        if source is None:
            continue
        if isinstance(source, Ref) or (
            not source.get_source_expressions() and source.contains_column_references
        ):
            needed[source.identity] = source
        elif hasattr(source, "resolved") or getattr(source, "contains_over_clause", False):
            raise FieldError(f"An aggregate over this query cannot be computed of {source!r}: "
                             f"annotate() it first.")  # fmt: skip
        else:
            _collect(source, needed)
