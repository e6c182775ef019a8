"""``FilteredRelation``: a relation that is joined under a name, with a condition of its own.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#filteredrelation-objects
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...expressions.q import Q
from ...expressions.references import F, OuterRef
from .filters import add_node
from .joins import Join
from .paths import Path, follow, hops_to_owner

if TYPE_CHECKING:
    from .query import Query


def check_filtered(query: "Query", relation: Any) -> None:
    """Refuse a ``FilteredRelation`` of something that is no relation, and conditions far away."""
    parts = tuple(relation.relation_name.split("__"))
    said = f"FilteredRelation({relation.relation_name!r})"
    model, inner = _start(query, parts)
    if not inner:
        raise ValueError(f"{said}: it is no relation of its own.")
    _check_relation(model, inner, relation.relation_name, said)
    for keyword in _keywords(relation.condition):
        _check_keyword(query, relation, parts, keyword, said)


def _check_relation(model: Any, names: tuple[str, ...], whole: str, said: str) -> None:
    for number, name in enumerate(names):
        found = model._meta.names.get(name)
        if found is None and not number:
            follow(model, names, said)  # its error lists the names that there are
        if found is None:
            raise ValueError(
                f"FilteredRelation's relation_name cannot contain lookups (got {whole!r})."
            )
        if not found.is_relation:
            raise ValueError(f"{said}: {name} is no relation of {model.__name__}.")
        model = found.related_model


def _start(query: "Query", names: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Return the model that a path of relations starts at, and the path without what leads there.

    It may begin with another ``FilteredRelation``.
    """
    other = query.filtered_relations.get(names[0])
    if other is None:
        return query.model, names
    model, inner = _start(query, tuple(other.relation_name.split("__")))
    for name in inner:
        model = model._meta.names[name].related_model
    return model, names[1:]


def _check_keyword(
    query: "Query", relation: Any, parts: tuple[str, ...], keyword: str, said: str
) -> None:
    """Refuse a condition on other relations than those that lead to the filtered one."""
    names = tuple(keyword.split("__"))
    model, inner = _start(query, names)
    rest = follow(model, inner, said).rest
    used = names[: len(names) - len(rest)]
    for name, part in zip(used[: -1 if rest else -2], parts, strict=False):  # as Django compares
        if name != part:
            raise ValueError(
                f"FilteredRelation's condition doesn't support relations outside the "
                f"{relation.relation_name!r} (got {keyword!r})."
            )
    if len(used) > len(parts) + 1:
        raise ValueError(
            f"FilteredRelation's condition doesn't support nested relations deeper than the "
            f"relation_name (got {keyword!r} for {relation.relation_name!r})."
        )


def _keywords(node: Any) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, Q):
            yield from _keywords(child)
        elif isinstance(child, tuple):
            yield child[0]
            yield from _names(child[1])
        else:
            yield from _names(child)


def _names(expression: Any) -> Iterator[str]:
    """Return the names that an expression refers to."""
    if isinstance(expression, F):
        if not isinstance(expression, OuterRef):  # whose name is another query's
            yield expression.name
    elif isinstance(expression, Q):
        yield from _keywords(expression)
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from _names(source)


def way_through_filtered(
    query: "Query",
    relation: Any,
    parts: tuple[str, ...],
    said: str,
    reuse: "set[Join] | None",
    *,
    whole: bool = False,
) -> tuple[Path, list[Join]]:
    """Follow names that begin with a ``FilteredRelation``, joining its relation under its name."""
    names = tuple(relation.relation_name.split("__"))
    model, inner = _start(query, names)
    relation_path = follow(model, inner, said)
    hops = _whole_way(model, inner)
    join = next((j for j in query.joins if j.filtered == relation.alias), None)
    if join is None:
        start = None
        if names[0] in query.filtered_relations:
            other = query.filtered_relations[names[0]]
            start = way_through_filtered(query, other, names[:1], said, reuse)[1][-1]
        way = query.reach(hops[:-1], reuse, start=start)
        join = query.join(way[-1], hops[-1], filtered=relation.alias)
        # A condition may read the tables on the way; those of other rows only where it says so.
        inside = None if reuse is None or not hops[-1].many else {*reuse, *way, join}
        join.condition = _filtered_condition(query, relation, names, inside)
        query.joins.remove(join)  # the tables that its condition reads have to come before it
        query.joins.append(join)
    else:
        way = join.ancestors
        query.touched.update(way)
    query.touched.add(join)
    end = relation_path.relation.related_model
    if len(parts) == 1:
        return Path(tuple(hops), end._meta.pk, relation_path.relation, ()), [*way, join]
    if parts[1] not in end._meta.names and not whole:  # a lookup of the relation itself
        return Path(tuple(hops), end._meta.pk, relation_path.relation, parts[1:]), [*way, join]
    path = follow(end, parts[1:], said, whole=whole)
    full = path._replace(hops=(*hops, *path.hops))
    return full, [*way, *query.reach(path.hops, reuse, start=join)]


def _whole_way(model: Any, names: tuple[str, ...]) -> list[Any]:
    hops: list[Any] = []
    for name in names:
        found = model._meta.names[name]
        hops += hops_to_owner(model, found)
        hops += found.hops()
        model = found.related_model
    return hops


def _filtered_condition(
    query: "Query", relation: Any, names: tuple[str, ...], reuse: "set[Join] | None"
) -> Any:
    """Resolve the condition, whose names start at the model, with the relation's as the join."""
    prefix = "__".join(names) + "__"
    renamed = _renamed(relation.condition, prefix, relation.alias + "__")
    clause, _ = add_node(query, renamed, reuse, split_subq=False, promote=False)
    return clause


class Renamed(tuple[Any, ...]):  # noqa: SLOT001 - a tuple cannot have slots with values
    """A keyword under another name, whose value is still found by the pair that was given."""

    token: Any

    @classmethod
    def of(cls, given: tuple[str, Any], keyword: str) -> "Renamed":
        """Return the pair under another keyword."""
        made = cls((keyword, given[1]))
        made.token = given
        return made


def _renamed(node: Any, prefix: str, alias: str) -> Any:
    children: list[Any] = []
    for child in node.children:
        if isinstance(child, Q):
            children.append(_renamed(child, prefix, alias))
        elif isinstance(child, tuple) and child[0].startswith(prefix):
            children.append(Renamed.of(child, alias + child[0].removeprefix(prefix)))
        else:
            children.append(_renamed_expression(child, prefix, alias))
    return Q.create(children, node.connector, node.negated)


def _renamed_expression(node: Any, prefix: str, alias: str) -> Any:
    """Return an expression whose names are under the relation's own name."""
    if isinstance(node, F):
        named = isinstance(node.name, str) and node.name.startswith(prefix)
        return type(node)(alias + node.name.removeprefix(prefix)) if named else node
    if isinstance(node, Q):
        return _renamed(node, prefix, alias)
    if not hasattr(node, "set_source_expressions") or not node.get_source_expressions():
        return node
    made = node.copy()
    made.set_source_expressions(
        [
            None if source is None else _renamed_expression(source, prefix, alias)
            for source in node.get_source_expressions()
        ]
    )
    return made
