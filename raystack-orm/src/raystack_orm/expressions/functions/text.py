"""Functions of text.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#text-functions
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Text, cast, func, literal_column

from ...fields import CharField, IntegerField, TextField
from ..transforms import Transform
from ..values import Value
from .base import BuiltFunc, NamedFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

SPACE, EMPTY = Value(" "), Value("")


class Chr(NamedFunc, Transform):
    """The character of a code point."""

    function = "CHR"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "CHAR"}
    lookup_name = "chr"
    output_field: Any = CharField()

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call; MySQL's takes bytes unless it is told a character set."""
        if compiler.vendor != "mysql":
            return super().call(compiler, function)
        number = compiler.value_of(self.lhs)
        return func.char(number.op("USING")(literal_column("utf16")), type_=self.sa_type)


class Concat(BuiltFunc):
    """Texts, joined; null counts as empty.

    Args:
        expressions: Two or more texts.
        extra: ``output_field``, where they are of several types.
    """

    function = "CONCAT"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        if len(expressions) < 2:
            raise ValueError("Concat must take at least two expressions")
        super().__init__(*expressions, **extra)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the texts with the operator of the standard, which indexes may have, too."""
        empty = compiler.constant("")
        parts = [compiler.value_of(source) for source in self.source_expressions]
        if compiler.vendor == "mysql":
            return func.concat_ws(empty, *parts, type_=self.sa_type)
        if compiler.vendor == "postgresql":
            parts = [
                part if _is_text(source) else cast(part, Text())
                for source, part in zip(self.source_expressions, parts, strict=True)
            ]
        first, *others = [func.coalesce(part, empty, type_=self.sa_type) for part in parts]
        made: ColumnElement[Any] = first
        for other in others:
            made = made.op("||", return_type=self.sa_type)(other)
        return made.self_group()


class ConcatPair(Concat):
    """Two texts, joined."""

    arity = 2


def _is_text(source: Any) -> bool:
    return isinstance(source._output_field_or_none, CharField | TextField)


class Left(BuiltFunc):
    """The first characters.

    Args:
        expression: The text.
        length: How many.
        extra: As for ``Func``.
    """

    function = "LEFT"
    arity = 2
    output_field: Any = CharField()

    def __init__(self, expression: Any, length: Any, **extra: Any) -> None:
        if not hasattr(length, "resolve_expression") and length < 1:
            raise ValueError("'length' must be greater than 0.")
        super().__init__(expression, length, **extra)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call; SQLite has a more general one."""
        text, length = (compiler.value_of(source) for source in self.source_expressions)
        if compiler.vendor == "sqlite":
            return self.substring(compiler, text, length)
        return getattr(func, str(self.function))(text, length, type_=self.sa_type)  # type: ignore[no-any-return]  # by name

    def substring(self, compiler: "Compiler", text: Any, length: Any) -> ColumnElement[Any]:
        """Return SUBSTR."""
        return func.substr(text, compiler.constant(1), length, type_=self.sa_type)


class Right(Left):
    """The last characters."""

    function = "RIGHT"

    def substring(self, compiler: "Compiler", text: Any, length: Any) -> ColumnElement[Any]:
        """Return SUBSTR, from the end."""
        return func.substr(text, -length, length, type_=self.sa_type)


class Length(NamedFunc, Transform):
    """The number of characters."""

    function = "LENGTH"
    names: ClassVar[Mapping[str, str]] = {"mysql": "CHAR_LENGTH"}
    lookup_name = "length"
    output_field: Any = IntegerField()


class Lower(Transform):
    """The text in lower case."""

    function = "LOWER"
    lookup_name = "lower"


class LPad(NamedFunc):
    """The text, filled up on the left to so many characters, or cut.

    Args:
        expression: The text.
        length: How many characters.
        fill_text: What it is filled up with.
        extra: As for ``Func``.
    """

    function = "LPAD"
    output_field: Any = CharField()

    def __init__(self, expression: Any, length: Any, fill_text: Any = SPACE, **extra: Any) -> None:
        _refuse_negative("length", length)
        super().__init__(expression, length, fill_text, **extra)


class RPad(LPad):
    """The text, filled up on the right to so many characters, or cut."""

    function = "RPAD"


class LTrim(Transform):
    """The text without spaces on the left."""

    function = "LTRIM"
    lookup_name = "ltrim"


class RTrim(Transform):
    """The text without spaces on the right."""

    function = "RTRIM"
    lookup_name = "rtrim"


class Trim(Transform):
    """The text without spaces on both sides."""

    function = "TRIM"
    lookup_name = "trim"


class Ord(NamedFunc, Transform):
    """The code point of the first character."""

    function = "ASCII"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "UNICODE", "mysql": "ORD"}
    lookup_name = "ord"
    output_field: Any = IntegerField()


class Repeat(NamedFunc):
    """The text, several times.

    Args:
        expression: The text.
        number: How many times.
        extra: As for ``Func``.
    """

    function = "REPEAT"
    output_field: Any = CharField()

    def __init__(self, expression: Any, number: Any, **extra: Any) -> None:
        _refuse_negative("number", number)
        super().__init__(expression, number, **extra)


class Replace(NamedFunc):
    """The text with another one in place of each occurrence of a text.

    Args:
        expression: The text.
        text: What is replaced.
        replacement: What comes in its place; nothing by default.
        extra: As for ``Func``.
    """

    function = "REPLACE"

    def __init__(self, expression: Any, text: Any, replacement: Any = EMPTY, **extra: Any) -> None:
        super().__init__(expression, text, replacement, **extra)


class Reverse(Transform):
    """The text backwards."""

    function = "REVERSE"
    lookup_name = "reverse"


class StrIndex(NamedFunc):
    """Where the second text first is in the first one, counted from 1; 0 if it is not."""

    function = "INSTR"
    names: ClassVar[Mapping[str, str]] = {"postgresql": "STRPOS"}
    arity = 2
    output_field: Any = IntegerField()


class Substr(NamedFunc):
    """A part of a text.

    Args:
        expression: The text.
        pos: Where the part begins, counted from 1.
        length: How many characters; to the end by default.
        extra: As for ``Func``.
    """

    function = "SUBSTRING"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "SUBSTR"}
    output_field: Any = CharField()

    def __init__(self, expression: Any, pos: Any, length: Any = None, **extra: Any) -> None:
        if not hasattr(pos, "resolve_expression") and pos < 1:
            raise ValueError("'pos' must be greater than 0")
        given = [expression, pos] if length is None else [expression, pos, length]
        super().__init__(*given, **extra)


class Upper(Transform):
    """The text in upper case."""

    function = "UPPER"
    lookup_name = "upper"


def _refuse_negative(name: str, value: Any) -> None:
    if value is not None and not hasattr(value, "resolve_expression") and value < 0:
        raise ValueError(f"'{name}' must be greater or equal to 0.")
