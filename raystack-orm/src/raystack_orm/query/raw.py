"""Raw queries: objects of the rows of SQL that the developer wrote.

https://docs.djangoproject.com/en/stable/topics/db/sql/#performing-raw-queries
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ..databases import connections
from ..databases.colour import run_sync
from ..exceptions import FieldDoesNotExist
from .operations.fetch_modes import Batch, FetchMode, default_mode
from .operations.prefetch import prefetch_related_objects

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model

M = TypeVar("M", bound="Model")


class RawQuerySet(Generic[M]):
    """The objects of a raw query. It asks the database when it is iterated.

    Args:
        raw_query: The SQL, with ``%s`` or ``%(name)s`` for parameters.
        model: The model.
        params: The parameters.
        translations: Column names, and the fields that they mean.
        using: The database.
        mode: The fetch mode of its objects; the usual one by default.

    Raises:
        TypeError: A parameter is of a type that no database takes.
    """

    def __init__(
        self,
        raw_query: str,
        model: type[M],
        params: Any = (),
        translations: Mapping[str, str] | None = None,
        using: str = "default",
        mode: FetchMode | None = None,
    ) -> None:
        self.raw_query = raw_query
        self.model = model
        self.params = params if params is not None else ()
        self.translations = dict(translations or {})
        self.db = using
        self.mode = mode
        self._result_cache: list[M] | None = None
        self._prefetch_related_lookups: tuple[Any, ...] = ()
        self._prefetch_done = False
        for value in self._values():
            if isinstance(value, dict | set) or hasattr(value, "_meta"):
                raise TypeError(f"raw() cannot bind {value!r}: give it as a text or a number.")

    def _values(self) -> list[Any]:
        return list(self.params.values() if isinstance(self.params, Mapping) else self.params)

    def _next(self) -> "RawQuerySet[M]":
        made = RawQuerySet(
            self.raw_query, self.model, self.params, self.translations, self.db, self.mode
        )
        made._prefetch_related_lookups = self._prefetch_related_lookups
        return made

    def using(self, alias: str) -> "RawQuerySet[M]":
        """Ask another database."""
        made = self._next()
        made.db = alias
        return made

    def prefetch_related(self, *lookups: Any) -> "RawQuerySet[M]":
        """Load related objects with one query more for each relation; ``None`` takes all back."""
        made = self._next()
        made._prefetch_related_lookups = (
            () if lookups == (None,) else (*self._prefetch_related_lookups, *lookups)
        )
        return made

    @property
    def columns(self) -> list[str]:
        """The names of the columns, as the database says; fields for those that are translated."""
        return [name for name, _ in self._run()[1]]

    def _run(self) -> tuple[Sequence[Any], list[tuple[str, Any]]]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(self.raw_query, self.params)
            rows = cursor.fetchall()
            described = [(str(column[0]), column[1]) for column in cursor.description or ()]
        return rows, [(self.translations.get(name, name), code) for name, code in described]

    def _fetch_all(self) -> list[M]:
        if self._result_cache is None:
            rows, columns = self._run()
            self._result_cache = self._objects(rows, columns)
        if self._prefetch_related_lookups and not self._prefetch_done:
            prefetch_related_objects(self._result_cache, *self._prefetch_related_lookups)
            self._prefetch_done = True
        return self._result_cache

    def _objects(self, rows: Sequence[Any], columns: list[tuple[str, Any]]) -> list[M]:
        meta = self.model._meta
        known = {f.column: f for f in meta.concrete_fields}
        known |= {f.attname: f for f in meta.concrete_fields}
        known |= {f.name: f for f in meta.concrete_fields}
        driver = connections.driver(self.db)
        fields, extras = [], []
        for index, (name, code) in enumerate(columns):
            field = known.get(name)
            if field is None:
                extras.append((index, name))
                continue
            type_ = field.sa_type().dialect_impl(driver.dialect)
            fields.append((index, field, type_.result_processor(driver.dialect, code)))
        if not set(meta.pk_fields) <= {field for _, field, _ in fields}:
            raise FieldDoesNotExist("Raw query must include the primary key")
        order = {field: place for place, field in enumerate(meta.concrete_fields)}
        fields.sort(key=lambda item: order[item[1]])
        names = [field.attname for _, field, _ in fields]
        made = [self._object(row, fields, names, extras) for row in rows]
        self._introduce(made)
        return made

    def _introduce(self, objects: list[M]) -> None:
        """Let the objects load what is missing by the fetch mode, for each other too."""
        batch = Batch(self.mode or default_mode(), self.db)
        for obj in objects:
            obj._batch = batch
            obj._state.fetch_mode = batch.mode
        batch.join(objects)

    def _object(self, row: Any, fields: Any, names: list[str], extras: Any) -> M:
        values = []
        for index, field, process in fields:
            value = row[index] if process is None else process(row[index])
            custom = getattr(field, "from_db_value", None)
            values.append(value if custom is None else custom(value, None, connections[self.db]))
        made = self.model.from_db(self.db, names, values)
        for index, name in extras:
            setattr(made, name, row[index])
        return made

    def iterator(self) -> Iterator[M]:
        """Iterate without keeping the results."""
        rows, columns = self._run()
        yield from self._objects(rows, columns)

    def __iter__(self) -> Iterator[M]:
        return iter(self._fetch_all())

    async def __aiter__(self) -> AsyncIterator[M]:
        for obj in await run_sync(self._fetch_all):
            yield obj

    def __len__(self) -> int:
        return len(self._fetch_all())

    def __bool__(self) -> bool:
        return bool(self._fetch_all())

    @overload
    def __getitem__(self, key: int) -> M: ...
    @overload
    def __getitem__(self, key: slice) -> list[M]: ...
    def __getitem__(self, key: int | slice) -> Any:
        return self._fetch_all()[key]

    def __repr__(self) -> str:
        return f"<RawQuerySet: {self.raw_query}>"
