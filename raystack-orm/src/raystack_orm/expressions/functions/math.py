"""Mathematical functions.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#math-functions
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ..transforms import Transform
from ..values import Value
from .base import DecimalInput, NamedFunc, NumericOutput

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class Abs(Transform):
    """The absolute value."""

    function = "ABS"
    lookup_name = "abs"


class ACos(NumericOutput, Transform):
    """The arccosine, in radians."""

    function = "ACOS"
    lookup_name = "acos"


class ASin(NumericOutput, Transform):
    """The arcsine, in radians."""

    function = "ASIN"
    lookup_name = "asin"


class ATan(NumericOutput, Transform):
    """The arctangent, in radians."""

    function = "ATAN"
    lookup_name = "atan"


class ATan2(NumericOutput):
    """The arctangent of the first argument divided by the second."""

    function = "ATAN2"
    arity = 2


class Ceil(Transform):
    """The smallest whole number that is not less."""

    function = "CEILING"
    lookup_name = "ceil"


class Cos(NumericOutput, Transform):
    """The cosine of radians."""

    function = "COS"
    lookup_name = "cos"


class Cot(NumericOutput, Transform):
    """The cotangent of radians."""

    function = "COT"
    lookup_name = "cot"


class Degrees(NumericOutput, Transform):
    """Radians as degrees."""

    function = "DEGREES"
    lookup_name = "degrees"


class Exp(NumericOutput, Transform):
    """e to the power of the argument."""

    function = "EXP"
    lookup_name = "exp"


class Floor(Transform):
    """The greatest whole number that is not greater."""

    function = "FLOOR"
    lookup_name = "floor"


class Ln(NumericOutput, Transform):
    """The natural logarithm."""

    function = "LN"
    lookup_name = "ln"


class Log(DecimalInput, NumericOutput):
    """The logarithm of the second argument to the base of the first."""

    function = "LOG"
    arity = 2


class Mod(DecimalInput, NumericOutput):
    """What remains of the first argument divided by the second."""

    function = "MOD"
    arity = 2


class Pi(NumericOutput):
    """The constant π."""

    function = "PI"
    arity = 0


class Power(NumericOutput):
    """The first argument to the power of the second."""

    function = "POWER"
    arity = 2


class Radians(NumericOutput, Transform):
    """Degrees as radians."""

    function = "RADIANS"
    lookup_name = "radians"


class Random(NamedFunc, NumericOutput):
    """A random number from 0.0 to below 1.0."""

    function = "RANDOM"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "RAND", "mysql": "RAND"}
    arity = 0

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing: it is another one for each row."""
        return []


class Round(DecimalInput, Transform):
    """The nearest number with so many digits after the point.

    Args:
        expression: The number.
        precision: How many digits; negative ones, before the point, are not SQLite's.
        extra: As for ``Func``.
    """

    function = "ROUND"
    lookup_name = "round"
    arity = None

    def __init__(self, expression: Any, precision: Any = 0, **extra: Any) -> None:
        super().__init__(expression, precision, **extra)

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call."""
        precision = self.source_expressions[1]
        if compiler.vendor == "sqlite" and isinstance(precision, Value) and precision.value < 0:
            raise ValueError("SQLite does not support negative precision.")
        return super().call(compiler, function)

    def _resolve_output_field(self) -> Any:
        return self.source_expressions[0].output_field


class Sign(Transform):
    """-1, 0 or 1."""

    function = "SIGN"
    lookup_name = "sign"


class Sin(NumericOutput, Transform):
    """The sine of radians."""

    function = "SIN"
    lookup_name = "sin"


class Sqrt(NumericOutput, Transform):
    """The square root."""

    function = "SQRT"
    lookup_name = "sqrt"


class Tan(NumericOutput, Transform):
    """The tangent of radians."""

    function = "TAN"
    lookup_name = "tan"
