"""Filters: from ``Q`` objects and keywords to conditions over columns.

The rules are Django's. Conditions in one call speak of one related row; a negated condition on a
relation to many means that no related row fits; where a column or its row may be missing, a negated
condition takes care that null counts as "does not fit".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...exceptions import FieldError, NotSupportedError
from ...expressions.q import Q
from ...expressions.references import Ref
from ...lookups import IsNull
from ...lookups.kinds import holds_null, is_expression
from ..state import Condition, Node
from .comparing import make_condition
from .joins import Join, JoinPromoter
from .negation import no_related
from .paths import Path
from .related_values import check_related, check_relation_lookup
from .where import Where

if TYPE_CHECKING:
    from .query import Query


class Options:
    """How a node of conditions is resolved.

    Args:
        branch_negated: A negation stands somewhere above.
        negated: An odd number of negations stands above.
        allow_joins: Names may lead over relations.
        split_subq: A negated condition on a relation to many becomes a subquery.
        check_filterable: Expressions have to be allowed in conditions.
        summarize: The conditions are about the query as a whole.
        promote: Joins are made inner or outer by what the conditions need.
    """

    __slots__ = ("allow_joins", "branch_negated", "check_filterable", "negated", "promote",
                 "split_subq", "summarize")  # fmt: skip

    def __init__(
        self,
        *,
        branch_negated: bool = False,
        negated: bool = False,
        allow_joins: bool = True,
        split_subq: bool = True,
        check_filterable: bool = True,
        summarize: bool = False,
        promote: bool = True,
    ) -> None:
        self.branch_negated = branch_negated
        self.negated = negated
        self.allow_joins = allow_joins
        self.split_subq = split_subq
        self.check_filterable = check_filterable
        self.summarize = summarize
        self.promote = promote

    def inside(self, negated: bool) -> "Options":
        """Return the options for the children of a node."""
        return Options(
            branch_negated=self.branch_negated or negated,
            negated=self.negated ^ negated,
            allow_joins=self.allow_joins,
            split_subq=self.split_subq,
            check_filterable=self.check_filterable,
            summarize=self.summarize,
            promote=self.promote,
        )


def add_filter(query: "Query", node: Any, reuse: "set[Join]") -> None:
    """Add the conditions of one ``filter()`` or ``exclude()``.

    Args:
        query: The query.
        node: The conditions.
        reuse: The joins to many rows that may be used again; it receives those that are made.
    """
    before = [join for join in query.joins if join.kind == "INNER"]
    clause, _ = add_node(query, node, reuse)
    if clause:
        query.where.children.append(clause)
    query.demote_joins(before)


def add_node(
    query: "Query", node: Any, reuse: "set[Join] | None", **options: Any
) -> tuple[Where, Any]:
    """Resolve a node of conditions.

    Args:
        query: The query.
        node: A ``Q``, or a node of a state.
        reuse: The joins to many rows that may be used again; it receives those that are made.
        options: As in ``Options``.

    Returns:
        The conditions, and the joins that every row has to have.
    """
    return _node(query, node, reuse, Options(**options))


def _node(
    query: "Query", node: Any, reuse: "set[Join] | None", options: Options
) -> tuple[Where, Any]:
    inside = options.inside(node.negated)
    clause = Where([], node.connector, node.negated)
    promoter = JoinPromoter(node.connector, len(node.children), inside.negated)
    for child in node.children:
        made, needed = _child(query, child, reuse, inside)
        promoter.add_votes(needed)
        if made is not None:
            clause.children.append(made)
    needed = promoter.update(query) if options.promote else ()
    return clause, needed


def _child(query: "Query", child: Any, reuse: Any, options: Options) -> tuple[Any, Any]:
    if isinstance(child, Node | Q):
        made, needed = _node(query, child, reuse, options)
        return (made or None), needed
    if isinstance(child, Condition):
        return _keyword(query, child.target.keyword, child, reuse, options)
    if isinstance(child, tuple):
        return _keyword(query, child[0], child, reuse, options)
    return _expression(query, child, reuse, options), ()


def _expression(query: "Query", child: Any, reuse: Any, options: Options) -> Any:
    if not is_expression(child):
        raise TypeError(f"A filter takes Q objects and expressions, not {child!r}.")
    resolved = child.resolve_expression(query, options.allow_joins, reuse, options.summarize)
    if not getattr(resolved, "conditional", False):
        raise TypeError(f"Cannot filter against a non-conditional expression: {child!r}.")
    _check_filterable(resolved, options)
    return resolved


def _check_filterable(expression: Any, options: Options) -> None:
    if not options.check_filterable or not is_expression(expression):
        return
    if not getattr(expression, "filterable", True):
        raise NotSupportedError(f"{type(expression).__name__} is disallowed in the filter clause.")
    for source in getattr(expression, "get_source_expressions", list)():
        _check_filterable(source, options)


def _keyword(
    query: "Query", keyword: str, child: Any, reuse: Any, options: Options
) -> tuple[Any, Any]:
    said = f"filter({keyword}=...)"
    parts = tuple(keyword.split("__"))
    annotation, rest = _annotation(query, parts, summarize=options.summarize)
    if annotation is not None:
        value = _value(query, child, reuse, options)
        _check_filterable(annotation, options)
        return make_condition(query, annotation, rest, value, child, said), ()
    query.touched = set()
    value = _value(query, child, reuse, options)
    value_joins = {join for join in query.touched if join.parent is not None}
    if parts[0] in query.filtered_relations:
        path, way = query.way_to(parts, said, reuse)
    else:
        path = query.path(parts, said)
        if not options.allow_joins and path.hops:
            raise FieldError("Joined field references are not permitted in this query")
        if path.first_many >= 0 and options.branch_negated and options.split_subq:
            return no_related(query, path, value, child, said, reuse), ()
        way = query.reach(path.hops, reuse)
    check_related(path, value, child, said)
    if reuse is not None:
        reuse.update(way)
    column = query.column(path.field, way[-1])
    if path.relation is not None:
        check_relation_lookup(path, said)
    made = make_condition(query, column, path.rest, value, child, said, path.relation)
    way = [*way, *query.reach(path.trimmed, reuse, start=way[-1])[1:]] if path.trimmed else way
    joins = {join for join in way if join.parent is not None} | value_joins
    return _guarded(query, made, path, column, value, joins, options)


def _guarded(
    query: "Query", made: Any, path: Path, column: Any, value: Any, joins: Any, options: Options
) -> tuple[Any, Any]:
    """Say which joins a condition needs, and let a negated one count null as not fitting."""
    is_null = isinstance(made, IsNull)
    needs_no_row = is_null and made.rhs is True and not options.negated
    clause: Any = made
    if options.negated and not (is_null and made.rhs is True):
        needs_no_row = True
        if not is_null and value is not None:  # JSON's null differs from a missing document
            extra = []
            if _may_be_null(path.field, column.join):
                if path.rest[-1:] == ("in",) and holds_null(value):  # null is among the values
                    return Where([made, IsNull(column, True)], "OR"), ()
                extra.append(IsNull(column, False))
            target = getattr(value, "target", None)
            if target is not None and target.null:
                extra.append(IsNull(value, False))
            if extra:
                clause = Where([made, *extra])
    return clause, (() if needs_no_row else joins)


def _may_be_null(field: Any, join: Join) -> bool:
    return bool(field.null) or join.optional


def _annotation(
    query: "Query", parts: tuple[str, ...], *, summarize: bool
) -> tuple[Any, tuple[str, ...]]:
    """Return the annotation that the first parts name, and the other parts."""
    for number in range(len(parts), 0, -1):
        name = "__".join(parts[:number])
        found = query.annotations.get(name)
        if found is not None:
            return Ref(name, found) if summarize else found, parts[number:]
    return None, parts


def _value(query: "Query", child: Any, reuse: Any, options: Options) -> Any:
    """Return the right side: an expression resolved, everything else as it is."""
    value = child.value if isinstance(child, Condition) else child[1]
    if isinstance(value, Iterator):
        raise TypeError(f"An iterator is no value to compare with: make it a list: {value!r}.")
    if is_expression(value):
        resolved = value.resolve_expression(query, options.allow_joins, reuse, options.summarize)
        _check_filterable(resolved, options)
        return resolved
    if isinstance(value, list | tuple) and any(is_expression(item) for item in value):
        made = [
            item.resolve_expression(query, options.allow_joins, reuse, options.summarize)
            if is_expression(item)
            else item
            for item in value
        ]
        return tuple(made) if isinstance(value, tuple) else made
    return value
