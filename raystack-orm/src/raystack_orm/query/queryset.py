"""QuerySet: a lazy query, and its results once it was asked."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from ..databases import DEFAULT, connections
from .execute import load
from .methods import QueryMethods
from .plan.compile import compile_statement
from .resolve.select import select_rows
from .state import State

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model
    from .manager import Manager

M = TypeVar("M", bound="Model")

REPR_SIZE = 20


class QuerySet(QueryMethods[M]):
    """The rows of a model that fit, in some order.

    It asks the database when it is iterated, measured or tested, once; every method that narrows it
    returns another one.

    Args:
        model: The model.
        using: The database.
    """

    def __init__(self, model: type[M], using: str | None = None) -> None:
        self.model = model
        self._alias = using or DEFAULT
        self._state = State(model)
        self._cache: list[Any] | None = None
        self._known: tuple[Any, Any] | None = None

    @property
    def db(self) -> str:
        """The database that it asks."""
        return self._alias

    def _next(self, **changes: Any) -> Self:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._cache = None
        if changes:
            made._state = self._state.with_(**changes)
        return made

    def _results(self) -> list[Any]:
        if self._cache is None:
            results = load(self._state, self._alias)
            if self._known is not None and self._state.form == "instances":
                field, instance = self._known
                for obj in results:
                    setattr(obj, field.cache_name, (getattr(obj, field.attname), instance))
            self._cache = results
        return self._cache

    def as_subquery(self) -> State:
        """Return what is asked for, to stand inside of another query."""
        return self._state

    def __iter__(self) -> Iterator[M]:
        return iter(self._results())

    def iterator(self, chunk_size: int = 2000) -> Iterator[M]:
        """Iterate without keeping the results."""
        return iter(load(self._state, self._alias))

    def __len__(self) -> int:
        return len(self._results())

    def __bool__(self) -> bool:
        return bool(self._results())

    @overload
    def __getitem__(self, key: int) -> M: ...
    @overload
    def __getitem__(self, key: slice) -> "QuerySet[M]": ...
    def __getitem__(self, key: int | slice) -> Any:
        if not isinstance(key, (int, slice)):
            raise TypeError(
                f"QuerySet indices must be integers or slices, not {type(key).__name__}."
            )
        bounds = (key.start, key.stop) if isinstance(key, slice) else (key, None)
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError("Negative indexing is not supported.")
        if self._cache is not None:
            return self._cache[key]
        if isinstance(key, int):
            return self._sliced(key, key + 1)._results()[0]
        made = self._sliced(key.start or 0, key.stop)
        return list(islice(made, 0, None, key.step)) if key.step else made

    def _sliced(self, start: int, stop: int | None) -> Self:
        state = self._state
        first = state.start + start
        last = state.stop if stop is None else state.start + stop
        if last is not None and state.stop is not None:
            last = min(last, state.stop)
        if last is not None and last <= first:
            return self._next(nothing=True)
        return self._next(start=first, stop=last)

    def __repr__(self) -> str:
        shown: list[Any] = list(self[: REPR_SIZE + 1])
        if len(shown) > REPR_SIZE:
            shown[-1] = "...(remaining elements truncated)..."
        return f"<{type(self).__name__} {shown!r}>"

    def __and__(self, other: "QuerySet[M]") -> "QuerySet[M]":
        return self._next(where=(*self._state.where, *other._state.where))

    @property
    def query(self) -> str:
        """The SQL that it would run, with the database's placeholders for the values."""
        driver = connections[self._alias].driver
        return compile_statement(select_rows(self._state, driver).statement, driver).sql

    @classmethod
    def as_manager(cls) -> "Manager[M]":
        """Return a manager with the methods of this class."""
        from .manager import Manager  # a manager makes QuerySets

        manager: Manager[M] = Manager.from_queryset(cls)()
        return manager
