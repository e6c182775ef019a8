"""What a QuerySet and a manager are generic over, for type checkers.

``QuerySet[Article]`` asks for articles, ``QuerySet[Article, dict[str, Any]]`` gives dictionaries in
their place, and the QuerySets of a ``Manager[Article, ArticleQuerySet]`` are of a class of one's
own. At run time the brackets mean nothing.
"""

from typing import TYPE_CHECKING, Any, Generic

if TYPE_CHECKING:
    from typing_extensions import TypeVar  # knows defaults, which typing does from Python 3.13 on

    from ..models import Model
    from .queryset import QuerySet

    M = TypeVar("M", bound=Model)
    R = TypeVar("R", default=M)  # a row, as it comes out
    # A manager's: as Django's documentation writes `people = models.Manager()`, without a model.
    Managed = TypeVar("Managed", bound=Model, default=Any)
    Q = TypeVar("Q", bound=QuerySet[Any, Any], default=QuerySet[Managed], covariant=True)

    class OfRows(Generic[M, R]):
        """The base of QuerySets, as type checkers see it."""

    class OfQuerySets(Generic[Managed, Q]):
        """The base of managers, as type checkers see it."""

else:
    from typing import TypeVar

    M = TypeVar("M")
    R = TypeVar("R")
    Managed = TypeVar("Managed")
    Q = TypeVar("Q")

    class OfRows:
        """The base of QuerySets."""

        def __class_getitem__(cls, types: Any) -> type:
            """Return the class itself: the types are for type checkers."""
            return cls

    class OfQuerySets(OfRows):
        """The base of managers."""
