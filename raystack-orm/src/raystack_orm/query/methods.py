"""The methods that a QuerySet and a Manager share.

A QuerySet has them as its own; a Manager calls them on a new QuerySet. Each is a few lines that
say what it means; the work is in ``operations``, ``resolve`` and ``plan``.
"""

from typing import TYPE_CHECKING, TypeVar

from .asynchronous import AsyncTwins

if TYPE_CHECKING:  # the models are a room above
    from ..models import Model

M = TypeVar("M", bound="Model")


class QueryMethods(AsyncTwins[M]):
    """All that can be asked of a model's rows."""
