"""References: names, and the columns that they turn out to be."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, tuple_

from ..exceptions import NotSupportedError
from .base import Expression
from .combinable import Combinable
from .shape import Collector

if TYPE_CHECKING:  # rooms above
    from ..query.resolve.compiler import Compiler


class F(Combinable):
    """The value of a field, of an annotation, or of a related row's field.

    Args:
        name: The name, with ``__`` over relations and before transforms.

    https://docs.djangoproject.com/en/stable/ref/models/expressions/#f-expressions
    """

    allowed_default = False

    def __init__(self, name: Any) -> None:
        self.name = name  # an OuterRef's may be another one

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    def __getitem__(self, subscript: int | slice) -> "Sliced":
        return Sliced(self, subscript)

    def __contains__(self, other: Any) -> bool:
        raise TypeError(f"argument of type '{type(self).__name__}' is not iterable")

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return the column, or the annotation, of that name."""
        return query.resolve_ref(self.name, allow_joins, reuse, summarize)

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        """Return what replaces it."""
        return replacements.get(self, self)

    def asc(self, **kwargs: Any) -> Any:
        """Return it as a sort key, the least first. Takes ``nulls_first`` and ``nulls_last``."""
        from .ordering import OrderBy

        return OrderBy(self, **kwargs)

    def desc(self, **kwargs: Any) -> Any:
        """Return it as a sort key, the greatest first."""
        from .ordering import OrderBy

        return OrderBy(self, descending=True, **kwargs)

    def shape(self, collector: Collector) -> Hashable:
        """Return the name."""
        return (type(self), self.name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the import path of the class and the arguments that make it again."""
        return f"{type(self).__module__}.{type(self).__qualname__}", (self.name,), {}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and bool(self.name == getattr(other, "name", None))

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class OuterRef(F):
    """A field of the query around the subquery that this stands in.

    https://docs.djangoproject.com/en/stable/ref/models/expressions/#referencing-columns-from-the-outer-queryset
    """

    contains_aggregate = False
    contains_over_clause = False

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return the outer query's column."""
        if query.outer is None:
            return ResolvedOuterRef(self)
        if isinstance(self.name, F):  # OuterRef(OuterRef("pk")): of the query around that one
            return self.name.resolve_expression(query.outer, allow_joins, None, summarize)
        found = query.outer.resolve_ref(self.name, allow_joins, None, summarize)
        if getattr(found, "contains_over_clause", False):
            raise NotSupportedError(f"Referencing outer query window expression is not supported: "
                                    f"{self.name}.")  # fmt: skip
        query.correlated.append(found)
        return found

    def shape(self, collector: Collector) -> Hashable:
        """Return the name."""
        inner = self.name.shape(collector) if isinstance(self.name, F) else self.name
        return (type(self), inner)


class ResolvedOuterRef(Expression):
    """An ``OuterRef`` in a query that no query stands around (yet).

    Args:
        reference: The reference.
    """

    cacheable = False

    def __init__(self, reference: F) -> None:
        super().__init__()
        self.reference = reference

    def get_lookup(self, lookup: str) -> Any:
        """Return the lookup of that name, whatever the type will be."""
        from ..fields import Field

        return Field.get_class_lookups().get(lookup)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Refuse: there is nothing that it could refer to."""
        raise ValueError(
            f"This queryset contains a reference to an outer query and may only be used in a "
            f"subquery: {self.reference!r}."
        )

    def get_group_by_cols(self) -> list[Any]:
        """Return nothing: it is a constant here."""
        return []


class Col(Expression):
    """A column of a table that the query has joined.

    Args:
        join: The table.
        target: The field.
        output_field: Another field that says how values are converted.
    """

    contains_column_references = True
    cacheable = False

    def __init__(self, join: Any, target: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field or target)
        self.join = join
        self.target = target

    @property
    def alias(self) -> str:
        """The table's name in the query."""
        return str(self.join.alias)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the column."""
        return self.join.column(self.target)  # type: ignore[no-any-return]  # a room above

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "Col":
        """Return itself: it is resolved."""
        return self

    def get_group_by_cols(self) -> list[Any]:
        """Return itself."""
        return [self]

    def relabeled_clone(self, change_map: dict[Any, Any]) -> "Col":
        """Return the same column of another table."""
        if self.join not in change_map:
            return self
        return type(self)(change_map[self.join], self.target, self.output_field)

    @property
    def identity(self) -> tuple[Any, ...]:
        """Table and column."""
        return (Col, id(self.join), self.target, self.output_field)

    def __repr__(self) -> str:
        return f"Col({self.alias}, {self.target!r})"


class ColPairs(Expression):
    """The columns of a composite primary key.

    Args:
        cols: The columns.
        field: The composite key.
    """

    allows_composite_expressions = True
    cacheable = False

    def __init__(self, cols: list[Col], field: Any) -> None:
        super().__init__(output_field=field)
        self.cols = cols

    @property
    def target(self) -> Any:
        """The composite key."""
        return self.output_field

    @property
    def join(self) -> Any:
        """The table."""
        return self.cols[0].join

    def get_source_expressions(self) -> list[Any]:
        """Return the columns."""
        return list(self.cols)

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the columns."""
        self.cols = exprs

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "ColPairs":
        """Return itself: it is resolved."""
        return self

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the tuple of the columns."""
        return tuple_(*(compiler.build(col) for col in self.cols))

    def get_group_by_cols(self) -> list[Any]:
        """Return the columns."""
        return list(self.cols)

    @property
    def identity(self) -> tuple[Any, ...]:
        """The columns."""
        return (ColPairs, *(col.identity for col in self.cols))


class Ref(Expression):
    """An annotation that the query selects, by its name.

    Args:
        refs: The name.
        source: The annotation.
    """

    cacheable = False

    def __init__(self, refs: str, source: Any) -> None:
        super().__init__()
        self.refs = refs
        self.source = source

    def get_source_expressions(self) -> list[Any]:
        """Return the annotation."""
        return [self.source]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the annotation."""
        (self.source,) = exprs

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "Ref":
        """Return itself: it is resolved."""
        return self

    def relabeled_clone(self, change_map: dict[Any, Any]) -> "Ref":
        """Return itself: the name stays."""
        clone = self.copy()
        clone.source = self.source.relabeled_clone(change_map)
        return clone

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the column of that name of the query below, or the annotation itself."""
        return compiler.reference(self.refs, self.source)

    def get_refs(self) -> set[str]:
        """Return the name."""
        return {self.refs}

    def get_group_by_cols(self) -> list[Any]:
        """Return itself."""
        return [self]

    @property
    def identity(self) -> tuple[Any, ...]:
        """The name and the annotation."""
        return (Ref, self.refs, id(self.source))

    def __repr__(self) -> str:
        return f"Ref({self.refs}, {self.source!r})"


class Sliced(F):
    """A part of a text or an array: ``F("name")[:3]``.

    Args:
        obj: What is sliced.
        subscript: An index, or a slice without step.
    """

    def __init__(self, obj: Any, subscript: int | slice) -> None:
        super().__init__(obj.name)
        self.obj = obj
        self.subscript = subscript
        self.start, self.length = _bounds(subscript)

    def __repr__(self) -> str:
        return f"{self.obj!r}[{self.subscript!r}]"

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Return the slice of the column, where its field can be sliced."""
        if not isinstance(self.obj, (OuterRef, Sliced)):
            resolved = query.resolve_ref(self.name, allow_joins, reuse, summarize)
        else:
            resolved = self.obj.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if isinstance(resolved, ResolvedOuterRef):
            return ResolvedOuterRef(self)
        made = self._part(resolved)
        return made.resolve_expression(query, allow_joins, reuse, summarize, for_save)

    def _part(self, resolved: Any) -> Any:
        from ..fields import CharField, TextField
        from .functions import Substr

        field = resolved.output_field
        if isinstance(field, (CharField, TextField)):
            return Substr(resolved, self.start, self.length)
        slice_expression = getattr(field, "slice_expression", None)
        if slice_expression is None:
            raise NotSupportedError(f"{self!r}: a {type(field).__name__} has no slices.")
        return slice_expression(resolved, self.start, self.length)

    def shape(self, collector: Collector) -> Hashable:
        """Return what is sliced, and where."""
        return (Sliced, self.obj.shape(collector), self.start, self.length)


def _bounds(subscript: int | slice) -> tuple[int, int | None]:
    if isinstance(subscript, slice):
        if subscript.step is not None:
            raise ValueError("A slice of an F() has no step.")
        start, stop = subscript.start or 0, subscript.stop
        if start < 0 or (stop is not None and stop < 0):
            raise ValueError("Negative indexing is not supported.")
        if stop is not None and start > stop:
            raise ValueError("Slice stop must be greater than slice start.")
        return start + 1, None if stop is None else stop - start
    if subscript < 0:
        raise ValueError("Negative indexing is not supported.")
    return subscript + 1, 1
