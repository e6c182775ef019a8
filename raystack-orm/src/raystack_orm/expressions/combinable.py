"""Arithmetic and conditions on expressions: ``F("price") * 2``, ``Exists(...) & Q(...)``.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#supported-arithmetic
"""

from typing import Any


class Combinable:
    """What can stand in arithmetic with other expressions and with plain values."""

    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    POW = "^"
    MOD = "%%"
    BITAND = "&"
    BITOR = "|"
    BITLEFTSHIFT = "<<"
    BITRIGHTSHIFT = ">>"
    BITXOR = "#"

    conditional = False

    def _combine(self, other: Any, connector: str, *, reversed_: bool = False) -> Any:
        from .combined import CombinedExpression  # it is one of these
        from .values import Value

        if getattr(type(other), "is_queryset", False):
            from .subqueries import Subquery

            other = Subquery(other)
        elif not hasattr(other, "resolve_expression"):
            other = Value(other)
        if reversed_:
            return CombinedExpression(other, connector, self)
        return CombinedExpression(self, connector, other)

    def _condition(self, other: Any, connector: str) -> Any:
        from .q import Q

        if self.conditional and getattr(other, "conditional", False):
            return (
                Q(self) & Q(other) if connector == Q.AND else Q(self)._combine(Q(other), connector)
            )
        name = {"AND": "bitand", "OR": "bitor", "XOR": "bitxor"}[connector]
        raise NotImplementedError(
            f"{self!r} and {other!r} are no conditions. For bitwise operations use .{name}()."
        )

    def __neg__(self) -> Any:
        return self._combine(-1, self.MUL)

    def __add__(self, other: Any) -> Any:
        return self._combine(other, self.ADD)

    def __sub__(self, other: Any) -> Any:
        return self._combine(other, self.SUB)

    def __mul__(self, other: Any) -> Any:
        return self._combine(other, self.MUL)

    def __truediv__(self, other: Any) -> Any:
        return self._combine(other, self.DIV)

    def __mod__(self, other: Any) -> Any:
        return self._combine(other, self.MOD)

    def __pow__(self, other: Any) -> Any:
        return self._combine(other, self.POW)

    def __and__(self, other: Any) -> Any:
        return self._condition(other, "AND")

    def __or__(self, other: Any) -> Any:
        return self._condition(other, "OR")

    def __xor__(self, other: Any) -> Any:
        return self._condition(other, "XOR")

    def __invert__(self) -> Any:
        from .q import NegatedExpression

        return NegatedExpression(self)

    def bitand(self, other: Any) -> Any:
        """Return the bitwise AND."""
        return self._combine(other, self.BITAND)

    def bitor(self, other: Any) -> Any:
        """Return the bitwise OR."""
        return self._combine(other, self.BITOR)

    def bitxor(self, other: Any) -> Any:
        """Return the bitwise XOR."""
        return self._combine(other, self.BITXOR)

    def bitleftshift(self, other: Any) -> Any:
        """Return the bits shifted to the left."""
        return self._combine(other, self.BITLEFTSHIFT)

    def bitrightshift(self, other: Any) -> Any:
        """Return the bits shifted to the right."""
        return self._combine(other, self.BITRIGHTSHIFT)

    def __radd__(self, other: Any) -> Any:
        return self._combine(other, self.ADD, reversed_=True)

    def __rsub__(self, other: Any) -> Any:
        return self._combine(other, self.SUB, reversed_=True)

    def __rmul__(self, other: Any) -> Any:
        return self._combine(other, self.MUL, reversed_=True)

    def __rtruediv__(self, other: Any) -> Any:
        return self._combine(other, self.DIV, reversed_=True)

    def __rmod__(self, other: Any) -> Any:
        return self._combine(other, self.MOD, reversed_=True)

    def __rpow__(self, other: Any) -> Any:
        return self._combine(other, self.POW, reversed_=True)

    def __rand__(self, other: Any) -> Any:
        return self._condition(other, "AND")

    def __ror__(self, other: Any) -> Any:
        return self._condition(other, "OR")

    def __rxor__(self, other: Any) -> Any:
        return self._condition(other, "XOR")
