"""Lookups of what a key leads to in a JSON document."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column

from ...exceptions import FieldError
from ...expressions.values import Bound
from ...fields import JSONField
from ..base import BuiltinLookup
from ..builtin import (
    Comparison,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from ..kinds import Kind, Prepared, is_expression
from ..text import (
    EndsWith,
    IContains,
    IEndsWith,
    IExact,
    IRegex,
    IStartsWith,
    Regex,
    StartsWith,
    TextLookup,
)
from .documents import JSONExact, JSONIn, as_json, same_documents
from .keys import KeyTextTransform, KeyTransform
from .types import PartOfJSON, RawPart

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


def strict(transform: Any, compiler: "Compiler") -> ColumnElement[Any]:
    """Return the part of a document so that ``"1"`` and ``1`` differ: as its values are bound."""
    if compiler.vendor != "sqlite" or not isinstance(transform, KeyTransform):
        return compiler.build(transform)
    document, path = transform.split(compiler)
    value = func.json_extract(document, path)
    kind = func.json_type(document, path)
    numbers = [compiler.constant(name) for name in ("integer", "real")]
    return case(
        (kind.in_(numbers), value),
        (kind == compiler.constant("text"), func.json_quote(value)),
        else_=document.op("->", precedence=15)(path),
    )


def same_parts(
    transform: Any, right: ColumnElement[Any], compiler: "Compiler"
) -> ColumnElement[Any]:
    """Return whether a part of a document is the same as a bound value."""
    left = strict(transform, compiler)
    if compiler.vendor == "sqlite":
        return left.op("=", is_comparison=True)(right)
    return same_documents(left, right, compiler)


def is_json(expression: Any) -> bool:
    """Say whether what the database computes is JSON."""
    try:
        return isinstance(expression._output_field_or_none, JSONField)
    except FieldError:  # arithmetic with a part of a document: a number
        return False


def same_as_expression(transform: Any, other: Any, compiler: "Compiler") -> ColumnElement[Any]:
    """Return whether a part of a document is the same as what the database computes."""
    right = compiler.build(other)
    if isinstance(other, Bound) or getattr(other, "value", transform) is None:  # JSONNull()
        return same_parts(transform, right, compiler)
    left = compiler.build(transform)
    if compiler.vendor == "mysql":
        if is_json(other):
            return same_documents(left, right, compiler)
        left = func.json_unquote(left)
    return left.op("=", is_comparison=True)(right)


@KeyTransform.register_lookup
class KeyTransformExact(JSONExact):
    """The same; ``None`` means JSON's null."""

    @classmethod
    def warn_of_none(cls) -> None:
        """Say nothing: there is no null of SQL's in a document."""

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind a part of a document."""
        return PartOfJSON.of(field)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        rhs = self.rhs
        if is_expression(rhs) and not isinstance(rhs, Bound):
            return same_as_expression(self.lhs, as_json(rhs, self.bound_field(None)), compiler)
        return same_parts(self.lhs, self.right(compiler), compiler)


@KeyTransform.register_lookup
class KeyTransformIn(JSONIn):
    """One of some values."""

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind parts of documents."""
        return PartOfJSON.of(field)

    def same(self, right: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the left side is the same as one of the values."""
        return same_parts(self.lhs, right, compiler)

    def _same_as_item(self, item: Any, compiler: "Compiler") -> ColumnElement[Any]:
        return same_as_expression(self.lhs, item, compiler)


@KeyTransform.register_lookup
class KeyTransformIsNull(IsNull):
    """There is no such key. JSON's null is a value."""

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return whether the key is missing."""
        if compiler.vendor != "sqlite" or not isinstance(self.lhs, KeyTransform):
            return super().build(compiler)
        self.prepare_value(None, self.rhs)
        kind = func.json_type(*self.lhs.split(compiler))
        return kind.is_(None) if self.rhs else kind.is_not(None)


class _OfText(TextLookup):
    """A lookup of the text that a key leads to."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if not isinstance(lhs, KeyTransform):
            raise TypeError(
                f"{type(self).__name__} wants a key of a JSON document on its left side, "
                f"not {lhs!r}."
            )
        super().__init__(KeyTextTransform(lhs.key_name, lhs.lhs), rhs)

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison. Text in MySQL's JSON is never compared without case."""
        if compiler.vendor == "mysql" and getattr(self, "ignore_case", False):
            left, right = func.lower(left), func.lower(right)
        return super().compare(left, right, compiler)


@KeyTransform.register_lookup
class KeyTransformIExact(_OfText, IExact):
    """Equal without case; ``None`` means JSON's null."""

    can_use_none_as_rhs = True

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Escape the value."""
        if value is None:
            return Prepared(Kind.RAW, None)
        return super().prepare_value(field, value)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        if self.rhs is not None:
            return super().build(compiler)
        key = KeyTransform(self.lhs.key_name, self.lhs.lhs)
        return compiler.build(KeyTransformExact(key, None))


def _of_text(lookup: type[BuiltinLookup]) -> None:
    name = f"KeyTransform{lookup.__name__}"
    made = type(name, (_OfText, lookup), {"__module__": __name__, "__doc__": lookup.__doc__})
    KeyTransform.register_lookup(made)


for _lookup in (IContains, StartsWith, IStartsWith, EndsWith, IEndsWith, Regex, IRegex):
    _of_text(_lookup)


class _BySize(Comparison):
    """Less or greater: numbers by size, texts by alphabet."""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Convert a value."""
        if value is None:
            raise ValueError("Cannot use None as a query value")
        return Prepared(Kind.SCALAR, field.get_prep_value(value))

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind a number or a text."""
        return _RawField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison."""
        left, right = compiler.build(self.lhs), self.right(compiler)
        if compiler.vendor != "mysql":
            return self.compare(left, right, compiler)
        if not isinstance(self.rhs, Bound) and is_expression(self.rhs) and is_json(self.rhs):
            return self._of_parts(left, right, compiler)
        return self.compare(func.json_unquote(left), right, compiler)

    def _of_parts(self, left: Any, right: Any, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the comparison of two parts of documents, which are text for MariaDB."""
        if not getattr(compiler.driver, "is_mariadb", False):
            return self.compare(left, right, compiler)
        numbers = [compiler.constant(name) for name in ("INTEGER", "DOUBLE")]
        both = and_(func.json_type(left).in_(numbers), func.json_type(right).in_(numbers))
        zero: ColumnElement[Any] = literal_column("0")
        by_size = self.compare(left.op("+")(zero), right.op("+")(zero), compiler)
        by_text = self.compare(func.json_unquote(left), func.json_unquote(right), compiler)
        return case((both, by_size), else_=by_text)


class _RawField(PartOfJSON):
    """The value that a part of a document is compared with by size."""

    def make_type(self) -> Any:
        """Return a type that leaves numbers and texts as they are."""
        return RawPart()


def _by_size(lookup: type[Comparison]) -> None:
    name = f"KeyTransform{lookup.__name__}"
    made = type(name, (_BySize, lookup), {"__module__": __name__, "__doc__": lookup.__doc__})
    KeyTransform.register_lookup(made)


for _comparison in (LessThan, LessThanOrEqual, GreaterThan, GreaterThanOrEqual):
    _by_size(_comparison)
