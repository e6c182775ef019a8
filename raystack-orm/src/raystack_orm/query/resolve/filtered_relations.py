"""``FilteredRelation``: a relation that is joined under a name, with a condition of its own.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#filteredrelation-objects
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...expressions.q import Q
from .filters import add_node
from .joins import Join
from .paths import Path, follow, hops_to_owner

if TYPE_CHECKING:
    from .query import Query


def check_filtered(query: "Query", relation: Any) -> None:
    """Refuse a ``FilteredRelation`` of something that is no relation, and conditions far away."""
    parts = tuple(relation.relation_name.split("__"))
    said = f"FilteredRelation({relation.relation_name!r})"
    path = query.path(parts, said)
    if path.rest:
        raise ValueError(f"{said}: FilteredRelation's relation_name cannot contain lookups.")
    depth = len(parts)
    for keyword in _keywords(relation.condition):
        names = tuple(keyword.split("__"))
        found = follow(query.model, names, said)
        used = names[: len(names) - len(found.rest)]
        if len(used) - 1 > depth or (len(used) > 1 and used[:depth] != parts[: len(used) - 1]):
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
    relation_path = follow(query.model, names, said)
    hops = _whole_way(query.model, names)
    join = next((j for j in query.joins if j.filtered == relation.alias), None)
    if join is None:
        way = query.reach(hops[:-1], reuse)
        join = query.join(way[-1], hops[-1], filtered=relation.alias)
        join.condition = _filtered_condition(query, relation, names, join)
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


def _filtered_condition(query: "Query", relation: Any, names: tuple[str, ...], join: Join) -> Any:
    """Resolve the condition, whose names start at the model, with the relation's as the join."""
    prefix = "__".join(names) + "__"
    renamed = _renamed(relation.condition, prefix, relation.alias + "__")
    clause, _ = add_node(query, renamed, {join}, split_subq=False, promote=False)
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
            children.append(child)
    return Q.create(children, node.connector, node.negated)
