"""The registry of models: one MetaData, every model by its label, and references to come.

A relation may name its model before it is defined (``"blog.Author"``): the registry remembers who
waits and tells them when it comes.
"""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import MetaData

from .configuration import configuration
from .exceptions import nearest

if TYPE_CHECKING:  # the models are a room above
    from .models import Model


# Constraints have names, so that foreign keys that form a circle can be added and dropped alone.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}


def setting(name: str) -> Any:
    """Return a setting of the project by its name, ``None`` where there is none."""
    return getattr(configuration(), "settings", {}).get(name)


class ModelKey(NamedTuple):
    """How a model is found: its app's label and its name in lower case."""

    app_label: str
    model_name: str


class Waiting(NamedTuple):
    """A reference to a model that is not defined yet: who refers, and what to do then."""

    origin: str
    resolve: Callable[[Any], object]


class InstalledApp(NamedTuple):
    """An app whose models the registry has.

    Args:
        name: The package.
        label: Its short name.
        registry: Where its models are.
    """

    name: str
    label: str
    registry: "Registry"

    def get_models(self) -> "list[type[Model]]":
        """Return the app's models in the order of their definition."""
        return [m for m in self.registry.get_models() if m._meta.app_label == self.label]

    def get_model(self, model_name: str) -> "type[Model]":
        """Return one of its models.

        Raises:
            LookupError: There is none.
        """
        return self.registry.get_model(self.label, model_name)


