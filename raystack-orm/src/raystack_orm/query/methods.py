"""The methods that a QuerySet and a Manager share.

A QuerySet has them as its own; a Manager calls them on a new QuerySet. Each is a few lines that
say what it means; the work is in ``operations``, ``resolve`` and ``plan``.
"""

from .asynchronous import AsyncTwins
from .generic import M, R


class QueryMethods(AsyncTwins[M, R]):
    """All that can be asked of a model's rows."""
