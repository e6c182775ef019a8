"""The ORM in a project: configured from the settings, with the models of all apps."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from raystack import AppConfig, Kernel
from raystack.kernel import active_kernel

from .configuration import Configuration, follow, loading
from .settings import OrmSettings

if TYPE_CHECKING:
    from raystack import Settings

_made: "tuple[Settings, Configuration] | None" = None


def follow_active_kernel() -> None:
    """Take the configuration from the settings of whatever kernel is active, as they are then."""
    follow(_of_active_kernel, _apps_of_active_kernel, _override_active_kernel)


def _override_active_kernel(values: Mapping[str, Any]) -> AbstractContextManager[None] | None:
    kernel = active_kernel()
    return None if kernel is None else kernel.override_settings(**values)


def _of_active_kernel() -> Configuration | None:
    global _made
    kernel = active_kernel()
    if kernel is None:
        return None
    settings = kernel.settings
    if _made is None or _made[0] is not settings:
        made = configuration_of(kernel)
        if _made is not None and _made[1] == made:
            made = _made[1]  # connections and plans stay as they are
        _made = (settings, made)
    return _made[1]


def _apps_of_active_kernel() -> Mapping[str, str]:
    kernel = active_kernel()
    return {} if kernel is None else _labels(kernel)


def _labels(kernel: Kernel) -> Mapping[str, str]:
    return {config.name: config.label for config in kernel.apps}


def configuration_of(kernel: Kernel) -> Configuration:
    """Read a kernel's settings."""
    settings = kernel.settings
    return Configuration.of(
        settings.section(OrmSettings),
        root=kernel.project.root,
        use_tz=settings.USE_TZ,
        time_zone=settings.TIME_ZONE,
        apps=_labels(kernel),
        settings={name: settings.describe(name).value for name in settings},
    )


def load_models(kernel: Kernel, app_config: AppConfig) -> None:
    """Import an app's ``models.py``, so that its models register under the app's label."""
    from .registry import apps  # brings SQLAlchemy, as the models below do

    apps.forget_unloaded()
    with loading(_labels(kernel)):  # which may not be the active one
        app_config.import_module("models")
    follow_active_kernel()


def shell_context() -> dict[str, Any]:
    """Return all models by name, and what one uses with them."""
    from . import models, transaction
    from .registry import apps

    found: dict[str, Any] = {"models": models, "transaction": transaction}
    found.update((m.__name__, m) for m in apps.get_models() if not m._meta.auto_created)
    return found
