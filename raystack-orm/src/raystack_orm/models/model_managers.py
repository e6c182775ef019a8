"""Which managers a model has: its own, and those of the classes that it inherits from.

https://docs.djangoproject.com/en/stable/topics/db/managers/#custom-managers-and-model-inheritance
"""

import copy
from typing import TYPE_CHECKING, Any, overload

from ..query import Manager
from ..query.generic import M

if TYPE_CHECKING:  # which uses these
    from .options import Options


class ManagerDescriptor:
    """``Article.objects``: the class's own copy of a manager, also where a parent declared it.

    Args:
        name: The manager's name.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[M]) -> Manager[M]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Any: ...
    def __get__(self, instance: object, owner: Any) -> Any:
        """Return the manager.

        Raises:
            AttributeError: It was asked of an instance, or the class has no rows of its own.
        """
        meta = owner._meta
        if instance is not None:
            raise AttributeError(f"Manager isn't accessible via {owner.__name__} instances.")
        if meta.abstract:
            raise AttributeError(f"Manager isn't available; {owner.__name__} is abstract.")
        if meta.swapped:
            raise AttributeError(
                f"Manager isn't available; '{meta.label}' has been swapped for '{meta.swapped}'."
            )
        return meta.managers_map[self.name]


def managers_of(meta: "Options") -> tuple[Any, ...]:
    """Return the model's managers: the nearest class's first, each class's in their order."""
    found: list[tuple[int, int, int, Any]] = []
    seen = set()
    for depth, base in enumerate(_models(meta)):
        for place, manager in enumerate(base._meta.local_managers):
            if manager.name in seen:
                continue
            seen.add(manager.name)
            made = copy.copy(manager)
            made.model = meta.model
            found.append((depth, manager.creation_counter, place, made))
    return tuple(entry[-1] for entry in sorted(found, key=lambda entry: entry[:3]))


def _models(meta: "Options") -> list[Any]:
    return [base for base in meta.model.__mro__ if hasattr(base, "_meta")]


def base_manager(meta: "Options") -> Any:
    """Return the manager that finds a row whatever the default one hides."""
    name = meta.base_manager_name
    parents = _models(meta)[1:]
    if not name and parents:
        inherited = parents[0]._meta.base_manager.name
        name = inherited if inherited != "_base_manager" else None
    if name:
        return _named(meta, name)
    manager: Any = Manager()
    manager.name = "_base_manager"
    manager.model = meta.model
    manager.auto_created = True
    return manager


def default_manager(meta: "Options") -> Any:
    """Return the manager that relations and other code start from."""
    name = meta.default_manager_name
    parents = _models(meta)[1:]
    if not name and not meta.local_managers and parents:
        name = parents[0]._meta.default_manager_name
    if name:
        return _named(meta, name)
    return meta.managers[0] if meta.managers else None


def _named(meta: "Options", name: str) -> Any:
    if name not in meta.managers_map:
        known = ", ".join(meta.managers_map) or "none"
        raise ValueError(
            f"{meta.object_name} has no manager named {name!r}. Managers of {meta.object_name}: "
            f"{known}."
        )
    return meta.managers_map[name]
