"""Fetch modes: what happens when a relation or a deferred field is asked for and is not loaded.

Instances that one query loaded share a batch, which knows them by weak references: keeping one of
them keeps no other. The first of them that needs something loads it for all.

https://docs.djangoproject.com/en/stable/topics/db/fetch-modes/
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from weakref import ref

from ...configuration import configuration
from ...databases import DEFAULT
from ...exceptions import FieldFetchBlocked
from .prefetch import prefetch_related_objects


class Fetcher(Protocol):
    """What loads a missing attribute: a relation's descriptor, or a deferred field's."""

    @property
    def field(self) -> Any:
        """What is fetched: a field, or the other end of a relation."""

    def fetch_one(self, instance: Any) -> None:
        """Load it for an instance."""

    def fetch_many(self, instances: Sequence[Any]) -> None:
        """Load it for several instances."""


class FetchMode:
    """One of ``FETCH_ONE``, ``FETCH_PEERS``, ``FETCH_RAISE``.

    Args:
        name: Its name.
        track_peers: Instances need to know those that were loaded with them.
    """

    __slots__ = ("__name__", "track_peers")

    def __init__(self, name: str, *, track_peers: bool = False) -> None:
        self.__name__ = name
        self.track_peers = track_peers

    def fetch(self, fetcher: Fetcher, instance: Any) -> None:
        """Load what is missing, as the mode says.

        Args:
            fetcher: Loads it.
            instance: The instance that it was asked of.

        Raises:
            FieldFetchBlocked: The mode is ``FETCH_RAISE``.
        """
        if self is FETCH_RAISE:
            name = getattr(fetcher.field, "accessor_name", None) or fetcher.field.name
            raise FieldFetchBlocked(
                f"Fetching of {type(instance).__qualname__}.{name} blocked by FETCH_RAISE. "
                f"Load it with the query, by select_related(), prefetch_related() or only()."
            ) from None
        instances = peers_of(instance) if self.track_peers else [instance]
        if len(instances) > 1:
            fetcher.fetch_many(instances)
        else:
            fetcher.fetch_one(instance)

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return self.__name__


FETCH_ONE = FetchMode("FETCH_ONE")
FETCH_PEERS = FetchMode("FETCH_PEERS", track_peers=True)
FETCH_RAISE = FetchMode("FETCH_RAISE")

MODES = {mode.__name__: mode for mode in (FETCH_ONE, FETCH_PEERS, FETCH_RAISE)}


def default_mode() -> FetchMode:
    """Return the mode of queries that choose none: the setting ``DEFAULT_FETCH_MODE``."""
    return MODES[configuration().default_fetch_mode]


class Batch:
    """Instances that one query loaded together.

    Args:
        mode: Their fetch mode.
        alias: The database that they came from.

    Attributes:
        times_alone: How often in turn one of them alone missed a related object, if it ever did.
    """

    __slots__ = ("_peers", "alias", "mode", "times_alone")

    times_alone: int  # set by the first, as most never do

    def __init__(self, mode: FetchMode, alias: str = DEFAULT) -> None:
        self.mode = mode
        self.alias = alias
        self._peers: Sequence[Any] = ()

    def join(self, instances: Sequence[Any]) -> None:
        """Let instances, ``None`` among them, know each other, where the mode needs it."""
        if self.mode.track_peers and len(instances) > 1:
            self._peers = [ref(instance) for instance in instances if instance is not None]

    def peers(self) -> list[Any]:
        """Return those of the instances that are still in use."""
        return [peer for weak in self._peers if (peer := weak()) is not None]

    def __reduce__(self) -> Any:  # weak references cannot be pickled, and a copy is on its own
        return Batch, (self.mode, self.alias)


def peers_of(instance: Any) -> list[Any]:
    """Return an instance and those that were loaded with it, each once."""
    batch = instance._batch
    peers = [] if batch is None else batch.peers()
    if not any(peer is instance for peer in peers):
        return [instance]
    return list({id(peer): peer for peer in peers}.values())


class DeferredFetcher:
    """Loads a deferred field.

    Args:
        field: The field.
    """

    def __init__(self, field: Any) -> None:
        self.field = field

    def fetch_one(self, instance: Any) -> None:
        """Load it for an instance."""
        instance.refresh_from_db(fields=[self.field.attname])

    def fetch_many(self, instances: Sequence[Any]) -> None:
        """Load it for those of several instances that have it not."""
        name = self.field.attname
        missing = [obj for obj in instances if name not in obj.__dict__ and obj.pk is not None]
        model = type(missing[0])
        rows = model._meta.base_manager.using(missing[0]._state.db)
        keys = list({obj.pk for obj in missing})
        values = dict(rows.values_list("pk", name).in_bulk(keys).values())  # in chunks
        for obj in missing:
            if obj.pk in values:
                setattr(obj, name, values[obj.pk])


def fetch_deferred(instance: Any, name: str) -> Any:
    """Load a deferred field by its attribute's name, as the fetch mode says; return its value."""
    field = next(f for f in instance._meta.concrete_fields if f.attname == name)
    mode = instance._state.fetch_mode
    if mode is FETCH_RAISE and name in instance._state.computed:
        mode = FETCH_ONE
    mode.fetch(DeferredFetcher(field), instance)
    if name not in instance.__dict__:  # its peers have what they need
        meta = instance._meta
        raise type(instance).DoesNotExist(f"The {meta.object_name} {instance.pk!r} is gone.")
    return instance.__dict__[name]


def fetch(instance: Any, names: Iterable[str]) -> None:
    """Load relations or deferred fields of an instance, and of its peers, whatever its fetch mode.

    Args:
        instance: The instance.
        names: Fields and relations; ``author__publisher`` goes on from the author.

    Raises:
        AttributeError: The model has none of that name.
    """
    meta = instance._meta
    deferred = {field.name: field for field in meta.concrete_fields if not field.is_relation}
    deferred |= {field.attname: field for field in meta.concrete_fields}
    related = []
    with_peers = instance._state.fetch_mode.track_peers
    instances = peers_of(instance) if with_peers else [instance]
    for name in names:
        field = deferred.get(name)
        if field is None:
            related.append(name)
        elif field.attname not in instance.__dict__:
            DeferredFetcher(field).fetch_many(instances)
    if related:
        prefetch_related_objects(instances, *related)
