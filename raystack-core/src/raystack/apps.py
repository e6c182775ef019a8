"""Installed apps: the entries of ``INSTALLED_APPS`` and their configuration.

An entry is a package (``"apps.blog"``) or the path of its ``AppConfig`` subclass
(``"apps.blog.apps.BlogConfig"``). An app is a local plugin: its ``plugin.py``, if it has one,
implements hooks like any distribution's.

Follows https://docs.djangoproject.com/en/stable/ref/applications/.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TypeGuard

from .exceptions import AppError, AppImportError
from .plugins.contract import Contract
from .text import did_you_mean
from .traces import describe, describe_and_place


class AppConfig:
    """An installed app. Subclass it in the app's ``apps.py`` to change what is derived.

    Attributes:
        name: The dotted name of its package.
        label: A short unique name; the last part of ``name`` by default.
        verbose_name: A name for people; derived from the label by default.
        path: The folder of its package.
        default: True marks the one to use where ``apps.py`` defines several.
        after: Names of plugins or apps whose hooks run before this app's.
        before: Names of plugins or apps whose hooks run after this app's.
        requires: Names of plugins or apps that it cannot do without.
    """

    name: str = ""
    label: str = ""
    verbose_name: str = ""
    path: Path
    default: bool = False
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()

    def __init__(self, name: str, module: ModuleType) -> None:
        self.name = name
        self.module = module
        self.label = self.label or name.rpartition(".")[2]
        self.verbose_name = self.verbose_name or self.label.replace("_", " ").title()
        if not self.label.isidentifier():
            raise AppError(
                f"The app {name} has the label {self.label!r}, which is no Python identifier. "
                f"Set a label on its AppConfig."
            )
        for relation in ("after", "before", "requires"):
            _check_names(name, relation, getattr(self, relation))
        self.path = getattr(type(self), "path", None) or _folder(name, module)

    def ready(self) -> None:
        """Do what needs all apps. Called once, before the plugins' ``raystack_ready``."""

    def has_module(self, name: str) -> bool:
        """Say whether the app has a module of that name, without importing it."""
        return importlib.util.find_spec(f"{self.name}.{name}") is not None

    def import_module(self, name: str) -> ModuleType | None:
        """Import a module of the app; ``None`` if the app has none of that name.

        Raises:
            AppError: The module is there and cannot be imported.
        """
        if not self.has_module(name):
            return None
        return _import(f"{self.name}.{name}", f"the app {self.name}")

    @property
    def contract(self) -> Contract:
        """The app as a plugin; one without ``plugin.py`` is a plugin without hooks."""
        return Contract(
            name=self.name,
            module=f"{self.name}.plugin" if self.has_module("plugin") else "",
            after=tuple(self.after),
            before=tuple(self.before),
            requires_plugins=tuple(self.requires),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.label}>"


class Apps:
    """The apps of one kernel, in the order of ``INSTALLED_APPS``."""

    def __init__(self) -> None:
        self._configs: dict[str, AppConfig] = {}

    def add(self, config: AppConfig) -> None:
        """Add an app.

        Raises:
            AppError: Another app has its label.
        """
        other = self._configs.get(config.label)
        if other is not None:
            raise AppError(
                f'Two apps have the label "{config.label}": {other.name} and {config.name}.\n'
                f"  Give one of them another label on its AppConfig, or list it once."
            )
        self._configs[config.label] = config

    def get(self, label: str) -> AppConfig:
        """Return the app of a label.

        Raises:
            AppError: No installed app has it.
        """
        try:
            return self._configs[label]
        except KeyError:
            meant = did_you_mean(label, self._configs)
            raise AppError(f'No installed app has the label "{label}".{meant}') from None

    def containing(self, module: str) -> AppConfig | None:
        """Return the app that a module belongs to, the innermost one."""
        inside = [c for c in self if module == c.name or module.startswith(c.name + ".")]
        return max(inside, key=lambda config: len(config.name), default=None)

    def __iter__(self) -> Iterator[AppConfig]:
        return iter(self._configs.values())

    def __len__(self) -> int:
        return len(self._configs)

    def __contains__(self, name: object) -> bool:
        return any(config.name == name for config in self)


