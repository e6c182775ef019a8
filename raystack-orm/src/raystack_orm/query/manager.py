"""Managers: where a model's queries start, ``Article.objects``."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from .methods import QueryMethods
from .queryset import QuerySet

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model

M = TypeVar("M", bound="Model")


class BaseManager(Generic[M]):
    """A manager without the methods of a QuerySet, and how it comes to them."""

    queryset_class: ClassVar[type[QuerySet[Any]]] = QuerySet
    creation_counter: ClassVar[int] = 0

    def __init__(self) -> None:
        self.model: Any = None
        self.name = ""
        self._db: str | None = None
        self._hints: dict[str, Any] = {}
        self.creation_counter = BaseManager.creation_counter
        BaseManager.creation_counter += 1

    def contribute_to_class(self, model: type[M], name: str) -> None:
        """Become the manager ``name`` of ``model``."""
        self.model = model
        self.name = name

    def __get__(self, instance: object, owner: Any) -> Self:
        if instance is not None:
            raise AttributeError(
                f"Manager isn't accessible via {type(instance).__name__} instances."
            )
        if owner._meta.abstract:
            raise AttributeError(f"Manager isn't available; {owner.__name__} is abstract.")
        return self

    def get_queryset(self) -> QuerySet[M]:
        """Return the QuerySet that every query starts from. Override it to narrow all of them."""
        made = self.queryset_class(self.model, self._db)
        made._hints = self._hints
        return made

    def all(self) -> QuerySet[M]:
        """Return all objects."""
        return self.get_queryset()

    def db_manager(self, using: str | None = None, hints: dict[str, Any] | None = None) -> Self:
        """Return this manager for another database, or with hints for the choice of one."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._db = using or self._db
        made._hints = hints or self._hints
        return made

    @classmethod
    def from_queryset(
        cls, queryset_class: type[QuerySet[Any]], class_name: str | None = None
    ) -> Any:
        """Make a manager class with the methods of a QuerySet class."""
        name = class_name or f"{cls.__name__}From{queryset_class.__name__}"
        made: Any = type(name, (cls,), {"queryset_class": queryset_class})
        for method, function in inspect.getmembers(queryset_class, inspect.isfunction):
            known = hasattr(cls, method) and hasattr(QuerySet, method)
            public = not method.startswith("_") and method not in _OWN
            if getattr(function, "queryset_only", not public) or known:
                continue
            setattr(made, method, _delegate(method, function))
        return made


_OWN = {"as_manager", "as_subquery", "iterator", "delete"}


def _delegate(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.get_queryset(), name)(*args, **kwargs)

    return method


if TYPE_CHECKING:

    class Manager(BaseManager[M], QueryMethods[M]):
        """The manager of a model: it has a QuerySet's methods, but is none to iterate over."""

        def iterator(self, chunk_size: int = ...) -> Iterable[M]:
            """Iterate over all rows without keeping them."""

        def fetch_mode(self, mode: Any) -> QuerySet[M]:
            """Choose what happens when its instances are asked for what is not loaded."""

        def prefetch_related(self, *lookups: Any) -> QuerySet[M]:
            """Load related objects with one query more for each relation."""

else:

    class Manager(BaseManager[M]):
        """The manager of a model: each method of a QuerySet, called on a new one."""

    for _name, _function in vars(QueryMethods).items():
        if (
            inspect.isfunction(_function)
            and not _name.startswith("_")
            and _name not in ("delete", "all")
        ):
            setattr(Manager, _name, _delegate(_name, _function))
    for _name in ("iterator", "fetch_mode", "prefetch_related"):
        setattr(Manager, _name, _delegate(_name, vars(QuerySet)[_name]))
