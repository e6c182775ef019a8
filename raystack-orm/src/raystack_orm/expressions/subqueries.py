"""Queries inside of queries.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#subquery-expressions
"""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from ..exceptions import EmptyResultSet
from .base import Expression
from .shape import Collector, Uncacheable, field_shape

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class Subquery(Expression):
    """What a query finds: one value for each row of the query around it.

    Args:
        queryset: The query; ``OuterRef`` in it refers to the query around it.
        output_field: The type of the result.

    Attributes:
        template: The SQL, with ``%(subquery)s``.
    """

    template = "(%(subquery)s)"
    contains_aggregate = False
    contains_subquery = True
    empty_result_set_value: Any = None

    def __init__(self, queryset: Any, output_field: Any = None, **extra: Any) -> None:
        super().__init__(output_field=output_field)
        self.state = getattr(queryset, "query", queryset)  # a QuerySet, or what another one asks
        self._forget_queryset(queryset)
        self.extra = extra
        self.resolved: Any = None

    def _forget_queryset(self, queryset: Any) -> None:
        """Keep what it asks among the arguments: a QuerySet would be run when it is pickled."""
        args, kwargs = self._constructor_args
        self._constructor_args = (
            tuple(self.state if arg is queryset else arg for arg in args),
            {name: self.state if arg is queryset else arg for name, arg in kwargs.items()},
        )

    @property
    def query(self) -> Any:
        """The inner query."""
        return self.state

    def get_source_expressions(self) -> list[Any]:
        """Return nothing: the inner query resolves its own names."""
        return []

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return a copy with the inner query resolved inside of the outer one."""
        clone = self.copy()
        clone.is_summary = summarize
        clone.resolved = self._resolve_query(query)
        return clone

    def _resolve_query(self, query: Any) -> Any:
        return query.subquery(self.state)

    def _resolve_output_field(self) -> Any:
        return None if self.resolved is None else self.resolved.output_field

    @property
    def external_columns(self) -> list[Any]:
        """The outer query's columns that the inner one refers to."""
        return [] if self.resolved is None else self.resolved.correlated

    @property
    def contains_column_references(self) -> bool:
        """Whether it refers to the outer query."""
        return bool(self.external_columns)

    def get_group_by_cols(self) -> list[Any]:
        """Return itself, or the outer columns where one could be of several rows."""
        if any(getattr(c, "possibly_multivalued", False) for c in self.external_columns):
            return [self]
        return [*self.external_columns]

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the inner query, in brackets; a template of one's own goes through the bridge."""
        template = self.extra.get("template", self.template)
        if template != Subquery.template:
            return compiler.bridge(self, self.as_sql)
        made: ColumnElement[Any] = compiler.subselect(self.resolved).scalar_subquery()
        return made

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, **extra_context: Any
    ) -> tuple[str, Any]:
        """Return the SQL and its parameters: call it from an ``as_<vendor>`` of your own."""
        sql, params = compiler.compile_built(compiler.core.subselect(self.resolved))
        data = {**self.extra, **extra_context, "subquery": sql}
        return (template or data.get("template", self.template)) % data, params

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the inner query."""
        if not self.cacheable or self.extra:
            raise Uncacheable
        field = self.__dict__.get("output_field")
        return (type(self), self.state.shape(collector), field_shape(field))

    @property
    def identity(self) -> tuple[Any, ...]:
        """The inner query: each is one of its own."""
        return (type(self), id(self.state), id(self.resolved))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(<QuerySet of {self.state.model.__name__}>)"

    def relabeled_clone(self, change_map: dict[Any, Any]) -> Any:
        """Return a copy that refers to other tables of the outer query."""
        clone = self.copy()
        if clone.resolved is not None:
            clone.resolved = clone.resolved.relabeled_clone(change_map)
        return clone


class Exists(Subquery):
    """Whether a query finds anything.

    Args:
        queryset: The query.
    """

    template = "EXISTS(%(subquery)s)"
    empty_result_set_value = False

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        from ..fields import BooleanField

        super().__init__(
            queryset, output_field=kwargs.pop("output_field", BooleanField()), **kwargs
        )

    def _resolve_query(self, query: Any) -> Any:
        return query.subquery(self.state, for_exists=True)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return EXISTS."""
        try:
            if self.extra.get("template", self.template) == Exists.template:
                return compiler.exists(self.resolved)
            compiler.subselect(self.resolved)
        except EmptyResultSet:
            return compiler.boolean(False)
        return compiler.bridge(self, self.as_sql)

    def shape(self, collector: Collector) -> Hashable:
        """Return the shape of the inner query."""
        if not self.cacheable or self.extra:
            raise Uncacheable
        return (type(self), self.state.shape(collector))


def empty_value(expression: Any) -> Any:
    """Return what an expression is where its query finds nothing.

    Raises:
        EmptyResultSet: Nothing can be said.
    """
    value = expression.empty_result_set_value
    if value is NotImplemented:
        raise EmptyResultSet
    return value
