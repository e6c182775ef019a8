"""Calling hooks, one implementation at a time, so that an error can name its plugin.

pluggy keeps the implementations and their ``tryfirst``/``trylast``; the order is ours. Collecting
calls run requirements first, ``first`` asks dependents first, so that whoever builds on another
may answer in its place.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pluggy import HookImpl, PluginManager

from ..exceptions import ImproperlyConfigured, PluginError
from .contract import Plugin
from .loader import describe

T = TypeVar("T")


class HookResult(NamedTuple):
    """What one plugin returned from a hook."""

    plugin: Plugin
    value: Any

    def each(self, wanted: type[T], hook: str) -> Iterator[T]:
        """Go through a sequence that the plugin returned, making sure of its items.

        Raises:
            PluginError: It is not a sequence, or an item is of another class.
        """
        found = self.value if isinstance(self.value, Sequence) else [self.value]
        for item in found:
            if not isinstance(item, wanted) or found is not self.value:
                raise self.wrong(item, f"a sequence of {wanted.__name__}", hook)
            yield item

    def wrong(self, found: object, wanted: str, hook: str) -> PluginError:
        """Make the error for a hook that returned something else than it should."""
        contract = self.plugin.contract
        return PluginError(
            f"{contract.title} returned a {type(found).__name__} from {hook}. "
            f"It has to return {wanted}.\n"
            f"  {contract.origin}\n"
            f"  Repair it, or start without the plugin: {contract.way_without}",
            plugin=self.plugin.name,
        )


class Hooks:
    """The hooks of one kernel.

    Args:
        pluginmanager: Where the plugins are registered, under their names.
        plugin_of: Finds a loaded plugin by its name.
        on_error: Takes an error of a plugin; it raises, or has disabled the plugin when it returns.
    """

    def __init__(
        self,
        pluginmanager: PluginManager,
        plugin_of: Callable[[str], Plugin],
        on_error: Callable[[PluginError], None],
    ) -> None:
        self._pluginmanager = pluginmanager
        self._plugin_of = plugin_of
        self._on_error = on_error

    def call(self, hook: str, **arguments: Any) -> list[HookResult]:
        """Call every implementation, requirements first.

        Args:
            hook: The hook's name.
            arguments: What the hook's specification names.

        Returns:
            The results that are not ``None``.

        Raises:
            PluginError: An implementation raised, and ``PLUGIN_ERRORS`` is ``"raise"``.
        """
        return self.collect(hook, arguments, self._on_error)

    def collect(
        self, hook: str, arguments: dict[str, Any], on_error: Callable[[PluginError], None]
    ) -> list[HookResult]:
        """Call every implementation as ``call`` does, with another policy for errors."""
        results = []
        for implementation in self._collecting(hook):
            plugin = self._plugin_of(implementation.plugin_name)
            try:
                value = _run(implementation, arguments)
            except PluginError as error:  # a plugin may find another one at fault
                on_error(error)
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the plugin's
                on_error(failure(plugin, hook, error))
                continue
            if value is not None:
                results.append(HookResult(plugin, value))
        return results

    async def acall(self, hook: str, **arguments: Any) -> list[HookResult]:
        """Call every implementation, requirements first, awaiting those that are asynchronous.

        For hooks which plugins specify and call themselves while the application serves.
        """
        results = []
        for implementation in self._collecting(hook):
            plugin = self._plugin_of(implementation.plugin_name)
            try:
                value = _run(implementation, arguments)
                if inspect.isawaitable(value):
                    value = await value
            except Exception as error:
                raise failure(plugin, hook, error) from error
            if value is not None:
                results.append(HookResult(plugin, value))
        return results

    def first(self, hook: str, **arguments: Any) -> HookResult | None:
        """Ask dependents first and stop at the first result that is not ``None``."""
        for implementation in reversed(self._implementations(hook)):
            plugin = self._plugin_of(implementation.plugin_name)
            try:
                value = _run(implementation, arguments)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the plugin's
                self._on_error(failure(plugin, hook, error))
                continue
            if value is not None:
                return HookResult(plugin, value)
        return None

    def used_by(self, plugin: Plugin) -> list[str]:
        """Name the hooks that a plugin implements."""
        callers = self._pluginmanager.get_hookcallers(plugin.module) or []
        return sorted(caller.name for caller in callers)

    def _implementations(self, hook: str) -> list[HookImpl]:
        """List them as pluggy keeps them: trylast ones, then by registration, then tryfirst."""
        caller = getattr(self._pluginmanager.hook, hook, None)
        return list(caller.get_hookimpls()) if caller is not None else []

    def _collecting(self, hook: str) -> Iterator[HookImpl]:
        implementations = self._implementations(hook)
        yield from (i for i in implementations if i.tryfirst)
        yield from (i for i in implementations if not i.tryfirst and not i.trylast)
        yield from (i for i in implementations if i.trylast)


def _run(implementation: HookImpl, arguments: dict[str, Any]) -> Any:
    return implementation.function(*[arguments[name] for name in implementation.argnames])


def failure(plugin: Plugin, hook: str, error: Exception) -> PluginError:
    """Write what a plugin raised in a hook as an error that names both."""
    contract = plugin.contract
    named = PluginError(
        f"{contract.title} failed in the hook {hook}: {describe(error)}.\n"
        f"  {contract.origin}\n"
        f"  Repair the cause, or start without the plugin: {contract.way_without}",
        plugin=plugin.name,
    )
    # A mistake of the project's that the plugin reports well needs no traceback of the plugin's.
    named.__cause__ = None if isinstance(error, ImproperlyConfigured) else error
    return named
