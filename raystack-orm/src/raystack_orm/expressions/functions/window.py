"""Functions of windows.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#window-functions
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from ...exceptions import NotSupportedError
from ...fields import FloatField, IntegerField
from ..func import Func

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class CumeDist(Func):
    """The part of the rows that come before the current one or with it."""

    function = "CUME_DIST"
    output_field: Any = FloatField()
    window_compatible = True


class DenseRank(Func):
    """The rank of the row, without gaps after equal ones."""

    function = "DENSE_RANK"
    output_field: Any = IntegerField()
    window_compatible = True


class FirstValue(Func):
    """The value in the first row of the frame."""

    function = "FIRST_VALUE"
    arity = 1
    window_compatible = True


class LastValue(Func):
    """The value in the last row of the frame."""

    function = "LAST_VALUE"
    arity = 1
    window_compatible = True


class _OfSource(Func):
    """The type of its first argument comes out."""

    window_compatible = True

    def _resolve_output_field(self) -> Any:
        return self.source_expressions[0].output_field

    def _refuse_null(self, expression: Any) -> None:
        if expression is None:
            raise ValueError(f"{type(self).__name__} requires a non-null source expression.")


class _OtherRow(_OfSource):
    """The value in a row before or after.

    Args:
        expression: The value.
        offset: How many rows before or after.
        default: The value where there is no such row; null by default.
        extra: As for ``Func``.
    """

    def __init__(
        self, expression: Any, offset: int | None = 1, default: Any = None, **extra: Any
    ) -> None:
        self._refuse_null(expression)
        if offset is None or offset <= 0:
            raise ValueError(f"{type(self).__name__} requires a positive integer for the offset.")
        others = (offset,) if default is None else (offset, default)
        super().__init__(expression, *others, **extra)

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call."""
        if len(self.source_expressions) == 3 and not compiler.driver.supports_default_in_lead_lag:
            raise NotSupportedError(
                f"{type(self).__name__}(default=...): this database's {function} has no default. "
                f"Put Coalesce() around the Window()."
            )
        return super().call(compiler, function)


class Lag(_OtherRow):
    """The value in a row before."""

    function = "LAG"


class Lead(_OtherRow):
    """The value in a row after."""

    function = "LEAD"


class NthValue(_OfSource):
    """The value in the nth row of the frame, counted from 1.

    Args:
        expression: The value.
        nth: Which row.
        extra: As for ``Func``.
    """

    function = "NTH_VALUE"

    def __init__(self, expression: Any, nth: int | None = 1, **extra: Any) -> None:
        self._refuse_null(expression)
        if nth is None or nth <= 0:
            raise ValueError(f"{type(self).__name__} requires a positive integer as for nth.")
        super().__init__(expression, nth, **extra)


class Ntile(Func):
    """The number of the bucket that the row falls in, where they are filled evenly.

    Args:
        num_buckets: How many buckets.
        extra: As for ``Func``.
    """

    function = "NTILE"
    output_field: Any = IntegerField()
    window_compatible = True

    def __init__(self, num_buckets: int = 1, **extra: Any) -> None:
        if num_buckets <= 0:
            raise ValueError("num_buckets must be greater than 0.")
        super().__init__(num_buckets, **extra)


class PercentRank(Func):
    """The rank of the row as a part of the number of rows."""

    function = "PERCENT_RANK"
    output_field: Any = FloatField()
    window_compatible = True


class Rank(Func):
    """The rank of the row, with gaps after equal ones."""

    function = "RANK"
    output_field: Any = IntegerField()
    window_compatible = True


class RowNumber(Func):
    """The number of the row, counted from 1."""

    function = "ROW_NUMBER"
    output_field: Any = IntegerField()
    window_compatible = True
