"""The cache of plans: bounded, and the least recently used goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import NamedTuple

from ...configuration import Configuration, configuration
from ...lookup_registry import on_change
from ...signals import post_init, pre_init
from .compile import Plan

MAX_PLANS = 2000


class CacheInfo(NamedTuple):
    """How the cache does."""

    hits: int
    misses: int
    size: int


class PlanCache:
    """Plans by shape. Threads may use it at once: each step is one operation of a dictionary.

    Args:
        size: How many plans it keeps.
    """

    def __init__(self, size: int = MAX_PLANS) -> None:
        self.size = size
        self.hits = 0
        self.misses = 0
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()
        self._configuration: Configuration | None = None

    def find(self, shape: Hashable) -> Plan | None:
        """Return the plan of a shape, if it is there."""
        active = configuration()
        if self._configuration is not active:
            self.clear()  # USE_TZ and TIME_ZONE are in the plans
            self._configuration = active
        plan = self._plans.get(shape)
        if plan is None:
            self.misses += 1
            return None
        self.hits += 1
        if len(self._plans) > self.size // 2:  # below that, none is near to being dropped
            with suppress(KeyError):  # another thread has just dropped it
                self._plans.move_to_end(shape)
        return plan

    def keep(self, shape: Hashable, plan: Plan) -> None:
        """Keep the plan of a shape."""
        self._plans[shape] = plan
        while len(self._plans) > self.size:
            self._plans.popitem(last=False)

    def get(self, shape: Hashable, make: Callable[[], Plan]) -> Plan:
        """Return the plan of a shape, making it the first time."""
        plan = self.find(shape)
        if plan is None:
            plan = make()
            self.keep(shape, plan)
        return plan

    def clear(self) -> None:
        """Forget all plans."""
        self._plans.clear()

    def info(self) -> CacheInfo:
        """Return hits, misses and size."""
        return CacheInfo(self.hits, self.misses, len(self._plans))


plans = PlanCache()

on_change(plans.clear)

# Loaders are made for classes as they are: with receivers, instances are made by calling the class.
for _signal in (pre_init, post_init):
    _signal.on_change(plans.clear)
