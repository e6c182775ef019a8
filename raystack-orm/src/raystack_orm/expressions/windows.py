"""Windows: an aggregate or a window function over the rows around each row.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#window-functions
"""

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ..exceptions import NotSupportedError
from .aggregates import order_by_of
from .base import Expression
from .func import parse_expressions

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class WindowFrameExclusion(Enum):
    """The rows that a frame leaves out."""

    CURRENT_ROW = "CURRENT ROW"
    GROUP = "GROUP"
    TIES = "TIES"
    NO_OTHERS = "NO OTHERS"

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}.{self.name}"


class WindowFrame(Expression):
    """The base of the frames.

    Args:
        start: How many rows (or how much of the value) before the current one it begins, as a
            number that is not positive; ``None`` for the first row.
        end: How many after it ends; ``None`` for the last row.
        exclusion: The rows that are left out.
    """

    frame_type: ClassVar[str]
    argument: ClassVar[str]

    def __init__(
        self,
        start: int | None = None,
        end: int | None = None,
        exclusion: WindowFrameExclusion | None = None,
    ) -> None:
        super().__init__()
        self.start = start
        self.end = end
        if exclusion is not None and not isinstance(exclusion, WindowFrameExclusion):
            raise TypeError(
                f"{type(self).__name__}.exclusion must be a WindowFrameExclusion instance."
            )
        self.exclusion = exclusion
        for name, value in (("start", start), ("end", end)):
            if value is not None and not isinstance(value, int):
                raise ValueError(f"{name} argument must be an integer, but got '{value}'.")
        if start is not None and end is not None and start > end:
            raise ValueError("start cannot be greater than end.")

    def check(self, driver: Any) -> None:
        """Refuse what the database has not."""

    def over(self, driver: Any) -> dict[str, Any]:
        """Return the arguments of SQLAlchemy's ``over()``."""
        self.check(driver)
        given: dict[str, Any] = {self.argument: (self.start, self.end)}
        if self.exclusion is not None:
            if not driver.supports_frame_exclusion:
                raise NotSupportedError("This backend does not support window frame exclusions.")
            given["exclude"] = self.exclusion.value
        return given

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the frame in SQL, for a window that is written by a template of its own."""
        excluded = self.over(compiler.core.driver).get("exclude")
        text = f"{self.frame_type} BETWEEN {_bound(self.start, 'PRECEDING')} AND "
        text += _bound(self.end, "FOLLOWING")
        return (f"{text} EXCLUDE {excluded}" if excluded else text), []


def _bound(distance: int | None, unlimited: str) -> str:
    if distance is None:
        return f"UNBOUNDED {unlimited}"
    if distance == 0:
        return "CURRENT ROW"
    return f"{abs(distance)} {'PRECEDING' if distance < 0 else 'FOLLOWING'}"


class RowRange(WindowFrame):
    """A frame of rows."""

    frame_type = "ROWS"
    argument = "rows"


class ValueRange(WindowFrame):
    """A frame of values: the current row and those that sort with it, or all before or after."""

    frame_type = "RANGE"
    argument = "range_"

    def check(self, driver: Any) -> None:
        """Refuse a frame that is all before or after the row, and a distance on PostgreSQL."""
        if (self.start or 0) > 0 or (self.end or 0) < 0:
            raise ValueError(
                f"ValueRange goes from a start that is not positive to an end that is not "
                f"negative, and not from {self.start} to {self.end}."
            )
        if driver.vendor == "postgresql" and (self.start or self.end):
            raise NotSupportedError(
                "PostgreSQL only supports UNBOUNDED together with PRECEDING and FOLLOWING."
            )


class Window(Expression):
    """An aggregate or window function over a window.

    Args:
        expression: The aggregate or function.
        partition_by: What tells the groups of rows apart.
        order_by: The order within a group.
        frame: Which rows of the group count.
        output_field: The type of the result.

    Attributes:
        template: The SQL, with ``%(expression)s`` and ``%(window)s``.
    """

    template: str = "%(expression)s OVER (%(window)s)"
    contains_aggregate = False  # an aggregate over a window is computed for each row
    contains_over_clause = True

    def __init__(
        self,
        expression: Any,
        partition_by: Any = None,
        order_by: Any = None,
        frame: Any = None,
        output_field: Any = None,
    ) -> None:
        if not getattr(expression, "window_compatible", False):
            raise ValueError(
                f"Expression '{type(expression).__name__}' isn't compatible with OVER clauses."
            )
        if partition_by is not None and not isinstance(partition_by, list | tuple):
            partition_by = (partition_by,)
        if not isinstance(order_by, list | tuple | str | type(None)) and not hasattr(
            order_by, "resolve_expression"
        ):
            raise ValueError(
                "Window.order_by must be either a string reference to a field, an expression, "
                "or a list or tuple of them."
            )
        super().__init__(output_field=output_field)
        self.source_expression = expression
        self.partition_by = parse_expressions(*(partition_by or ()))
        self.order_by = order_by_of(order_by)
        self.frame = frame

    def _resolve_output_field(self) -> Any:
        return self.source_expression.output_field

    def get_source_expressions(self) -> list[Any]:
        """Return the function, the partitions and the sort keys."""
        return [self.source_expression, *self.partition_by, *self.order_by]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the function, the partitions and the sort keys."""
        number = len(self.partition_by)
        self.source_expression = exprs[0]
        self.partition_by = exprs[1 : number + 1]
        self.order_by = exprs[number + 1 :]

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the function OVER the window; a template of one's own goes through the bridge."""
        if self.template != Window.template:
            return compiler.bridge(self, self.as_sql)
        function: Any = compiler.build(self.source_expression)
        frame = {} if self.frame is None else self.frame.over(compiler.driver)
        made: ColumnElement[Any] = function.over(
            partition_by=[compiler.build(p) for p in self.partition_by] or None,
            order_by=self._sort_keys(compiler) or None,
            **frame,
        )
        return made

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None
    ) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters: call it from an ``as_<vendor>`` of your own.

        Args:
            compiler: Compiles the parts.
            connection: The database.
            template: Another template.
        """
        function, params = compiler.compile(self.source_expression)
        clauses = []
        for words, elements in (
            ("PARTITION BY", [compiler.core.build(one) for one in self.partition_by]),
            ("ORDER BY", self._sort_keys(compiler.core)),
        ):
            if elements:
                written = [compiler.compile_built(element)[0] for element in elements]
                clauses.append(f"{words} {', '.join(written)}")
        if self.frame is not None:
            clauses.append(compiler.compile(self.frame)[0])
        data = {"expression": function, "window": " ".join(clauses)}
        return (template or self.template) % data, [*params]

    def _sort_keys(self, compiler: "Compiler") -> list[Any]:
        return [
            key
            for one in self.order_by
            for key in one.sort_keys(compiler.build(one.expression), compiler)
        ]

    def get_group_by_cols(self) -> list[Any]:
        """Return what partitions and order need, and what the function's arguments are."""
        columns = []
        for part in (*self.partition_by, *self.order_by):
            columns += part.get_group_by_cols()
        if not self.source_expression.contains_aggregate:
            for source in self.source_expression.get_source_expressions():
                columns += source.get_group_by_cols()
        return columns
