"""Arguments of ``filter()``, and Q objects, to resolved conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..expressions import Q
from .resolve.names import resolve_target
from .state import Condition, Node


def make_node(
    model: Any,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    *,
    negated: bool = False,
    method: str = "filter",
) -> Node:
    """Resolve the arguments of one call.

    Raises:
        FieldError: A name or a lookup is unknown.
        TypeError: A positional argument is no Q object.
    """
    children: list[Condition | Node] = [_from_q(model, arg, method) for arg in args]
    for keyword, value in kwargs.items():
        children.append(_condition(model, keyword, value, method))
    return Node("AND", negated, tuple(children))


def _condition(model: Any, keyword: str, value: Any, method: str) -> Condition:
    target = resolve_target(model, keyword, method)
    kind, prepared = target.prepare(model, value)
    return Condition(target, kind, prepared)


def _from_q(model: Any, q: Any, method: str) -> Node:
    if not isinstance(q, Q):
        raise TypeError(f"{method}() takes Q objects and keywords, not {q!r}.")
    children: list[Condition | Node] = [
        _from_q(model, child, method)
        if isinstance(child, Q)
        else _condition(model, child[0], child[1], method)
        for child in q.children
    ]
    return Node(q.connector, q.negated, tuple(children))
