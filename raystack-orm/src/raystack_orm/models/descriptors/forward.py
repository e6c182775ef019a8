"""``article.author``: the object that a ForeignKey or a OneToOneField refers to."""

from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

from ...fields import ForeignKey
from ...query.operations.prefetch import prefetch_related_objects
from ...query.operations.prefetch_lookup import Related
from ..assignment import check_assignment, missing_error, only_queryset


class ForwardManyToOneDescriptor:
    """The object that a key refers to, loaded when first asked for.

    Args:
        field: The ForeignKey.
    """

    def __init__(self, field: ForeignKey[Any, Any]) -> None:
        self.field = field
        self._cache_name = field.cache_name
        self._attname = field.attname

    @cached_property
    def RelatedObjectDoesNotExist(self) -> type[Exception]:  # noqa: N802 - Django's name
        """What is raised where there is none: a ``DoesNotExist`` and an ``AttributeError``."""
        field = self.field
        return missing_error(field.related_model, field.model, field.name)

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the related object, remembering it while the key stays."""
        if instance is None:
            return self
        cached = getattr(instance, self._cache_name)
        if cached is not None and cached[0] == getattr(instance, self._attname):
            related = cached[1]
        else:
            related = self._load(instance)
        if related is None and not self.field.null:
            raise self.RelatedObjectDoesNotExist(
                f"{self.field.model.__name__} has no {self.field.name}."
            )
        return related

    def _load(self, instance: Any) -> Any:
        field = self.field
        if field.is_cached(instance):  # it has got its key since it was assigned
            related = field.get_cached_value(instance)
        elif getattr(instance, field.attname) is None:
            related = None
        else:
            related = self._of_parents(instance)
            if related is None:
                if self._is_alone(instance):
                    self.fetch_many([instance])
                else:
                    instance._state.fetch_mode.fetch(self, instance)
                return field.get_cached_value(instance)
        field.set_cached_value(instance, related)
        return related

    def _is_alone(self, instance: Any) -> bool:
        """Say whether its peers are not worth looking at, of which there may be many.

        So it is where one key after the other is changed and followed. Now and then they are looked
        at all the same: all keys may have been changed before the first was followed.
        """
        batch = instance._batch
        if (
            batch is None
            or not batch.mode.track_peers
            or not instance._state.fetch_mode.track_peers
        ):
            return False
        if getattr(instance, self._cache_name) is None:  # its key is the one that it came with
            return False
        times = getattr(batch, "times_alone", 0)
        return bool(times & (times - 1)) if times else False

    def _of_parents(self, instance: Any) -> Any:
        """Return what the parent knows that the instance was reached from, if it was."""
        for parent, link in getattr(instance._meta, "parents", {}).items():
            there = link.get_cached_value(instance, None) if link is not None else None
            if there is not None and issubclass(parent, self.field.model):
                found = self.field.get_cached_value(there, None)
                return self._of_parents(there) if found is None else found
        return None

    # Fetching ------------------------------------------------------------------------------------

    def is_cached(self, instance: Any) -> bool:
        """Say whether the related object is remembered."""
        return self.field.is_cached(instance)

    def get_queryset(self, *, instance: Any) -> Any:
        """Return the query that related objects of ``instance`` are found in."""
        manager = self.field.related_model._meta.base_manager
        return manager.db_manager(hints={"instance": instance}).fetch_mode(
            instance._state.fetch_mode
        )

    def get_object(self, instance: Any) -> Any:
        """Load the related object."""
        key = getattr(instance, self.field.attname)
        return self.get_queryset(instance=instance).get(**{self.field.target_field.name: key})

    def fetch_one(self, instance: Any) -> None:
        """Load the related object of an instance."""
        related = self.get_object(instance)
        self.field.set_cached_value(instance, related)
        if not self.field.rel.multiple:
            self.field.rel.set_cached_value(related, instance)

    def key_of_instance(self, instance: Any) -> Any:
        """Return the key that the instance refers with."""
        return getattr(instance, self.field.attname)

    def fetch_many(self, instances: Sequence[Any]) -> None:
        """Load the related objects of those instances that have theirs not."""
        missing = [obj for obj in instances if not self.field.is_cached(obj)]
        batch = missing[0]._batch if missing else None
        if batch is not None:
            batch.times_alone = getattr(batch, "times_alone", 0) + 1 if len(missing) == 1 else 0
        prefetch_related_objects(missing, self.field.name)

    def get_prefetch_querysets(
        self, instances: Sequence[Any], querysets: Sequence[Any] | None = None
    ) -> Related:
        """Return how the related objects of several instances are found."""
        field = self.field
        queryset = only_queryset(querysets)
        if queryset is None:
            queryset = self.get_queryset(instance=instances[0])
        else:
            queryset._add_hints(instance=instances[0])
        key_of_instance, key_of_related = attrgetter(field.attname), _key_of(field)
        by_key = {key_of_instance(obj): obj for obj in instances}
        by_key.pop(None, None)
        queryset = queryset.filter(**{f"{field.target_field.name}__in": list(by_key)}).order_by()
        if not field.rel.multiple:
            for related in queryset:
                field.rel.set_cached_value(related, by_key[key_of_related(related)])
        return Related(queryset, key_of_related, key_of_instance, True, field.name, False)

    # Assigning -----------------------------------------------------------------------------------

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the related object and its key.

        Raises:
            ValueError: It is of another model, or of a database that forbids it.
        """
        field = self.field
        if value is None:
            # The object that was related must not think that it still is.
            related = field.get_cached_value(instance, None)
            if related is not None and not field.rel.multiple:
                field.rel.set_cached_value(related, None)
            key = None
        else:
            check_assignment(instance, value, field.related_model._meta.concrete_model, field.name)
            key = field.key_in(value)
        setattr(instance, self._attname, key)
        setattr(instance, self._cache_name, (key, value))
        if value is not None and not field.rel.multiple:
            field.rel.set_cached_value(value, instance)

    def __reduce__(self) -> Any:
        return getattr, (self.field.model, self.field.name)


