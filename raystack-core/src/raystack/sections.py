"""The sections of the plugins, each with its plugin, so that a mistake in one names the plugin."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .conf.core import CoreSettings
from .conf.merge import Merged, OwnedSection, merge
from .conf.section import Section
from .conf.sources import Sources
from .distributions import is_own
from .exceptions import PluginError, SettingsError
from .plugins.caller import HookResult
from .plugins.contract import Plugin
from .plugins.failures import Failures
from .plugins.registration import Registry


class Declared(NamedTuple):
    """A section with its plugin; ``None`` for the kernel's own."""

    owned: OwnedSection
    plugin: Plugin | None


class Sections:
    """The sections of one kernel.

    Args:
        registry: The plugins; one that fails here is left out.
        failures: Says whether to go on.
    """

    def __init__(self, registry: Registry, failures: Failures) -> None:
        self._registry = registry
        self._failures = failures
        self._declared = [Declared(OwnedSection("raystack-core", CoreSettings), None)]

    def collect(self, results: Iterable[HookResult]) -> None:
        """Take the sections from the plugins' answers to ``raystack_settings``."""
        for result in results:
            with self._registry.failing():
                if not (isinstance(result.value, type) and issubclass(result.value, Section)):
                    raise result.wrong(result.value, "a subclass of Section", "raystack_settings")
                owner = result.plugin.distribution or result.plugin.name
                self._declared.append(Declared(OwnedSection(owner, result.value), result.plugin))
        # Where two declare one setting, the later is at fault: never one of Raystack's own.
        self._declared.sort(key=lambda each: not is_own(each.owned.owner))
        self._drop_fallen()

    def apps(self) -> list[tuple[Plugin, str]]:
        """Return the apps that sections add, each with the plugin that adds it."""
        return [
            (each.plugin, entry)
            for each in self._declared
            if each.plugin is not None
            for entry in each.owned.section.apps
        ]

    def merge(self, sources: Sources, left_out: Sequence[str]) -> Merged:
        """Merge and validate the settings; see ``raystack.conf.merge``.

        Raises:
            SettingsError: A value or a section is wrong.
        """
        return merge([each.owned for each in self._declared], sources, left_out)

    def merge_at_start(self, sources: Sources, left_out: Callable[[], Sequence[str]]) -> Merged:
        """Merge the settings, leaving out plugins whose sections are wrong, if that is the policy.

        Args:
            sources: The sources.
            left_out: Name what does not start; more may have been left out when it is asked again.

        Raises:
            SettingsError: A value is wrong; or a section, where the policy is to raise.
        """
        try:
            return self.merge(sources, left_out())
        except SettingsError:
            if not self._failures.goes_on:
                raise
        while (unfit := self._find_unfit()) is not None:
            self._registry.fail(unfit)
            self._drop_fallen()
        try:
            return self.merge(sources, left_out())
        except SettingsError as error:
            self._failures.note(error)
        return self._merge_what_is_right(sources)

    def _find_unfit(self) -> PluginError | None:
        """Find the first section that is wrong in itself, or clashes with an earlier one.

        The project's values are not looked at: they are no plugin's fault.
        """
        for count, (_, plugin) in enumerate(self._declared, 1):
            try:
                merge([each.owned for each in self._declared[:count]], Sources())
            except SettingsError as error:
                if plugin is None:
                    raise
                return PluginError(
                    f"{error}\n  {plugin.contract.origin}\n"
                    f"  Repair it, or start without the plugin: {plugin.contract.way_without}",
                    plugin=plugin.name,
                )
        return None

    def _merge_what_is_right(self, sources: Sources) -> Merged:
        from .diagnosis import sound_part

        def fits(part: Sources) -> bool:
            try:
                self.merge(part, ())
            except SettingsError:
                return False
            return True

        return self.merge(sound_part(sources, fits), ())

    def _drop_fallen(self) -> None:
        self._declared = [
            each
            for each in self._declared
            if each.plugin is None or self._registry.has(each.plugin)
        ]
