"""Aggregates: one value computed from many rows.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#aggregation-functions
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, case, distinct
from sqlalchemy import func as sql_functions

from ..exceptions import FieldError, FullResultSet, NotSupportedError
from .conditional import Case, When
from .func import Func
from .group_concat import GroupConcat
from .numeric import NumericOutput, Summed
from .ordering import OrderBy
from .references import ColPairs, F
from .values import Star, Value

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


def order_by_of(given: Any) -> list[Any]:
    """Return sort keys as expressions: ``"-name"`` is the name, descending."""
    if given is None:
        return []
    if not isinstance(given, list | tuple):
        given = (given,)
    return [_sort_key(key) for key in given]


def _sort_key(key: Any) -> Any:
    if isinstance(key, str):
        return OrderBy(F(key[1:]), descending=True) if key[:1] == "-" else OrderBy(F(key))
    if not hasattr(key, "resolve_expression"):
        raise ValueError(f"{key!r} is no sort key: give the name of a field, or an expression.")
    return key if isinstance(key, OrderBy) else OrderBy(key)


AGGREGATE_TEMPLATE = "%(function)s(%(distinct)s%(expressions)s)"


class Aggregate(Func):
    """The base of the aggregates.

    Args:
        expressions: What is aggregated.
        distinct: Each value counts once.
        filter: Only the rows that fit this ``Q`` count.
        default: The value where there are no rows.
        order_by: In which order the rows are taken, where the aggregate allows that.
        extra: As for ``Func``.

    Attributes:
        allow_distinct: It takes ``distinct``.
        allow_order_by: It takes ``order_by``.
    """

    template = AGGREGATE_TEMPLATE
    name: str | None = None
    contains_aggregate = True
    window_compatible = True
    allow_distinct: ClassVar[bool] = False
    allow_order_by: ClassVar[bool] = False
    empty_result_set_value: Any = None

    def __init__(
        self,
        *expressions: Any,
        distinct: bool = False,
        filter: Any = None,  # noqa: A002 - Django's name
        default: Any = None,
        order_by: Any = None,
        **extra: Any,
    ) -> None:
        if distinct and not self.allow_distinct:
            raise TypeError(f"{type(self).__name__} does not allow distinct.")
        if order_by and not self.allow_order_by:
            raise TypeError(f"{type(self).__name__} does not allow order_by.")
        if default is not None and self.empty_result_set_value is not None:
            raise TypeError(f"{type(self).__name__} does not allow default.")
        if filter is not None and not getattr(filter, "conditional", False):
            raise TypeError(f"filter takes a Q or an expression that is true or false: {filter!r}.")
        self.distinct = distinct
        self.filter = filter
        self.default = default
        self.order_by = order_by_of(order_by)
        super().__init__(*expressions, **extra)

    def get_source_expressions(self) -> list[Any]:
        """Return the arguments, the filter and the sort keys."""
        return [*self.source_expressions, self.filter, *self.order_by]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the arguments, the filter and the sort keys."""
        number = len(self.source_expressions)
        self.filter = exprs[number]
        self.order_by = exprs[number + 1 :]
        self.source_expressions = exprs[:number]

    def get_source_fields(self) -> list[Any]:
        """Return the fields of the arguments alone."""
        return [getattr(e, "_output_field_or_none", None) for e in self.source_expressions]

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Resolve it; with a default, as ``Coalesce`` of both.

        Raises:
            FieldError: It aggregates an aggregate.
        """
        made = super().resolve_expression(query, allow_joins, reuse, summarize)
        if summarize:
            self._refuse_summaries(made, query)
        elif not self.is_summary:
            self._refuse_nested(made)
        if made.default is None:
            return made
        default = made.default
        if not hasattr(default, "resolve_expression"):
            default = Value(default, output_field=made._output_field_or_none)
        from .functions.comparison import Coalesce  # a function is a room beside this one

        made.default = None
        coalesce = Coalesce(made, default, output_field=made._output_field_or_none)
        coalesce.is_summary = made.is_summary
        return coalesce.resolve_expression(query, allow_joins, reuse, summarize)

    def _refuse_summaries(self, made: Any, query: Any) -> None:
        for name in made.get_refs():
            if query.annotations[name].is_summary:
                raise FieldError(
                    f"Cannot compute {type(self).__name__}('{name}'): '{name}' is an aggregate."
                )

    def _refuse_nested(self, made: Any) -> None:
        for index, source in enumerate(made.source_expressions):
            for what, name in (("contains_aggregate", "an aggregate"),
                               ("contains_over_clause", "a window")):  # fmt: skip
                if getattr(source, what, False):
                    given = self.get_source_expressions()[index]
                    shown = getattr(given, "name", None) or repr(given)
                    raise FieldError(
                        f"Cannot compute {type(self).__name__}('{shown}'): '{shown}' is {name}."
                    )

    @property
    def default_alias(self) -> str:
        """The name of the result where ``aggregate()`` got none.

        Raises:
            TypeError: It is too complex for one.
        """
        if len(self.source_expressions) == 1 and hasattr(self.source_expressions[0], "name"):
            return (
                f"{self.source_expressions[0].name}__{(self.name or type(self).__name__).lower()}"
            )
        raise TypeError("Complex expressions require an alias")

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing: it is computed over the group."""
        return []

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call, over the rows that the filter leaves."""
        template = self.extra.get("template", self.template)
        if template != AGGREGATE_TEMPLATE or self.arg_joiner != Func.arg_joiner:
            return compiler.bridge(self, self.as_sql)
        arguments = [compiler.build(source) for source in self.source_expressions]
        condition = self._filter_condition(compiler)
        if condition is not None and not compiler.driver.supports_aggregate_filter_clause:
            arguments[0] = self._only(condition, arguments[0])
        made = self.aggregate(compiler, arguments)
        if condition is not None and compiler.driver.supports_aggregate_filter_clause:
            made = made.filter(condition)
        return made  # type: ignore[no-any-return]  # SQLAlchemy's functions are of any type

    def _filter_condition(self, compiler: "Compiler") -> ColumnElement[bool] | None:
        if self.filter is None:
            return None
        try:
            return compiler.condition(self.filter)
        except FullResultSet:
            return None

    def _only(self, condition: Any, argument: Any) -> Any:
        star = isinstance(self.source_expressions[0], Star)
        return case((condition, 1 if star else argument))

    def aggregate(self, compiler: "Compiler", arguments: list[Any]) -> Any:
        """Return the call of the function, with ``distinct`` and the order."""
        if self.distinct:
            arguments[0] = distinct(arguments[0])
        function = self.extra.get("function", self.function)
        made = getattr(sql_functions, str(function))(*arguments, type_=self.sa_type)
        if self.order_by:
            if not compiler.driver.supports_aggregate_order_by_clause:
                raise NotSupportedError(
                    f"This database backend does not support specifying an order on aggregates: "
                    f"{type(self).__name__}(order_by=...) on {compiler.vendor}."
                )
            made = made.aggregate_order_by(*[compiler.build(key) for key in self.order_by])
        return made

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters, the filter as FILTER or as CASE."""
        extra_context.setdefault("distinct", "DISTINCT " if self.distinct else "")
        made = self.copy()
        filtered = self.filter is not None
        if filtered and not connection.features.supports_aggregate_filter_clause:
            first, *others = self.source_expressions
            made.source_expressions = [Case(When(self.filter, then=first)), *others]
            filtered = False
        sql, params = Func.as_sql(
            made, compiler, connection, function, template, arg_joiner, **extra_context
        )
        if not filtered:
            return sql, params
        where, where_params = compiler.compile(self.filter)
        return f"{sql} FILTER (WHERE {where})", [*params, *where_params]

    @property
    def identity(self) -> tuple[Any, ...]:
        """The arguments it was made with, and what they are now."""
        return (*super().identity, *map(id, self.source_expressions))


