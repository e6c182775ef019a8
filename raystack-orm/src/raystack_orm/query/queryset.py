"""QuerySet: a lazy query, and its results once it was asked."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from ..databases import DEFAULT, connections
from ..exceptions import NotSupportedError
from .execute import load, write
from .methods import QueryMethods
from .operations.fetch_modes import FetchMode, default_mode
from .operations.prefetch import prefetch_related_objects
from .plan.compile import compile_statement
from .plan.shape import shape_of
from .resolve.select import select_rows
from .resolve.write import delete_rows
from .state import Node, State

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
        self._db = using
        self._hints: dict[str, Any] = {}
        self._state = State(model)
        self._result_cache: list[Any] | None = None
        self._known_related_objects: dict[Any, dict[Any, Any]] = {}
        self._prefetch_related_lookups: tuple[Any, ...] = ()
        self._prefetch_done = False
        self._fetch_mode: FetchMode | None = None

    @property
    def db(self) -> str:
        """The database that it asks."""
        near = self._hints.get("instance")
        return self._db or (near is not None and near._state.db) or DEFAULT

    @property
    def _alias(self) -> str:
        return self.db

    def _add_hints(self, **hints: Any) -> None:
        self._hints = {**self._hints, **hints}

    def _next_is_sticky(self) -> Self:
        return self

    def _has_filters(self) -> bool:
        return bool(self._state.where)

    @property
    def _returns_instances(self) -> bool:
        return self._state.form == "instances"

    def _chain(self) -> Self:
        return self._next()

    def _raw_delete(self, using: str) -> int:
        if self._state.nothing:
            return 0
        connection = connections[using]
        values: list[Any] = []
        shape = shape_of("delete", self._state, connection.driver, values)

        def resolve() -> Any:
            return delete_rows(self._state, connection.driver)

        return write(shape, values, connection, resolve).rowcount

    def _for_prefetch(
        self, keyword: str, instances: Sequence[Any], column: tuple[Any, ...] | None = None
    ) -> "QuerySet[M]":
        if self._state.is_sliced:
            raise NotSupportedError(
                "Prefetching from a sliced queryset needs window functions, which do not exist yet."
            )
        made = self.filter(**{f"{keyword}__in": list(instances)})
        return made if column is None else made._next(extra=(*made._state.extra, column))

    def fetch_mode(self, mode: FetchMode) -> Self:
        """Choose what happens when its instances are asked for what is not loaded."""
        made = self._next()
        made._fetch_mode = mode
        return made

    def prefetch_related(self, *lookups: Any) -> Self:
        """Load related objects with one query more for each relation; ``None`` takes all back."""
        made = self._next()
        more = () if lookups == (None,) else (*self._prefetch_related_lookups, *lookups)
        made._prefetch_related_lookups = more
        return made

    def _next(self, **changes: Any) -> Self:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._result_cache = None
        made._prefetch_done = False
        if changes:
            made._state = self._state.with_(**changes)
        return made

    def _results(self) -> list[Any]:
        if self._result_cache is None:
            results = load(self._state, self._alias, self._fetch_mode or default_mode())
            if self._state.form == "instances":
                for field, known in self._known_related_objects.items():
                    for obj in results:
                        key = getattr(obj, field.attname)
                        if getattr(obj, field.cache_name) is None and key in known:
                            setattr(obj, field.cache_name, (key, known[key]))
            self._result_cache = results
        if self._prefetch_related_lookups and not self._prefetch_done:
            prefetch_related_objects(self._result_cache, *self._prefetch_related_lookups)
            self._prefetch_done = True
        return self._result_cache

    def as_subquery(self) -> State:
        """Return what is asked for, to stand inside of another query."""
        return self._state

    def __iter__(self) -> Iterator[M]:
        return iter(self._results())

    def count(self) -> int:
        """Count the rows, in the database unless they are loaded."""
        return super().count() if self._result_cache is None else len(self._result_cache)

    def exists(self) -> bool:
        """Say whether there is a row, asking the database unless the rows are loaded."""
        return super().exists() if self._result_cache is None else bool(self._result_cache)

    def iterator(self, chunk_size: int = 2000) -> Iterator[M]:
        """Iterate without keeping the results."""
        return iter(load(self._state, self._alias, self._fetch_mode or default_mode()))

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
        if self._result_cache is not None:
            return self._result_cache[key]
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

    def __or__(self, other: "QuerySet[M]") -> "QuerySet[M]":
        if self._state.nothing or other._state.nothing:
            return other if self._state.nothing else self
        sides = (
            Node("AND", False, self._state.where),
            Node("AND", False, other._state.where),
        )
        return self._next(where=(Node("OR", False, sides),))

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
