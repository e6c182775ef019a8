"""FilteredRelation: a relation that is joined under a condition.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#filteredrelation-objects
"""

from collections.abc import Hashable
from typing import Any

from .q import Q
from .shape import Collector


class FilteredRelation:
    """A relation, and a condition in the ON clause of its join.

    Args:
        relation_name: The name of the relation.
        condition: Which of the related rows are joined.

    Attributes:
        alias: The name that ``annotate()`` gave it.
    """

    def __init__(self, relation_name: str, *, condition: Q | None = None) -> None:
        if not relation_name:
            raise ValueError("relation_name cannot be empty.")
        condition = Q() if condition is None else condition
        if not isinstance(condition, Q):
            raise ValueError("condition argument must be a Q() instance.")  # noqa: TRY004 - Django's class
        self.relation_name = relation_name
        self.condition = condition
        self.alias: str | None = None

    def clone(self) -> "FilteredRelation":
        """Return a copy."""
        made = type(self)(self.relation_name, condition=self.condition)
        made.alias = self.alias
        return made

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: it is a relation, and no value.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError(
            f"{self!r} is no value. Name it with annotate(), and use that name as a relation."
        )

    def shape(self, collector: Collector) -> Hashable:
        """Return the name and the shape of the condition."""
        return (FilteredRelation, self.relation_name, self.condition.shape(collector))

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the import path of the class and the arguments that make it again."""
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, (self.relation_name,), {"condition": self.condition}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FilteredRelation):
            return NotImplemented
        mine = (self.relation_name, self.alias, self.condition)
        return mine == (other.relation_name, other.alias, other.condition)

    def __hash__(self) -> int:
        return hash((self.relation_name, self.alias, self.condition))

    def __repr__(self) -> str:
        return f"FilteredRelation({self.relation_name!r}, condition={self.condition!r})"
