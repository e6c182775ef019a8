"""Case and When.

https://docs.djangoproject.com/en/stable/ref/models/conditional-expressions/
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, cast

from ..exceptions import EmptyResultSet, FullResultSet
from .base import Expression
from .func import parse_expressions
from .q import Q
from .shape import Uncacheable, shape_of

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class When(Expression):
    """A condition, and the value where it holds.

    Args:
        condition: A ``Q`` or an expression that is true or false.
        then: The value.
        lookups: The condition as keywords.
    """

    conditional = False

    def __init__(self, condition: Any = None, then: Any = None, **lookups: Any) -> None:
        if lookups:
            if condition is None:
                condition, lookups = Q(**lookups), {}
            elif getattr(condition, "conditional", False):
                condition, lookups = Q(condition, **lookups), {}
        if condition is None or not getattr(condition, "conditional", False) or lookups:
            raise TypeError(
                "When() supports a Q object, a boolean expression, or lookups as a condition."
            )
        if isinstance(condition, Q) and not condition:
            raise ValueError("An empty Q() can't be used as a When() condition.")
        super().__init__(output_field=None)
        self.condition = condition
        (self.result,) = parse_expressions(then)

    def get_source_expressions(self) -> list[Any]:
        """Return the condition and the value."""
        return [self.condition, self.result]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the condition and the value."""
        self.condition, self.result = exprs

    def get_source_fields(self) -> list[Any]:
        """Return the field of the value: the condition's does not come out."""
        return [self.result._output_field_or_none]

    def get_group_by_cols(self) -> list[Any]:
        """Return what condition and value need."""
        return [column for s in self.get_source_expressions() for column in s.get_group_by_cols()]

    def shape(self, collector: Any) -> Any:
        """Return the shapes of condition and value."""
        return (When, self.condition.shape(collector), self.result.shape(collector))


UNIFIED = {"GenericIPAddressField", "TimeField", "UUIDField"}


class Case(Expression):
    """The value of the first condition that holds.

    Args:
        cases: The conditions.
        default: The value where none holds; null by default.
        output_field: The type of the result.
    """

    def __init__(
        self, *cases: Any, default: Any = None, output_field: Any = None, **extra: Any
    ) -> None:
        if not all(isinstance(case_, When) for case_ in cases):
            raise TypeError("Positional arguments must all be When objects.")
        super().__init__(output_field=output_field)
        self.cases = list(cases)
        (self.default,) = parse_expressions(default)
        self.extra = extra

    def get_source_expressions(self) -> list[Any]:
        """Return the cases and the default."""
        return [*self.cases, self.default]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the cases and the default."""
        *self.cases, self.default = exprs

    def shape(self, collector: Any) -> Any:
        """Return the shapes of the cases and of the default, whose value is given away."""
        if not self.cacheable:
            raise Uncacheable
        _, kwargs = self._constructor_args
        sources = tuple([shape_of(source, collector) for source in self.get_source_expressions()])
        rest = {name: value for name, value in kwargs.items() if name != "default"}
        return (type(self), sources, shape_of(rest, collector))

    def copy(self) -> Any:
        """Return a copy with cases of its own."""
        made = super().copy()
        made.cases = made.cases[:]
        return made

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return CASE; a condition that cannot hold is left out."""
        whens = []
        default = self.default
        for one in self.cases:
            try:
                whens.append((compiler.build(one.condition), compiler.build(one.result)))
            except EmptyResultSet:
                continue
            except FullResultSet:
                default = one.result
                break
        otherwise = compiler.build(default)
        if not whens:
            return otherwise
        made: ColumnElement[Any] = case(*whens, else_=otherwise)
        if compiler.vendor == "postgresql" and self._is_unified():
            return cast(made, self.sa_type)
        return compiler.typed(made, self.sa_type)

    def _is_unified(self) -> bool:
        """Say whether it is of a type that PostgreSQL does not make of text by itself."""
        field = self._output_field_or_none
        return field is not None and field.get_internal_type() in UNIFIED

    def get_group_by_cols(self) -> list[Any]:
        """Return what it needs; without cases, what the default needs."""
        if not self.cases:
            return list(self.default.get_group_by_cols())
        return super().get_group_by_cols()
