"""Targets: filter keywords that are resolved once for each model, and remembered.

A query on a model's own fields, or over its relations, needs no more than a look into a dictionary
for each keyword; the value is prepared at once, so that a wrong one is an error where it is.
"""

from collections.abc import Iterator
from typing import Any

from ...exceptions import FieldError
from ...expressions.references import Col
from ...lookups import is_builtin
from ...lookups.builtin import COMPARISONS
from ...lookups.kinds import Kind, holds_null, is_expression, is_query, state_of
from ..state import Condition, Node
from .comparing import unknown_lookup
from .paths import Path, follow
from .related_values import Related, check_relation_lookup

MAX_REMEMBERED = 1000
PLAIN = (int, str, float, bool)
Q_KEYWORDS = frozenset({"_connector", "_negated"})  # no model has such fields


class Target:
    """What a filter keyword compares. There is one object for each keyword of a model.

    Args:
        model: The model.
        keyword: The keyword.
        field: The field that values are converted by.
        lookup: The lookup's class.
    """

    __slots__ = ("converter", "holds_null", "keyword", "limits", "lookup", "model", "prepare")

    def __init__(self, model: Any, keyword: str, field: Any, lookup: Any) -> None:
        self.model = model
        self.keyword = keyword
        self.converter = field
        self.lookup = lookup
        self.prepare = getattr(lookup, "prepare_value", None)
        self.limits = field.plain_limits if lookup in COMPARISONS else None
        self.holds_null = lookup is not None and lookup.lookup_name == "in"

    def __reduce__(self) -> Any:
        return resolve_target, (self.model, self.keyword)

    def condition(self, value: Any) -> Any:
        """Return the condition of this keyword and a value.

        Raises:
            ValueError: The value does not fit.
            TypeError: It is of a type that cannot fit.
        """
        if type(value) is int and self.limits is not None:
            least, greatest = self.limits
            if least <= value <= greatest:
                return Condition(self, Kind.SCALAR, value)
        if type(value) not in PLAIN and (is_expression(value) or is_query(value)):
            given = value if is_expression(value) else state_of(value)
            return Condition(self, Kind.EXPRESSION, given)
        if self.prepare is None:
            return (self.keyword, list(value) if isinstance(value, Iterator) else value)
        if self.holds_null and holds_null(value):  # exclude() has to know of the None
            self.prepare(self.converter, value)
            return (self.keyword, value)
        kind, made = self.prepare(self.converter, value)
        return Condition(self, kind, made)


def resolve_target(model: Any, keyword: str, method: str = "filter") -> Target:
    """Resolve a filter keyword.

    Args:
        model: The model that it starts from.
        keyword: The keyword.
        method: The QuerySet's method, for the error.

    Raises:
        FieldError: A part of it is unknown.
    """
    remembered: dict[str, Target] = model._meta.targets
    target = remembered.get(keyword)
    if target is None:
        target = _make(model, keyword, f"{method}({keyword}=...)")
        if len(remembered) >= MAX_REMEMBERED:
            remembered.clear()
        remembered[keyword] = target
    return target


def _make(model: Any, keyword: str, said: str) -> Target:
    path = follow(model, tuple(keyword.split("__")), said)
    if path.relation is not None:
        check_relation_lookup(path, said)
    lhs, lookup = _lookup(path, said)
    field: Any = lhs.output_field
    if path.relation is not None:
        field = Related(path.relation, field)
    if not is_builtin(lookup) or path.field.is_composite:
        lookup = None
    return Target(model, keyword, field, lookup)


def _lookup(path: Path, said: str) -> tuple[Any, Any]:
    lhs: Any = Col(None, path.field)
    *transforms, name = path.rest or ("exact",)
    for transform in transforms:
        lhs = _transformed(lhs, transform, said)
    lookup = lhs.get_lookup(name)
    if lookup is None:
        lhs = _transformed(lhs, name, said)
        lookup = lhs.get_lookup("exact")
    if lookup is None:
        raise unknown_lookup(lhs, name, said)
    return lhs, lookup


def _transformed(lhs: Any, name: str, said: str) -> Any:
    transform = lhs.get_transform(name)
    if transform is None:
        raise unknown_lookup(lhs, name, said)
    return transform(lhs)


def make_node(
    state: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, negated: bool, method: str
) -> Node:
    """Make the node of one ``filter()`` or ``exclude()``.

    Args:
        state: The state that it narrows: names of its annotations come first.
        args: Q objects and other conditions.
        kwargs: Keywords and values.
        negated: It is ``exclude()``.
        method: The QuerySet's method, for errors.
    """
    for name in kwargs:
        if name in Q_KEYWORDS:
            raise TypeError(f"{method}() got the keyword {name!r}, which is Q's.")
    children = [_argument(state, child, method) for child in args]
    pairs = sorted(kwargs.items()) if len(kwargs) > 1 else kwargs.items()
    children += [_pair(state, keyword, value, method) for keyword, value in pairs]
    return Node("AND", negated, tuple(children))


def _argument(state: Any, child: Any, method: str) -> Any:
    if isinstance(child, tuple) and len(child) == 2:
        return _pair(state, child[0], child[1], method)
    if hasattr(child, "connector") and hasattr(child, "children") and not is_query(child):
        children = tuple([_argument(state, one, method) for one in child.children])
        return Node(child.connector, child.negated, children)
    if isinstance(child, dict):
        raise FieldError(f"{method}() got a dictionary: give {method}(**conditions).")
    if not is_expression(child):
        raise TypeError(f"{method}() takes Q objects, expressions and keywords, not {child!r}.")
    return child


def _pair(state: Any, keyword: str, value: Any, method: str) -> Any:
    if state.annotations and _names_annotation(state, keyword):
        if isinstance(value, Iterator):  # a query can be run twice
            value = list(value)
        return (keyword, state_of(value) if is_query(value) else value)
    return resolve_target(state.model, keyword, method).condition(value)


def _names_annotation(state: Any, keyword: str) -> bool:
    if keyword in state.annotations:
        return True
    parts = keyword.split("__")
    return any("__".join(parts[:n]) in state.annotations for n in range(1, len(parts)))


def is_simple(node: Node) -> bool:
    """Say whether a node's names and values have all been checked."""
    for child in node.children:
        if type(child) is Condition:
            if child.kind is Kind.EXPRESSION:
                return False
        elif type(child) is not Node or not is_simple(child):
            return False
    return True
