"""A hop: one step along a relation, from a table to the next.

The resolver joins along hops, in either direction, without knowing which kind of field they came
from.
"""

from typing import Any, NamedTuple


class Hop(NamedTuple):
    """One step from a table to the next.

    Args:
        model: The model whose table comes next.
        source: The field on this side.
        target: The field on the other side.
        many: There may be several rows on the other side.
        nullable: There may be none.
    """

    model: Any
    source: Any
    target: Any
    many: bool
    nullable: bool


def hops_to_parent(model: Any, parent: Any) -> tuple[Hop, ...]:
    """Return the way from a model's table to that of a parent in multi-table inheritance."""
    target = parent._meta.concrete_model
    for base, link in model._meta.parents.items():
        if link is None:  # a proxy's: the same table
            if base._meta.concrete_model is target:
                return ()
            above = hops_to_parent(base, parent)
            if above:
                return above
            continue
        hop = Hop(base, link, link.target_field, False, False)
        if base._meta.concrete_model is target:
            return (hop,)
        above = hops_to_parent(base, parent)
        if above:
            return (hop, *above)
    return ()


def hops_between(model: Any, other: Any, child: Any) -> tuple[Hop, ...]:
    """Return the way between the tables of two models that a child inherits from, or is.

    Args:
        model: Where it starts.
        other: Where it ends.
        child: The child, which is on the way unless one of them inherits from the other.
    """
    here, there = model._meta.concrete_model, other._meta.concrete_model
    if here is there:
        return ()
    if issubclass(here, there):
        return hops_to_parent(here, there)
    if issubclass(there, here):
        return _hops_to_child(here, there)
    return (*_hops_to_child(here, child), *hops_to_parent(child, there))


def _hops_to_child(parent: Any, child: Any) -> tuple[Hop, ...]:
    return tuple(
        Hop(hop.source.model, hop.target, hop.source, False, True)
        for hop in reversed(hops_to_parent(child, parent))
    )
