"""Replaying: the steps of a state make a query."""

from typing import Any

from ...databases import Driver
from ...expressions.q import Q
from .. import state as steps
from .columns import select_names
from .filters import add_filter, add_node
from .grouping import group_by_annotations, regroup
from .joins import JoinPromoter, joins_to_many
from .query import Query
from .where import Nothing, Where


def replay(
    state: "steps.State", driver: Driver, outer: Query | None = None, *, for_exists: bool = False
) -> Query:
    """Make the query of a state.

    Args:
        state: What is asked for.
        driver: The database that it is for.
        outer: The query that it is a subquery of.
        for_exists: Only whether there is a row will be asked.
    """
    query = Query(state.model, driver, outer)
    if for_exists and not state.is_sliced:
        state = state.with_(order=(), default_order=False, related=False)
    query.state = state
    if state.nothing:
        query.where.children.append(Nothing())
    for step in state.steps:
        apply(query, step)
    query.parts = [replay(part, driver, outer) for part in state.parts]
    return query


def apply(query: Query, step: Any) -> None:
    """Apply one step."""
    if isinstance(step, steps.Filter):
        _filter(query, step)
    elif isinstance(step, steps.Annotate):
        _annotate(query, step)
    elif isinstance(step, steps.Values):
        select_names(query, step.names)  # first: what no longer comes out groups nothing
        regroup(query, step.names)
    else:
        _combine(query, step)


def _filter(query: Query, step: "steps.Filter") -> None:
    reuse = set(query.joins) if isinstance(step, steps.JoinedFilter) else query.sticky
    query.sticky = set()
    add_filter(query, step.node, reuse)
    if isinstance(step, steps.StickyFilter):
        query.sticky = reuse


def _annotate(query: Query, step: "steps.Annotate") -> None:
    for name, expression in step.expressions.items():
        if hasattr(expression, "relation_name"):
            query.add_filtered_relation(name, expression)
        else:
            query.add_annotation(name, expression, select=step.select)
    added = (query.annotations.get(name) for name in step.expressions)
    if any(a is not None and a.contains_aggregate for a in added):
        if query.columns is None:
            query.group_by = True
        else:
            group_by_annotations(query)


def _combine(query: Query, step: "steps.Combined") -> None:
    """Add the conditions of another query of the same model."""
    others = step.state.steps
    if step.connector == Q.AND:
        for other in others:
            apply(query, other)
        return
    before = {join for join in query.joins if join.kind == "INNER"}
    promoter = JoinPromoter(step.connector, 2, False)
    promoter.add_votes(before)
    left, query.where = query.where, Where()
    reuse = set(query.joins)
    for other in others:
        if isinstance(other, steps.Filter):
            clause, needed = add_node(query, other.node, set(reuse))
            reuse -= joins_to_many(clause)  # another filter speaks of other rows
            promoter.add_votes(needed)
            query.where.children.append(clause)
        else:
            apply(query, other)
    right = query.where
    promoter.update(query)
    query.where = Where([Where([left, right], step.connector)]) if left and right else Where()
