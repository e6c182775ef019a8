"""Lookups of similar texts; the extensions pg_trgm and unaccent bring them.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/lookups/
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from ...exceptions import NotSupportedError
from ...fields import CharField, TextField
from ...lookups import Transform
from .operators import OperatorLookup

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


@CharField.register_lookup
@TextField.register_lookup
class Unaccent(Transform):
    """The text without accents, on both sides."""

    bilateral = True
    lookup_name = "unaccent"
    function = "UNACCENT"


class _Trigrams(OperatorLookup):
    """The base of the lookups of pg_trgm."""

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the condition.

        Raises:
            NotSupportedError: The operator means something else, or nothing, elsewhere.
        """
        if compiler.vendor != "postgresql":
            raise NotSupportedError(f"{compiler.vendor} has no lookup {self.lookup_name}.")
        return super().build(compiler)


@CharField.register_lookup
@TextField.register_lookup
class TrigramSimilar(_Trigrams):
    """Has many trigrams in common."""

    lookup_name = "trigram_similar"
    operator = "%"


@CharField.register_lookup
@TextField.register_lookup
class TrigramWordSimilar(_Trigrams):
    """A part of it has many trigrams in common."""

    lookup_name = "trigram_word_similar"
    operator = "%>"


@CharField.register_lookup
@TextField.register_lookup
class TrigramStrictWordSimilar(_Trigrams):
    """Whole words of it have many trigrams in common."""

    lookup_name = "trigram_strict_word_similar"
    operator = "%>>"
