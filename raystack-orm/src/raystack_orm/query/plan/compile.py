"""Compiling: a SQLAlchemy statement to SQL text and the way its values are bound."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.sql.elements import False_

from ...databases import Driver
from ..resolve.select import Selected
from ..resolve.statement import BIND_PREFIX

Processor = Callable[[Any], Any]


class Plan:
    """A compiled statement.

    Args:
        sql: The SQL text.
        slots: For each parameter the index of its value, and what converts it for the driver.
        constants: Values that belong to the shape; they follow the query's own values.
        empty: No row can fit: there is nothing to run.
        selected: What the columns are, for a SELECT.

    Attributes:
        load: Makes results of rows; generated when the first rows have come.
    """

    __slots__ = ("constants", "empty", "load", "selected", "slots", "sql")

    def __init__(
        self,
        sql: str,
        slots: Sequence[tuple[int, Processor | None]],
        constants: Sequence[Any],
        *,
        empty: bool,
        selected: Selected | None = None,
    ) -> None:
        self.sql = sql
        self.slots = tuple(slots)
        self.constants = tuple(constants)
        self.empty = empty
        self.selected = selected
        self.load: Callable[..., list[Any]] | None = None

    def bind(self, values: list[Any]) -> list[Any]:
        """Return the parameters for the driver."""
        if self.constants:
            values = [*values, *self.constants]
        return [
            values[index] if process is None else process(values[index])
            for index, process in self.slots
        ]


def compile_statement(
    statement: ClauseElement, driver: Driver, selected: Selected | None = None
) -> Plan:
    """Compile a statement for a database."""
    dialect = driver.dialect
    compiled: Any = statement.compile(dialect=dialect)
    binds = compiled.binds
    names: list[str] = compiled.positiontup or []
    slots: list[tuple[int, Processor | None]] = []
    constants = [compiled.params[name] for name in names if not name.startswith(BIND_PREFIX)]
    following = -len(constants)  # they stand at the end, whatever the number of values
    for name in names:
        type_ = binds[name].type
        process = type_.dialect_impl(dialect).bind_processor(dialect)
        if name.startswith(BIND_PREFIX):
            slots.append((int(name.removeprefix(BIND_PREFIX)), process))
        else:
            slots.append((following, process))
            following += 1
    where = getattr(statement, "whereclause", None)
    where = getattr(where, "element", where)  # SQLAlchemy may wrap a constant
    return Plan(str(compiled), slots, constants, empty=isinstance(where, False_), selected=selected)
