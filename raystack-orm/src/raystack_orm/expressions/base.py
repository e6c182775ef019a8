"""Expressions: values that the database computes.

An expression is written with names (``F("author__name")``), resolved by a query
(``resolve_expression`` returns a copy whose names have become columns), and built: ``build`` makes
a SQLAlchemy construct of it. Django's protocol for expressions of one's own is kept: a class that
defines ``as_sql`` or ``as_<vendor>`` instead of ``build`` is run through the compiler's bridge.

https://docs.djangoproject.com/en/stable/ref/models/expressions/
"""

import copy
import inspect
from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import ColumnElement
from sqlalchemy.types import NullType, TypeEngine

from ..exceptions import FieldError
from .combinable import Combinable
from .shape import Collector, Uncacheable, hashable, shape_of

if TYPE_CHECKING:  # the compiler is a room above
    from ..fields import Field
    from ..query.resolve.compiler import Compiler


class OutputFieldIsNoneError(FieldError):
    """The type of an expression is not known."""


class Expression(Combinable):
    """The base of everything that a query computes.

    Args:
        output_field: The field that says of which type the result is; inferred from the sources
            where it is not given.

    Attributes:
        filterable: It may stand in a condition.
        window_compatible: It may be the expression of a ``Window``.
        cacheable: Its SQL follows from its class and constructor arguments alone.
        empty_result_set_value: What it is where its query finds nothing; ``NotImplemented`` for
            what the database says.
    """

    allowed_default = False
    allows_composite_expressions = False
    cacheable: ClassVar[bool] = False
    constraint_validation_compatible = True
    contains_subquery = False
    empty_result_set_value: Any = NotImplemented
    filterable = True
    is_summary = False
    set_returning = False
    window_compatible = False

    _constructor_args: tuple[tuple[Any, ...], dict[str, Any]]
    _replaced = False  # its sources are other ones than the arguments said

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "cacheable" not in cls.__dict__:  # not inherited: a subclass may compute otherwise
            cls.cacheable = cls.__module__.partition(".")[0] == __name__.partition(".")[0]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the arguments: they are the expression's identity and its shape."""
        self = super().__new__(cls)
        self._constructor_args = (args, kwargs)
        return self

    def __init__(self, output_field: "Field[Any] | None" = None) -> None:
        if output_field is not None:
            self.output_field = output_field

    # The sources ---------------------------------------------------------------------------------

    def get_source_expressions(self) -> list[Any]:
        """Return the expressions that this one is computed from."""
        return []

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Replace what ``get_source_expressions`` returned."""
        if exprs:
            raise AssertionError(f"{type(self).__name__} has no source expressions.")

    def copy(self) -> Self:
        """Return a shallow copy."""
        return copy.copy(self)

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        """Return a copy in which expressions are replaced by others; its SQL is not kept."""
        if self in replacements:
            return replacements[self]
        sources = self.get_source_expressions()
        if not sources:
            return self
        clone = self.copy()
        clone.set_source_expressions(
            [s.replace_expressions(replacements) if s is not None else None for s in sources]
        )
        clone._replaced = True  # noqa: SLF001 - its own
        return clone

    def relabeled_clone(self, change_map: dict[Any, Any]) -> Self:
        """Return a copy whose columns stand in other tables."""
        clone = self.copy()
        clone.set_source_expressions(
            [
                e.relabeled_clone(change_map) if e is not None else None
                for e in self.get_source_expressions()
            ]
        )
        return clone

    def flatten(self) -> Iterator[Any]:
        """Return this expression and all that it is computed from."""
        yield self
        for source in self.get_source_expressions():
            if source is not None:
                yield from source.flatten() if hasattr(source, "flatten") else (source,)

    def get_refs(self) -> set[str]:
        """Return the names of the annotations that it refers to."""
        refs: set[str] = set()
        for source in self.get_source_expressions():
            if source is not None:
                refs |= source.get_refs()
        return refs

    def _any(self, name: str) -> bool:
        return any(s is not None and getattr(s, name, False) for s in self.get_source_expressions())

    @property
    def contains_aggregate(self) -> bool:
        """Whether an aggregate is in it."""
        return self._any("contains_aggregate")

    @property
    def contains_over_clause(self) -> bool:
        """Whether a window is in it."""
        return self._any("contains_over_clause")

    @property
    def contains_column_references(self) -> bool:
        """Whether a column is in it."""
        return self._any("contains_column_references")

    # The life of an expression -------------------------------------------------------------------

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return a copy whose names are columns of a query.

        Args:
            query: The query that it stands in.
            allow_joins: Names may lead over relations.
            reuse: The joins to many that may be used again; ``None`` for any.
            summarize: It is computed over the whole query, as by ``aggregate()``.
            for_save: It becomes the value of a column.

        Raises:
            FieldError: A name is unknown.
        """
        clone = self.copy()
        clone.is_summary = summarize
        sources = [
            source.resolve_expression(query, allow_joins, reuse, summarize, for_save)
            if source is not None
            else None
            for source in clone.get_source_expressions()
        ]
        if not self.allows_composite_expressions:
            self._refuse_keys(sources)
        clone.set_source_expressions(sources)
        return clone

    def _refuse_keys(self, sources: list[Any]) -> None:
        """Refuse a key of several columns where there is room for one."""
        if any(getattr(source, "cols", None) for source in sources):
            raise ValueError(
                f"{type(self).__name__} expression does not support composite primary keys."
            )

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the SQLAlchemy construct of the resolved expression."""
        raise NotImplementedError(
            f"{type(self).__name__} defines neither as_sql(compiler, connection) nor "
            f"as_{compiler.vendor}()."
        )

    def get_group_by_cols(self) -> list[Any]:
        """Return what a query has to be grouped by for this to be selected."""
        if not self.contains_aggregate:
            return [self]
        return [
            column
            for source in self.get_source_expressions()
            if source is not None
            for column in source.get_group_by_cols()
        ]

    # The result ----------------------------------------------------------------------------------

    @cached_property
    def output_field(self) -> Any:
        """The field that says of which type the result is.

        Raises:
            FieldError: It cannot be told from the sources.
        """
        found = self._resolve_output_field()
        if found is None:
            raise OutputFieldIsNoneError(
                f"Cannot tell the type of {self!r}. Say it: output_field=IntegerField(), for "
                f"example."
            )
        return found

    @property
    def _output_field_or_none(self) -> Any:
        try:
            return self.output_field
        except OutputFieldIsNoneError:
            return None

    def _resolve_output_field(self) -> Any:
        """Take the type of the sources where all of them agree."""
        fields = [f for f in self.get_source_fields() if f is not None]
        for field in fields:
            if not isinstance(field, type(fields[0])) and not isinstance(fields[0], type(field)):
                raise FieldError(
                    f"{self!r} mixes {type(fields[0]).__name__} and {type(field).__name__}: say "
                    f"which type comes out with output_field=..."
                )
        return fields[0] if fields else None

    def get_source_fields(self) -> list[Any]:
        """Return the fields of the sources."""
        return [getattr(s, "_output_field_or_none", None) for s in self.get_source_expressions()]

    @property
    def field(self) -> Any:
        """The same as ``output_field``."""
        return self.output_field

    @property
    def conditional(self) -> bool:  # type: ignore[override]  # of others it is a constant
        """Whether it is true or false, and may stand in ``filter()`` by itself."""
        from ..fields import BooleanField

        return isinstance(self._output_field_or_none, BooleanField)

    @property
    def sa_type(self) -> TypeEngine[Any]:
        """The SQLAlchemy type of the result."""
        from ..fields import Field

        try:
            field = self._output_field_or_none
        except FieldError:  # sources of several types: nothing is known until it is selected
            return NullType()
        known = field is not None and type(field) is not Field  # which says nothing of a type
        made: TypeEngine[Any] = field.sa_type() if known else NullType()
        return made

    def get_lookup(self, lookup: str) -> Any:
        """Return the lookup of that name for the result."""
        return self.output_field.get_lookup(lookup)

    def get_transform(self, name: str) -> Any:
        """Return the transform of that name for the result."""
        return self.output_field.get_transform(name)

    def convert_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Convert what the database returned; override it to convert in another way."""
        return value

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Return how it is written where it is selected: as everywhere."""
        return sql, params

    # Sorting -------------------------------------------------------------------------------------

    def asc(self, **kwargs: Any) -> Any:
        """Return it as a sort key, the least first. Takes ``nulls_first`` and ``nulls_last``."""
        from .ordering import OrderBy

        return OrderBy(self, **kwargs)

    def desc(self, **kwargs: Any) -> Any:
        """Return it as a sort key, the greatest first."""
        from .ordering import OrderBy

        return OrderBy(self, descending=True, **kwargs)

    def reverse_ordering(self) -> Any:
        """Return what sorts the other way round."""
        return self

    # Identity ------------------------------------------------------------------------------------

    def shape(self, collector: Collector) -> Hashable:
        """Return what is left without the values, which go to the collector.

        Raises:
            Uncacheable: Its class does not say that its SQL follows from its arguments.
        """
        if not self.cacheable:
            raise Uncacheable
        args, kwargs = self._constructor_args
        others = tuple([shape_of(source, collector) for source in self._others()])
        return (type(self), shape_of(args, collector), shape_of(kwargs, collector), others)

    def _others(self) -> list[Any]:
        """Return the sources that stand in the place of the arguments."""
        return self.get_source_expressions() if self._replaced else []

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the import path of the class and the arguments that make it again."""
        args, kwargs = self._constructor_args
        return f"{type(self).__module__}.{type(self).__qualname__}", args, kwargs

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two expressions the same."""
        args, kwargs = self._constructor_args
        bound = inspect.signature(type(self)).bind_partial(*args, **kwargs)
        bound.apply_defaults()
        told = ((name, hashable(v)) for name, v in bound.arguments.items())
        return (type(self), *told, *self._others())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return other is self or other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __repr__(self) -> str:
        args, kwargs = self._constructor_args
        given = [*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())]
        return f"{type(self).__name__}({', '.join(given)})"