class Registry:
    """Models that may refer to each other, and the tables they stand on.

    It has the methods of Django's ``apps`` that are about models:
    https://docs.djangoproject.com/en/stable/ref/applications/#application-registry

    Args:
        installed: Packages with their labels; those of the configuration by default.
    """

    apps_ready = models_ready = ready = True  # models register as they are defined

    def __init__(self, installed: dict[str, str] | None = None) -> None:
        self.metadata = MetaData(naming_convention=NAMES)
        self.lock = RLock()
        self._installed = installed
        self._models: dict[ModelKey, type[Model]] = {}
        self._waiting: dict[ModelKey, list[Waiting]] = {}

    # Models --------------------------------------------------------------------------------------

    def register_model(self, app_label: str, model: Any) -> None:
        """Register a model and resolve the references that waited for it.

        Raises:
            RuntimeError: Another model has its label and name.
        """
        key = ModelKey(app_label, model._meta.model_name)
        other: Any = self._models.get(key)
        if other is not None:
            self._replace(other, model)
        self._models[key] = model
        for waiting in self._waiting.pop(key, ()):
            waiting.resolve(model)

    def _replace(self, other: Any, model: Any) -> None:
        label = model._meta.label
        if (other.__module__, other.__name__) != (model.__module__, model.__name__):
            raise RuntimeError(
                f'Two models are called "{label}": {other.__module__}.{other.__qualname__} '
                f"and {model.__module__}.{model.__qualname__}.\n"
                f"  Rename one of them, or give one another Meta.app_label."
            )
        warnings.warn(
            f'The model "{label}" was already registered. Relations may still lead to the class '
            f"that it had before.",
            RuntimeWarning,
            stacklevel=5,
        )
        self._forget(other)

    def _forget(self, model: Any) -> None:
        if model._meta.built_table is not None:
            self.metadata.remove(model._meta.built_table)
        for other in self._models.values():
            other._meta.drop_relations_of(model)

    def get_models(
        self, include_auto_created: bool = False, include_swapped: bool = False
    ) -> "list[type[Model]]":
        """Return all models in the order of their definition.

        Args:
            include_auto_created: With the models of tables between two others.
            include_swapped: With models that a setting has put others in the place of.
        """
        return [
            model
            for model in list(self._models.values())
            if (include_auto_created or not model._meta.auto_created)
            and (include_swapped or not model._meta.swapped)
        ]

    def get_model(
        self, app_label: str, model_name: str | None = None, require_ready: bool = True
    ) -> "type[Model]":
        """Return a model: ``get_model("blog", "Article")`` or ``get_model("blog.Article")``.

        Raises:
            LookupError: There is none.
            ValueError: The one argument is not of that form.
        """
        if model_name is None:
            if app_label.count(".") != 1:
                raise ValueError(
                    f'get_model("{app_label}"): name a model as "app_label.ModelName".'
                )
            app_label, _, model_name = app_label.partition(".")
        found = self._models.get(ModelKey(app_label, model_name.lower()))
        if found is None:
            said = f"{app_label}.{model_name}"
            known = [model._meta.label for model in self._models.values()]
            raise LookupError(f'There is no model "{said}".{nearest(said, known)}')
        return found

    def get_registered_model(self, app_label: str, model_name: str) -> "type[Model]":
        """Return a model; see ``get_model()``."""
        return self.get_model(app_label, model_name)

    @property
    def all_models(self) -> "dict[str, dict[str, type[Model]]]":
        """All models by their app's label and their name in lower case."""
        found: dict[str, dict[str, type[Model]]] = {}
        for key, model in self._models.items():
            found.setdefault(key.app_label, {})[key.model_name] = model
        return found

    def get_swappable_settings_name(self, to_string: str) -> str | None:
        """Return the setting that can put another model in a model's place, if there is one.

        Args:
            to_string: The model, or the one that the setting names: ``"auth.User"``.
        """
        wanted = to_string.lower()
        for model in self.get_models(include_swapped=True):
            meta = model._meta
            if not meta.swappable:
                continue
            if wanted in {meta.label_lower, (meta.swapped or "").lower()}:
                return meta.swappable
        return None

    def forget_unloaded(self) -> None:
        """Forget models whose module is gone, as those of a project that a test has left."""
        for key, model in list(self._models.items()):
            if model.__module__ not in sys.modules:
                del self._models[key]
                self._forget(model)

    # References to come --------------------------------------------------------------------------

    def when_defined(self, key: ModelKey, origin: str, resolve: Callable[[Any], object]) -> None:
        """Call ``resolve`` with a model: at once if it is defined, otherwise when it is."""
        model = self._models.get(key)
        if model is not None:
            resolve(model)
        else:
            self._waiting.setdefault(key, []).append(Waiting(origin, resolve))

    def lazy_model_operation(
        self, function: Callable[..., object], *model_keys: tuple[str, str]
    ) -> None:
        """Call ``function`` with models, as soon as all of them are defined.

        Args:
            function: Takes the models.
            model_keys: The app's label and the name of each.
        """
        found: list[Any] = []

        def next_one(model: Any = None) -> None:
            if model is not None:
                found.append(model)
            if len(found) == len(model_keys):
                function(*found)
                return
            label, name = model_keys[len(found)]
            origin = getattr(function, "__qualname__", repr(function))
            self.when_defined(ModelKey(label, name.lower()), origin, next_one)

        next_one()

    @property
    def unresolved(self) -> list[tuple[str, ModelKey]]:
        """The references whose model was never defined: who refers, and to what."""
        return [(w.origin, key) for key, waiting in self._waiting.items() for w in waiting]

    # Apps ----------------------------------------------------------------------------------------

    @property
    def app_configs(self) -> dict[str, InstalledApp]:
        """The installed apps by their labels."""
        given = configuration().apps if self._installed is None else self._installed
        return {label: InstalledApp(name, label, self) for name, label in given.items()}

    def get_app_configs(self) -> list[InstalledApp]:
        """Return the installed apps."""
        return list(self.app_configs.values())

    def get_app_config(self, app_label: str) -> InstalledApp:
        """Return an installed app, or what is known of one that only models name.

        Raises:
            LookupError: There is none of that label.
        """
        found = self.app_configs
        if app_label in found:
            return found[app_label]
        for model in self._models.values():  # of no installed app, which needs no more
            if model._meta.app_label == app_label:
                return InstalledApp(model.__module__.partition(".")[0], app_label, self)
        raise LookupError(f"No installed app with label '{app_label}'.{nearest(app_label, found)}")

    def get_containing_app_config(self, object_name: str) -> InstalledApp | None:
        """Return the innermost installed app that a module or a class of one belongs to."""
        inside = [
            app for app in self.get_app_configs() if f"{object_name}.".startswith(f"{app.name}.")
        ]
        return max(inside, key=lambda app: len(app.name), default=None)

    def is_installed(self, app_name: str) -> bool:
        """Say whether a package is an installed app."""
        return any(app.name == app_name for app in self.get_app_configs())


apps = Registry()
"""The registry of the project's models, under Django's name."""

_current = [apps]


def current_registry() -> Registry:
    """Return the registry that models are being defined in."""
    return _current[-1]


@contextmanager
def isolate_apps(*installed_apps: str) -> Iterator[Registry]:
    """Let models defined inside be on their own, so that they may be called like others.

    Args:
        installed_apps: The packages that are installed there.
    """
    registry = Registry({name: name.rpartition(".")[2] for name in installed_apps})
    _current.append(registry)
    try:
        yield registry
    finally:
        _current.remove(registry)
