"""QuerySet: a lazy query, and its results once it was asked.

https://docs.djangoproject.com/en/stable/ref/models/querysets/
"""

import operator
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, overload

from ..databases.colour import run_sync
from ..databases.routing import router
from ..expressions import F, Q, Window
from .deleting import Deleting
from .execute import load, stream
from .generic import M, R
from .left_out import NO_EXTRA
from .operations.fetch_modes import FetchMode, default_mode
from .operations.prefetch import prefetch_related_objects
from .resolve.joined import JoinedColumn
from .state import Annotate, Combined, JoinedFilter, State, StickyFilter
from .total_order import reversed_key

if TYPE_CHECKING:
    from .raw import RawQuerySet

REPR_SIZE = 20
CHUNK_SIZE = 2000
MAX_BOUND = 2**63 - 1  # LIMIT and OFFSET are of 64 bits


class QuerySet(Deleting[M, R]):
    """The rows of a model that fit, in some order.

    It asks the database when it is iterated, measured or tested, once; every method that narrows it
    returns another one. ``await queryset`` gives a list, ``async for`` its objects.

    Args:
        model: The model.
        query: What it asks; everything by default.
        using: The database.
        hints: What a router is told.
    """

    is_queryset = True

    # An instance stores what differs from these alone: most QuerySets live for one chain of calls.
    _db: str | None = None
    _hints: Mapping[str, Any] = MappingProxyType({})
    _result_cache: list[Any] | None = None
    _known_related_objects: Mapping[Any, Mapping[Any, Any]] = MappingProxyType({})
    _prefetch_related_lookups: tuple[Any, ...] = ()
    _prefetch_done = False
    _fetch_mode: FetchMode | None = None
    _for_write = False

    def __init__(
        self,
        model: Any = None,
        query: State | None = None,
        using: str | None = None,
        hints: dict[str, Any] | None = None,
    ) -> None:
        self.model: type[M] = model
        self._state = query or State(model)
        if using:
            self._db = using
            self._state = self._state.with_(using=using)
        if hints:
            self._hints = hints

    @property
    def query(self) -> State:
        """What it asks; ``str()`` of it is SQL. It can be pickled, and set again."""
        return self._state

    @query.setter
    def query(self, value: State) -> None:
        if value.columns is not None:  # as in Django: how the rows come out is the QuerySet's
            value = value.with_(form="dicts")
        self._state = value
        self._result_cache = None

    @property
    def db(self) -> str:
        """The database that it asks."""
        if self._db:
            return self._db
        if self._for_write:
            return router.db_for_write(self.model, **self._hints)
        return router.db_for_read(self.model, **self._hints)

    @classmethod
    def as_manager(cls) -> Self:
        """Return a manager with the methods of this class.

        To a type checker it is a QuerySet of this class, whose methods it has: no annotation can
        name a manager with somebody else's methods.
        """
        from .manager import Manager  # a manager makes QuerySets

        manager: Any = Manager.from_queryset(cls)()
        manager._built_with_as_manager = True
        return manager  # type: ignore[no-any-return]  # made by name

    # Copies --------------------------------------------------------------------------------------

    def _next(self, **changes: Any) -> Self:
        made = object.__new__(type(self))
        state = self._state.with_(**changes) if changes else None
        content = {**self.__dict__}
        content.pop("_result_cache", None)
        content.pop("_prefetch_done", None)
        if state is not None:
            content["_state"] = state
        made.__dict__ = content
        return made

    def _narrow_later(self, narrow: Callable[[Any], Any]) -> None:
        """Call ``narrow`` when the state is first asked for: prefetched results never need it."""
        self._later = (self.__dict__.pop("_state"), narrow)

    if not TYPE_CHECKING:  # type checkers would take every name for one that exists

        def __getattr__(self, name: str) -> Any:
            later = self.__dict__.get("_later") if name == "_state" else None
            if later is None:
                if name == NO_EXTRA.name:
                    NO_EXTRA.__get__(self, type(self))
                raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
            self._state, narrow = later
            self._later = None
            self.__dict__.update(narrow(self).__dict__)
            return self._state

    def _chain(self) -> Self:
        return self._next()

    _clone = _chain

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made = self._next()
        memo[id(self)] = made
        return made

    def __getstate__(self) -> dict[str, Any]:
        self._results()  # as in Django: pickling asks the database first
        state = self._state
        return {**self.__dict__, "_state": state, "_later": None}

    def _add_hints(self, **hints: Any) -> None:
        self._hints = {**self._hints, **hints}

    def _filter_sticky(self, **kwargs: Any) -> Self:
        """Filter so that the filter that follows may speak of the same related rows."""
        return self._narrowed("filter", (), kwargs, StickyFilter)

    def _has_filters(self) -> bool:
        return bool(self._state.steps)

    @property
    def _returns_instances(self) -> bool:
        return self._state.form == "instances"

    # Results -------------------------------------------------------------------------------------

    def _results(self) -> list[Any]:
        if self._result_cache is None:
            results = load(self._state, self.db, self._fetch_mode or default_mode())
            if self._known_related_objects and self._state.form == "instances":
                self._attach_known(results)
            self._result_cache = results
        if self._prefetch_related_lookups and not self._prefetch_done:
            if self._state.form == "instances":
                prefetch_related_objects(self._result_cache, *self._prefetch_related_lookups)
            self._prefetch_done = True
        return self._result_cache

    _fetch_all = _results

    def _attach_known(self, results: list[Any]) -> None:
        for field, known in self._known_related_objects.items():
            deferred = field.attname if self._state.deferred[0] else None
            for obj in results:
                if deferred is not None and deferred not in obj.__dict__:
                    continue  # it must not be loaded for this
                key = getattr(obj, field.attname)
                if getattr(obj, field.cache_name) is None and key in known:
                    setattr(obj, field.cache_name, (key, known[key]))

    def __iter__(self) -> Iterator[R]:
        return iter(self._results())

    def __len__(self) -> int:
        return len(self._results())

    def __bool__(self) -> bool:
        return bool(self._results())

    def __await__(self) -> Generator[Any, None, list[R]]:
        return run_sync(list, self._results_later()).__await__()

    def _results_later(self) -> Iterator[R]:
        yield from self._results()

    async def __aiter__(self) -> AsyncIterator[R]:
        for obj in await run_sync(self._results):
            yield obj

    def iterator(self, chunk_size: int | None = None) -> Iterator[R]:
        """Iterate without keeping the results, fetching them in chunks.

        Args:
            chunk_size: How many rows are fetched at once; needed with ``prefetch_related()``.
        """
        self._check_chunk_size(chunk_size)
        return self._streamed(chunk_size or CHUNK_SIZE)

    def aiterator(self, chunk_size: int | None = 2000) -> AsyncIterator[R]:
        """Iterate asynchronously without keeping the results; see ``iterator()``."""
        self._check_chunk_size(chunk_size)
        return self._astreamed(chunk_size or CHUNK_SIZE)

    def _check_chunk_size(self, chunk_size: int | None) -> None:
        if chunk_size is None and self._prefetch_related_lookups:
            raise ValueError(
                "chunk_size must be provided when using QuerySet.iterator() after "
                "prefetch_related()."
            )
        if chunk_size is not None and chunk_size <= 0:
            raise ValueError("Chunk size must be strictly positive.")

    def _chunks(self, size: int) -> Iterator[list[Any]]:
        mode = self._fetch_mode or default_mode()
        for chunk in stream(self._state, self.db, size, mode):
            if self._known_related_objects:
                self._attach_known(chunk)
            if self._prefetch_related_lookups:
                prefetch_related_objects(chunk, *self._prefetch_related_lookups)
            yield chunk

    def _streamed(self, size: int) -> Iterator[R]:
        for chunk in self._chunks(size):
            yield from chunk

    async def _astreamed(self, size: int) -> AsyncIterator[R]:
        chunks = self._chunks(size)
        try:
            while True:
                chunk = await run_sync(next, chunks, None)
                if chunk is None:
                    return
                for obj in chunk:
                    yield obj
        finally:
            await run_sync(chunks.close)  # type: ignore[attr-defined]  # a generator's

    # Slices --------------------------------------------------------------------------------------

    @overload
    def __getitem__(self, key: int) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: int | slice) -> Any:
        if not isinstance(key, slice):
            if not hasattr(key, "__index__"):
                raise TypeError(
                    f"QuerySet indices must be integers or slices, not {type(key).__name__}."
                )
            key = operator.index(key)
        bounds = (key.start, key.stop) if isinstance(key, slice) else (key, None)
        for bound in bounds:
            if bound is not None and not 0 <= bound <= MAX_BOUND:
                raise ValueError(
                    f"{bound} is too large for a slice."
                    if bound > 0
                    else "Negative indexing is not supported."
                )
        if self._result_cache is not None:
            return self._result_cache[key]
        if isinstance(key, int):
            return self._sliced(key, key + 1)._results()[0]
        made = self._sliced(key.start or 0, key.stop)
        return list(islice(made, 0, None, key.step)) if key.step else made

    def _sliced(self, start: int, stop: int | None) -> Self:
        state = self._state
        first = state.start + int(start)
        last = state.stop if stop is None else state.start + int(stop)
        if last is not None and state.stop is not None:
            last = min(last, state.stop)
        if last is not None and last <= first:
            return self._next(nothing=True, start=first, stop=first)
        return self._next(start=first, stop=last, cut=object())

    def __repr__(self) -> str:
        shown: list[Any] = list(self[: REPR_SIZE + 1])
        if len(shown) > REPR_SIZE:
            shown[-1] = "...(remaining elements truncated)..."
        return f"<{type(self).__name__} {shown!r}>"

    # Combining -----------------------------------------------------------------------------------

    def _joined(self, other: Any, connector: str) -> Self:
        self._check_operand(other, connector)
        mine, its = self._state, other._state
        if connector == Q.AND:
            if mine.nothing:
                return self._next()
            if its.nothing:
                return other._next()  # type: ignore[no-any-return]  # a QuerySet of these
        elif mine.nothing:
            return other._next()  # type: ignore[no-any-return]  # as above
        elif its.nothing:
            return self._next()
        if mine.is_sliced or its.is_sliced:
            if connector == Q.AND:
                raise TypeError("Cannot combine queries once a slice has been taken.")
            combine: Any = operator.or_ if connector == Q.OR else operator.xor
            return combine(_unsliced(self), _unsliced(other))  # type: ignore[no-any-return]  # QuerySets
        if connector != Q.AND and not its.steps:
            return other._next()  # type: ignore[no-any-return]  # as above
        if connector == Q.OR and not mine.steps:
            return self._next()
        order = its.order or mine.order
        steps = (*mine.steps, Combined(its, connector))
        made = self._next(
            steps=steps, order=order, annotations={**its.annotations, **mine.annotations}
        )
        known = dict(self._known_related_objects)
        for field, objects in other._known_related_objects.items():
            known[field] = {**known.get(field, {}), **objects}
        made._known_related_objects = known
        return made

    def _check_operand(self, other: "QuerySet[Any]", connector: str) -> None:
        for one in (self, other):
            if one._state.combinator:
                raise TypeError(f"Cannot use {connector} operator with combined queryset.")
        if other.model is not self.model:
            raise TypeError("Cannot combine queries on two different base models.")
        if self._state.distinct != other._state.distinct:
            raise TypeError("Cannot combine a unique query with a non-unique query.")
        if self._state.distinct_on != other._state.distinct_on:
            raise TypeError("Cannot combine queries with different distinct fields.")
        if self._state.form != other._state.form or self._state.columns != other._state.columns:
            raise TypeError("Merging 'QuerySet' classes must involve the same values in each case.")

    def __and__(self, other: Any) -> Self:
        return self._joined(other, Q.AND) if isinstance(other, QuerySet) else NotImplemented

    def __or__(self, other: Any) -> Self:
        return self._joined(other, Q.OR) if isinstance(other, QuerySet) else NotImplemented

    def __xor__(self, other: Any) -> Self:
        return self._joined(other, Q.XOR) if isinstance(other, QuerySet) else NotImplemented

    # Standing inside of others -------------------------------------------------------------------

    def _for_prefetch(
        self, keyword: str, instances: Sequence[Any], column: tuple[Any, ...] | None = None
    ) -> Self:
        """Keep what is related to some instances, with a column that tells to which.

        Args:
            keyword: The relation that leads to them.
            instances: The instances.
            column: A name for the column, the steps to its table, and its field.
        """
        state = self._state
        made: Any = self
        condition = Q((f"{keyword}__in", instances))
        if state.is_sliced:
            condition &= self._place_in(keyword)
            made = self._next(start=0, stop=None)
        made = made._narrowed("filter", (condition,), {}, JoinedFilter)  # noqa: SLF001 - its own kind
        if column is not None:
            name, hops, field = column
            step = Annotate({name: JoinedColumn(tuple(hops), field)}, True)
            made = made._stepped(step, annotations={**made._state.annotations, name: True})
        return made  # type: ignore[no-any-return]  # a QuerySet's

    def _place_in(self, keyword: str) -> Q:
        """Return the condition that a row is among the sliced ones of its own instance."""
        from ..expressions.functions import RowNumber
        from ..lookups import GreaterThan, LessThanOrEqual

        state = self._state
        order = list(state.ordering) or [F("pk")]
        if state.reverse:
            order = [reversed_key(key) for key in order]
        window = Window(RowNumber(), partition_by=F(keyword), order_by=order)
        condition = Q(GreaterThan(window, state.start))
        if state.stop is not None:
            condition &= Q(LessThanOrEqual(window, state.stop))
        return condition

    def raw(
        self,
        raw_query: str,
        params: Any = (),
        translations: dict[str, str] | None = None,
        using: str | None = None,
    ) -> "RawQuerySet[M]":
        """Make objects of SQL's rows.

        Args:
            raw_query: The SQL, with ``%s`` or ``%(name)s`` for parameters.
            params: The parameters, which are bound.
            translations: Column names, and the fields that they mean.
            using: The database.
        """
        from .raw import RawQuerySet

        alias = using or self.db
        mode = self._fetch_mode
        made = RawQuerySet(raw_query, self.model, params, translations, alias, mode)
        return made.prefetch_related(*self._prefetch_related_lookups)

    def _insert(
        self,
        objs: Sequence[Any],
        fields: Sequence[Any],
        returning_fields: Sequence[Any] = (),
        raw: bool = False,
        using: str | None = None,
    ) -> list[Any]:
        from .operations.write import insert_objects

        return insert_objects(self.model, objs, fields, returning_fields, using or self.db, raw=raw)


def _unsliced(queryset: Any) -> Any:
    """Return the rows of a QuerySet as a query that can be combined."""
    if not queryset.query.is_sliced:
        return queryset
    return queryset.model._base_manager.filter(pk__in=queryset.values("pk"))