class AnyValue(Aggregate):
    """Any one of the values that is not null."""

    function = "ANY_VALUE"
    name = "AnyValue"
    arity = 1

    def aggregate(self, compiler: "Compiler", arguments: list[Any]) -> Any:
        """Return the call, where the database has it."""
        if not compiler.driver.supports_any_value:
            raise NotSupportedError(f"{compiler.vendor} has no ANY_VALUE here.")
        return super().aggregate(compiler, arguments)


class Avg(NumericOutput, Aggregate):
    """The mean."""

    function = "AVG"
    name = "Avg"
    allow_distinct = True
    arity = 1


class Count(Aggregate):
    """The number of values that are not null; of rows, for ``"*"``."""

    function = "COUNT"
    name = "Count"
    allow_distinct = True
    allows_composite_expressions = True
    empty_result_set_value = 0
    arity = 1

    def __init__(self, expression: Any, filter: Any = None, **extra: Any) -> None:  # noqa: A002 - Django's name
        if expression == "*":
            expression = Star()
        if isinstance(expression, Star) and filter is not None:
            raise ValueError("Star cannot be used with filter. Please specify a field.")
        super().__init__(expression, filter=filter, **extra)

    def _resolve_output_field(self) -> Any:
        from ..fields import IntegerField

        return IntegerField()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Resolve it; of a key of several columns, each of which is in every row, take the first.

        Raises:
            ValueError: Such keys are to be counted once each.
        """
        made = super().resolve_expression(*args, **kwargs)
        counted, *others = made.get_source_expressions()
        if isinstance(counted, ColPairs):
            if self.distinct:
                raise ValueError("COUNT(DISTINCT) doesn't support composite primary keys")
            made.set_source_expressions([counted.cols[0], *others])
        return made


class Max(Aggregate):
    """The greatest value."""

    function = "MAX"
    name = "Max"
    arity = 1


class Min(Aggregate):
    """The least value."""

    function = "MIN"
    name = "Min"
    arity = 1


class Sum(Summed, Aggregate):
    """The sum."""

    function = "SUM"
    name = "Sum"
    allow_distinct = True
    arity = 1


class _Spread(NumericOutput, Aggregate):
    """Standard deviation and variance.

    Args:
        expression: What is aggregated.
        sample: Of a sample rather than of the population.
    """

    prefix: ClassVar[str]
    arity = 1

    def __init__(self, expression: Any, sample: bool = False, **extra: Any) -> None:
        self.function = f"{self.prefix}_{'SAMP' if sample else 'POP'}"
        super().__init__(expression, **extra)


class StdDev(_Spread):
    """The standard deviation."""

    prefix = "STDDEV"
    name = "StdDev"


class Variance(_Spread):
    """The variance."""

    prefix = "VAR"
    name = "Variance"


class _Bitwise(Aggregate):
    """The base of the bitwise ones. MySQL's are never null, so a default would never count."""

    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, **extra)
        self._has_default = self.default is not None  # it moves into Coalesce later

    def aggregate(self, compiler: "Compiler", arguments: list[Any]) -> Any:
        """Return the call."""
        if self._has_default and compiler.vendor == "mysql":
            raise NotSupportedError(
                f"{self.name} does not support the default parameter on {compiler.vendor}."
            )
        return super().aggregate(compiler, arguments)


