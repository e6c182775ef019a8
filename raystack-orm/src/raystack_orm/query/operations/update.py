"""Updating what a query finds.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#update
"""

from collections.abc import Mapping
from typing import Any

from ... import transaction
from ...databases import connections
from ...exceptions import FieldError
from ..resolve.paths import NoSuchField, unknown_name
from . import rows
from .write import prepared


def update_queryset(queryset: Any, changes: Mapping[str, Any]) -> int:
    """Update the rows of a QuerySet; those of parents in their own tables.

    Raises:
        FieldError: A name is no field that a row has.
    """
    model = queryset.model
    own: list[tuple[Any, Any]] = []
    inherited: dict[Any, list[tuple[Any, Any]]] = {}
    connection = connections[queryset.db]
    for name, value in changes.items():
        field = _field(model, name, queryset._state.annotations)
        if field.generated:  # the database computes it whatever is said
            continue
        _check(field, name, value)
        pair = (field, prepared(field, value, connection))
        owner = field.model._meta.concrete_model
        if owner is model._meta.concrete_model:
            own.append(pair)
        else:
            inherited.setdefault(owner, []).append(pair)
    state = queryset._state
    _check_order(state)
    if not (own or inherited) or state.nothing:
        return 0
    state = state.with_(related=False, deferred=(frozenset(), True))
    if connection.vendor != "mysql" or not state.order:
        state = state.with_(order=(), default_order=False)
    if not inherited:
        return rows.update(state, queryset.db, own)
    return _with_parents(queryset, state, own, inherited)


def _with_parents(
    queryset: Any, state: Any, own: list[tuple[Any, Any]], inherited: dict[Any, list[Any]]
) -> int:
    """Update rows of a model and of its parents, found before any of them changes."""
    meta = queryset.model._meta
    made = queryset._next()
    made._state = state
    names = ["pk", *[_path_to(meta, parent) for parent in inherited]]
    updated = 0
    with transaction.atomic(using=queryset.db, savepoint=False):
        found = list(made.values_list(*names))
        updated = len(found)
        if own and found:
            mine = queryset.model._base_manager.using(queryset.db).filter(
                pk__in=[r[0] for r in found]
            )
            updated = rows.update(
                mine._state.with_(order=(), default_order=False), queryset.db, own
            )
        for index, (parent, given) in enumerate(inherited.items(), 1):
            keys = [row[index] for row in found]
            if keys:
                theirs = parent._base_manager.using(queryset.db).filter(pk__in=keys)
                state = theirs._state.with_(order=(), default_order=False)
                updated = max(updated, rows.update(state, queryset.db, given))
    return updated


def _path_to(meta: Any, ancestor: Any) -> str:
    """Return the way to an ancestor's key, from parent link to parent link."""
    path = []
    while meta.concrete_model is not ancestor:
        link = meta.get_ancestor_link(ancestor)
        path.append(link.name)
        meta = link.related_model._meta
    return "__".join(path)


def _field(model: Any, name: str, annotations: Mapping[str, bool]) -> Any:
    meta = model._meta
    field = meta.pk if name == "pk" else meta.names.get(name)
    if field is None:
        if "__" in name and name.split("__")[0] in meta.names:
            raise NoSuchField(
                f"update({name}=...): only fields of {model.__name__} can be updated."
            )
        raise unknown_name(model, name, f"update({name}=...)", error=NoSuchField)
    if (
        not field.concrete
        or field.many_to_many
        or (field.auto_created and not hasattr(field, "attname"))
    ):
        raise FieldError(
            f"Cannot update model field {field!r} (only non-relations and foreign keys permitted)."
        )
    return field


def _check_order(state: Any) -> None:
    """Refuse an order by an aggregate: the rows that are updated have no groups.

    Raises:
        FieldError: A sort key is one.
    """
    names = {key.lstrip("-+") for key in state.order or () if isinstance(key, str)}
    for step in state.steps if names else ():
        for name, expression in getattr(step, "expressions", {}).items():
            if name in names and getattr(expression, "contains_aggregate", False):
                raise FieldError(f"Cannot update when ordering by an aggregate: {expression!r}.")


def _check(field: Any, name: str, value: Any) -> None:
    if hasattr(value, "_meta") and not field.is_relation:
        raise TypeError(
            f"Tried to update field {field!r} with a model instance, {value!r}. Use a value "
            f"compatible with {type(field).__name__}."
        )
    if hasattr(value, "_meta") and field.is_relation and not value._is_pk_set():
        raise ValueError(f"update({name}=...) got an unsaved {value._meta.object_name}: save it.")
