"""Shapes: a query without its values.

Two queries of one shape have the same SQL. Taking a shape collects the values on the way, in the
order in which the resolver makes binds for them.
"""

from collections.abc import Hashable
from typing import Any

from ...databases import Driver
from ...expressions import Expression
from ...expressions.base import OrderBy
from ...lookups import Kind
from ..state import Condition, Node, State


def padded(length: int) -> int:
    """Return the next power of two: lists of similar length share a shape."""
    return 1 << (length - 1).bit_length()


def shape_of(operation: str, state: State, driver: Driver, values: list[Any]) -> Hashable:
    """Return the shape of a state.

    Args:
        operation: What is done with it: states alike may be selected, counted, deleted.
        state: The state.
        driver: The database that it is for.
        values: Receives the values.
    """
    where = tuple([_node(node, driver, values) for node in state.where])
    order: Any = state.order
    if order:
        order = tuple([_sort_key(key, values) for key in order])
    start, stop = state.start, state.stop
    if stop is not None:
        values.append(stop - start)
    if start:
        values.append(start)
    return (
        operation,
        driver.vendor,
        state.model,
        where,
        order,
        state.reverse,
        state.distinct,
        stop is not None,
        start > 0,
        state.related,
        state.columns,
        state.form,
        state.extra,
        state.loaded,
    )


def _node(node: Node | Condition, driver: Driver, values: list[Any]) -> Hashable:
    if isinstance(node, Condition):
        return _condition(node, driver, values)
    children = tuple([_node(child, driver, values) for child in node.children])
    return (node.connector, node.negated, children)


def _condition(condition: Condition, driver: Driver, values: list[Any]) -> Hashable:
    kind, value = condition.kind, condition.value
    if kind is Kind.SCALAR:
        values.append(value)
    elif kind is Kind.PAIR:
        values.extend(value)
    elif kind is Kind.LIST:
        if driver.takes_arrays:
            values.append(value)
        else:
            length = padded(len(value))
            values.extend(value)
            values.extend(value[-1:] * (length - len(value)))
            return (condition.target, kind, length)
    elif kind is Kind.EXPRESSION:
        return (condition.target, kind, value.shape(values))
    elif kind is Kind.QUERY:
        return (condition.target, kind, shape_of("subquery", value, driver, values))
    return (condition.target, kind)


def _sort_key(key: Any, values: list[Any]) -> Hashable:
    if isinstance(key, OrderBy):
        return (key.expression.shape(values), key.descending)
    return key.shape(values) if isinstance(key, Expression) else key
