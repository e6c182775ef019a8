"""The lists of a model's fields: its own, its parents', and the relations that lead to it.

A parent's link to a parent of its own is no field of the child: the child has its own link.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # which uses these
    from .options import Options

Parents = bool | Literal["proxied"]


def collect(
    meta: "Options",
    *,
    forward: bool = True,
    reverse: bool = True,
    parents: Parents = True,
    hidden: bool = False,
    topmost: bool = True,
) -> list[Any]:
    """Return fields and relations of a model.

    Args:
        meta: The model's options.
        forward: With the fields that it has.
        reverse: With the relations that lead to it.
        parents: With those of its parents; ``"proxied"`` for those of a proxy's model alone.
        hidden: With relations that have no way back.
        topmost: It is asked for this model, not for a child of it.
    """
    found: dict[Any, None] = {}
    for parent in meta.parents if parents else ():
        options = parent._meta
        if parents == "proxied" and options.concrete_model is not meta.concrete_model:
            continue
        inherited = collect(
            options,
            forward=forward,
            reverse=reverse,
            parents=parents,
            hidden=hidden,
            topmost=False,
        )
        found.update((one, None) for one in inherited if _is_inherited(one, meta))
    if reverse and not meta.proxy:
        found.update((rel, None) for rel in meta.own_relations if hidden or not rel.hidden)
    if forward:
        found.update((one, None) for one in (*meta.local_fields, *meta.local_many_to_many))
        if topmost:
            found.update((one, None) for one in meta.private_fields)
    return list(found)


def _is_inherited(one: Any, meta: "Options") -> bool:
    return not getattr(one, "parent_link", False) or one.model is meta.concrete_model


def names_of(meta: "Options") -> dict[str, Any]:
    """Return all that a query can name: fields, their keys' attributes, relations back, ``pk``."""
    found: dict[str, Any] = {rel.name: rel for rel in collect(meta, forward=False, hidden=True)}
    for field in collect(meta, reverse=False):
        attname = getattr(field, "attname", None)
        if attname is not None:
            found.setdefault(attname, field)
        found[field.name] = field
    if meta.pk is not None:
        found["pk"] = meta.pk
    return found


def property_names(model: type) -> Iterator[str]:
    """Return the names of a class's properties, but those that something nearer hides."""
    seen: set[str] = set()
    for base in model.__mro__:
        for name, value in vars(base).items():
            if isinstance(value, property) and name not in seen:
                yield name
        seen |= set(vars(base))
