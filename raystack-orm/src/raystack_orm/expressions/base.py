"""Expressions: ``F("views") + 1``.

An expression only says what is meant. The resolver makes SQLAlchemy constructs of it; ``shape()``
separates its form, which a plan is cached by, from the values in it, which are bound.
"""

from collections.abc import Hashable, Iterator
from typing import Any


class Expression:
    """The base of all expressions; arithmetic on them makes new ones."""

    def shape(self, values: list[Any]) -> Hashable:
        """Return the form of the expression, appending its values to ``values``."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """Yield the names of the fields that it refers to."""
        return iter(())

    def __add__(self, other: Any) -> "Combined":
        return Combined(self, "+", as_expression(other))

    def __radd__(self, other: Any) -> "Combined":
        return Combined(as_expression(other), "+", self)

    def __sub__(self, other: Any) -> "Combined":
        return Combined(self, "-", as_expression(other))

    def __rsub__(self, other: Any) -> "Combined":
        return Combined(as_expression(other), "-", self)

    def __mul__(self, other: Any) -> "Combined":
        return Combined(self, "*", as_expression(other))

    def __rmul__(self, other: Any) -> "Combined":
        return Combined(as_expression(other), "*", self)

    def __truediv__(self, other: Any) -> "Combined":
        return Combined(self, "/", as_expression(other))

    def __rtruediv__(self, other: Any) -> "Combined":
        return Combined(as_expression(other), "/", self)

    def __mod__(self, other: Any) -> "Combined":
        return Combined(self, "%", as_expression(other))

    def __neg__(self) -> "Combined":
        return Combined(self, "*", Value(-1))

    def asc(self) -> "OrderBy":
        """Order by this, the least first."""
        return OrderBy(self, descending=False)

    def desc(self) -> "OrderBy":
        """Order by this, the greatest first."""
        return OrderBy(self, descending=True)


class F(Expression):
    """The value of a field of the same row; ``F("author__name")`` is a related row's.

    https://docs.djangoproject.com/en/stable/ref/models/expressions/#f-expressions
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def shape(self, values: list[Any]) -> Hashable:
        """Return the form of the expression."""
        return ("F", self.name)

    def names(self) -> Iterator[str]:
        """Yield the field's name."""
        yield self.name

    def __repr__(self) -> str:
        return f"F({self.name!r})"


class Value(Expression):
    """A value inside of an expression."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def shape(self, values: list[Any]) -> Hashable:
        """Return the form of the expression: a value's type decides how it is bound."""
        values.append(self.value)
        return ("Value", type(self.value))

    def __repr__(self) -> str:
        return f"Value({self.value!r})"


class Combined(Expression):
    """Two expressions and the operator between them."""

    def __init__(self, left: Expression, operator: str, right: Expression) -> None:
        self.left = left
        self.operator = operator
        self.right = right

    def shape(self, values: list[Any]) -> Hashable:
        """Return the form of the expression."""
        return (self.operator, self.left.shape(values), self.right.shape(values))

    def names(self) -> Iterator[str]:
        """Yield the names on both sides."""
        yield from self.left.names()
        yield from self.right.names()

    def __repr__(self) -> str:
        return f"({self.left!r} {self.operator} {self.right!r})"


class OrderBy:
    """An expression as a sort key."""

    def __init__(self, expression: Expression, *, descending: bool) -> None:
        self.expression = expression
        self.descending = descending


def as_expression(value: Any) -> Expression:
    """Return ``value`` if it is an expression, and otherwise the expression of that value."""
    return value if isinstance(value, Expression) else Value(value)
