"""The kernel: the life cycle of a project, from finding it to having it ready.

The steps run once and in order: sources, contracts, register, settings, apps, ready. Building and
serving the web application come after them, in ``application.py``, so that a command such as
``raystack migrate`` never imports FastAPI.
"""

from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pluggy import PluginManager

from . import hookspecs
from .apps import AppConfig, Apps, load_app
from .conf.sources import READ_EARLY, Sources, in_safe_mode, read_sources
from .exceptions import (
    AppError,
    ImproperlyConfigured,
    PluginError,
    RaystackError,
    SettingsError,
)
from .markers import PROJECT_NAME
from .plugins.caller import Hooks
from .plugins.contract import Contract, Plugin, Problem
from .plugins.loader import check_hooks, describe, load
from .project import Project, find_project

if TYPE_CHECKING:  # FastAPI and pydantic, which registering plugins does without
    from .application import Raystack
    from .conf.frozen import Settings

POLICIES = ("raise", "skip")


class Kernel:
    """A project's plugins, settings and apps.

    Args:
        project: The project; found around the current folder by default.
        settings: Values that win over the settings module and the environment.
        plugins: Modules to register as plugins besides the installed ones, for tests.
        discover: False registers no installed plugin but the given modules.
        collect: True collects every problem in ``problems`` instead of raising, for a diagnosis.
    """

    def __init__(
        self,
        project: Project | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        plugins: Sequence[ModuleType] = (),
        discover: bool = True,
        collect: bool = False,
    ) -> None:
        self.project = project or find_project()
        self.problems: list[Problem] = []
        self.notes: list[str] = []  # variables that may belong to a plugin that is left out
        self.apps = Apps()
        self.safe_mode = in_safe_mode()
        self.pluginmanager = PluginManager(PROJECT_NAME)
        self.pluginmanager.add_hookspecs(hookspecs)
        self.hooks = Hooks(self.pluginmanager, self._plugin, self._plugin_failed)
        self.application: Raystack | None = None  # see application.py
        self.sync_runner: Callable[..., Awaitable[Any]] | None = None  # see concurrency.py
        self._given = dict(settings or {})
        self._modules = plugins
        self._discover = discover
        self._collect = collect
        self._sources = Sources()
        self._contracts: list[Contract] = []
        self._loaded: dict[str, Plugin] = {}
        self._settings: Settings | None = None
        self._overrides: list[Mapping[str, Any]] = []
        self._done = 0
        self._running = ""
        self._lock = RLock()

    # The life cycle -----------------------------------------------------------------------------

    def register(self) -> None:
        """Run the steps up to ``register``: plugins are known and loaded, settings are not.

        Raises:
            RaystackError: A source, a contract or a plugin is broken.
        """
        self._run(3)

    def setup(self) -> None:
        """Run all steps that have not run: afterwards settings and apps are ready.

        Raises:
            RaystackError: Something in the project or its plugins is broken.
        """
        self._run(6)

    def _run(self, until: int) -> None:
        steps = (
            self._read_sources,
            self._read_contracts,
            self._register,
            self._merge_settings,
            self._load_apps,
            self._call_ready,
        )
        with self._lock:
            while self._done < until:
                step = steps[self._done]
                if self._running:
                    raise ImproperlyConfigured(
                        f"The kernel is in its step {self._running!r} and was started again from "
                        f"within it. Move what needs settings or apps to raystack_ready."
                    )
                self._running = step.__name__.strip("_").replace("_", " ")
                try:
                    self._attempt(step)
                finally:
                    self._running = ""
                self._done += 1

    def _attempt(self, step: Any) -> None:
        try:
            step()
        except RaystackError as error:
            if not self._collect:
                raise
            self._note(error)

    def _read_sources(self) -> None:
        self.project.activate()
        self._sources = Sources(given=self._given)
        self._sources = read_sources(self.project, self._given)
        # .env may name another settings module than the environment does.
        self.project = replace(self.project, settings_module=self._sources.module_name)

    def _read_contracts(self) -> None:
        """Read what is installed, choose, judge and order it, and only then import anything."""
        if self._discover:
            from .plugins.discovery import discover

            self._contracts = discover()
        self._contracts += [Contract(m.__name__, m.__name__) for m in self._modules]

    def _register(self) -> None:
        for entry in self._listed_apps():
            self._load_app(entry)
        plugins = [self._load(contract) for contract in self._chosen()]
        loaded = [plugin for plugin in plugins if plugin is not None]
        self._loaded = {plugin.name: plugin for plugin in loaded}
        self._add_hookspecs(loaded)
        for plugin in loaded:
            if plugin.name in self._loaded:
                self._register_plugin(plugin)

    def _merge_settings(self) -> None:
        from .conf.core import CoreSettings
        from .conf.merge import OwnedSection, merge
        from .conf.section import Section

        sections = [OwnedSection("raystack-core", CoreSettings)]
        for result in self.hooks.call("raystack_settings"):
            if not (isinstance(result.value, type) and issubclass(result.value, Section)):
                raise result.wrong(result.value, "a subclass of Section", "raystack_settings")
            owner = result.plugin.distribution or result.plugin.name
            sections.append(OwnedSection(owner, result.value))
        self._sections = sections
        try:
            self._settings, self.notes = merge(sections, self._sources, self._left_out)
        except SettingsError as error:
            if not self._collect:
                raise
            self._note(error)
            self._settings = merge(sections, Sources()).settings
        self._configure_logging()
        for note in self.notes:
            from logging import getLogger

            getLogger("raystack").warning(note)

    def _configure_logging(self) -> None:
        if self.settings.LOGGING is not None:
            from logging.config import dictConfig

            dictConfig(self.settings.LOGGING)

    def _load_apps(self) -> None:
        for owned in self._sections:
            for entry in owned.section.apps:
                if entry not in self.apps:
                    self._load_app(entry)
        for config in self.apps:
            self.hooks.call("raystack_app_loaded", kernel=self, app_config=config)

    def _call_ready(self) -> None:
        for config in self.apps:
            _get_ready(config)
        self.hooks.call("raystack_ready", kernel=self)

    # Registering --------------------------------------------------------------------------------

    def _listed_apps(self) -> list[str]:
        if self.safe_mode:
            return []
        return self._sources.raw_list("INSTALLED_APPS") or []

    def _load_app(self, entry: str) -> None:
        try:
            self.apps.add(load_app(entry))
        except RaystackError as error:
            if not self._collect:
                raise
            self._note(error)

    def _chosen(self) -> list[Contract]:
        """Choose, judge and order the contracts of distributions and apps."""
        from .plugins.order import PluginCycle, in_order
        from .plugins.selection import choose, judge_all

        disabled = self._sources.raw_list("PLUGINS_DISABLED") or []
        allowed = self._sources.raw_list("PLUGINS")
        chosen = choose(self._contracts, allowed, disabled)
        local = [config.contract for config in self.apps]
        chosen += [c for c in local if c is not None and c.name not in disabled]
        for contract, message in judge_all(chosen, self._contracts):
            self._plugin_failed(PluginError(message, plugin=contract.name), contract)
            chosen.remove(contract)
        while True:
            try:
                return in_order(chosen)
            except PluginCycle as cycle:
                for contract in cycle.contracts[1:]:
                    self._plugin_failed(PluginError(str(cycle), plugin=contract.name), contract)
                    chosen.remove(contract)

    def _load(self, contract: Contract) -> Plugin | None:
        try:
            return load(contract)
        except PluginError as error:
            self._plugin_failed(error, contract)
            return None

    def _add_hookspecs(self, plugins: Sequence[Plugin]) -> None:
        for plugin in plugins:
            add = getattr(plugin.module, "raystack_addhooks", None)
            if add is None:
                continue
            try:
                add(self.pluginmanager)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the plugin's
                self._plugin_failed(
                    PluginError(
                        f"{plugin.contract.title} failed in the hook raystack_addhooks: "
                        f"{describe(error)}.\n  {plugin.contract.origin}\n"
                        f"  Repair it, or start without the plugin: "
                        f"{plugin.contract.way_without}",
                        plugin=plugin.name,
                    )
                )

    def _register_plugin(self, plugin: Plugin) -> None:
        try:
            check_hooks(plugin, self.pluginmanager)
        except PluginError as error:
            self._plugin_failed(error)
        else:
            self.pluginmanager.register(plugin.module, plugin.name)

    # Failures -----------------------------------------------------------------------------------

    @property
    def _policy(self) -> str:
        found = self._sources.raw("PLUGIN_ERRORS")
        policy = found[0] if found else "raise"
        if policy not in POLICIES:
            origin = found[1] if found else ""
            close = get_close_matches(str(policy), POLICIES, n=1)
            meant = f' Did you mean "{close[0]}"?' if close else ""
            raise SettingsError(
                f'PLUGIN_ERRORS (from {origin}) should be "raise" or "skip".{meant} '
                f"It belongs to raystack-core."
            )
        return str(policy)

    def _plugin_failed(self, error: PluginError, contract: Contract | None = None) -> None:
        """Raise a plugin's error, or disable the plugin with those that require it."""
        contract = contract or self._plugin(error.plugin).contract
        if not self._collect and (contract.essential or self._policy == "raise"):
            raise error
        self.problems.append(Problem(str(error), contract.name, skipped=True))
        if not self._collect:
            from logging import getLogger

            getLogger("raystack").warning("Going on without a plugin. %s", error)
        self._disable(contract)

    def _disable(self, contract: Contract) -> None:
        from .plugins.selection import needs

        plugin = self._loaded.pop(contract.name, None)
        if plugin is not None and self.pluginmanager.is_registered(plugin.module):
            self.pluginmanager.unregister(plugin.module)
        for dependent in [p.contract for p in self._loaded.values()]:
            if dependent.name in self._loaded and needs(dependent, contract):
                self._plugin_failed(
                    PluginError(
                        f"{dependent.title} is left out, for it needs {contract.title}.",
                        plugin=dependent.name,
                    ),
                    dependent,
                )

    def _note(self, error: RaystackError) -> None:
        plugin = error.plugin if isinstance(error, PluginError) else ""
        self.problems.append(Problem(str(error), plugin))

    # What others read ---------------------------------------------------------------------------

    @property
    def settings(self) -> "Settings":
        """The frozen settings. Reading them starts the kernel as far as needed.

        Raises:
            SettingsError: A plugin reads them while plugins are still being registered.
        """
        if self._settings is None:
            if self._running:
                raise SettingsError(
                    f"Settings are read in the kernel's step {self._running!r}, before they exist. "
                    f"Read them inside a hook such as raystack_ready, not at import."
                )
            self._run(4)
        if self._settings is None:
            raise SettingsError("The settings are broken: see `raystack plugins doctor`.")
        return self._settings

    @property
    def plugins(self) -> list[Plugin]:
        """The loaded plugins, in their order."""
        return list(self._loaded.values())

    @property
    def contracts(self) -> list[Contract]:
        """The contracts of all installed plugins, loaded or not."""
        return list(self._contracts)

    def owner_of(self, module: str) -> str:
        """Name the plugin or app that a module belongs to; the project, where it is neither."""
        app = self.apps.containing(module)
        if app is not None:
            return app.name
        package = module.partition(".")[0]
        for plugin in self._loaded.values():
            if plugin.module.__name__.partition(".")[0] == package:
                return plugin.distribution or plugin.name
        return "raystack-core" if package in {"raystack", "fastapi", "starlette"} else "the project"

    @property
    def _left_out(self) -> list[str]:
        if self.safe_mode:
            return ["every app"]
        return sorted({each.name for each in self._contracts} - self._loaded.keys())

    def _plugin(self, name: str) -> Plugin:
        return self._loaded[name]

    @contextmanager
    def override_settings(self, **values: Any) -> Iterator[None]:
        """Put values on top of the settings, validated as always; for tests.

        An application that is already built keeps what it read while it was built. Overrides may
        end in any order: each takes away its own values.

        Raises:
            SettingsError: A value does not fit, or it would have no effect.
        """
        self._run(4)
        for name in sorted(READ_EARLY & values.keys()):
            raise SettingsError(
                f"{name} cannot be overridden: the kernel reads it before there are settings. "
                f"Use another kernel: with use_kernel(Kernel(settings={{{name!r}: ...}}))."
            )
        if not self._overrides:
            self._not_overridden = self._settings, self._sources
        self._overrides.append(values)
        try:
            self._apply_overrides()
            yield
        finally:
            self._overrides = [each for each in self._overrides if each is not values]
            self._apply_overrides()

    def _apply_overrides(self) -> None:
        from .conf.merge import merge

        settings, sources = self._not_overridden
        if self._overrides:
            sources = replace(sources, overrides=dict(ChainMap(*reversed(self._overrides))))
            settings = merge(self._sections, sources, self._left_out).settings
        self._settings, self._sources = settings, sources


def _get_ready(config: AppConfig) -> None:
    try:
        config.ready()
    except Exception as error:
        raise AppError(
            f"The app {config.name} failed in {type(config).__name__}.ready(): "
            f"{describe(error)}.\n  Repair it, or take it out of INSTALLED_APPS."
        ) from error


_active: Kernel | None = None
_active_lock = RLock()


def get_kernel() -> Kernel:
    """Return the active kernel, making one for the current project when there is none."""
    global _active
    with _active_lock:
        if _active is None:
            _active = Kernel()
        return _active


@contextmanager
def use_kernel(kernel: Kernel) -> Iterator[Kernel]:
    """Make a kernel the active one for a while, in tests and tools."""
    global _active
    former, _active = _active, kernel
    try:
        yield kernel
    finally:
        _active = former
