"""The order of plugins: requirements first, then ``after`` and ``before``, then the alphabet."""

from collections.abc import Sequence

from ..graph import Cycle, stable_order
from .contract import Contract
from .selection import needs


class PluginCycle(Exception):
    """Plugins that cannot be put in an order.

    Args:
        contracts: The plugins of the cycle, each before the next; the first one comes again last.
    """

    def __init__(self, contracts: Sequence[Contract]) -> None:
        super().__init__(contracts)
        self.contracts = contracts

    def __str__(self) -> str:
        """Name every plugin of the cycle and the way out."""
        chain = " -> ".join(contract.title for contract in self.contracts)
        return (
            f"These plugins cannot be put in an order, each has to go before the next: {chain}.\n"
            f"  Start without one of them: {self.contracts[0].way_without}"
        )


def in_order(contracts: Sequence[Contract]) -> list[Contract]:
    """Put plugins in their order, the same at every start.

    Raises:
        PluginCycle: Their constraints form a cycle.
    """
    by_name = {c.name: c for c in sorted(contracts, key=lambda c: c.sort_key)}
    after = {name: set(_goes_after(c, contracts)) for name, c in by_name.items()}
    for contract in contracts:
        for other in contract.before:
            after.setdefault(other, set()).add(contract.name)
    try:
        return [by_name[name] for name in stable_order(list(by_name), after)]
    except Cycle as cycle:
        raise PluginCycle([by_name[name] for name in cycle.names]) from None


def _goes_after(contract: Contract, contracts: Sequence[Contract]) -> list[str]:
    return [
        other.name
        for other in contracts
        if other is not contract and (other.name in contract.after or needs(contract, other))
    ]
