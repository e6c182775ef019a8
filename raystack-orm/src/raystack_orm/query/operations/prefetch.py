"""Prefetching: related objects of many instances, with one query for each relation.

A lookup such as ``articles__tags`` is walked level by level. Each level asks the relation's
descriptor or manager for the query of all related objects, and hands them out.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related
"""

import copy
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from ...databases import DEFAULT, connections
from ...databases.colour import run_sync
from ...exceptions import FieldDoesNotExist, ObjectDoesNotExist, nearest
from .prefetch_lookup import SEPARATOR, Prefetch, Prefetched, Related


def prefetch_related_objects(
    model_instances: Iterable[Any], *related_lookups: str | Prefetch
) -> None:
    """Load related objects of instances, with one query for each relation.

    Args:
        model_instances: Instances of one model; related objects that they have stay as they are.
        related_lookups: Names of relations, joined by ``__`` to go on, or ``Prefetch`` objects.

    Raises:
        AttributeError: The model has no attribute of such a name.
        ValueError: An attribute is no relation, or a lookup comes twice with another QuerySet.

    https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related-objects
    """
    instances = model_instances if isinstance(model_instances, list) else list(model_instances)
    if instances:
        _Walk(instances).run(related_lookups)


async def aprefetch_related_objects(
    model_instances: Iterable[Any], *related_lookups: str | Prefetch
) -> None:
    """Load related objects of instances, with one query for each relation."""
    await run_sync(prefetch_related_objects, model_instances, *related_lookups)


class _Walk:
    """One call of ``prefetch_related_objects()``."""

    def __init__(self, instances: list[Any]) -> None:
        self.instances = instances
        self.done: dict[str, list[Any]] = {}  # way to the objects found there
        self.automatic: set[Prefetch] = set()  # lookups that a manager's own QuerySet asked for
        self.followed: set[Any] = set()
        self.pending: list[Prefetch] = []

    def run(self, lookups: Sequence[str | Prefetch]) -> None:
        """Follow all lookups, and those that the QuerySets on the way add."""
        self.pending = _as_prefetches(reversed(lookups))
        while self.pending:
            lookup = self.pending.pop()
            if lookup.prefetch_to not in self.done:
                self._follow(lookup)
            elif lookup.queryset is not None:
                raise ValueError(
                    f"'{lookup.prefetch_to}' lookup was already seen with a different queryset. "
                    f"You may need to adjust the ordering of your lookups."
                )

    def _follow(self, lookup: Prefetch) -> None:
        objects = self.instances
        for level, name in enumerate(lookup.prefetch_through.split(SEPARATOR)):
            if not objects:
                return
            way = lookup.get_current_prefetch_to(level)
            if way in self.done:
                objects = self.done[way]
            elif _prepare(objects):
                objects = self._descend(lookup, level, name, objects)
            else:
                return

    def _descend(self, lookup: Prefetch, level: int, name: str, objects: list[Any]) -> list[Any]:
        first = objects[0]
        to_attr, as_attr = lookup.get_current_to_attr(level)
        if as_attr:
            _refuse_field(type(first), to_attr)
        source = _Source(first, name, to_attr)
        if not source.is_found:
            known = [rel.get_accessor_name() for rel in first._meta.related_objects]
            known += [f.name for f in first._meta.get_fields() if f.is_relation]
            raise AttributeError(
                f"Cannot find '{name}' on {type(first).__name__} object, "
                f"'{lookup.prefetch_through}' is an invalid parameter to prefetch_related()."
                f"{nearest(name, known)}"
            )
        is_last = level == len(lookup.prefetch_through.split(SEPARATOR)) - 1
        if source.prefetcher is None:
            if is_last:
                raise ValueError(
                    f"'{lookup.prefetch_through}' does not resolve to an item that supports "
                    f"prefetching - this is an invalid parameter to prefetch_related()."
                )
            return _already_there(objects, name)
        missing = [obj for obj in objects if not source.is_fetched(obj)]
        if not missing:
            return _already_there(objects, name)
        found: list[Any] = []
        more: list[Any] = []
        for some in _chunks(missing, source.prefetcher):
            its, more = _prefetch_level(some, source.prefetcher, lookup, level, is_last=is_last)
            found += its
        self._remember(lookup, lookup.get_current_prefetch_to(level), source, found, more)
        return found

    def _remember(
        self, lookup: Prefetch, way: str, source: "_Source", found: list[Any], more: Iterable[Any]
    ) -> None:
        # A manager whose QuerySet prefetches the way back would go around forever.
        around = lookup in self.automatic and source.descriptor in self.followed
        if not (way in self.done and around):
            self.done[way] = found
            new = _as_prefetches(reversed(list(more)), way)
            self.automatic.update(new)
            self.pending.extend(new)
        self.followed.add(source.descriptor)


def _as_prefetches(lookups: Iterable[str | Prefetch], prefix: str = "") -> list[Prefetch]:
    made = []
    for lookup in lookups:
        prefetch = lookup if isinstance(lookup, Prefetch) else Prefetch(lookup)
        if prefix:
            prefetch.add_prefix(prefix)
        made.append(prefetch)
    return made


