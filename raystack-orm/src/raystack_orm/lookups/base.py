"""Lookups and transforms: how a field, or something computed of it, is compared.

https://docs.djangoproject.com/en/stable/ref/models/lookups/
"""

from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ..exceptions import EmptyResultSet
from ..expressions.base import Expression
from ..expressions.shape import Collector, Uncacheable, hashable
from ..expressions.transforms import Transform as Transform
from ..expressions.values import Bound, Value
from ..fields import BigIntegerField
from ..fields.database_value import for_database
from .kinds import Kind, OtherKind, Prepared, is_expression, is_query, kind_of

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class Lookup(Expression):
    """The base of the lookups: a left side, a right side, and what compares them.

    One of your own sets ``lookup_name`` and defines ``as_sql``; register it with
    ``Field.register_lookup``.

    Args:
        lhs: The left side: an expression.
        rhs: The right side: a value or an expression.

    Attributes:
        lookup_name: What stands in a keyword: ``"exact"`` in ``name__exact``.
        prepare_rhs: The right side is converted by the left side's field.
        can_use_none_as_rhs: ``None`` is a value to compare with.
        cacheable: Its SQL follows from its class and the kinds of its sides.
    """

    lookup_name: ClassVar[str] = ""
    prepare_rhs: bool = True
    can_use_none_as_rhs: bool = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__()
        self.lhs = lhs
        self.rhs = self._given = self._made = rhs
        self.prepare_right()
        self.lhs = self.get_prep_lhs()
        if hasattr(self.lhs, "get_bilateral_transforms"):
            self.bilateral_transforms = self.lhs.get_bilateral_transforms()
        else:
            self.bilateral_transforms = []
        if self.bilateral_transforms and is_query(rhs):
            raise NotImplementedError(
                "Bilateral transformations on nested querysets are not implemented."
            )

    def apply_bilateral_transforms(self, value: Any) -> Any:
        """Put the transforms of the left side around a value."""
        for transform in self.bilateral_transforms:
            value = transform(value)
        return value

    def get_prep_lookup(self) -> Any:
        """Return the right side, converted by the left side's field."""
        if not self.prepare_rhs or is_expression(self.rhs) or is_query(self.rhs):
            return self.rhs
        field = getattr(self.lhs, "_output_field_or_none", None)
        if field is None:
            return self.rhs if hasattr(self.lhs, "resolve_expression") else Value(self.rhs)
        return self.rhs if self.rhs is None else field.get_prep_value(self.rhs)

    def prepare_right(self) -> None:
        """Convert the right side as it was given, for the field that the left one has now."""
        self.rhs = self._original
        self.rhs = self._made = self.get_prep_lookup()

    def get_prep_lhs(self) -> Any:
        """Return the left side as an expression."""
        return self.lhs if is_expression(self.lhs) else Value(self.lhs)

    def get_source_expressions(self) -> list[Any]:
        """Return the left side, and the right one where it is an expression."""
        return [self.lhs] if self.rhs_is_direct_value() else [self.lhs, self.rhs]

    def set_source_expressions(self, exprs: list[Any]) -> None:
        """Take the sides."""
        if len(exprs) == 1:
            self.lhs = exprs[0]
        else:
            self.lhs, self.rhs = exprs

    def rhs_is_direct_value(self) -> bool:
        """Whether the right side is a plain value."""
        return not is_expression(self.rhs)

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: Any = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        """Resolve both sides; a plain value is converted by the field that the left one has now."""
        clone = self.copy()
        clone.is_summary = summarize
        clone.lhs = self.lhs.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if is_query(clone.rhs):
            clone.rhs = query.lookup_subquery(clone, clone.rhs)
        elif is_expression(clone.rhs):
            clone.rhs = clone.rhs.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        else:
            clone.prepare_right()
        return clone

    @property
    def _original(self) -> Any:
        """The right side as it was given: nothing is converted twice."""
        return self._given if self.rhs is self._made else self.rhs

    @cached_property
    def output_field(self) -> Any:
        """A truth value."""
        from ..fields import BooleanField

        return BooleanField()

    # For as_sql ----------------------------------------------------------------------------------

    def process_lhs(
        self, compiler: Any, connection: Any, lhs: Any = None
    ) -> tuple[str, Sequence[Any]]:
        """Return SQL and parameters of the left side."""
        sql, params = compiler.compile(lhs or self.lhs)
        return sql, params

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return SQL and parameters of the right side: ``%s`` and the value, for a plain one."""
        value = self.rhs
        if self.bilateral_transforms:
            if self.rhs_is_direct_value():
                value = Value(value, output_field=self.lhs.output_field)
            value = self.apply_bilateral_transforms(value)
            value = value.resolve_expression(compiler.query)
        if is_expression(value):
            sql, params = compiler.compile(value)
            return sql, list(params)
        return self.get_db_prep_lookup(value, connection)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return ``%s`` and the value."""
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        """Return the SQL and its parameters. A lookup of your own defines it."""
        raise NotImplementedError(
            f"{type(self).__name__} has to define as_sql(compiler, connection)."
        )

    # Identity ------------------------------------------------------------------------------------

    def shape(self, collector: Collector) -> Hashable:
        """Return class, left side, and the kind of the right side."""
        if not self.cacheable:
            raise Uncacheable
        token = self._token
        return (type(self), self.lhs.shape(collector), kind_of(token, self._original, collector))

    @cached_property
    def _token(self) -> tuple[str, Any]:
        return (f"__{self.lookup_name}", self.rhs)

    @property
    def identity(self) -> tuple[Any, ...]:
        """Class and sides."""
        return (type(self), self.lhs, hashable(self.rhs))

    def get_group_by_cols(self) -> list[Any]:
        """Return what both sides need."""
        columns = self.lhs.get_group_by_cols()
        if hasattr(self.rhs, "get_group_by_cols"):
            columns = [*columns, *self.rhs.get_group_by_cols()]
        return columns  # type: ignore[no-any-return]  # of any expression

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lhs!r}, {self.rhs!r})"


