"""How similar texts are, as a number; the extension pg_trgm brings it.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/#trigram-similarity
"""

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ..expressions.func import Func
from ..expressions.functions.base import BuiltFunc
from ..expressions.values import Value
from ..fields import FloatField

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


def _text(given: Any) -> Any:
    return given if hasattr(given, "resolve_expression") else Value(given)


class TrigramSimilarity(Func):
    """How similar two texts are, from 0 to 1.

    Args:
        expression: The field.
        string: The text.
        extra: As for ``Func``.
    """

    function = "SIMILARITY"
    output_field: Any = FloatField()

    def __init__(self, expression: Any, string: Any, **extra: Any) -> None:
        super().__init__(expression, _text(string), **extra)


class TrigramWordSimilarity(Func):
    """How similar a text is to a part of another one, from 0 to 1.

    Args:
        string: The text.
        expression: The field.
        extra: As for ``Func``.
    """

    function = "WORD_SIMILARITY"
    output_field: Any = FloatField()

    def __init__(self, string: Any, expression: Any, **extra: Any) -> None:
        super().__init__(_text(string), expression, **extra)


class TrigramStrictWordSimilarity(TrigramWordSimilarity):
    """How similar a text is to whole words of another one, from 0 to 1."""

    function = "STRICT_WORD_SIMILARITY"


class _Distance(BuiltFunc):
    """1 without the similarity.

    Attributes:
        operator: The operator that computes it.
    """

    operator: ClassVar[str]
    output_field: Any = FloatField()

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return both texts with the operator between."""
        left, right = (compiler.build(source) for source in self.source_expressions)
        return left.op(self.operator, return_type=self.sa_type)(right).self_group()


class TrigramDistance(_Distance, TrigramSimilarity):
    """How different two texts are, from 0 to 1."""

    operator = "<->"


class TrigramWordDistance(_Distance, TrigramWordSimilarity):
    """How different a text is from a part of another one, from 0 to 1."""

    operator = "<<->"


class TrigramStrictWordDistance(_Distance, TrigramWordSimilarity):
    """How different a text is from whole words of another one, from 0 to 1."""

    operator = "<<<->"
