"""The attributes that relations give to the model that they lead to.

``place.restaurant`` is one object, the other end of a OneToOneField; ``author.articles`` is the
manager of those whose ForeignKey refers to the author.
"""

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from ...fields import ManyToManyField
from ...query.operations.prefetch import prefetch_related_objects
from ...query.operations.prefetch_lookup import Related
from ..assignment import check_assignment, missing_error, only_queryset
from ..managers import ManagerMaker, many_manager_maker, reverse_manager_maker


class ReverseOneToOneDescriptor:
    """The object whose OneToOneField refers to the instance.

    Args:
        related: The other end of the OneToOneField.
    """

    def __init__(self, related: Any) -> None:
        self.related = related
        self._cache_name = related.cache_name

    @cached_property
    def RelatedObjectDoesNotExist(self) -> type[Exception]:  # noqa: N802 - Django's name
        """What is raised where there is none: a ``DoesNotExist`` and an ``AttributeError``."""
        related = self.related
        return missing_error(related.related_model, related.model, related.name)

    @property
    def field(self) -> Any:
        """What is fetched."""
        return self.related

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the object that refers to the instance.

        Raises:
            RelatedObjectDoesNotExist: There is none.
        """
        if instance is None:
            return self
        rel = self.related
        if not rel.is_cached(instance):
            if instance.pk is None:
                rel.set_cached_value(instance, None)
            else:
                instance._state.fetch_mode.fetch(self, instance)
        found = rel.get_cached_value(instance)
        if found is None:
            raise self.RelatedObjectDoesNotExist(
                f"{type(instance).__name__} has no {rel.get_accessor_name()}."
            )
        return found

    def is_cached(self, instance: Any) -> bool:
        """Say whether it is remembered which object refers to the instance, or that none does."""
        return bool(self.related.is_cached(instance))

    def get_queryset(self, *, instance: Any) -> Any:
        """Return the query that the object is found in."""
        manager = self.related.related_model._meta.base_manager
        return manager.db_manager(hints={"instance": instance}).fetch_mode(
            instance._state.fetch_mode
        )

    def fetch_one(self, instance: Any) -> None:
        """Load the object that refers to an instance."""
        field = self.related.field
        try:
            found = self.get_queryset(instance=instance).get(**{field.name: instance})
        except self.related.related_model.DoesNotExist:
            found = None
        else:
            field.set_cached_value(found, instance)
        self.related.set_cached_value(instance, found)

    def fetch_many(self, instances: Sequence[Any]) -> None:
        """Load the objects that refer to those instances that have theirs not."""
        missing = [obj for obj in instances if not self.is_cached(obj)]
        prefetch_related_objects(missing, self.related.get_accessor_name())

    def get_prefetch_querysets(
        self, instances: Sequence[Any], querysets: Sequence[Any] | None = None
    ) -> Related:
        """Return how the objects that refer to several instances are found."""
        field = self.related.field
        queryset = only_queryset(querysets)
        if queryset is None:
            queryset = self.get_queryset(instance=instances[0])
        else:
            queryset._add_hints(instance=instances[0])
        key_of_related = attrgetter(field.attname)
        key_of_instance = attrgetter(field.target_field.attname)
        by_key = {key_of_instance(obj): obj for obj in instances}
        queryset = queryset.filter(**{f"{field.name}__in": list(instances)}).order_by()
        for found in queryset:
            field.set_cached_value(found, by_key[key_of_related(found)])
        name = self.related.get_accessor_name()
        return Related(queryset, key_of_related, key_of_instance, True, name, False)

    def __set__(self, instance: Any, value: Any) -> None:
        """Let an object refer to the instance; ``None`` lets the one that does refer to nothing.

        Raises:
            ValueError: The object is of another model, or of a database that forbids it.
        """
        rel = self.related
        if value is None:
            found = rel.get_cached_value(instance, None)
            if found is not None:
                rel.delete_cached_value(instance)
                setattr(found, rel.field.name, None)
            return
        check_assignment(instance, value, rel.related_model, rel.get_accessor_name())
        setattr(value, rel.field.attname, rel.field.key_in(instance))
        rel.set_cached_value(instance, value)
        rel.field.set_cached_value(value, instance)

    def __reduce__(self) -> Any:
        return getattr, (self.related.model, self.related.get_accessor_name())


class ReverseManyToOneDescriptor:
    """The manager of the objects whose ForeignKey refers to the instance.

    Args:
        rel: The other end of the ForeignKey.
    """

    def __init__(self, rel: Any) -> None:
        self.rel = rel
        self.field = rel.field

    @cached_property
    def _maker(self) -> ManagerMaker:
        return reverse_manager_maker(self.rel, self.rel.related_model._meta.default_manager)

    @property
    def related_manager_cls(self) -> type[Any]:
        """The class of the managers."""
        return self._maker.manager_class

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the manager for ``instance``."""
        return self if instance is None else self._maker(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        """Refuse: a manager is no value."""
        raise TypeError(
            f"Direct assignment to the reverse side of a related set is prohibited. Use "
            f"{self.rel.get_accessor_name()}.set() instead."
        )

    def __reduce__(self) -> Any:
        return getattr, (self.rel.model, self.rel.get_accessor_name())


class ManyToManyDescriptor:
    """``article.tags`` and ``tag.articles``: the manager of the objects at the other side.

    Args:
        rel: The other end of the ManyToManyField.
        reverse: Whether this is the side without the field.
    """

    def __init__(self, rel: Any, *, reverse: bool = False) -> None:
        self.rel = rel
        self.field: ManyToManyField[Any] = rel.field
        self.reverse = reverse

    @property
    def through(self) -> Any:
        """The model of the table between."""
        return self.rel.through

    @cached_property
    def _maker(self) -> ManagerMaker:
        model = self.rel.related_model if self.reverse else self.rel.model
        return many_manager_maker(self.rel, model._meta.default_manager, reverse=self.reverse)

    @property
    def related_manager_cls(self) -> type[Any]:
        """The class of the managers."""
        return self._maker.manager_class

    @property
    def _name(self) -> str:
        return str(self.rel.get_accessor_name()) if self.reverse else self.field.name

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the manager for ``instance``.

        Raises:
            ValueError: The instance is not saved yet.
        """
        return self if instance is None else self._maker(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        """Refuse: a manager is no value."""
        raise TypeError(
            f"Direct assignment to the {'reverse' if self.reverse else 'forward'} side of a "
            f"many-to-many set is prohibited. Use {self._name}.set() instead."
        )

    def __reduce__(self) -> Any:
        return getattr, (self.rel.model if self.reverse else self.field.model, self._name)
