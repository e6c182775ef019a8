"""Deleting: what goes with a row, and what holds it.

The relations that lead to the deleted objects decide by their ``on_delete``. What nothing refers to
is deleted by its condition alone; the rest is fetched, to ask what refers to it in turn.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ... import transaction
from ...databases import connections
from ...exceptions import ProtectedError, RestrictedError
from ...fields import CASCADE, DO_NOTHING, PROTECT, RESTRICT, SET, SET_NULL, ForeignKey
from ..execute import load, write
from ..plan.shape import shape_of
from ..resolve.names import resolve_target
from ..resolve.write import delete_rows
from ..state import Condition, Node, State
from .fetch_modes import FETCH_ONE
from .write import update

Deleted = tuple[int, dict[str, int]]
CHUNK = 500


def delete_query(state: State, alias: str) -> Deleted:
    """Delete the rows of a query.

    Returns:
        The number of deleted rows, and by the model's label.

    Raises:
        ProtectedError: Another row refers to one of them and forbids it.
    """
    if state.is_sliced:
        raise TypeError("Cannot use 'limit' or 'offset' with delete().")
    if state.form != "instances":
        raise TypeError("Cannot call delete() after .values() or .values_list().")
    if state.nothing:
        return 0, {}
    state = state.with_(order=(), related=())
    if not _referring(state.model):
        counts = Counter({state.model._meta.label: _delete_rows(state, alias)})
        return _summed(counts)
    return delete_objects(state.model, load(state, alias, FETCH_ONE), alias)


def delete_objects(model: Any, objs: Sequence[Any], alias: str) -> Deleted:
    """Delete instances with all that goes with them.

    Returns:
        The number of deleted rows, and by the model's label.

    Raises:
        ProtectedError: Another row refers to one of them and forbids it.
    """
    with transaction.atomic(alias):
        collector = Collector(alias)
        collector.add(model, objs)
        return collector.delete()


class Collector:
    """Collects what is deleted together.

    Args:
        alias: The database.
    """

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._objects: dict[Any, dict[Any, Any]] = {}  # model to key to instance
        self._states: list[State] = []  # rows that nothing refers to
        self._updates: list[tuple[State, ForeignKey[Any], Any]] = []
        self._restricted: list[tuple[ForeignKey[Any], list[Any]]] = []

    def add(self, model: Any, objs: Iterable[Any]) -> None:
        """Add instances, and what goes with them."""
        known = self._objects.setdefault(model, {})
        new = [obj for obj in objs if obj.pk not in known]
        known.update((obj.pk, obj) for obj in new)
        for start in range(0, len(new), CHUNK):
            for field in _referring(model):
                self._follow(field, new[start : start + CHUNK])

    def _follow(self, field: ForeignKey[Any], objs: Sequence[Any]) -> None:
        action = field.on_delete
        if action is DO_NOTHING:
            return
        state = _where(field.model, f"{field.name}__in", objs)
        if action is CASCADE:
            if not _referring(field.model) and not _restricts(field.model):
                self._states.append(state)
                return
            self.add(field.model, load(state, self.alias, FETCH_ONE))
        elif action is PROTECT:
            found = load(state, self.alias, FETCH_ONE)
            if found:
                raise ProtectedError(_held(objs, field, found, "PROTECT"), found)
        elif action is RESTRICT:
            self._restricted.append((field, load(state, self.alias, FETCH_ONE)))
        else:
            self._updates.append((state, field, _replacement(field)))

    def delete(self) -> Deleted:
        """Delete what was collected, what refers before what is referred to."""
        self._check_restricted()
        counts: Counter[str] = Counter()
        for state, field, value in self._updates:
            update(state, self.alias, {field.name: value})
        for state in self._states:
            counts[state.model._meta.label] += _delete_rows(state, self.alias)
        for model, objs in reversed(self._objects.items()):
            keys = list(objs)
            for start in range(0, len(keys), CHUNK):
                state = _where(model, "pk__in", keys[start : start + CHUNK])
                counts[model._meta.label] += _delete_rows(state, self.alias)
        return _summed(counts)

    def _check_restricted(self) -> None:
        for field, found in self._restricted:
            collected = self._objects.get(field.model, {})
            kept = [obj for obj in found if obj.pk not in collected]
            if kept:
                objs = list(self._objects.get(field.related_model, {}).values())
                raise RestrictedError(_held(objs, field, kept, "RESTRICT"), kept)


def _referring(model: Any) -> list[ForeignKey[Any]]:
    return [
        rel.field
        for rel in model._meta.get_fields(include_hidden=True)
        if rel.auto_created and not rel.concrete and isinstance(rel.field, ForeignKey) and rel.field.on_delete is not DO_NOTHING
    ]


def _restricts(model: Any) -> bool:
    """Say whether rows of the model may hold others: then it has to be known which are deleted."""
    return any(getattr(field, "on_delete", None) is RESTRICT for field in model._meta.fields)


def _replacement(field: ForeignKey[Any]) -> Any:
    if field.on_delete is SET_NULL:
        return None
    if isinstance(field.on_delete, SET):
        value = field.on_delete.value
        return value() if callable(value) else value
    return field.get_default()


def _where(model: Any, keyword: str, values: Sequence[Any]) -> State:
    target = resolve_target(model, keyword)
    condition = Condition(target, *target.prepare(model, values))
    return State(model).with_(where=(Node("AND", False, (condition,)),), order=())


def _delete_rows(state: State, alias: str) -> int:
    connection = connections[alias]
    values: list[Any] = []
    shape = shape_of("delete", state, connection.driver, values)
    return write(shape, values, connection, lambda: delete_rows(state, connection.driver)).rowcount


def _held(objs: Sequence[Any], field: ForeignKey[Any], found: Sequence[Any], action: str) -> str:
    return (
        f"Cannot delete {type(objs[0])._meta.verbose_name} {objs[0]}: {len(found)} of "
        f"{field.model._meta.verbose_name_plural} refer to it, and {field.model.__name__}."
        f"{field.name} has on_delete={action}."
    )


def _summed(counts: Counter[str]) -> Deleted:
    found = {label: number for label, number in counts.items() if number}
    return sum(found.values()), found
