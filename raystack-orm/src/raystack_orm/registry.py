"""The registry of models: one MetaData, every model by its label, and references to come.

A relation may name its model before it is defined (``"blog.Author"``): the registry remembers who
waits and tells them when it comes.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import MetaData

from .exceptions import ImproperlyConfigured, nearest

if TYPE_CHECKING:  # the models are a room above
    from .models import Model


class ModelKey(NamedTuple):
    """How a model is found: its app's label and its name in lower case."""

    app_label: str
    model_name: str


class Waiting(NamedTuple):
    """A reference to a model that is not defined yet: who refers, and what to do then."""

    origin: str
    resolve: Callable[[Any], None]


class Registry:
    """Models that may refer to each other, and the tables they stand on."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.lock = RLock()
        self._models: dict[ModelKey, type[Model]] = {}
        self._waiting: dict[ModelKey, list[Waiting]] = {}

    def add(self, model: Any) -> None:
        """Register a model and resolve the references that waited for it.

        Raises:
            ImproperlyConfigured: Another model has its label and name.
        """
        meta = model._meta
        key = ModelKey(meta.app_label, meta.model_name)
        other: Any = self._models.get(key)
        if other is not None and (other.__module__, other.__qualname__) != (
            model.__module__,
            model.__qualname__,
        ):
            raise ImproperlyConfigured(
                f'Two models are called "{meta.label}": {other.__module__}.{other.__qualname__} '
                f"and {model.__module__}.{model.__qualname__}.\n"
                f"  Rename one of them, or give one another Meta.app_label."
            )
        if other is not None and other._meta.built_table is not None:
            self.metadata.remove(other._meta.built_table)
        self._models[key] = model
        for waiting in self._waiting.pop(key, ()):
            waiting.resolve(model)

    def when_defined(self, key: ModelKey, origin: str, resolve: Callable[[Any], None]) -> None:
        """Call ``resolve`` with a model: at once if it is defined, otherwise when it is."""
        model = self._models.get(key)
        if model is not None:
            resolve(model)
        else:
            self._waiting.setdefault(key, []).append(Waiting(origin, resolve))

    @property
    def unresolved(self) -> list[tuple[str, ModelKey]]:
        """The references whose model was never defined: who refers, and to what."""
        return [(w.origin, key) for key, waiting in self._waiting.items() for w in waiting]

    def get_model(self, app_label: str, model_name: str | None = None) -> "type[Model]":
        """Return a model: ``get_model("blog", "Article")`` or ``get_model("blog.Article")``.

        Raises:
            LookupError: There is none.
        """
        if model_name is None:
            app_label, _, model_name = app_label.partition(".")
        found = self._models.get(ModelKey(app_label, model_name.lower()))
        if found is None:
            said = f"{app_label}.{model_name}"
            known = [model._meta.label for model in self._models.values()]
            raise LookupError(f'There is no model "{said}".{nearest(said, known)}')
        return found

    def forget_unloaded(self) -> None:
        """Forget models whose module is gone, as those of a project that a test has left."""
        for key, model in list(self._models.items()):
            if model.__module__ not in sys.modules:
                del self._models[key]
                if model._meta.built_table is not None:
                    self.metadata.remove(model._meta.built_table)

    def get_models(self) -> "list[type[Model]]":
        """Return all models in the order of their definition."""
        return list(self._models.values())


apps = Registry()
"""The registry of the project's models, under Django's name."""

_current = [apps]


def current_registry() -> Registry:
    """Return the registry that models are being defined in."""
    return _current[-1]


@contextmanager
def isolate_apps() -> Iterator[Registry]:
    """Let models defined inside be on their own, so that they may be called like others."""
    registry = Registry()
    _current.append(registry)
    try:
        yield registry
    finally:
        _current.remove(registry)
