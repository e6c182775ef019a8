"""``author.articles``: the manager of the objects whose ForeignKey refers to an instance."""

from collections.abc import Iterable, Sequence
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
from .prefetched import PrefetchedManager


class RelatedManager(PrefetchedManager[Managed, Q]):
    """The objects that refer to an instance.

    Use it to declare the attribute for type checkers::

        class Author(models.Model):
            articles: models.RelatedManager["Article"]

    https://docs.djangoproject.com/en/stable/ref/models/relations/
    """

    field: ClassVar[ForeignKey[Any, Any]]

    @property
    def core_filters(self) -> dict[str, Any]:
        """What the objects are filtered by."""
        return {self.field.name: self.instance}

    # Reading -------------------------------------------------------------------------------------

    def get_queryset(self) -> Q:
        """Return the objects that refer; each knows the instance without a query.

        Raises:
            ValueError: The instance is not saved.
        """
        if self.instance.pk is None:
            raise ValueError(
                f"{type(self.instance).__name__!r} instance needs to have a primary key value "
                f"before this relationship can be used: save it."
            )
        return super().get_queryset()

    def _narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.field.key_in(self.instance) is None:
            return queryset.none()  # NULL equals nothing: no object can refer to it
        return queryset.filter(**self.core_filters)

    def _known_objects(self) -> dict[Any, dict[Any, Any]]:
        return {self.field: {self.field.key_in(self.instance): self.instance}}

    def get_prefetch_querysets(
        self, instances: Sequence[Any], querysets: Sequence[Any] | None = None
    ) -> Related:
        """Return how the objects that refer to several instances are found."""
        field = self.field
        queryset = self._prefetch_start(instances, querysets)
        key_of_related = attrgetter(field.attname)
        key_of_instance = attrgetter(field.target_field.attname)
        by_key = {key_of_instance(obj): obj for obj in instances}
        queryset = queryset._for_prefetch(field.name, list(by_key))
        name = field.cache_name
        for related in queryset:
            if getattr(related, name) is None:
                key = key_of_related(related)
                setattr(related, name, (key, by_key[key]))
        return Related(
            queryset, key_of_related, key_of_instance, False, self.prefetch_cache_name, False
        )

    # Writing -------------------------------------------------------------------------------------

    def _check_key(self) -> None:
        target = self.field.target_field
        if getattr(self.instance, target.attname) is None:
            raise ValueError(
                f'"{self.instance!r}" needs to have a value for field "{target.attname}" before '
                f"this relationship can be used: save it."
            )

    def _take(self, obj: Any) -> None:
        """Let an object refer to the instance."""
        self._check_kind(obj)
        setattr(obj, self.field.name, self.instance)

    def _check_kind(self, obj: Any) -> None:
        if not isinstance(obj, self.model):
            raise TypeError(f"'{self.model._meta.object_name}' instance expected, got {obj!r}")

    def _writing(self) -> str:
        return write_database(self.model, self.instance)

    def add(self, *objs: Managed, bulk: bool = True) -> None:
        """Let objects refer to the instance.

        Args:
            objs: The objects; saved ones unless ``bulk`` is False.
            bulk: Update them with one query; otherwise each is saved.

        Raises:
            TypeError: One is of another model.
            ValueError: One is not saved, or the instance is not.
        """
        self._check_key()
        self._remove_prefetched_objects()
        using = self._writing()
        if not bulk:
            with transaction.atomic(using, savepoint=False):
                for obj in objs:
                    self._take(obj)
                    obj.save()
            return
        keys = []
        for obj in objs:
            self._take(obj)
            if obj._state.adding or obj._state.db != using:
                raise ValueError(
                    f"{obj!r} instance isn't saved. Use bulk=False or save the object first."
                )
            keys.append(obj.pk)
        rows = self.model._meta.base_manager.using(using).filter(pk__in=keys)
        rows.update(**{self.field.name: self.instance})

    def create(self, **kwargs: Any) -> Managed:
        """Create an object that refers to the instance."""
        self._check_key()
        self._remove_prefetched_objects()
        kwargs[self.field.name] = self.instance
        return super(RelatedManager, self.db_manager(self._writing())).create(**kwargs)

    def get_or_create(self, *args: Any, **kwargs: Any) -> tuple[Managed, bool]:
        """Return the object that fits and refers to the instance, or create it."""
        self._check_key()
        kwargs[self.field.name] = self.instance
        manager: Any = super(RelatedManager, self.db_manager(self._writing()))
        found: tuple[Managed, bool] = manager.get_or_create(*args, **kwargs)
        return found

    def update_or_create(self, *args: Any, **kwargs: Any) -> tuple[Managed, bool]:
        """Update the object that fits and refers to the instance, or create it."""
        self._check_key()
        kwargs[self.field.name] = self.instance
        manager: Any = super(RelatedManager, self.db_manager(self._writing()))
        found: tuple[Managed, bool] = manager.update_or_create(*args, **kwargs)
        return found

    def remove(self, *objs: Managed, bulk: bool = True) -> None:
        """Let objects refer to nothing, where the key may be null.

        Args:
            objs: Objects that refer to the instance.
            bulk: Update them with one query; otherwise each is saved.

        Raises:
            TypeError: One is of another model.
            DoesNotExist: One does not refer to the instance.
        """
        if not objs:
            return
        self._check_key()
        key = self.field.key_in(self.instance)
        for obj in objs:
            self._check_kind(obj)
            if getattr(obj, self.field.attname) != key:
                raise self.field.related_model.DoesNotExist(
                    f"{obj!r} is not related to {self.instance!r}."
                )
        self._let_go(self.filter(pk__in={obj.pk for obj in objs}), bulk=bulk)

    def clear(self, *, bulk: bool = True) -> None:
        """Let all of them refer to nothing, where the key may be null.

        Args:
            bulk: Update them with one query; otherwise each is saved.
        """
        self._check_key()
        self._let_go(self.all(), bulk=bulk)

    def _let_go(self, queryset: QuerySet[Any], *, bulk: bool) -> None:
        self._remove_prefetched_objects()
        using = self._writing()
        queryset = queryset.using(using)
        if bulk:
            queryset.update(**{self.field.name: None})
            return
        with transaction.atomic(using, savepoint=False):
            for obj in queryset:
                setattr(obj, self.field.name, None)
                obj.save(update_fields=[self.field.name])

    def set(self, objs: Iterable[Managed], *, bulk: bool = True, clear: bool = False) -> None:
        """Let exactly these objects refer to the instance, where the key may be null.

        Args:
            objs: The objects.
            bulk: Update them with few queries; otherwise each is saved.
            clear: Let all refer to nothing first, in place of only those that are not wanted.
        """
        self._check_key()
        wanted = tuple(objs)  # now: a QuerySet's result could be changed by what follows
        if not self.field.null:
            self.add(*wanted, bulk=bulk)
            return
        using = self._writing()
        with transaction.atomic(using, savepoint=False):
            if clear:
                self.clear(bulk=bulk)
                self.add(*wanted, bulk=bulk)
                return
            old = set(self.using(using).all())
            new = [obj for obj in wanted if obj not in old]
            self.remove(*old.difference(wanted), bulk=bulk)
            self.add(*new, bulk=bulk)

    # Asynchronous --------------------------------------------------------------------------------

    async def aadd(self, *objs: Managed, bulk: bool = True) -> None:
        """Let objects refer to the instance."""
        await run_sync(self.add, *objs, bulk=bulk)

    async def acreate(self, **kwargs: Any) -> Managed:
        """Create an object that refers to the instance."""
        return await run_sync(self.create, **kwargs)

    async def aget_or_create(self, *args: Any, **kwargs: Any) -> tuple[Managed, bool]:
        """Return the object that fits and refers to the instance, or create it."""
        return await run_sync(self.get_or_create, *args, **kwargs)

    async def aupdate_or_create(self, *args: Any, **kwargs: Any) -> tuple[Managed, bool]:
        """Update the object that fits and refers to the instance, or create it."""
        return await run_sync(self.update_or_create, *args, **kwargs)

    async def aremove(self, *objs: Managed, bulk: bool = True) -> None:
        """Let objects refer to nothing, where the key may be null."""
        await run_sync(self.remove, *objs, bulk=bulk)

    async def aclear(self, *, bulk: bool = True) -> None:
        """Let all of them refer to nothing, where the key may be null."""
        await run_sync(self.clear, bulk=bulk)

    async def aset(
        self, objs: Iterable[Managed], *, bulk: bool = True, clear: bool = False
    ) -> None:
        """Let exactly these objects refer to the instance, where the key may be null."""
        await run_sync(self.set, objs, bulk=bulk, clear=clear)


class _OnlyWhereNull:
    """A method that needs a key which may be null: without one it does not exist.

    Args:
        name: The method.
        field: The ForeignKey.
    """

    def __init__(self, name: str, field: ForeignKey[Any, Any]) -> None:
        self.name = name
        self.field = field

    def __get__(self, instance: Any, owner: Any) -> Any:
        raise AttributeError(
            f"{self.name}() needs a ForeignKey with null=True, and {self.field!r} has none."
        )


def reverse_manager_maker(rel: Any, base: Any) -> ManagerMaker:
    """Return what makes the managers at the other end of a ForeignKey.

    Args:
        rel: The other end.
        base: The manager of the model that has the ForeignKey.
    """
    field = rel.field
    namespace = {"field": field, "prefetch_cache_name": rel.get_accessor_name()}
    if not field.null:
        hidden = ("remove", "clear", "aremove", "aclear")
        namespace |= {name: _OnlyWhereNull(name, field) for name in hidden}
    return ManagerMaker(RelatedManager, base, namespace)