def load_app(entry: str) -> AppConfig:
    """Load an entry of ``INSTALLED_APPS``.

    Raises:
        AppError: There is no such package or class, or importing it fails.
    """
    module_name, _, class_name = entry.rpartition(".")
    if module_name and class_name[:1].isupper():
        return _from_class(entry, module_name, class_name)
    return _from_package(entry)


def get_ready(config: AppConfig) -> None:
    """Call an app's ``ready()``.

    Raises:
        AppError: It raised.
    """
    try:
        config.ready()
    except Exception as error:
        raise AppError(
            f"The app {config.name} failed in {type(config).__name__}.ready(): "
            f"{describe(error)}.\n  Repair it, or take it out of INSTALLED_APPS."
        ) from error


def _from_class(entry: str, module_name: str, class_name: str) -> AppConfig:
    module = _import(module_name, f"INSTALLED_APPS entry {entry!r}")
    found = getattr(module, class_name, None)
    if not _is_config(found) and _has_package(module, entry):
        return _from_package(entry)
    if not (isinstance(found, type) and issubclass(found, AppConfig)):
        known = [name for name, value in vars(module).items() if _is_config(value)]
        raise AppError(
            f"INSTALLED_APPS lists {entry!r}, but {module_name} has no AppConfig {class_name}.\n"
            f"  AppConfigs there: {', '.join(known) or 'none'}."
        )
    name = found.name or module_name.rpartition(".")[0]
    return found(name, _import(name, f"INSTALLED_APPS entry {entry!r}"))


def _has_package(module: ModuleType, entry: str) -> bool:
    """Say whether an entry that looks like a class is a package: names may begin with a capital."""
    return hasattr(module, "__path__") and importlib.util.find_spec(entry) is not None


def _from_package(entry: str) -> AppConfig:
    package = _import_entry(entry)
    chosen = _choose_config(entry)
    return chosen(chosen.name or entry, package) if chosen else AppConfig(entry, package)


def _import_entry(entry: str) -> ModuleType:
    try:
        exists = importlib.util.find_spec(entry) is not None
    except (ImportError, ValueError):
        exists = False
    if not exists:
        raise AppError(
            f"INSTALLED_APPS lists {entry!r}, but there is no such package.\n"
            f"  Correct the name, create it with `raystack startapp`, or remove the entry."
        )
    found = _import(entry, f"INSTALLED_APPS entry {entry!r}")
    if not hasattr(found, "__path__"):
        raise AppError(
            f"INSTALLED_APPS lists {entry!r}, which is a module. An app is a package.\n"
            f"  List the package that it is in: {entry.rpartition('.')[0]!r}."
        )
    return found


def _choose_config(entry: str) -> type[AppConfig] | None:
    if importlib.util.find_spec(f"{entry}.apps") is None:
        return None
    module = _import(f"{entry}.apps", f"the app {entry}")
    configs = [
        value
        for value in vars(module).values()
        if _is_config(value) and value.__module__ == module.__name__
    ]
    marked = [config for config in configs if config.default] if len(configs) > 1 else configs
    if len(marked) == 1:
        return marked[0]
    if not configs:
        return None
    names = ", ".join(config.__name__ for config in configs)
    raise AppError(
        f"{entry}.apps defines several AppConfigs ({names}).\n"
        f"  Mark one with `default = True`, or name it in INSTALLED_APPS."
    )


def _is_config(value: object) -> TypeGuard[type[AppConfig]]:
    return isinstance(value, type) and issubclass(value, AppConfig) and value is not AppConfig


def _import(name: str, what: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise AppImportError(
            f"{what[0].upper()}{what[1:]}: {name} cannot be imported: {describe_and_place(error)}."
        ) from error


def _check_names(app: str, relation: str, names: object) -> None:
    if isinstance(names, str):
        raise AppError(
            f"The app {app} has {relation} = {names!r} on its AppConfig, which is one string.\n"
            f"  Write a tuple of names: {relation} = ({names!r},)"
        )


def _folder(name: str, module: ModuleType) -> Path:
    places = list(getattr(module, "__path__", ()))
    if not places:
        raise AppError(
            f"INSTALLED_APPS lists {name!r}, which is a module and not a package.\n"
            f"  An app is a folder with an __init__.py."
        )
    return Path(places[0])
