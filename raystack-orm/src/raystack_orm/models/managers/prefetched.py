"""What the managers of related objects have in common, above all what was prefetched for them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from ...query import Manager, QuerySet
from ...query.generic import Managed, Q
from ...query.operations.prefetch_lookup import Prefetched
from ..assignment import only_queryset
from .maker import ManagerMaker


class PrefetchedManager(Manager[Managed, Q]):
    """A manager of the objects related to an instance.

    Attributes:
        instance: The instance.
        prefetch_cache_name: The name under which the instance keeps prefetched objects.
        has_plain_base: The model's own manager is no class of the user's.
    """

    do_not_call_in_templates = True

    instance: Any
    prefetch_cache_name: ClassVar[str]
    has_plain_base: ClassVar[bool]
    _maker: ClassVar[ManagerMaker]

    def bind(self, instance: Any) -> None:
        """Take the instance."""
        self.instance = instance

    def __call__(self, *, manager: str) -> Any:
        """Return the related objects as another manager of their model gives them.

        Args:
            manager: The manager's name.
        """
        return self._maker.on(getattr(self.model, manager))(self.instance)

    def _narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow a QuerySet to the objects related to the instance."""
        raise NotImplementedError

    def _known_objects(self) -> dict[Any, dict[Any, Any]]:
        """Return what the related objects know without a query: by field, objects by key."""
        return {}

    def _bind(self, queryset: QuerySet[Any]) -> None:
        """Tell a new QuerySet whose related objects it finds."""
        instance = self.instance
        queryset._db = self._db or queryset._db
        queryset._hints = {**queryset._hints, "instance": instance}
        queryset._fetch_mode = instance._state.fetch_mode
        queryset._known_related_objects = self._known_objects()

    def _apply_rel_filters(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = queryset._chain()
        self._bind(queryset)
        return self._narrow(queryset)

    def _keepers(self) -> list[Any]:
        """Return the instances that may keep prefetched objects."""
        return [self.instance]

    def get_prefetch_cache(self) -> QuerySet[Any] | None:
        """Return the prefetched objects as a QuerySet, if there are any."""
        for instance in self._keepers():
            cache = instance._prefetched_objects_cache
            found = None if cache is None else cache.get(self.prefetch_cache_name)
            if found is not None:
                return self._made_of(found) if type(found) is Prefetched else found
        return None

    def unrelated_queryset(self) -> QuerySet[Any]:
        """Return all objects of the model, related or not, as its own manager gives them."""
        return super().get_queryset()

    def _made_of(self, prefetched: Prefetched) -> QuerySet[Any]:
        if prefetched.queryset is None:
            made = self.unrelated_queryset()
        else:  # its slice was taken of each instance's objects, which are here
            made = prefetched.queryset._next(start=0, stop=None)
        made._hints = {**made._hints, "instance": self.instance}
        made._result_cache = prefetched.objects
        made._prefetch_done = True
        made._narrow_later(self._apply_rel_filters)
        return made

    def _prefetch_start(
        self, instances: Sequence[Any], querysets: Sequence[Any] | None
    ) -> QuerySet[Any]:
        """Return the QuerySet that prefetching starts from."""
        queryset = only_queryset(querysets)
        if queryset is None:
            queryset = self.unrelated_queryset()
        queryset._add_hints(instance=instances[0])
        alias = queryset._db or self._db
        return queryset.using(alias) if alias else queryset  # type: ignore[no-any-return]  # given

    def _remove_prefetched_objects(self) -> None:
        for instance in self._keepers():
            cache = instance._prefetched_objects_cache
            if cache is not None:
                cache.pop(self.prefetch_cache_name, None)

    def get_queryset(self) -> Q:
        """Return the related objects: those that were prefetched, or a query for them."""
        cached: Any = self.get_prefetch_cache()
        if cached is None:
            cached = self._apply_rel_filters(self.unrelated_queryset())
        return cached  # type: ignore[no-any-return]  # of the class of the manager's QuerySets
