"""The managers that stand on an instance: ``author.articles`` and ``article.tags``."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from .. import transaction
from ..fields import ForeignKey, ManyToManyField
from ..query import ManyRelatedManager, QuerySet, RelatedManager


def make_related_manager(field: ForeignKey[Any], instance: Any) -> RelatedManager[Any]:
    """Make the manager of the objects whose ``field`` refers to ``instance``."""
    base: Any = type(field.model._meta.default_manager)
    cls = _manager_class(_ReverseMethods, RelatedManager, base)
    manager: _ReverseMethods = cls.__new__(cls)
    manager.__dict__.update(field.model._meta.default_manager.__dict__)
    manager.field = field
    manager.instance = instance
    manager._alias = instance._state.db or manager._alias
    return manager  # type: ignore[return-value]  # its class was made of RelatedManager


@lru_cache(maxsize=1000)
def _manager_class(methods: type, kind: type, base: type) -> Any:
    """Put the methods of a relation before those of the model's own manager."""
    return type(kind.__name__, (methods, kind, base), {})


class _ReverseMethods:
    """What a manager of referring objects adds to the model's own."""

    field: ForeignKey[Any]
    instance: Any
    _alias: str

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects that refer; each knows the instance without a query."""
        query: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]  # the manager's
        query = query.filter(**{self.field.name: self.instance})
        query._known = (self.field, self.instance)
        return query

    def create(self, **kwargs: Any) -> Any:
        """Create an object that refers to the instance."""
        return super().create(**{**kwargs, self.field.name: self.instance})  # type: ignore[misc]  # as above

    def get_or_create(self, defaults: Any = None, **kwargs: Any) -> Any:
        """Return the object that fits and refers to the instance, or create it."""
        kwargs[self.field.name] = self.instance
        return super().get_or_create(defaults, **kwargs)  # type: ignore[misc]  # as above

    def update_or_create(self, defaults: Any = None, **kwargs: Any) -> Any:
        """Update the object that fits and refers to the instance, or create it."""
        kwargs[self.field.name] = self.instance
        return super().update_or_create(defaults, **kwargs)  # type: ignore[misc]  # as above

    def add(self, *objs: Any, bulk: bool = True) -> None:
        """Let saved objects refer to the instance."""
        for obj in objs:
            if not isinstance(obj, self.field.model):
                raise TypeError(
                    f"'{self.field.model._meta.object_name}' instance expected, got {obj!r}"
                )
            if obj.pk is None and bulk:
                raise ValueError(
                    f"{obj!r} instance isn't saved. Use bulk=False or save the object first."
                )
        with transaction.atomic(self._alias, savepoint=False):
            for obj in objs:
                setattr(obj, self.field.name, self.instance)
                if not bulk:
                    obj.save(using=self._alias)
            if bulk:
                rows = QuerySet(self.field.model, self._alias)
                rows.filter(pk__in=[obj.pk for obj in objs]).update(
                    **{self.field.name: self.instance}
                )

    def remove(self, *objs: Any) -> None:
        """Let objects refer to nothing."""
        self._check_nullable("remove")
        for obj in objs:
            if getattr(obj, self.field.attname) != self.instance.pk:
                raise self.field.related_model.DoesNotExist(
                    f"{obj!r} is not related to {self.instance!r}."
                )
        self.get_queryset().filter(pk__in=[obj.pk for obj in objs]).update(
            **{self.field.name: None}
        )
        for obj in objs:
            setattr(obj, self.field.name, None)

    def clear(self) -> None:
        """Let all of them refer to nothing."""
        self._check_nullable("clear")
        self.get_queryset().update(**{self.field.name: None})

    def set(self, objs: Iterable[Any], *, clear: bool = False) -> None:
        """Let exactly these objects refer to the instance, where the key may be null."""
        wanted = list(objs)
        with transaction.atomic(self._alias, savepoint=False):
            if self.field.null:
                kept = set() if clear else {obj.pk for obj in wanted}
                self.get_queryset().exclude(pk__in=kept).update(**{self.field.name: None})
            self.add(*wanted)

    def _check_nullable(self, method: str) -> None:
        if not self.field.null:
            raise AttributeError(
                f"{method}() needs a ForeignKey with null=True, and {self.field!r} has none."
            )


def make_many_manager(
    field: ManyToManyField[Any], instance: Any, *, reverse: bool
) -> ManyRelatedManager[Any]:
    """Make the manager of the objects at the other side of ``instance``."""
    other = field.model if reverse else field.related_model
    base: Any = type(other._meta.default_manager)
    cls = _manager_class(_ManyMethods, ManyRelatedManager, base)
    manager: _ManyMethods = cls.__new__(cls)
    manager.__dict__.update(other._meta.default_manager.__dict__)
    manager.instance = instance
    manager.through = field.through
    keys = field.source_key, field.target_key
    manager.here, manager.there = reversed(keys) if reverse else keys
    manager.filter_name = field.name if reverse else field.rel.name
    manager._alias = instance._state.db or manager._alias
    return manager  # type: ignore[return-value]  # its class was made of ManyRelatedManager


class _ManyMethods:
    """What a manager of objects at the other side adds to the model's own."""

    model: Any
    instance: Any
    through: Any
    here: ForeignKey[Any]
    there: ForeignKey[Any]
    filter_name: str
    _alias: str

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects at the other side."""
        query: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]  # the manager's
        return query.filter(**{self.filter_name: self.instance})

    def _rows(self) -> QuerySet[Any]:
        return QuerySet(self.through, self._alias).filter(**{self.here.name: self.instance})

    def _keys(self, objs: Iterable[Any]) -> list[Any]:
        """Return the keys of objects, or the keys that were given in their place."""
        keys = []
        for obj in objs:
            if hasattr(obj, "_meta") and not isinstance(obj, self.model):
                raise TypeError(f"'{self.model._meta.object_name}' instance expected, got {obj!r}")
            key = self.there.get_prep_value(obj)
            if key is None:
                raise ValueError(f"Cannot add {obj!r}: it is not saved yet.")
            keys.append(key)
        return list(dict.fromkeys(keys))

    def add(self, *objs: Any, through_defaults: Any = None) -> None:
        """Relate objects, given as such or by key; those that are related stay so."""
        keys = self._keys(objs)
        if not keys:
            return
        there = self.there.attname
        with transaction.atomic(self._alias, savepoint=False):
            known = set(self._rows().filter(**{f"{there}__in": keys}).values_list(there, flat=True))
            rows = [
                self.through(
                    **{self.here.attname: self.instance.pk, there: key, **(through_defaults or {})}
                )
                for key in keys
                if key not in known
            ]
            QuerySet(self.through, self._alias).bulk_create(rows)

    def remove(self, *objs: Any) -> None:
        """Relate objects no more."""
        self._rows().filter(**{f"{self.there.attname}__in": self._keys(objs)}).delete()

    def clear(self) -> None:
        """Relate none."""
        self._rows().delete()

    def set(self, objs: Iterable[Any], *, clear: bool = False) -> None:
        """Relate exactly these objects."""
        wanted = self._keys(objs)
        there = self.there.attname
        with transaction.atomic(self._alias, savepoint=False):
            gone = self._rows() if clear else self._rows().exclude(**{f"{there}__in": wanted})
            gone.delete()
            self.add(*wanted)

    def create(self, **kwargs: Any) -> Any:
        """Create an object and relate it."""
        with transaction.atomic(self._alias, savepoint=False):
            made = QuerySet(self.model, self._alias).create(**kwargs)
            self.add(made)
        return made

    def get_or_create(self, defaults: Any = None, **kwargs: Any) -> tuple[Any, bool]:
        """Return the related object that fits, or create and relate it."""
        with transaction.atomic(self._alias, savepoint=False):
            made, created = QuerySet(self.model, self._alias).get_or_create(defaults, **kwargs)
            self.add(made)
        return made, created
