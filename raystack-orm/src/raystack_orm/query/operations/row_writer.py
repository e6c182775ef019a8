"""Writing one row of a model again and again: the statement and the way to its values are kept.

These are for the plain case. What they cannot do, expressions above all, takes the general way.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from ...configuration import configuration
from ...databases import Connection
from ...expressions.shape import Collector
from ...expressions.values import Bound
from ...fields import Field
from ..execute import plan_of
from ..plan.compile import Plan
from ..resolve.compiler import Context
from ..resolve.write import delete_row, insert_rows, update_row
from .row_values import make_extract

MOST_KEPT = 50  # of one model: with update_fields there is no end of them


class RowInserter:
    """Inserts rows of a model whose values are plain.

    Args:
        model: The model.
        fields: The fields that get values.
        auto: The key that the database makes; ``None`` where the instances have one.
        connection: The database.
    """

    def __init__(
        self, model: Any, fields: Sequence[Any], auto: Any, connection: Connection
    ) -> None:
        self.fields = tuple(fields)
        self.auto = auto
        self.extract = make_extract(fields, _lasting(connection))
        driver = connection.driver
        self.returns = auto is not None and not driver.tells_lastrowid
        returning = (auto,) if self.returns else ()
        plan = _plan(
            ("insert row", model, self.fields, returning),
            self.fields,
            connection,
            lambda bound, context: insert_rows(
                model, driver, self.fields, [bound], context, returning
            ),
        )
        self.sql, self.bind = plan.sql, plan.bind

    def insert(self, instance: Any, connection: Connection) -> None:
        """Insert an instance's row; the instance gets its key.

        Raises:
            Computed: A value is an expression; nothing was inserted.
        """
        params = self.bind(self.extract(instance))
        if self.returns:
            key = connection.fetch(self.sql, params).rows[0][0]
        else:
            key = connection.write(self.sql, params).lastrowid
        if self.auto is not None:
            setattr(instance, self.auto.attname, key)


class RowUpdater:
    """Updates rows of a model whose values are plain, by their primary keys.

    Args:
        model: The model.
        fields: The fields that get values.
        connection: The database.
    """

    def __init__(self, model: Any, fields: Sequence[Any], connection: Connection) -> None:
        written = (*fields, model._meta.pk)
        self.extract = make_extract(written, _lasting(connection), adding=False)
        plan = _plan(
            ("update row", model, written),
            written,
            connection,
            lambda bound, context: update_row(model, connection.driver, fields, bound, context),
        )
        self.sql, self.bind = plan.sql, plan.bind

    def update(self, instance: Any, connection: Connection) -> bool:
        """Update an instance's row; return whether there is one.

        Raises:
            Computed: A value is an expression; nothing was updated.
        """
        return connection.write(self.sql, self.bind(self.extract(instance))).rowcount > 0


class RowDeleter:
    """Deletes rows of a model by their primary keys.

    Args:
        model: The model.
        connection: The database.
    """

    def __init__(self, model: Any, connection: Connection) -> None:
        key = model._meta.pk
        self.extract = make_extract([key], _lasting(connection), adding=False)
        plan = _plan(
            ("delete row", model),
            [key],
            connection,
            lambda bound, context: delete_row(model, connection.driver, bound[0], context),
        )
        self.sql, self.bind = plan.sql, plan.bind

    def delete(self, instance: Any, connection: Connection) -> int:
        """Delete an instance's row, and nothing else; return how many there were.

        Raises:
            Computed: The key is an expression; nothing was deleted.
        """
        return connection.write(self.sql, self.bind(self.extract(instance))).rowcount


def _lasting(connection: Connection) -> Connection:
    """Return what tells fields of the database when this connection's task has long ended."""
    driver = connection.driver
    return Connection(connection.key, getattr(driver, "sync", driver))


def _plan(
    shape: tuple[Any, ...],
    fields: Sequence[Any],
    connection: Connection,
    build: Callable[[list[Bound], Context], Any],
) -> Plan:
    """Make the plan of a statement with one value for each field, in their order."""
    bound = [Bound(object(), None, field) for field in fields]

    def collect(collector: Collector) -> tuple[Any, ...]:
        for value in bound:
            collector.add(value.token, None)
        return shape

    return plan_of("row", collect, connection.driver, lambda context: build(bound, context))


def inserter_of(model: Any, has_key: bool, connection: Connection) -> RowInserter | None:
    """Return what inserts rows of a model; ``None`` where more than plain values are at stake.

    Args:
        model: The model.
        has_key: The instances have their keys.
        connection: The database.
    """

    def make() -> RowInserter | None:
        meta = model._meta
        local = meta.local_concrete_fields
        if meta.order_with_respect_to or any(f.generated for f in local):
            return None
        auto = None if has_key else meta.auto_field
        fields = [f for f in local if f is not auto]
        if not fields or (auto is None and not has_key):
            return None
        return RowInserter(model, fields, auto, connection)

    found: RowInserter | None = _kept(model, (RowInserter, has_key), connection, make)
    return found


def updater_of(
    model: Any, update_fields: Collection[str] | None, connection: Connection
) -> RowUpdater | None:
    """Return what updates rows of a model; ``None`` where more than plain values are at stake.

    Args:
        model: The model.
        update_fields: The names of the fields that are written; ``None`` for all.
        connection: The database.
    """

    def make() -> RowUpdater | None:
        meta = model._meta
        fields = updated_fields(meta, update_fields)
        if not fields or meta.select_on_save or not _finds_rows_by_key(model):
            return None
        if any(f.generated for f in meta.local_concrete_fields):
            return None
        return RowUpdater(model, fields, connection)

    chosen = None if update_fields is None else frozenset(update_fields)
    found: RowUpdater | None = _kept(model, (RowUpdater, chosen), connection, make)
    return found


def updated_fields(meta: Any, update_fields: Collection[str] | None) -> list[Any]:
    """Return the fields of a model's own table that an UPDATE writes."""
    return [
        f
        for f in meta.local_concrete_fields
        if f not in meta.pk_fields
        and not f.generated
        and (not update_fields or f.name in update_fields or f.attname in update_fields)
    ]


def deleter_of(model: Any, connection: Connection) -> RowDeleter | None:
    """Return what deletes rows of a model; ``None`` where its key is no plain value.

    Args:
        model: The model.
        connection: The database.
    """

    def make() -> RowDeleter | None:
        return RowDeleter(model, connection) if _has_plain_key(model) else None

    found: RowDeleter | None = _kept(model, (RowDeleter,), connection, make)
    return found


def _has_plain_key(model: Any) -> bool:
    meta = model._meta
    return not meta.is_composite_pk and type(meta.pk).pre_save is Field.pre_save


def _finds_rows_by_key(model: Any) -> bool:
    """Say whether the base manager hides no rows."""
    from ..manager import BaseManager  # whose methods come here

    manager = type(model._meta.base_manager)
    return _has_plain_key(model) and manager.get_queryset is BaseManager.get_queryset


def _kept(model: Any, key: tuple[Any, ...], connection: Connection, make: Callable[[], Any]) -> Any:
    """Return what was made for this model, key and database, or make it."""
    writers = model._meta.row_writers
    key = (connection.place, *key)  # a task, a thread and a request have drivers of their own
    made_for, writer = writers.get(key, (None, None))
    now = configuration()
    if made_for is not now:
        if len(writers) >= MOST_KEPT:
            writers.clear()
        writer = make()
        writers[key] = (now, writer)
    return writer