def _prepare(objects: Sequence[Any]) -> bool:
    """Give each object a place for what is prefetched; say whether that works."""
    for obj in objects:
        if getattr(obj, "_prefetched_objects_cache", None) is None:
            try:
                obj._prefetched_objects_cache = {}
            except (AttributeError, TypeError):
                return False  # values, not instances: there is nothing to prefetch
    return True


class _Source:
    """What a name on an instance leads to, and who can prefetch it.

    Args:
        instance: One of the instances; the others are alike.
        name: The attribute.
        to_attr: The attribute that is filled.
    """

    def __init__(self, instance: Any, name: str, to_attr: str) -> None:
        self.name = name
        self.to_attr = to_attr
        self.prefetcher: Any = None
        self.descriptor = getattr(type(instance), name, None)
        self.is_found = self.descriptor is not None or hasattr(instance, name)
        self.is_fetched = self._has_attribute(type(instance))
        if self.descriptor is None:
            return
        # The attribute of one related object would load it: its descriptor is asked instead.
        if hasattr(self.descriptor, "get_prefetch_querysets"):
            self.prefetcher = self.descriptor
            if name == to_attr:
                self.is_fetched = self.descriptor.is_cached
            return
        manager = getattr(instance, name)
        if hasattr(manager, "get_prefetch_querysets"):
            self.prefetcher = manager
        if name == to_attr:
            self.is_fetched = self._is_prefetched

    def _is_prefetched(self, instance: Any) -> bool:
        return self.prefetcher is not None and (
            self.prefetcher.prefetch_cache_name in instance._prefetched_objects_cache
        )

    def _has_attribute(self, model: Any) -> Callable[[Any], bool]:
        name = self.to_attr
        if isinstance(getattr(model, name, None), cached_property):
            return lambda instance: name in instance.__dict__  # hasattr() would compute it
        return lambda instance: hasattr(instance, name)


def _already_there(objects: Sequence[Any], name: str) -> list[Any]:
    """Return the objects that an attribute has without asking the database for several."""
    found = []
    for obj in objects:
        if name in (getattr(obj, "_prefetched_objects_cache", None) or ()):
            found += list(getattr(obj, name).all())
            continue
        try:
            value = getattr(obj, name)
        except ObjectDoesNotExist:
            continue
        if isinstance(value, list):
            found += value
        elif value is not None:
            found.append(value)
    return found


def _chunks(instances: list[Any], prefetcher: Any) -> Iterable[list[Any]]:
    """Divide instances so that their keys fit into one statement.

    Those that share a related object stay together: it is one object for all of them.
    """
    most = _most_keys(instances[0])
    if most is None or len(instances) <= most:
        return [instances]
    key_of = getattr(prefetcher, "key_of_instance", id)
    by_key: dict[Any, list[Any]] = {}
    for instance in instances:
        by_key.setdefault(key_of(instance), []).append(instance)
    groups = list(by_key.values())
    return [list(chain(*groups[n : n + most])) for n in range(0, len(groups), most)]


def _most_keys(instance: Any) -> int | None:
    """Return how many keys a statement takes, with room for other values; ``None``: any number."""
    driver = connections[instance._state.db or DEFAULT].driver
    columns = len(instance._meta.pk_fields)
    if driver.max_query_params is None or (driver.takes_arrays and columns == 1):
        return None
    return max(1, driver.max_query_params // 2 // columns)


def _prefetch_level(
    instances: Sequence[Any], prefetcher: Any, lookup: Prefetch, level: int, *, is_last: bool
) -> tuple[list[Any], list[Any]]:
    """Prefetch one relation.

    Returns:
        The related objects, and the lookups that their QuerySet asks for in turn.
    """
    related = Related(
        *prefetcher.get_prefetch_querysets(instances, lookup.get_current_querysets(level))
    )
    more = [copy.copy(entry) for entry in related.queryset._prefetch_related_lookups]
    if more:  # they belong to this walk
        related.queryset._prefetch_related_lookups = ()
    objects = list(related.queryset)
    by_key: dict[Any, list[Any]] = {}
    for obj in objects:
        by_key.setdefault(related.key_of_related(obj), []).append(obj)
    name, as_attr = lookup.get_current_to_attr(level)
    queryset = lookup.queryset if is_last else None
    for instance in instances:
        mine = by_key.get(related.key_of_instance(instance), [])
        if as_attr:
            setattr(instance, name, (mine[0] if mine else None) if related.single else mine)
        elif related.is_descriptor:
            setattr(instance, related.cache_name, mine[0] if mine else None)
        elif related.single:
            prefetcher.field.set_cached_value(instance, mine[0] if mine else None)
        else:
            instance._prefetched_objects_cache[related.cache_name] = Prefetched(mine, queryset)
    return objects, more


def _refuse_field(model: Any, to_attr: str) -> None:
    try:
        model._meta.get_field(to_attr)
    except FieldDoesNotExist:
        return
    raise ValueError(f"to_attr={to_attr} conflicts with a field on the {model.__name__} model.")
