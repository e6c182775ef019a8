"""What is prefetched: the lookups that a user writes, and what relations answer them with.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects
"""

from collections.abc import Callable
from typing import Any, NamedTuple

SEPARATOR = "__"


class Related(NamedTuple):
    """The related objects of some instances: what ``get_prefetch_querysets()`` returns.

    Args:
        queryset: Finds them.
        key_of_related: Returns of a related object the key that it is matched by.
        key_of_instance: Returns of an instance the key that it is matched by.
        single: There is one for each instance at most.
        cache_name: Where they are remembered.
        is_descriptor: ``cache_name`` is an attribute that takes them.
    """

    queryset: Any
    key_of_related: Callable[[Any], Any]
    key_of_instance: Callable[[Any], Any]
    single: bool
    cache_name: str
    is_descriptor: bool


class Prefetched(NamedTuple):
    """Prefetched objects, and the QuerySet that was asked for them, if any.

    An instance keeps this and no QuerySet of its own, which would know the instance: garbage that
    refers to itself waits for the collector.
    """

    objects: list[Any]
    queryset: Any


class Prefetch:
    """A lookup of ``prefetch_related()`` that says more than a name.

    Args:
        lookup: The relation, or several joined by ``__``.
        queryset: Finds the related objects; the relation's own by default.
        to_attr: The attribute that gets a list of them, in place of the relation's manager.

    Raises:
        ValueError: The QuerySet returns no instances.

    https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects
    """

    def __init__(self, lookup: str, queryset: Any = None, to_attr: str | None = None) -> None:
        if queryset is not None and not getattr(queryset, "_returns_instances", False):
            raise ValueError(
                f'Prefetch("{lookup}"): the queryset has to return instances, so it cannot use '
                f"raw(), values(), and values_list()."
            )
        self.prefetch_through = lookup
        self.prefetch_to = lookup
        if to_attr:
            self.prefetch_to = SEPARATOR.join([*lookup.split(SEPARATOR)[:-1], to_attr])
        self.queryset = queryset
        self.to_attr = to_attr

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self.queryset is not None:  # pickling does not run it
            state["queryset"] = self.queryset._chain()
            state["queryset"]._result_cache = []
            state["queryset"]._prefetch_done = True
        return state

    def add_prefix(self, prefix: str) -> None:
        """Go to ``prefix`` first."""
        self.prefetch_through = prefix + SEPARATOR + self.prefetch_through
        self.prefetch_to = prefix + SEPARATOR + self.prefetch_to

    def get_current_prefetch_to(self, level: int) -> str:
        """Return the way to a level."""
        return SEPARATOR.join(self.prefetch_to.split(SEPARATOR)[: level + 1])

    def get_current_to_attr(self, level: int) -> tuple[str, bool]:
        """Return the attribute that a level fills, and whether it is ``to_attr``."""
        parts = self.prefetch_to.split(SEPARATOR)
        return parts[level], bool(self.to_attr) and level == len(parts) - 1

    def get_current_querysets(self, level: int) -> list[Any] | None:
        """Return the QuerySet for a level, where this is its own."""
        is_last = self.get_current_prefetch_to(level) == self.prefetch_to
        return [self.queryset] if is_last and self.queryset is not None else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Prefetch):
            return NotImplemented
        return self.prefetch_to == other.prefetch_to

    def __hash__(self) -> int:
        return hash((Prefetch, self.prefetch_to))

    def __repr__(self) -> str:
        return f"<Prefetch: {self.prefetch_through}>"
