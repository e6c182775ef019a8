"""The kernel: the life cycle of a project, from finding it to having it ready.

The steps run once and in order: sources, contracts, register, settings, apps, ready. Building and
serving the web application come after them, in ``application.py``, so that a command such as
``raystack migrate`` never imports FastAPI.
"""

from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .apps import Apps, get_ready, load_app
from .conf.sources import READ_EARLY, Sources, in_safe_mode, read_sources
from .exceptions import ImproperlyConfigured, PluginError, RaystackError, SettingsError
from .plugins.caller import Hooks
from .plugins.contract import Contract, Plugin, Problem
from .plugins.failures import Failures
from .plugins.registration import Registry
from .project import Project, find_project

if TYPE_CHECKING:  # FastAPI and pydantic, which registering plugins does without
    from .application import Raystack
    from .conf.frozen import Settings
    from .sections import Sections


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
        self.notes: list[str] = []  # variables that may belong to a plugin that is left out
        self.apps = Apps()
        self.safe_mode = in_safe_mode()
        self.application: Raystack | None = None  # see application.py
        self.sync_runner: Callable[..., Awaitable[Any]] | None = None  # see concurrency.py
        self._failures = Failures(lambda: self._sources, collect=collect)
        self._registry = Registry(self._failures)
        self.hooks = Hooks(
            self._registry.pluginmanager, self._registry.loaded.get, self.plugin_failed
        )
        self._given = dict(settings or {})
        self._modules = plugins
        self._discover = discover
        self._sources = Sources()
        self._contracts: list[Contract] = []  # of distributions
        self._local: list[Contract] = []  # of apps
        self._sections: Sections  # since the step that merges the settings
        self._settings: Settings | None = None
        self._overrides: list[Mapping[str, Any]] = []
        self._not_overridden: tuple[Settings | None, Sources] = None, self._sources
        self._done = 0
        self._running = ""
        self._error: Exception | None = None
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

        A kernel whose start has failed stays failed: asked again, it raises the same error.

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
                if self._error is not None:
                    raise self._error.with_traceback(None)
                self._running = step.__name__.strip("_").replace("_", " ")
                try:
                    with self._failures.noting():
                        step()
                except Exception as error:
                    self._error = error
                    raise
                finally:
                    self._running = ""
                self._done += 1

    def _read_sources(self) -> None:
        self.project.activate()
        self._sources = Sources(given=self._given)
        self._sources = read_sources(self.project, self._given)
        # .env may name another settings module than the environment does.
        self.project = replace(self.project, settings_module=self._sources.module_name)

    def _read_contracts(self) -> None:
        """Read what is installed; nothing is imported."""
        if self._discover:
            from .plugins.discovery import discover

            self._contracts = discover()
        self._contracts += [Contract(m.__name__, m.__name__) for m in self._modules]

    def _register(self) -> None:
        """Load the project's apps; judge and order all contracts; only then import plugins."""
        from .plugins.local import local_contract
        from .plugins.selection import choose, unknown_names

        broken = [] if self.safe_mode else self._load_listed_apps()
        self._local = [local_contract(config, self._contracts) for config in self.apps]
        disabled = self._names("PLUGINS_DISABLED") or []
        allowed = self._names("PLUGINS")
        for message in unknown_names(self._contracts, allowed or []):
            with self._failures.noting():
                raise ImproperlyConfigured(message)
        chosen = [*choose(self._contracts, allowed, disabled), *choose(self._local, None, disabled)]
        self._registry.judge(chosen, [*self._contracts, *self._local, *broken], broken)
        self._registry.load()
        self._registry.add_hookspecs()
        self._registry.register()

    def _merge_settings(self) -> None:
        from logging import getLogger

        from .logs import configure_logging
        from .sections import Sections

        self._sections = Sections(self._registry, self._failures)
        self._sections.collect(self.hooks.call("raystack_settings"))
        settings, self.notes = self._sections.merge_at_start(self._sources, self.left_out)
        configure_logging(settings)
        for note in self.notes:
            getLogger("raystack").warning(note)
        self._settings = settings

    def _load_apps(self) -> None:
        from .plugins.local import add_app_of

        for plugin, entry in self._sections.apps():
            if entry not in self.apps:
                with self._registry.failing():
                    add_app_of(plugin, entry, self.apps, self._contracts)
        for config in self.apps:
            with self._failures.noting():
                self.hooks.call("raystack_app_loaded", kernel=self, app_config=config)

    def _call_ready(self) -> None:
        for config in self.apps:
            if not self._registry.has_fallen(config.name):
                with self._failures.noting():
                    get_ready(config)
        self.hooks.call("raystack_ready", kernel=self)

    # Parts of the steps -------------------------------------------------------------------------

    def _load_listed_apps(self) -> list[Contract]:
        """Load ``INSTALLED_APPS``; return those that a diagnosis has to go on without."""
        broken = []
        for entry in self._names("INSTALLED_APPS") or []:
            try:
                self.apps.add(load_app(entry))
            except RaystackError as error:
                self._failures.note(error)
                broken.append(Contract(_package_of(entry), module=""))
        return broken

    def _names(self, setting: str) -> list[str] | None:
        """Read a list of names that is needed before settings are validated."""
        try:
            return self._sources.raw_list(setting)
        except SettingsError as error:
            self._failures.note(error)
            from .diagnosis import without

            self._sources = without(self._sources, setting)
            return None

    # Failures -----------------------------------------------------------------------------------

    def plugin_failed(self, error: PluginError) -> None:
        """Report a plugin's failure, for what a plugin contributes outside of the kernel's steps.

        Under ``PLUGIN_ERRORS = "skip"`` the plugin is left out with those that require it: its
        hooks are not called any more. The caller leaves out what the plugin contributed.

        Args:
            error: What is wrong, with the plugin's name.

        Raises:
            PluginError: The error, where the policy is ``"raise"`` or the plugin is essential.
        """
        self._registry.fail(error)

    # What others read ---------------------------------------------------------------------------

    @property
    def settings(self) -> "Settings":
        """The frozen settings. Reading them starts the kernel as far as needed.

        Raises:
            SettingsError: A plugin reads them while plugins are still being registered.
        """
        if self._settings is None:
            with self._lock:  # another thread waits here until they exist
                if self._running and self._settings is None:
                    raise SettingsError(
                        f"Settings are read in the kernel's step {self._running!r}, before they "
                        f"exist. Read them inside a hook such as raystack_ready, not at import."
                    )
                self._run(4)
        if self._settings is None:
            raise SettingsError("The settings are broken: see `raystack plugins doctor`.")
        return self._settings

    @property
    def problems(self) -> list[Problem]:
        """What is broken and was gone on without."""
        return self._failures.problems

    @property
    def plugins(self) -> list[Plugin]:
        """The loaded plugins, in their order."""
        return self._registry.plugins

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
        for plugin in self.plugins:
            if plugin.module.__name__.partition(".")[0] == package:
                return plugin.distribution or plugin.name
        return "raystack-core" if package in {"raystack", "fastapi", "starlette"} else "the project"

    def left_out(self) -> list[str]:
        """Name the plugins, and apps with a ``plugin.py``, that are there and do not start."""
        if self.safe_mode:
            return ["every app"]
        there = {each.name for each in (*self._contracts, *self._local) if each.module}
        return sorted(there - self._registry.loaded.keys())

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
        settings, sources = self._not_overridden
        if self._overrides:
            sources = replace(sources, overrides=dict(ChainMap(*reversed(self._overrides))))
            settings = self._sections.merge(sources, self.left_out()).settings
        self._settings, self._sources = settings, sources


def _package_of(entry: str) -> str:
    """Return the package of an entry that may name its AppConfig: ``blog.apps.BlogConfig``."""
    package, found, name = entry.rpartition(".apps.")
    return package if found and name[:1].isupper() else entry


_active: Kernel | None = None
_active_lock = RLock()


def get_kernel() -> Kernel:
    """Return the active kernel, making one for the current project when there is none."""
    global _active
    kernel = _active
    if kernel is None:  # the lock is for this case alone: every `settings.X` comes here
        with _active_lock:
            kernel = _active = _active or Kernel()
    return kernel


def active_kernel() -> Kernel | None:
    """Return the active kernel, or ``None`` when nothing has made one yet."""
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
