"""The cache of plans: bounded, and the least recently used goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from typing import NamedTuple

from ...configuration import Configuration, configuration
from ...lookup_registry import on_change
from ...signals import post_init, pre_init
from .compile import Plan

MAX_PLANS = 2000

_Current = tuple[Configuration | None, OrderedDict[Hashable, Plan]]


class CacheInfo(NamedTuple):
    """How the cache does."""

    hits: int
    misses: int
    size: int


class PlanCache:
    """Plans by shape, for all threads.

    A plan is of the configuration that it was made under, whose USE_TZ and TIME_ZONE it contains:
    another configuration starts with none. Reading needs no lock. Changes do: the keys are compared
    by Python code, in the middle of which another thread may run.

    Args:
        size: How many plans it keeps.
    """

    def __init__(self, size: int = MAX_PLANS) -> None:
        self.size = size
        self.hits = 0
        self.misses = 0
        self._lock = threading.RLock()  # a finalizer may run a query in the middle of it
        self._current: _Current = None, OrderedDict()

    def find(self, shape: Hashable) -> Plan | None:
        """Return the plan of a shape, if it is there."""
        active = configuration()
        made_under, plans = self._current
        if made_under is not active:
            plans = OrderedDict()
            self._current = active, plans
        plan = plans.get(shape)
        if plan is None:
            self.misses += 1
            return None
        self.hits += 1
        if len(plans) > self.size // 2:  # below that, none is near to being dropped
            with self._lock, suppress(KeyError):  # another thread has just dropped it
                plans.move_to_end(shape)
        return plan

    def keep(self, shape: Hashable, plan: Plan, active: Configuration) -> None:
        """Keep the plan of a shape.

        Args:
            shape: The shape.
            plan: Its plan.
            active: The configuration when making the plan began; if it is another by now, the plan
                is not kept.
        """
        made_under, plans = self._current
        if made_under is active:
            with self._lock:
                plans[shape] = plan
                while len(plans) > self.size:
                    plans.popitem(last=False)

    def clear(self) -> None:
        """Forget all plans."""
        self._current = None, OrderedDict()

    def info(self) -> CacheInfo:
        """Return hits, misses and size."""
        return CacheInfo(self.hits, self.misses, len(self._current[1]))


plans = PlanCache()

on_change(plans.clear)

# Loaders are made for classes as they are: with receivers, instances are made by calling the class.
for _signal in (pre_init, post_init):
    _signal.on_change(plans.clear)
