"""Kinds of values: what of a value belongs to the shape of its query.

``= ?``, ``IS NULL`` and ``IN (?, ?)`` are different SQL. A value has a kind for each; what remains
of it is bound.
"""

from collections.abc import Hashable, Iterable
from enum import Enum, auto
from typing import Any, NamedTuple

from ..expressions.shape import Collector, Uncacheable


class Kind(Enum):
    """The kind of a value on the right side of a lookup."""

    NULL = auto()  # IS NULL
    NOTHING = auto()  # no row can fit
    NOT_NULL = auto()  # every row fits that has a value
    SCALAR = auto()  # one bound value
    LIST = auto()  # some bound values
    EXPRESSION = auto()  # computed by the database
    RAW = auto()  # as it was given: the lookup itself prepares it when the query is built


class Prepared(NamedTuple):
    """A value that is ready to be bound, and its kind."""

    kind: Kind
    value: Any = None


_OF_LISTS = ("__in", "__range")
NULL = Prepared(Kind.NULL)
NOTHING = Prepared(Kind.NOTHING)
NOT_NULL = Prepared(Kind.NOT_NULL)


class OtherKind(Exception):
    """A value is of another kind than the one that the query was compiled for."""


MOST_PADDED = 32_766
"""The usual limit of SQLite for the values of a statement: a list is not padded beyond it."""


def padded(length: int) -> int:
    """Return the next power of two: lists of similar length share a shape."""
    return max(length, min(1 << (length - 1).bit_length(), MOST_PADDED))


def tells_length(token: Any) -> bool:
    """Say whether a list's shape tells how many values it has, and so how many binds.

    A pair of keyword and value does so for our lookups of lists alone, see ``kind_of``.
    """
    return not isinstance(token, tuple) or token[0].endswith(_OF_LISTS)


def is_expression(value: Any) -> bool:
    """Say whether the database computes a value."""
    return hasattr(value, "resolve_expression")


def is_query(value: Any) -> bool:
    """Say whether a value is a QuerySet, or what one asks."""
    return getattr(type(value), "is_queryset", False)  # a model may have fields of any name


def holds_null(value: Any) -> bool:
    """Say whether None is among the values of a list."""
    return isinstance(value, list | tuple | set | frozenset) and any(v is None for v in value)


def state_of(value: Any) -> Any:
    """Return what a QuerySet asks."""
    return getattr(value, "query", value)


def kind_of(token: Any, value: Any, collector: Collector) -> Hashable:
    """Return the kind of a value as it was given, and give it to the collector.

    Args:
        token: The pair of keyword and value: the compiler finds the value's place by it.
        value: The value.
        collector: Takes the value.

    Raises:
        Uncacheable: The kind follows from what is in the value.
    """
    if value is None:
        return None
    if is_expression(value):
        return value.shape(collector)  # type: ignore[no-any-return]  # an expression's
    if is_query(value):
        return state_of(value).shape(collector)  # type: ignore[no-any-return]  # a state's
    if token[0].endswith(_OF_LISTS):
        return _kind_of_list(token, value, collector)
    if isinstance(value, bool) or hasattr(value, "_meta"):
        return (type(value), value) if isinstance(value, bool) else _scalar(token, value, collector)
    return _scalar(token, value, collector)


def _scalar(token: Any, value: Any, collector: Collector) -> Hashable:
    collector.add(token, value)
    return (type(value),)


def _kind_of_list(token: Any, value: Any, collector: Collector) -> Hashable:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        raise Uncacheable
    if not isinstance(value, list | tuple):
        raise Uncacheable
    if not value or any(item is None or is_expression(item) for item in value):
        raise Uncacheable
    collector.add(token, value)
    return ("list", len(value))
