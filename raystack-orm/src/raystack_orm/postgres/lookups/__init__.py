"""Lookups of PostgreSQL's own fields.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/
"""

from .arrays import ArrayIn as ArrayIn
from .arrays import ArrayLength as ArrayLength
from .arrays import IndexTransform as IndexTransform
from .arrays import SliceTransform as SliceTransform
from .hstore import KeyTransform as KeyTransform
from .operators import ContainedBy as ContainedBy
from .operators import Contains as Contains
from .operators import OperatorLookup as OperatorLookup
from .operators import Overlap as Overlap
from .ranges import RangeContainedBy as RangeContainedBy
from .ranges import RangeContains as RangeContains
from .trigrams import TrigramSimilar as TrigramSimilar
from .trigrams import TrigramStrictWordSimilar as TrigramStrictWordSimilar
from .trigrams import TrigramWordSimilar as TrigramWordSimilar
from .trigrams import Unaccent as Unaccent
