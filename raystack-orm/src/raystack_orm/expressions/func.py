"""Functions of the database, and wrappers that say more about an expression.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#func-expressions
"""

import datetime as dt
from collections.abc import Hashable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import func as sql_functions

from ..lookup_registry import RegisterLookupMixin
from .base import Expression
from .references import F
from .shape import Collector, shape_of
from .values import Value

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler

_GIVEN_AWAY = (dt.date, dt.time, dt.timedelta, Decimal, UUID)
TEMPLATE = "%(function)s(%(expressions)s)"


def parse_expressions(*expressions: Any) -> list[Any]:
    """Take text for names of fields and everything else for values."""
    return [_parsed(arg) for arg in expressions]


def _parsed(arg: Any) -> Any:
    if hasattr(arg, "resolve_expression"):
        return arg
    if getattr(type(arg), "is_queryset", False):
        from .subqueries import Subquery

        return Subquery(arg)
    return F(arg) if isinstance(arg, str) else Value(arg)


class Func(RegisterLookupMixin, Expression):
    """A call of a database function.

    Args:
        expressions: The arguments: names of fields, expressions, values.
        output_field: The type of the result.
        extra: Other things that ``template`` names; ``function``, ``template`` and ``arg_joiner``
            replace the class's.

    Attributes:
        function: The function's name.
        template: The SQL, with ``%(function)s`` and ``%(expressions)s``.
        arg_joiner: What stands between the arguments.
        arity: How many arguments it takes; ``None`` for any number.
    """

    function: str | None = None
    template: str = TEMPLATE
    arg_joiner: str = ", "
    arity: ClassVar[int | None] = None

    def __init__(self, *expressions: Any, output_field: Any = None, **extra: Any) -> None:
        if self.arity is not None and len(expressions) != self.arity:
            raise TypeError(
                f"'{type(self).__name__}' takes exactly {self.arity} "
                f"{'argument' if self.arity == 1 else 'arguments'} ({len(expressions)} given)"
            )
        super().__init__(output_field=output_field)
        self.source_expressions = parse_expressions(*expressions)
        self.extra = extra

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]  # follows the arguments
        """Whether it may be a column's default: if its arguments may."""
        return all(source.allowed_default for source in self.source_expressions)

    def get_source_expressions(self) -> list[Any]:
        """Return the arguments."""
        return self.source_expressions

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the arguments."""
        self.source_expressions = exprs

    def shape(self, collector: Collector) -> Hashable:
        """Return class and arguments; a plain moment or fraction is given away, as a ``Value`` is.

        Text and whole numbers may be what the function's SQL follows from.
        """
        args, kwargs = self._constructor_args
        if not any(isinstance(arg, _GIVEN_AWAY) for arg in args) or not self.cacheable:
            return super().shape(collector)
        known = {id(s.value): s for s in self.source_expressions if type(s) is Value}
        told = [known.get(id(arg), arg) if isinstance(arg, _GIVEN_AWAY) else arg for arg in args]
        others = tuple([shape_of(source, collector) for source in self._others()])
        return (type(self), shape_of(told, collector), shape_of(kwargs, collector), others)

    def copy(self) -> Any:
        """Return a copy with arguments of its own."""
        made = super().copy()
        made.source_expressions = self.source_expressions[:]
        made.extra = self.extra.copy()
        return made

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call; a template of its own goes through the bridge."""
        template = self.extra.get("template", self.template)
        joiner = self.extra.get("arg_joiner", self.arg_joiner)
        function = self.extra.get("function", self.function)
        if template != TEMPLATE or joiner != Func.arg_joiner or not function:
            return compiler.bridge(self, self.as_sql)
        return self.call(compiler, function)

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call of a function with the built arguments."""
        arguments = [compiler.value_of(source) for source in self.get_source_expressions()]
        return getattr(sql_functions, function)(*arguments, type_=self.sa_type)  # type: ignore[no-any-return]  # by name

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters: call it from an ``as_<vendor>`` of your own.

        Args:
            compiler: Compiles the arguments.
            connection: The database.
            function: Another function.
            template: Another template.
            arg_joiner: Something else between the arguments.
            extra_context: Other things that the template names.
        """
        parts, params = [], []
        for argument in self.source_expressions:
            sql, its_params = compiler.compile_value(argument)
            parts.append(sql)
            params += its_params
        data = {"function": self.function, **self.extra, **extra_context}
        if function is not None:
            data["function"] = function
        template = template or data.get("template", self.template)
        joiner = arg_joiner or data.get("arg_joiner", self.arg_joiner)
        data["expressions"] = data["field"] = joiner.join(parts)
        return template % data, params


class ExpressionWrapper(Expression):
    """An expression whose type is said.

    Args:
        expression: The expression.
        output_field: Its type.
    """

    def __init__(self, expression: Any, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.expression = expression

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]  # follows the expression
        """Whether it may be a column's default."""
        return bool(self.expression.allowed_default)

    def get_source_expressions(self) -> list[Any]:
        """Return the expression."""
        return [self.expression]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the expression."""
        (self.expression,) = exprs

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the expression, of that type."""
        if isinstance(self.expression, Expression) and not hasattr(self.expression, "children"):
            return compiler.build(self.expression)
        return compiler.value_of(self.expression)

    def get_group_by_cols(self) -> list[Any]:
        """Return what the expression needs; an expression that needs nothing, itself."""
        if isinstance(self.expression, Expression):
            expression = self.expression.copy()
            expression.output_field = self.output_field
            return expression.get_group_by_cols()
        return super().get_group_by_cols()
