"""Paths: what ``author__books__title`` means for a model.

Every name in a query passes here. It is looked up among the names that are declared, never put into
SQL, and an unknown one is an error that lists the nearest before anything is sent.
"""

from typing import Any, NamedTuple

from ...exceptions import FieldDoesNotExist, FieldError, nearest
from ...fields import Field
from ...fields.relations import Hop
from ...fields.relations.hops import hops_to_parent

RELATION_LOOKUPS = {"exact", "in", "gt", "gte", "lt", "lte", "isnull"}


class NoSuchField(FieldError, FieldDoesNotExist):
    """A name is none of the model's own; a ``FieldDoesNotExist``, as in Django."""


class Path(NamedTuple):
    """A way along relations to a field.

    Args:
        hops: The steps from table to table.
        field: The field at the end.
        relation: The relation that the name ends in; ``None`` where it ends in a plain field.
        rest: What follows: transforms and a lookup.
        trimmed: Steps that are not needed: the key that they lead to stands in this row too. Still,
            a condition on that key means that there is a row.
    """

    hops: tuple[Hop, ...]
    field: Any
    relation: Any
    rest: tuple[str, ...]
    trimmed: tuple[Hop, ...] = ()

    @property
    def first_many(self) -> int:
        """The index of the first hop that leads to many rows; -1 for none."""
        return next((i for i, hop in enumerate(self.hops) if hop.many), -1)


def follow(model: Any, parts: tuple[str, ...], said: str, *, whole: bool = False) -> Path:
    """Follow names along relations.

    Args:
        model: The model that they start from.
        parts: The names.
        said: How the user said it, for the error.
        whole: The names have to end in a field; nothing may follow.

    Raises:
        FieldError: A part is unknown.
    """
    hops: list[Hop] = []
    found: Any = None
    here = model
    index = 0
    while index < len(parts) and (found is None or found.is_relation):
        following = here._meta.names.get(parts[index])
        if following is None:
            if found is not None and not whole and _is_lookup(found, parts[index], said):
                break
            raise unknown_name(here, parts[index], said)
        if found is not None:
            hops += found.hops()
        hops += hops_to_owner(here, following)
        found = following
        here = found.related_model if found.is_relation else here
        index += 1
    rest = parts[index:]
    if whole and rest:
        raise FieldError(f'{said}: the {type(found).__name__} "{found.name}" has no "{rest[0]}".')
    return _finished(hops, found, rest)


def _is_lookup(relation: Any, name: str, said: str) -> bool:
    """Say whether a relation is compared by a lookup of this name.

    Raises:
        FieldError: It is a lookup of other fields.
    """
    if name in RELATION_LOOKUPS or name in vars(type(relation)).get("class_lookups", {}):
        return True
    if name in Field.get_lookups():
        raise FieldError(
            f"{said}: the relation {relation.name!r} has no lookup {name}. Compare a field of "
            f"{relation.related_model.__name__}, or by: {', '.join(sorted(RELATION_LOOKUPS))}."
        )
    return False


def hops_to_owner(model: Any, found: Any) -> list[Hop]:
    """Return the way up to the parent that an inherited field or relation belongs to."""
    owner = getattr(found, "model", None)
    meta = model._meta
    if owner is None or not meta.parents or owner._meta.concrete_model is meta.concrete_model:
        return []
    return list(hops_to_parent(model, owner))


def _finished(hops: list[Hop], found: Any, rest: tuple[str, ...]) -> Path:
    relation = found if found.is_relation else None
    field = found
    if relation is not None and not (relation.concrete and not relation.many_to_many):
        hops += relation.hops()
        field = hops[-1].target if relation.many_to_many else hops[-1].model._meta.pk
    trimmed: list[Hop] = []
    if relation is not None and relation.concrete and not relation.many_to_many:
        trimmed = list(relation.hops())
    while hops and not hops[-1].many and _direct(hops[-1]) and field is hops[-1].target:
        trimmed.insert(0, hops[-1])
        field = hops.pop().source
    return Path(tuple(hops), field, relation, rest, tuple(trimmed))


def _direct(hop: Hop) -> bool:
    """Say whether a step follows a key that stands in the row it starts from."""
    return bool(hop.source.is_relation)


def unknown_name(
    model: Any,
    name: str,
    said: str,
    others: tuple[str, ...] = (),
    error: type[FieldError] = FieldError,
) -> FieldError:
    """Make the error for a name that a model does not have.

    Args:
        model: The model.
        name: The name.
        said: How the user said it.
        others: Other names that could stand there, such as annotations.
        error: The error's class.
    """
    names = sorted({*model._meta.field_names, *others})
    return error(
        f'{said}: {model.__name__} has no field "{name}".{nearest(name, names)}\n'
        f"  Fields of {model.__name__}: {', '.join(names)}."
    )
