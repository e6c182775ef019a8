"""The storages of a project, by alias, as the setting ``STORAGES`` names them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ...configuration import configuration
from ...exceptions import ImproperlyConfigured, nearest
from .base import Storage

DEFAULT = "default"
BUILT_IN: Mapping[str, Any] = {DEFAULT: {"BACKEND": "raystack_orm.files.storage.FileSystemStorage"}}


class InvalidStorageError(ImproperlyConfigured):
    """A storage is not set up, or its class cannot be imported."""


class StorageHandler:
    """Makes storages when they are first asked for, and again when the settings change.

    Args:
        backends: Alias to ``BACKEND`` and ``OPTIONS``; the setting by default.
    """

    def __init__(self, backends: Mapping[str, Any] | None = None) -> None:
        self._backends = backends
        self._made: dict[str, tuple[Any, Storage]] = {}

    @property
    def backends(self) -> Mapping[str, Any]:
        """Alias to ``BACKEND`` and ``OPTIONS``."""
        if self._backends is not None:
            return self._backends
        return {**BUILT_IN, **configuration().storages}

    def __getitem__(self, alias: str) -> Storage:
        """Return a storage.

        Raises:
            InvalidStorageError: There is none of that alias, or it cannot be made.
        """
        backends = self.backends
        if alias not in backends:
            raise InvalidStorageError(
                f"STORAGES has no storage {alias!r}.{nearest(alias, backends)}"
            )
        params, storage = self._made.get(alias, (None, None))
        if storage is None or params != backends[alias]:
            storage = self.create_storage(backends[alias])
            self._made[alias] = (backends[alias], storage)
        return storage

    def create_storage(self, params: Mapping[str, Any]) -> Storage:
        """Make a storage of ``BACKEND`` and ``OPTIONS``.

        Raises:
            InvalidStorageError: The class cannot be imported.
        """
        module, _, name = params["BACKEND"].rpartition(".")
        try:
            kind: Any = getattr(import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise InvalidStorageError(
                f"The storage {params['BACKEND']!r} cannot be imported: {error}"
            ) from error
        made: Storage = kind(**params.get("OPTIONS", {}))
        return made


class DefaultStorage:
    """The storage ``default``, whichever that is when it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(storages[DEFAULT], name)

    def __repr__(self) -> str:
        return "<default_storage>"


storages = StorageHandler()
default_storage: Any = DefaultStorage()
