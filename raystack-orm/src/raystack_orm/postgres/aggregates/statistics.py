"""Aggregates of statistics, over the rows in which both arguments have a value."""

from typing import Any

from ...expressions.aggregates import Aggregate
from ...fields import FloatField, IntegerField


class StatAggregate(Aggregate):
    """The base of them.

    Args:
        y: The dependent value.
        x: The independent value.
        output_field: The type of the result.
        filter: Only the rows that fit this ``Q`` count.
        default: The value where there are no rows.
    """

    output_field: Any = FloatField()

    def __init__(
        self,
        y: Any,
        x: Any,
        output_field: Any = None,
        filter: Any = None,  # noqa: A002 - Django's name
        default: Any = None,
    ) -> None:
        if not x or not y:
            raise ValueError("Both y and x must be provided.")
        super().__init__(y, x, output_field=output_field, filter=filter, default=default)


class CovarPop(StatAggregate):
    """The covariance.

    Args:
        y: One value.
        x: The other value.
        sample: Of a sample rather than of the population.
        filter: Only the rows that fit this ``Q`` count.
        default: The value where there are no rows.
    """

    def __init__(
        self,
        y: Any,
        x: Any,
        sample: bool = False,
        filter: Any = None,  # noqa: A002 - Django's name
        default: Any = None,
    ) -> None:
        self.function = "COVAR_SAMP" if sample else "COVAR_POP"
        super().__init__(y, x, filter=filter, default=default)


class RegrCount(StatAggregate):
    """The number of rows in which both have a value."""

    function = "REGR_COUNT"
    output_field: Any = IntegerField()
    empty_result_set_value = 0


class Corr(StatAggregate):
    """The correlation coefficient."""

    function = "CORR"


class RegrAvgX(StatAggregate):
    """The mean of x."""

    function = "REGR_AVGX"


class RegrAvgY(StatAggregate):
    """The mean of y."""

    function = "REGR_AVGY"


class RegrIntercept(StatAggregate):
    """Where the line of least squares crosses the y axis."""

    function = "REGR_INTERCEPT"


class RegrR2(StatAggregate):
    """The square of the correlation coefficient."""

    function = "REGR_R2"


class RegrSlope(StatAggregate):
    """The slope of the line of least squares."""

    function = "REGR_SLOPE"


class RegrSXX(StatAggregate):
    """The sum of squares of x."""

    function = "REGR_SXX"


class RegrSXY(StatAggregate):
    """The sum of the products of x and y."""

    function = "REGR_SXY"


class RegrSYY(StatAggregate):
    """The sum of squares of y."""

    function = "REGR_SYY"