class BuiltinLookup(Lookup):
    """The base of our own lookups, which are built of SQLAlchemy's operators."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value for binding, and say of which kind it is.

        Args:
            field: The field of the left side.
            value: What was given; neither an expression nor a QuerySet.

        Raises:
            ValueError: It does not fit.
            TypeError: It is of a type that cannot fit.
        """
        if value is None:
            raise ValueError("Cannot use None as a query value")
        return Prepared(Kind.SCALAR, cls.prepare_scalar(field, value))

    @classmethod
    def prepare_scalar(cls, field: Any, value: Any) -> Any:
        """Convert one value."""
        return field.get_prep_value(value)

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Return the field that says of which type the value is bound.

        MySQL's positive columns hold more than those of other databases, which are asked in vain.
        """
        target = getattr(field, "target_field", field)
        if getattr(target, "positive", False) and target.bits < 64:
            return BigIntegerField()
        return field

    def get_prep_lookup(self) -> Any:
        """Return the right side, converted; a fraction stays one beside whole numbers."""
        field = getattr(self.lhs, "_output_field_or_none", None)
        return self.rhs if _is_fraction(field, self.rhs) else super().get_prep_lookup()

    def right(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the built right side."""
        return compiler.build(self._right_expression(compiler))

    def _right_expression(self, compiler: "Compiler") -> Any:
        value = self.rhs
        if not is_expression(value):
            field = getattr(self.lhs, "_output_field_or_none", None)
            bound = field and self.bound_field(field)
            prepare: Any = self._prepare
            if _is_fraction(field, value):
                bound, prepare = Value(value).output_field, None
            elif bound is field:
                prepare = for_database(field, compiler.driver, prepare)
            value = Bound(self._token, self._original, bound, prepare)
        if self.bilateral_transforms:
            return self.apply_bilateral_transforms(value).resolve_expression(compiler.query)
        return value

    def _prepare(self, value: Any) -> Any:
        """Convert another value in the place of the right side.

        Raises:
            OtherKind: It decides for all rows.
        """
        other = self.copy()
        other.rhs = value
        if other._deciding_kind() is not None:  # noqa: SLF001 - its own copy
            raise OtherKind
        return other.get_prep_lookup()

    def _deciding_kind(self) -> Kind | None:
        """Return the kind of a plain right side that decides for all rows."""
        field = getattr(self.lhs, "_output_field_or_none", None)
        value = self._original
        if field is None or value is None or is_expression(value) or is_query(value):
            return None
        kind = self.prepare_value(field, value).kind
        return kind if kind in {Kind.NOTHING, Kind.NOT_NULL} else None

    def decided(self, compiler: "Compiler") -> ColumnElement[Any] | None:
        """Return the condition where the plain right side decides for all rows.

        Raises:
            EmptyResultSet: No row can fit.
        """
        kind = self._deciding_kind()
        if kind is None:
            return None
        compiler.uncacheable = True
        if kind is Kind.NOTHING:
            raise EmptyResultSet
        return compiler.build(self.lhs).is_not(None)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the condition."""
        decided = self.decided(compiler)
        if decided is not None:
            return decided
        left = compiler.build(self.lhs)
        try:
            right = self.right(compiler)
        except EmptyResultSet as error:
            from ..expressions.subqueries import empty_value

            value = empty_value(self.rhs)
            if value is None:
                raise EmptyResultSet from error
            right = compiler.build(Value(value))
        return self.compare(left, right, compiler)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison of two built sides."""
        raise NotImplementedError

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        """Return the SQL and its parameters: call it from an ``as_<vendor>`` of your own."""
        sql, params = compiler.compile_built(self.build(compiler.core))
        return sql, params


def _is_fraction(field: Any, value: Any) -> bool:
    return isinstance(value, float) and getattr(field, "range", None) is not None


def is_builtin(lookup: Any) -> bool:
    """Say whether what ``get_lookup()`` returned prepares its values as ours do."""
    if not isinstance(lookup, type) or not issubclass(lookup, BuiltinLookup):
        return False
    package = f"{__name__.partition('.')[0]}."
    return lookup.get_prep_lookup.__module__.startswith(package)
