"""Registering plugins: judge and order contracts, import modules, add hookspecs, compare hooks.

Only contracts that still stand go on to the next step. One that fails falls with all that require
it, whatever the step, if the failure does not end the start.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pluggy import PluginManager

from .. import hookspecs
from ..distributions import is_own
from ..exceptions import PluginError
from ..markers import PROJECT_NAME
from .caller import failure
from .contract import Contract, Plugin
from .failures import Failures
from .loader import check_hooks, load
from .order import PluginCycle, in_order
from .selection import dependents, judges


class Registry:
    """The plugins of one kernel.

    Args:
        failures: Decides whether a failure ends the start.
    """

    def __init__(self, failures: Failures) -> None:
        self.pluginmanager = PluginManager(PROJECT_NAME)
        self.pluginmanager.add_hookspecs(hookspecs)
        self.loaded: dict[str, Plugin] = {}
        self._failures = failures
        self._chosen: list[Contract] = []
        self._standing: list[Contract] = []

    # The steps ----------------------------------------------------------------------------------

    def judge(
        self,
        chosen: Sequence[Contract],
        installed: Sequence[Contract],
        broken: Sequence[Contract] = (),
    ) -> None:
        """Judge what is to start by its contracts, and put it in order. Nothing is imported.

        Args:
            chosen: What is to start.
            installed: All there is, to tell what is disabled from what is missing.
            broken: Apps that could not be loaded, where a diagnosis goes on without them.
        """
        self._chosen = [*chosen, *broken]
        self._standing = [*self._chosen]
        for contract in broken:
            self._leave_out(contract)
        for judge in judges(self._standing, installed):
            for contract in list(self._standing):
                if contract in self._standing and (message := judge(contract)):
                    self.fail(PluginError(message, plugin=contract.name), contract)
        self._order()

    def _order(self) -> None:
        while True:
            try:
                self._standing = in_order(self._standing)
            except PluginCycle as cycle:
                for contract in cycle.contracts[1:]:
                    if contract in self._standing:
                        self.fail(PluginError(str(cycle), plugin=contract.name), contract)
            else:
                return

    def load(self) -> None:
        """Import the plugins' modules, those of requirements first."""
        for contract in list(self._standing):
            if contract.module and contract in self._standing:
                try:
                    self.loaded[contract.name] = load(contract)
                except PluginError as error:
                    self.fail(error, contract)

    def add_hookspecs(self) -> None:
        """Let plugins specify hooks, before anybody's hooks are compared with specifications.

        Raystack's own come first: a hook of theirs is nobody else's to specify.
        """
        for plugin in sorted(self.plugins, key=lambda plugin: not is_own(plugin.distribution)):
            add = getattr(plugin.module, "raystack_addhooks", None)
            if add is None or not self.has(plugin):
                continue
            try:
                add(self.pluginmanager)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is the plugin's
                self.fail(failure(plugin, "raystack_addhooks", error), plugin.contract)

    def register(self) -> None:
        """Compare the plugins' hooks with their specifications and hand them to pluggy."""
        for plugin in self.plugins:
            if not self.has(plugin):
                continue
            try:
                check_hooks(plugin, self.pluginmanager)
            except PluginError as error:
                self.fail(error, plugin.contract)
            else:
                self.pluginmanager.register(plugin.module, plugin.name)

    # What stands and what has fallen ------------------------------------------------------------

    @property
    def plugins(self) -> list[Plugin]:
        """The loaded plugins, in their order."""
        return list(self.loaded.values())

    def has(self, plugin: Plugin) -> bool:
        """Say whether a plugin is still loaded."""
        return self.loaded.get(plugin.name) is plugin

    def has_fallen(self, name: str) -> bool:
        """Say whether a plugin or app of that name was to start and does not."""
        return any(c.name == name for c in self._chosen) and not self._stands(name)

    def fail(self, error: PluginError, contract: Contract | None = None) -> None:
        """Raise a plugin's error, or leave the plugin out together with those that require it.

        Args:
            error: What is wrong.
            contract: The contract at fault; by default that of the plugin which the error names.
        """
        contract = contract or self._find(error)
        self._failures.judge(error, contract)
        self._leave_out(contract)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Treat a plugin's error in the block as its failure."""
        try:
            yield
        except PluginError as error:
            self.fail(error)

    def _leave_out(self, contract: Contract) -> None:
        if contract in self._standing:
            self._standing.remove(contract)
        plugin = self.loaded.get(contract.name)
        if plugin is not None and plugin.contract == contract:
            del self.loaded[contract.name]
            if self.pluginmanager.is_registered(plugin.module):
                self.pluginmanager.unregister(plugin.module)
        for dependent in dependents(contract, self._standing):
            if dependent in self._standing:
                self.fail(
                    PluginError(
                        f"{dependent.title} is left out, for it needs {contract.title}.",
                        plugin=dependent.name,
                    ),
                    dependent,
                )

    def _find(self, error: PluginError) -> Contract:
        """Find the plugin that an error names, among those that have fallen too."""
        for contract in (*self._standing, *self._chosen):
            if contract.name == error.plugin:
                return contract
        raise error

    def _stands(self, name: str) -> bool:
        return any(contract.name == name for contract in self._standing)
