"""Compiling: a SQLAlchemy statement to SQL text and the way its values are bound."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ClauseElement

from ...databases import Driver
from ..resolve.compiler import Context

Bind = Callable[[Sequence[Any]], Any]


class Plan:
    """A compiled statement.

    Args:
        sql: The SQL text.
        bind: Makes the driver's parameters of the query's values.
        selected: What the columns are, for a SELECT.
        size: The number of parameters.

    Attributes:
        empty: No row can fit: there is nothing to run.
        load: Makes results of rows; generated when the first rows have come.
    """

    __slots__ = ("bind", "empty", "load", "selected", "size", "sql")

    def __init__(
        self, sql: str, bind: Bind, selected: Any = None, *, size: int = 0, empty: bool = False
    ) -> None:
        self.sql = sql
        self.bind = bind
        self.selected = selected
        self.size = size
        self.empty = empty
        self.load: Callable[..., list[Any]] | None = None


def nothing(selected: Any = None) -> Plan:
    """Return the plan of a query that no row can fit."""
    return Plan("", list, selected, empty=True)


def compile_statement(
    statement: ClauseElement, driver: Driver, context: Context, selected: Any = None
) -> Plan:
    """Compile a statement for a database."""
    dialect = driver.dialect
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    names: list[str] = compiled.positiontup or []
    constants = compiled.params
    sources = []
    namespace: dict[str, Any] = {}
    for number, name in enumerate(names):
        type_ = compiled.binds[name].type
        process = type_.dialect_impl(dialect).bind_processor(dialect)
        slot = context.slots.get(name)
        if slot is None:
            value = constants[name]
            namespace[f"c{number}"] = value if process is None else process(value)
            sources.append(f"c{number}")
            continue
        source = f"v[{slot.place}]"
        if slot.prepare is not None:
            namespace[f"r{number}"] = slot.prepare
            source = f"r{number}({source})"
        if slot.item is not None:
            source = f"item({source}, {slot.item})"
        if process is not None:
            namespace[f"p{number}"] = process
            source = f"p{number}({source})"
        sources.append(source)
    return Plan(str(compiled), _make_bind(sources, namespace), selected, size=len(names))


def _make_bind(sources: list[str], namespace: dict[str, Any]) -> Bind:
    """Generate the function that makes the parameters: it is called for every query."""
    namespace["item"] = _item
    # The source is made of numbers and of names from this module alone.
    exec(f"def bind(v):\n    return [{', '.join(sources)}]\n", namespace)  # noqa: S102
    bind: Bind = namespace["bind"]
    return bind


def _item(values: Sequence[Any], index: int) -> Any:
    """Return a value of a list that may be shorter than the plan's: the last one is repeated."""
    return values[index] if index < len(values) else values[-1]