class BitAnd(_Bitwise):
    """The bitwise AND of the values."""

    function = "BIT_AND"
    name = "BitAnd"


class BitOr(_Bitwise):
    """The bitwise OR of the values."""

    function = "BIT_OR"
    name = "BitOr"


class BitXor(_Bitwise):
    """The bitwise XOR of the values."""

    function = "BIT_XOR"
    name = "BitXor"


class StringAgg(Aggregate):
    """The texts, joined.

    Args:
        expression: The texts.
        delimiter: An expression for what stands between them.
    """

    function = "STRING_AGG"
    name = "StringAgg"
    allow_distinct = True
    allow_order_by = True

    def __init__(self, expression: Any, delimiter: Any, **extra: Any) -> None:
        self.delimiter = (
            delimiter if hasattr(delimiter, "resolve_expression") else Value(str(delimiter))
        )
        super().__init__(expression, self.delimiter, **extra)

    def _resolve_output_field(self) -> Any:
        from ..fields import TextField

        return TextField()

    def aggregate(self, compiler: "Compiler", arguments: list[Any]) -> Any:
        """Return the function that each database has for it."""
        value, delimiter = arguments
        if compiler.vendor == "mysql":
            order = [compiler.build(key) for key in self.order_by]
            return GroupConcat(value, delimiter, order, self.sa_type, distinct=self.distinct)
        if self.distinct:
            if compiler.vendor == "sqlite":
                return self._ordered(compiler, self._distinct_on_sqlite(value))
            value = distinct(value)
        name = "string_agg" if compiler.vendor == "postgresql" else "group_concat"
        made = getattr(sql_functions, name)(value, delimiter, type_=self.sa_type)
        return self._ordered(compiler, made)

    def _ordered(self, compiler: "Compiler", made: Any) -> Any:
        if not self.order_by:
            return made
        if not compiler.driver.supports_aggregate_order_by_clause:
            raise NotSupportedError(
                "This database backend does not support specifying an order on aggregates."
            )
        return made.aggregate_order_by(*[compiler.build(key) for key in self.order_by])

    def _distinct_on_sqlite(self, value: Any) -> Any:
        given = getattr(self.source_expressions[1], "value", None)
        if given != ",":
            raise NotSupportedError("SQLite joins distinct values with a comma alone: StringAgg("
                                    "distinct=True) needs the delimiter ','.")  # fmt: skip
        return sql_functions.group_concat(distinct(value), type_=self.sa_type)
