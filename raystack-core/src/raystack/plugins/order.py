"""The order of plugins: requirements first, then ``after`` and ``before``, then the alphabet."""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from .contract import Contract
from .selection import needs


class PluginCycle(Exception):  # noqa: N818 - a finding for the kernel to report, not for users
    """Plugins that cannot be put in an order.

    Args:
        contracts: The plugins of the cycle, each before the next.
    """

    def __init__(self, contracts: Sequence[Contract]) -> None:
        super().__init__(contracts)
        self.contracts = contracts

    def __str__(self) -> str:
        """Name every plugin of the cycle and the way out."""
        chain = " -> ".join(contract.title for contract in self.contracts)
        return (
            f"These plugins cannot be put in an order, each wants to go before the next: {chain}.\n"
            f"  Start without one of them: {self.contracts[0].way_without}"
        )


def in_order(contracts: Sequence[Contract]) -> list[Contract]:
    """Put plugins in their order, the same at every start.

    Raises:
        PluginCycle: Their constraints form a cycle.
    """
    by_name = {contract.name: contract for contract in contracts}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for contract in contracts:
        sorter.add(contract.name, *_goes_after(contract, contracts))
        for other in contract.before:
            if other in by_name:
                sorter.add(other, contract.name)
    try:
        sorter.prepare()
    except CycleError as error:
        raise PluginCycle([by_name[name] for name in error.args[1]]) from None
    return [by_name[name] for name in _ready_alphabetically(sorter, by_name)]


def _goes_after(contract: Contract, contracts: Sequence[Contract]) -> list[str]:
    return [
        other.name
        for other in contracts
        if other is not contract and (other.name in contract.after or needs(contract, other))
    ]


def _ready_alphabetically(
    sorter: TopologicalSorter[str], by_name: dict[str, Contract]
) -> list[str]:
    waiting: list[tuple[tuple[bool, str, str], str]] = []
    ordered: list[str] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(waiting, (by_name[name].sort_key, name))
        _, first = heappop(waiting)
        ordered.append(first)
        sorter.done(first)
    return ordered
