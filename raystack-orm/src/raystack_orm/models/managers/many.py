"""``article.tags``: the manager of the objects at the other side of a ManyToManyField."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, ClassVar

from ... import transaction
from ...databases.colour import run_sync
from ...fields import ForeignKey
from ...query import QuerySet
from ...query.generic import Managed, Q
from ...query.operations.prefetch_lookup import Related
from ..databases_of import write_database
from .maker import ManagerMaker
from .membership import Membership
from .prefetched import PrefetchedManager

VALUE = "_prefetch_related_val_"


class ManyRelatedManager(PrefetchedManager[Managed, Q]):
    """The objects at the other side of a ManyToManyField.

    Use it to declare the attribute for type checkers::

        class Tag(models.Model):
            articles: models.ManyRelatedManager["Article"]

    https://docs.djangoproject.com/en/stable/ref/models/relations/
    """

    rel: ClassVar[Any]
    through: ClassVar[Any]
    is_reverse: ClassVar[bool]
    symmetrical: ClassVar[bool]
    query_field_name: ClassVar[str]
    source_field: ClassVar[ForeignKey[Any, Any]]
    target_field: ClassVar[ForeignKey[Any, Any]]

    related_val: tuple[Any, ...]

    def bind(self, instance: Any) -> None:
        """Take the instance.

        Raises:
            ValueError: It is not saved.
        """
        self.instance = instance
        if instance.pk is None:
            raise ValueError(
                f"{instance!r} needs to have a primary key value before a many-to-many "
                f"relationship can be used: save it."
            )
        self.related_val = (self.source_field.key_in(instance),)
        if self.related_val[0] is None:
            raise ValueError(
                f"{instance!r} needs to have a value for field "
                f'"{self.source_field.target_field.name}" before this many-to-many relationship '
                f"can be used."
            )

    @property
    def source_field_name(self) -> str:
        """The name of the through model's key to this side."""
        return str(self.source_field.name)

    @property
    def target_field_name(self) -> str:
        """The name of the through model's key to the other side."""
        return str(self.target_field.name)

    @property
    def core_filters(self) -> dict[str, Any]:
        """What the objects are filtered by."""
        name = self.source_field.target_field.name
        return {f"{self.query_field_name}__{name}": self.related_val[0]}

    # Reading -------------------------------------------------------------------------------------

    def _keepers(self) -> list[Any]:
        return [self.instance, *_parents_of(self.instance, self.rel.field.model)]

    def _narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset._filter_sticky(**self.core_filters)  # noqa: SLF001 - made for related managers

    def get_prefetch_querysets(
        self, instances: Sequence[Any], querysets: Sequence[Any] | None = None
    ) -> Related:
        """Return how the objects related to several instances are found.

        Each row is one pair: an object comes once for every instance that it is related to, with
        the instance's key from the table between.
        """
        source = self.source_field
        queryset = self._prefetch_start(instances, querysets)
        key_of_instance = attrgetter(source.target_field.attname)
        objects: Sequence[Any] = instances
        if source.target_field.primary_key:  # then keys say the same, and are bound at once
            objects = list(dict.fromkeys(map(key_of_instance, instances)))
        queryset = queryset._for_prefetch(
            self.query_field_name,
            objects,
            (
                VALUE + source.attname,
                self.rel.field.hops_to_key(self.target_field, source),
                source,
            ),
        )
        return Related(
            queryset,
            attrgetter(VALUE + source.attname),
            key_of_instance,
            False,
            self.prefetch_cache_name,
            False,
        )

    def _pairs_suffice(self) -> QuerySet[Any] | None:
        """Return the rows of the table between, where counting them is counting the objects.

        A key that the database checks leads to an object that exists, so there is nothing to join.
        """
        if (
            not self.has_plain_base
            or not self.target_field.db_constraint
            or self.get_prefetch_cache() is not None
        ):
            return None
        hints = {"instance": self.instance}
        rows = self.through._meta.base_manager.db_manager(self._db, hints=hints)
        filters = {self.source_field_name: self.related_val[0]}
        if self.target_field.null:
            filters[f"{self.target_field_name}__isnull"] = False
        return rows.filter(**filters)  # type: ignore[no-any-return]  # a manager of any model

    def exists(self) -> bool:
        """Say whether there is a related object."""
        pairs = self._pairs_suffice()
        return super().exists() if pairs is None else pairs.exists()

    def count(self) -> int:
        """Count the related objects."""
        pairs = self._pairs_suffice()
        return super().count() if pairs is None else pairs.count()

    # Writing -------------------------------------------------------------------------------------

    def _membership(self) -> Membership:
        return Membership(self, write_database(self.through, self.instance))

    def add(self, *objs: Managed | Any, through_defaults: Mapping[str, Any] | None = None) -> None:
        """Relate objects; those that are related stay so.

        Args:
            objs: Objects, or their keys.
            through_defaults: Values of the new rows between; callables are called once.

        Raises:
            TypeError: One is of another model.
            ValueError: One is not saved, or is in another database.
        """
        self._remove_prefetched_objects()
        self._membership().add(objs, through_defaults)

    def create(
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Managed:
        """Create an object and relate it."""
        manager: Any = super(ManyRelatedManager, self.db_manager(self._writing()))
        made: Managed = manager.create(**kwargs)
        self.add(made, through_defaults=through_defaults)
        return made

    def get_or_create(  # type: ignore[override]  # through_defaults comes first, as in Django
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Managed, bool]:
        """Return the related object that fits, or create and relate it."""
        manager: Any = super(ManyRelatedManager, self.db_manager(self._writing()))
        made, created = manager.get_or_create(**kwargs)
        if created:
            self.add(made, through_defaults=through_defaults)
        return made, created

    def update_or_create(  # type: ignore[override]  # as above
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Managed, bool]:
        """Update the related object that fits, or create and relate it."""
        manager: Any = super(ManyRelatedManager, self.db_manager(self._writing()))
        made, created = manager.update_or_create(**kwargs)
        if created:
            self.add(made, through_defaults=through_defaults)
        return made, created

    def _writing(self) -> str:
        return write_database(type(self.instance), self.instance)

    def remove(self, *objs: Managed | Any) -> None:
        """Relate objects no more.

        Args:
            objs: Objects, or their keys.
        """
        self._remove_prefetched_objects()
        self._membership().remove(objs)

    def clear(self) -> None:
        """Relate none."""
        self._remove_prefetched_objects()
        self._membership().clear()

    def set(
        self,
        objs: Iterable[Managed | Any],
        *,
        clear: bool = False,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Relate exactly these objects.

        Args:
            objs: Objects, or their keys.
            clear: Relate none first, in place of only those that are not wanted.
            through_defaults: Values of the new rows between.
        """
        wanted = tuple(objs)  # now: a QuerySet's result could be changed by what follows
        membership = self._membership()
        with transaction.atomic(membership.using, savepoint=False):
            self._remove_prefetched_objects()
            if clear:
                membership.clear()
                membership.add(wanted, through_defaults)
                return
            target = self.target_field
            known = self.using(membership.using).values_list(target.target_field.attname, flat=True)
            old = set(known)
            new = []
            for obj in wanted:
                key = (
                    target.key_in(obj)
                    if isinstance(obj, self.model)
                    else target.get_prep_value(obj)
                )
                if key in old:
                    old.remove(key)
                else:
                    new.append(obj)
            membership.remove(tuple(old))
            membership.add(tuple(new), through_defaults)

    # Asynchronous --------------------------------------------------------------------------------

    async def aadd(
        self, *objs: Managed | Any, through_defaults: Mapping[str, Any] | None = None
    ) -> None:
        """Relate objects; those that are related stay so."""
        await run_sync(self.add, *objs, through_defaults=through_defaults)

    async def acreate(
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Managed:
        """Create an object and relate it."""
        return await run_sync(self.create, through_defaults=through_defaults, **kwargs)

    async def aget_or_create(  # type: ignore[override]  # as above
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Managed, bool]:
        """Return the related object that fits, or create and relate it."""
        return await run_sync(self.get_or_create, through_defaults=through_defaults, **kwargs)

    async def aupdate_or_create(  # type: ignore[override]  # as above
        self, *, through_defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Managed, bool]:
        """Update the related object that fits, or create and relate it."""
        return await run_sync(self.update_or_create, through_defaults=through_defaults, **kwargs)

    async def aremove(self, *objs: Managed | Any) -> None:
        """Relate objects no more."""
        await run_sync(self.remove, *objs)

    async def aclear(self) -> None:
        """Relate none."""
        await run_sync(self.clear)

    async def aset(
        self,
        objs: Iterable[Managed | Any],
        *,
        clear: bool = False,
        through_defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Relate exactly these objects."""
        await run_sync(self.set, objs, clear=clear, through_defaults=through_defaults)


def _parents_of(instance: Any, model: Any) -> list[Any]:
    """Return the parent objects that an instance was reached from, which are kept on it."""
    found = []
    for parent, link in getattr(instance._meta, "parents", {}).items():
        there = link.get_cached_value(instance, None) if link is not None else None
        if there is not None and issubclass(parent, model):
            found += [there, *_parents_of(there, model)]
    return found


def many_manager_maker(rel: Any, base: Any, *, reverse: bool) -> ManagerMaker:
    """Return what makes the managers of a ManyToManyField, at one of its sides.

    Args:
        rel: The other end of the field.
        base: The manager of the model that the objects are of.
        reverse: Whether this is the side without the field.
    """
    field = rel.field
    keys = (field.source_key, field.target_key)
    source, target = reversed(keys) if reverse else keys
    namespace = {
        "rel": rel,
        "through": rel.through,
        "is_reverse": reverse,
        "symmetrical": rel.symmetrical and not reverse,
        "query_field_name": field.name if reverse else rel.name,
        "prefetch_cache_name": rel.get_accessor_name() if reverse else field.name,
        "source_field": source,
        "target_field": target,
    }
    return ManagerMaker(ManyRelatedManager, base, namespace)
