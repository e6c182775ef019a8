"""Lookups of text: contains, startswith, regex and the like.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, String, Text, cast, func, literal_column

from ..expressions.values import Bound
from ..fields import Field, TextField
from ..fields.types import IPAddress
from .base import BuiltinLookup
from .kinds import NULL, Kind, Prepared, is_expression, is_query

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler

ESCAPE = "!"
_ESCAPED = str.maketrans({c: ESCAPE + c for c in (ESCAPE, "%", "_")})


class TextLookup(BuiltinLookup):
    """The base of what compares text: the value is text, whatever the field is."""

    @classmethod
    def bound_field(cls, field: Any) -> Any:
        """Bind text."""
        return TextField()

    def get_prep_lookup(self) -> Any:
        """Convert a plain value to what is bound."""
        if is_expression(self.rhs) or is_query(self.rhs):
            return self.rhs
        return self.prepare_value(None, self.rhs).value

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Resolve both sides; a plain value has been converted."""
        clone = super().resolve_expression(*args, **kwargs)
        if not is_expression(self.rhs):
            clone.rhs = self.rhs
        return clone

    @staticmethod
    def as_text(element: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        """Return an element as text; an address without the network that PostgreSQL adds."""
        if isinstance(element.type, IPAddress) and compiler.vendor == "postgresql":
            return func.host(element)
        return element if isinstance(element.type, String) else cast(element, Text())


class Like(TextLookup):
    """Text that has a text in it, with its wildcards escaped.

    Attributes:
        pattern: The LIKE pattern, with ``{}`` for the value.
        ignore_case: Compare without case. SQLite's LIKE never respects it, for ASCII letters.
    """

    pattern: ClassVar[str]
    ignore_case: ClassVar[bool] = False

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Escape the value and put it into the pattern."""
        if value is None:
            raise ValueError("Cannot use None as a query value")
        text = value if isinstance(value, str) else str(value)
        return Prepared(Kind.SCALAR, cls.pattern.format(text.translate(_ESCAPED)))

    def right(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the pattern: bound, or put together by the database."""
        element = super().right(compiler)
        if not is_expression(self.rhs) or isinstance(self.rhs, Bound):
            return element
        escaped = self.as_text(element, compiler)
        for character in (ESCAPE, "%", "_"):
            escaped = func.replace(
                escaped, compiler.constant(character), compiler.constant(ESCAPE + character)
            )
        before, _, after = self.pattern.partition("{}")
        if before:
            escaped = compiler.constant(before).concat(escaped)
        return escaped.concat(compiler.constant(after)) if after else escaped

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return ``left LIKE pattern``."""
        left = self.as_text(left, compiler)
        if self.ignore_case and compiler.vendor == "postgresql":
            left, right = func.upper(left), func.upper(right)
        elif not self.ignore_case and compiler.vendor == "mysql":
            right = right.collate("utf8mb4_bin")
        return left.like(right, escape=ESCAPE)


@Field.register_lookup
class IExact(Like):
    """Equal without case; ``None`` means null."""

    lookup_name = "iexact"
    pattern = "{}"
    ignore_case = True

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Escape the value."""
        return NULL if value is None else super().prepare_value(field, value)


@Field.register_lookup
class Contains(Like):
    """Has a text in it."""

    lookup_name = "contains"
    pattern = "%{}%"


@Field.register_lookup
class IContains(Contains):
    """Has a text in it, without case."""

    lookup_name = "icontains"
    ignore_case = True


@Field.register_lookup
class StartsWith(Like):
    """Begins with a text."""

    lookup_name = "startswith"
    pattern = "{}%"


@Field.register_lookup
class IStartsWith(StartsWith):
    """Begins with a text, without case."""

    lookup_name = "istartswith"
    ignore_case = True


@Field.register_lookup
class EndsWith(Like):
    """Ends with a text."""

    lookup_name = "endswith"
    pattern = "%{}"


@Field.register_lookup
class IEndsWith(EndsWith):
    """Ends with a text, without case."""

    lookup_name = "iendswith"
    ignore_case = True


@Field.register_lookup
class Regex(TextLookup):
    """Fits a regular expression of the database's kind; Python's on SQLite."""

    lookup_name = "regex"
    flags: ClassVar[str] = ""

    @classmethod
    def prepare_value(cls, field: Any, value: Any) -> Prepared:
        """Take text."""
        if value is None:
            raise ValueError("Cannot use None as a query value")
        return Prepared(Kind.SCALAR, str(value))

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the match."""
        left = self.as_text(left, compiler)
        if compiler.vendor == "postgresql":
            return left.regexp_match(right, flags=self.flags or None)
        if compiler.vendor == "mysql":
            right = func.concat(literal_column("'(?i)'" if self.flags else "'(?-i)'"), right)
        elif self.flags:
            right = literal_column("'(?i)'").concat(right)
        return left.regexp_match(right)


@Field.register_lookup
class IRegex(Regex):
    """Fits a regular expression, without case."""

    lookup_name = "iregex"
    flags = "i"
