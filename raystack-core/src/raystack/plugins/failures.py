"""What a broken plugin does to the start: ``PLUGIN_ERRORS``, and a diagnosis that notes it all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..conf.sources import Sources
from ..exceptions import PluginError, RaystackError, SettingsError
from ..text import did_you_mean
from .contract import Contract, Problem

POLICIES = ("raise", "skip")


class Failures:
    """The failures of one kernel, and the policy for them.

    Args:
        sources: Return the settings as they are written; ``PLUGIN_ERRORS`` is needed before the
            settings are validated.
        collect: True goes on whatever is broken, for a diagnosis.
    """

    def __init__(self, sources: Callable[[], Sources], *, collect: bool) -> None:
        self.problems: list[Problem] = []
        self.collect = collect
        self._sources = sources

    @property
    def goes_on(self) -> bool:
        """True where the start goes on without a broken plugin that is not essential."""
        return self.collect or self._policy() == "skip"

    @contextmanager
    def noting(self) -> Iterator[None]:
        """In a diagnosis, note an error of the block and go on after it."""
        try:
            yield
        except RaystackError as error:
            self.note(error)

    def note(self, error: RaystackError) -> None:
        """In a diagnosis, note an error; else raise it."""
        if not self.collect:
            raise error
        plugin = error.plugin if isinstance(error, PluginError) else ""
        self.problems.append(Problem(str(error), plugin))

    def judge(self, error: PluginError, contract: Contract) -> None:
        """Raise a plugin's error, or note that the start goes on without the plugin."""
        if not self.collect and (contract.essential or not self.goes_on):
            raise error
        self.problems.append(Problem(str(error), contract.name, skipped=True))
        if not self.collect:
            from logging import getLogger

            getLogger("raystack").warning("Going on without a plugin. %s", error)

    def _policy(self) -> str:
        found = self._sources().raw("PLUGIN_ERRORS")
        value, origin = found[:2] if found else ("raise", "default")
        if value not in POLICIES:
            raise SettingsError(
                f'PLUGIN_ERRORS (from {origin}) should be "raise" or "skip".'
                f"{did_you_mean(str(value), POLICIES)} It belongs to raystack-core."
            )
        return str(value)
