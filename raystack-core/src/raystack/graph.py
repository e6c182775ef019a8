"""Putting names in an order that constraints ask for, the same at every start."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush


class Cycle(Exception):
    """Names whose constraints form a circle.

    Args:
        names: The names, each wanting to go before the next, the first one repeated at the end.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = list(names)


def stable_order(names: Sequence[str], after: Mapping[str, Iterable[str]]) -> list[str]:
    """Sort names topologically; those that no constraint separates keep their given order.

    Args:
        names: Each name once.
        after: For a name, the names it goes after; names that are not in ``names`` are ignored.

    Raises:
        Cycle: The constraints form a circle.
    """
    position = {name: index for index, name in enumerate(names)}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in names:
        sorter.add(name, *(other for other in after.get(name, ()) if other in position))
    try:
        sorter.prepare()
    except CycleError as error:
        raise Cycle(error.args[1]) from None
    waiting: list[int] = []
    ordered: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(waiting, position[name])
        ordered.append(names[heappop(waiting)])
        sorter.done(ordered[-1])
    return ordered