class ForwardOneToOneDescriptor(ForwardManyToOneDescriptor):
    """The object that a OneToOneField refers to; a child has all that its parent object needs."""

    def get_object(self, instance: Any) -> Any:
        """Load the related object, or make it of the child's own values."""
        if not self._has_parent(instance):
            return super().get_object(instance)
        parent = self.field.related_model
        names = [field.attname for field in parent._meta.concrete_fields]
        made = parent(**{name: getattr(instance, name) for name in names})
        made._state.adding = instance._state.adding
        made._state.db = instance._state.db
        made._state.fetch_mode = instance._state.fetch_mode
        return made

    def _has_parent(self, instance: Any) -> bool:
        """Say whether a child has loaded all that makes up its parent."""
        if not self.field.rel.parent_link:
            return False
        names = {field.attname for field in self.field.related_model._meta.concrete_fields}
        return not names & instance.get_deferred_fields()

    def fetch_many(self, instances: Sequence[Any]) -> None:
        """Load the related objects of those instances that have theirs not."""
        missing = []
        for instance in instances:
            if self._has_parent(instance):
                if not self.field.is_cached(instance):
                    self.fetch_one(instance)
            else:
                missing.append(instance)
        super().fetch_many(missing)

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the related object and its key; a parent's key is the child's."""
        super().__set__(instance, value)
        if not (self.field.primary_key and self.field.rel.parent_link):
            return
        for field in instance._meta.concrete_fields:
            if field.primary_key and field.remote_field:
                name = field.related_model._meta.pk.attname
                setattr(instance, name, None if value is None else getattr(value, name))


def _key_of(field: ForeignKey[Any, Any]) -> Any:
    return attrgetter(field.target_field.attname)
