"""Calling hooks, one implementation at a time, so that an error can name its plugin.

pluggy keeps the implementations and their ``tryfirst``/``trylast``; the order is ours. Collecting
calls run requirements first, ``first`` asks dependents first, so that whoever builds on another
may answer in its place.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pluggy import HookImpl, PluginManager

from ..exceptions import AppImportError, ImproperlyConfigured, PluginError, RaystackError
from ..traces import describe, place
from .contract import Plugin

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
        is_sequence = isinstance(self.value, Sequence) and not isinstance(self.value, str)
        for item in self.value if is_sequence else [self.value]:
            if not (is_sequence and isinstance(item, wanted)):
                raise self.wrong(item, f"a sequence of {wanted.__name__}", hook)
            yield item

    def one(self, wanted: type[Any], hook: str) -> Any:
        """Return what the plugin returned, making sure that it is of that class.

        Args:
            wanted: The class; it may be an abstract one, such as ``Mapping``.
            hook: The hook's name.

        Raises:
            PluginError: It is of another class.
        """
        if not isinstance(self.value, wanted):
            raise self.wrong(self.value, f"an instance of {wanted.__name__}", hook)
        return self.value

    def wrong(self, found: object, wanted: str, hook: str) -> PluginError:
        """Make the error for a hook that returned something else than it should."""
        contract, kind = self.plugin.contract, type(found).__name__
        article = "an" if kind[0].lower() in "aeiou" else "a"
        return PluginError(
            f"{contract.title} returned {article} {kind} from {hook}. "
            f"It has to return {wanted}.\n"
            f"  {contract.origin}\n"
            f"  Repair it, or start without the plugin: {contract.way_without}",
            plugin=self.plugin.name,
        )


class Hooks:
    """The hooks of one kernel.

    Args:
        pluginmanager: Where the plugins are registered, under their names.
        plugin_of: Finds a loaded plugin by its name; ``None`` for one that is left out.
        on_error: Takes an error of a plugin; it raises, or has left the plugin out when it returns.
    """

    def __init__(
        self,
        pluginmanager: PluginManager,
        plugin_of: Callable[[str], Plugin | None],
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
        for plugin, implementation in self._standing(self._collecting(hook)):
            value = self._answer(plugin, implementation, hook, arguments, on_error)
            if value is not None:
                results.append(HookResult(plugin, value))
        # A plugin may have been left out after it answered, by the fault of one it requires.
        return [result for result in results if self._plugin_of(result.plugin.name)]

    def gather(
        self, hook: str, read: Callable[[HookResult], Iterable[T]], **arguments: Any
    ) -> list[tuple[Plugin, T]]:
        """Call every implementation and take its result apart; a wrong one is its plugin's failure.

        Args:
            hook: The hook's name.
            read: Take a result apart; it raises ``result.wrong(...)`` for one that does not fit.
            arguments: What the hook's specification names.

        Returns:
            What ``read`` found, each with its plugin, of those that are loaded afterwards.

        Raises:
            PluginError: An implementation raised or returned something wrong, and
                ``PLUGIN_ERRORS`` is ``"raise"``.
        """
        found: list[tuple[Plugin, T]] = []
        for result in self.call(hook, **arguments):
            if self._plugin_of(result.plugin.name):
                try:
                    found += [(result.plugin, item) for item in read(result)]
                except PluginError as error:
                    self._on_error(error)
        return [each for each in found if self._plugin_of(each[0].name)]

    def _answer(
        self,
        plugin: Plugin,
        implementation: HookImpl,
        hook: str,
        arguments: dict[str, Any],
        on_error: Callable[[PluginError], None],
    ) -> Any:
        """Run an implementation; and again without another plugin that it found at fault."""
        while True:
            try:
                return _run(implementation, arguments)
            except AppImportError:  # not the mistake of the plugin that came upon it
                raise
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is a plugin's
                named = self._named(plugin, hook, error)
                on_error(named)
                if self._plugin_of(named.plugin) or self._plugin_of(plugin.name) is not plugin:
                    return None

    async def acall(self, hook: str, **arguments: Any) -> list[HookResult]:
        """Call every implementation, requirements first, awaiting those that are asynchronous.

        For hooks which plugins specify, as ``async def``, and call while the application serves.

        Raises:
            PluginError: An implementation raised. ``PLUGIN_ERRORS`` is about the start: here an
                error is always raised.
        """
        results = []
        for plugin, implementation in self._standing(self._collecting(hook)):
            try:
                value = _run(implementation, arguments)
                if inspect.isawaitable(value):
                    value = await value
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is a plugin's
                named = self._named(plugin, hook, error)
                raise named from named.__cause__
            if value is not None:
                results.append(HookResult(plugin, value))
        return results

    def first(self, hook: str, **arguments: Any) -> HookResult | None:
        """Ask dependents first and stop at the first result that is not ``None``."""
        for plugin, implementation in self._standing(reversed(self._implementations(hook))):
            try:
                value = _run(implementation, arguments)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is a plugin's
                self._on_error(self._named(plugin, hook, error))
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

    def _standing(self, implementations: Iterable[HookImpl]) -> Iterator[tuple[Plugin, HookImpl]]:
        """Pass over the implementations of plugins that were left out on the way."""
        for implementation in implementations:
            plugin = self._plugin_of(implementation.plugin_name)
            if plugin is not None:
                yield plugin, implementation

    def _named(self, plugin: Plugin, hook: str, error: BaseException) -> PluginError:
        """Write an error as the plugin's, unless the plugin has found another one at fault."""
        if isinstance(error, PluginError) and self._plugin_of(error.plugin):
            return error
        return failure(plugin, hook, error)


def _run(implementation: HookImpl, arguments: dict[str, Any]) -> Any:
    return implementation.function(*[arguments[name] for name in implementation.argnames])


def failure(plugin: Plugin, hook: str, error: BaseException) -> PluginError:
    """Write what a plugin raised in a hook as an error that names both."""
    contract = plugin.contract
    said = describe(error).removesuffix(".")
    named = PluginError(
        f"{contract.title} failed in the hook {hook}: {said}.\n"
        f"{_raised_in(plugin, error)}"
        f"  {contract.origin}\n"
        f"  Repair the cause, or start without the plugin: {contract.way_without}",
        plugin=plugin.name,
    )
    # A mistake of the project's that the plugin reports well needs no traceback of the plugin's.
    named.__cause__ = None if isinstance(error, ImproperlyConfigured) else error
    return named


def _raised_in(plugin: Plugin, error: BaseException) -> str:
    if isinstance(error, RaystackError):  # says itself what to repair
        return ""
    where = place(error, plugin.module.__name__.partition(".")[0])
    return f"  It was raised in {where}.\n" if where else ""
