"""The parents of a model that have tables of their own, and the way from one to the other."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # which uses these
    from .options import Options


def all_parents(meta: "Options") -> tuple[Any, ...]:
    """Return all ancestors, the nearest first."""
    found = dict.fromkeys(meta.parents)
    for parent in meta.parents:
        found.update(dict.fromkeys(parent._meta.all_parents))
    return tuple(found)


def base_chain(meta: "Options", ancestor: Any) -> list[Any]:
    """Return the models on the way to an ancestor, the nearest first; none if it is no ancestor."""
    if ancestor in meta.parents:
        return [ancestor]
    for parent in meta.parents:
        further = base_chain(parent._meta, ancestor)
        if further:
            return [parent, *further]
    return []


def ancestor_link(meta: "Options", ancestor: Any) -> Any:
    """Return the field that leads to an ancestor, or to the parent on the way to it."""
    if ancestor in meta.parents:
        return meta.parents[ancestor]
    for parent, link in meta.parents.items():
        further = ancestor_link(parent._meta, ancestor)
        if further is not None:
            return link or further  # a proxy has no link to what it stands for
    return None


def links_to(meta: "Options", ancestor: Any) -> list[Any]:
    """Return the parent links on the way to an ancestor, one for each join."""
    links = []
    here = meta
    for model in base_chain(meta, ancestor):
        link = here.parents[model]
        if link is not None:
            links.append(link)
        here = model._meta
    return links
