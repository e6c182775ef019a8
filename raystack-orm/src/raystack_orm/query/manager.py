"""Managers: where a model's queries start, ``Article.objects``.

https://docs.djangoproject.com/en/stable/topics/db/managers/
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..databases.colour import run_sync
from ..databases.routing import router
from .generic import Managed, OfQuerySets, Q
from .left_out import NO_EXTRA
from .operations.row_getter import find_rows, only_one
from .queryset import QuerySet

if TYPE_CHECKING:
    from .manager_methods import ManagerMethods

Given = TypeVar("Given", bound=QuerySet[Any, Any])


class BaseManager(OfQuerySets[Managed, Q]):
    """A manager without the methods of a QuerySet, and how it comes to them.

    Attributes:
        auto_created: Nobody wrote it.
        use_in_migrations: Migrations have it too.
    """

    queryset_class: ClassVar[type[QuerySet[Any]]] = QuerySet
    creation_counter: int = 0
    auto_created: ClassVar[bool] = False
    use_in_migrations: ClassVar[bool] = False

    _constructor_args: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the arguments, for ``deconstruct()``."""
        made = super().__new__(cls)
        made._constructor_args = (args, kwargs)
        return made

    def __init__(self) -> None:
        self.model: Any = None
        self.name: str | None = None
        self._db: str | None = None
        self._hints: dict[str, Any] = {}
        self._set_creation_counter()

    def _set_creation_counter(self) -> None:
        self.creation_counter = BaseManager.creation_counter
        BaseManager.creation_counter += 1

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def contribute_to_class(self, model: type[Managed], name: str) -> None:
        """Become the manager ``name`` of ``model``."""
        self.model = model
        self.name = self.name or name

    def __get__(self, instance: object, owner: Any) -> Self:
        if instance is not None:
            raise AttributeError(
                f"Manager isn't accessible via {type(instance).__name__} instances."
            )
        meta = owner._meta
        if meta.abstract:
            raise AttributeError(f"Manager isn't available; {owner.__name__} is abstract.")
        if getattr(meta, "swapped", None):
            raise AttributeError(
                f"Manager isn't available; '{meta.label}' has been swapped for '{meta.swapped}'."
            )
        if self.model is owner or self.name is None:
            return self
        found: Self = meta.managers_map.get(self.name, self)
        return found

    def get_queryset(self) -> Q:
        """Return the QuerySet that every query starts from. Override it to narrow all of them."""
        made: Any = self.queryset_class(model=self.model, using=self._db, hints=self._hints)
        return made  # type: ignore[no-any-return]  # of the class that it is to be

    def all(self) -> Q:
        """Return all objects."""
        return self.get_queryset()

    @property
    def db(self) -> str:
        """The database that it asks."""
        return self._db or router.db_for_read(self.model, **self._hints)

    def db_manager(self, using: str | None = None, hints: dict[str, Any] | None = None) -> Self:
        """Return this manager for another database, or with hints for the choice of one."""
        made = copy.copy(self)
        made._db = using or self._db
        made._hints = hints or self._hints
        return made

    def check(self, **kwargs: Any) -> list[Any]:
        """Return what is wrong with it."""
        return []

    @classmethod
    def from_queryset(
        cls, queryset_class: type[Given], class_name: str | None = None
    ) -> type[Given]:
        """Make a manager class with the methods of a QuerySet class.

        To a type checker it is that class, as with ``QuerySet.as_manager()``.

        Methods whose names begin with an underscore are left out, unless they have
        ``queryset_only = False``; those with ``queryset_only = True`` are left out too.
        """
        name = class_name or f"{cls.__name__}From{queryset_class.__name__}"
        made: Any = type(name, (cls,), {"queryset_class": queryset_class})
        for method, function in _copied_methods(queryset_class):
            if not hasattr(cls, method):
                setattr(made, method, _delegate(method, function))
        return made  # type: ignore[no-any-return]  # a manager's class with its methods

    def deconstruct(self) -> tuple[Any, ...]:
        """Return how it is made again: a QuerySet's class, or its own, and the arguments.

        Raises:
            ValueError: Its class cannot be imported by its name.
        """
        args, kwargs = self._constructor_args
        if getattr(self, "_built_with_as_manager", False):
            cls: Any = self.queryset_class
            return True, None, f"{cls.__module__}.{cls.__name__}", None, None
        cls = type(self)
        module = inspect.getmodule(cls)
        if not hasattr(module, cls.__name__):
            raise ValueError(
                f"Could not find manager {cls.__name__} in {cls.__module__}. Please note that you "
                f"need to inherit from managers you dynamically generated with 'from_queryset()'."
            )
        return False, f"{cls.__module__}.{cls.__name__}", None, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._constructor_args == other._constructor_args

    def __hash__(self) -> int:
        return id(self)


def _copied_methods(queryset_class: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in inspect.getmembers(queryset_class, inspect.isfunction):
        only = getattr(function, "queryset_only", None)
        if only or (only is None and (name.startswith("_") or name in _OWN)):
            continue
        yield name, function


_OWN = {"as_manager", "delete", "adelete"}


def _delegate(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.get_queryset(), name)(*args, **kwargs)

    return method


if TYPE_CHECKING:

    class Manager(BaseManager[Managed, Q], ManagerMethods[Managed, Q]):  # type: ignore[misc]  # all() is no QuerySet's
        """The manager of a model: it has a QuerySet's methods, but is none to iterate over."""

else:

    class Manager(BaseManager):
        """The manager of a model: each method of a QuerySet, called on a new one."""

        extra = NO_EXTRA

        def get(self, *args: Any, **kwargs: Any) -> Any:
            """Return the one object that fits; see ``QuerySet.get()``."""
            if not args and kwargs and self._starts_plainly():
                alias = self._db or router.db_for_read(self.model, **self._hints)
                found = find_rows(self.model, kwargs, alias)
                if found is not None:
                    return only_one(self.model, found, args, kwargs)
            return self.get_queryset().get(*args, **kwargs)

        async def aget(self, *args: Any, **kwargs: Any) -> Any:
            """Return the one object that fits; see ``QuerySet.get()``."""
            return await run_sync(self.get, *args, **kwargs)

        def _starts_plainly(self) -> bool:
            """Say whether all that it does is ours: its query starts from all rows."""
            started = type(self).get_queryset is BaseManager.get_queryset
            return started and self.queryset_class is QuerySet

    for _name, _function in _copied_methods(QuerySet):
        if not hasattr(Manager, _name):
            setattr(Manager, _name, _delegate(_name, _function))
