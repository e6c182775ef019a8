"""Lookups of similar texts; the extensions pg_trgm and unaccent bring them.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/lookups/
"""

from ...lookups import Transform
from .operators import OperatorLookup


class Unaccent(Transform):
    """The text without accents, on both sides."""

    bilateral = True
    lookup_name = "unaccent"
    function = "UNACCENT"


class TrigramSimilar(OperatorLookup):
    """Has many trigrams in common."""

    lookup_name = "trigram_similar"
    operator = "%"


class TrigramWordSimilar(OperatorLookup):
    """A part of it has many trigrams in common."""

    lookup_name = "trigram_word_similar"
    operator = "%>"


class TrigramStrictWordSimilar(OperatorLookup):
    """Whole words of it have many trigrams in common."""

    lookup_name = "trigram_strict_word_similar"
    operator = "%>>"
