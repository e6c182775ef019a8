"""Writing one row of a model again and again: the statement and the way to its values are kept."""

from collections.abc import Hashable, Sequence
from typing import Any

from ...configuration import configuration
from ...databases import Connection
from ...expressions.shape import Collector
from ...expressions.values import Bound
from ..execute import plan_of
from ..resolve.compiler import Context
from ..resolve.write import insert_rows
from .row_values import make_extract


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
        self.model = model
        self.fields = tuple(fields)
        self.auto = auto
        self.configuration = configuration()
        self.extract = make_extract(fields, connection)
        driver = connection.driver
        self.returns = auto is not None and not driver.tells_lastrowid
        returning = (auto,) if self.returns else ()
        first = [Bound(object(), None, field) for field in fields]

        def shape(collector: Collector) -> Hashable:
            for value in first:
                collector.add(value.token, None)
            return (model, self.fields, returning, "one")

        def build(context: Context) -> Any:
            return insert_rows(model, driver, self.fields, [first], context, returning)

        plan = plan_of("insert", shape, driver, build)
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


def inserter_of(model: Any, has_key: bool, connection: Connection) -> RowInserter | None:
    """Return what inserts rows of a model; ``None`` where more than plain values are at stake.

    Args:
        model: The model.
        has_key: The instances have their keys.
        connection: The database.
    """
    meta = model._meta
    key = (connection.driver, has_key)
    known: RowInserter | None = meta.inserters.get(key)
    if known is not None and known.configuration is configuration():
        return known
    local = meta.local_concrete_fields
    if meta.order_with_respect_to or any(f.generated for f in local):
        return None
    auto = None if has_key else meta.auto_field
    fields = [f for f in local if f is not auto]
    if not fields or (auto is None and not has_key):
        return None
    made = RowInserter(model, fields, auto, connection)
    meta.inserters[key] = made
    return made
