"""The order of a query: names and expressions to sort keys."""

from typing import TYPE_CHECKING, Any

from ...exceptions import FieldError
from ...expressions.ordering import OrderBy
from ...expressions.references import Ref

if TYPE_CHECKING:
    from .query import Query


def order_of(query: "Query") -> list[OrderBy]:
    """Return the sort keys of a query, resolved."""
    state = query.state
    keys = state.ordering
    made: list[OrderBy] = []
    for key in keys:
        made += _resolved(query, key)
    if state.reverse:
        made = [one.copy().reverse_ordering() for one in made]
    return _unique(made)


def _unique(keys: list[OrderBy]) -> list[OrderBy]:
    found: dict[Any, OrderBy] = {}
    for key in keys:
        expression = key.expression
        if isinstance(expression, Ref):
            expression = expression.source
        found.setdefault(expression.identity, key)
    return list(found.values())


def _resolved(query: "Query", key: Any) -> list[OrderBy]:
    if hasattr(key, "resolve_expression"):
        if not isinstance(key, OrderBy):
            key = key.asc()
        if getattr(key.expression, "set_returning", False):
            raise FieldError("A set-returning function cannot be sorted by.")
        return [key.resolve_expression(query, allow_joins=True, reuse=None)]
    name, descending = (key[1:], True) if key[:1] == "-" else (key.removeprefix("+"), False)
    if name == "?":
        from ...expressions.functions.math import Random

        return [OrderBy(Random())]
    if name in query.annotations:
        annotation = query.annotations[name]
        if name in query.selected:
            annotation = Ref(name, annotation)
        return [OrderBy(annotation, descending=descending)]
    return _by_field(query, name, descending)


def _by_field(
    query: "Query", name: str, descending: bool, seen: tuple[Any, ...] = ()
) -> list[OrderBy]:
    """Sort by a field; by a relation, as its model is sorted."""
    parts = tuple(name.split("__"))
    first = query.annotations.get(parts[0])
    if first is not None:
        return [OrderBy(query.resolve_ref(name), descending=descending)]
    path, way = query.way_to(parts, f"order_by({name!r})", None)
    relation = path.relation
    if relation is not None and not path.rest:
        model = relation.related_model
        by_key = parts[-1] in {getattr(relation, "attname", None), "pk"}
        if model._meta.ordering and not by_key:
            return _by_relation(query, relation, parts, descending, seen)
    expression: Any = query.column(path.field, way[-1])
    for transform in path.rest:
        expression = query.transformed(expression, transform, name)
    return [OrderBy(expression, descending=descending)]


def _by_relation(
    query: "Query", relation: Any, parts: tuple[str, ...], descending: bool, seen: tuple[Any, ...]
) -> list[OrderBy]:
    if relation in seen:
        raise FieldError("Infinite loop caused by ordering.")
    prefix = "__".join(parts)
    made = []
    for key in relation.related_model._meta.ordering:
        if isinstance(key, str):
            inner, down = (key[1:], True) if key[:1] == "-" else (key, False)
            if inner in {"pk", relation.related_model._meta.pk.name}:
                made += _by_key(query, f"{prefix}__{inner}", descending != down)
            else:
                made += _by_field(
                    query, f"{prefix}__{inner}", descending != down, (*seen, relation)
                )
            continue
        made += _by_expression(query, key, prefix, descending)
    return made


def _by_key(query: "Query", name: str, descending: bool) -> list[OrderBy]:
    return [OrderBy(query.resolve_ref(name), descending=descending)]


def _by_expression(query: "Query", key: Any, prefix: str, descending: bool) -> list[OrderBy]:
    from ...expressions.references import F

    key = key if isinstance(key, OrderBy) else key.asc()
    names = {e.name for e in _references(key)}
    key = key.replace_expressions({F(name): F(f"{prefix}__{name}") for name in names})
    made = key.resolve_expression(query, allow_joins=True, reuse=None)
    return [made.copy().reverse_ordering() if descending else made]


def _references(node: Any) -> list[Any]:
    if hasattr(node, "name") and not hasattr(node, "get_source_expressions"):
        return [node]
    return [found for s in node.get_source_expressions() if s for found in _references(s)]
