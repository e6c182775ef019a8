"""A plugin's contract: what it needs and where it goes, read before its code is imported."""

from dataclasses import dataclass, field
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of a plugin without importing it.

    Args:
        name: The plugin's name: its entry point's, or the dotted name of the app.
        module: The module to import; empty for an app without ``plugin.py``.
        distribution: The normalised name of its distribution; empty for an app of the project.
        version: The distribution's version; empty for an app.
        requires: The distribution's ``Requires-Dist`` lines.
        after: Names of plugins that it goes after, if they are there (group ``raystack.after``).
        before: Names of plugins that it goes before (group ``raystack.before``).
        requires_plugins: Names of plugins that it cannot do without (an app's declaration).
        essential: True forbids ``PLUGIN_ERRORS = "skip"`` to go on without it.
    """

    name: str
    module: str
    distribution: str = ""
    version: str = ""
    requires: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    requires_plugins: tuple[str, ...] = ()
    essential: bool = False

    @property
    def title(self) -> str:
        """How messages name it: ``raystack-hello 0.2.0``, or ``the app apps.blog``."""
        if self.distribution:
            return f"{self.distribution} {self.version}"
        return f"the app {self.name}"

    @property
    def origin(self) -> str:
        """Where it is declared, as a sentence."""
        if self.distribution:
            return f"It was loaded from the entry point {self.name} = {self.module}."
        if self.module:
            return f"It is the module {self.module} of an entry in INSTALLED_APPS."
        return "It is an entry in INSTALLED_APPS."

    @property
    def way_without(self) -> str:
        """How to start without it, as a command's prefix."""
        return f"RAYSTACK_PLUGINS_DISABLED={self.name}"

    @property
    def sort_key(self) -> tuple[bool, str, str]:
        """Orders plugins that no constraint separates; apps come after distributions."""
        return (not self.distribution, self.distribution, self.name)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that is loaded.

    Args:
        contract: What it declared.
        module: The imported module with its hook implementations.
    """

    contract: Contract
    module: ModuleType = field(repr=False)

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.contract.name

    @property
    def distribution(self) -> str:
        """The normalised name of its distribution; empty for an app."""
        return self.contract.distribution

    @property
    def version(self) -> str:
        """The version of its distribution; empty for an app."""
        return self.contract.version


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a plugin, the settings, an app or the urls.

    Args:
        message: What happened and what to do, as the error would have said it.
        plugin: The plugin at fault; empty where it is the project's own mistake.
        skipped: True where the kernel went on without the plugin.
    """

    message: str
    plugin: str = ""
    skipped: bool = False
