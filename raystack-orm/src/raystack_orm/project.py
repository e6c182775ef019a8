"""The ORM in a project: configured from the settings, with the models of all apps."""

from typing import Any

from raystack import AppConfig, Kernel

from .configuration import configure
from .settings import OrmSettings

_configured_for: Kernel | None = None


def configure_from(kernel: Kernel) -> bool:
    """Configure the ORM from a kernel's settings, once for each kernel.

    Returns:
        Whether it was done now.
    """
    global _configured_for
    if _configured_for is kernel:
        return False
    settings = kernel.settings
    databases = settings.section(OrmSettings).DATABASES
    configure(
        databases={alias: given.URL.get_secret_value() for alias, given in databases.items()},
        installed_apps={config.name: config.label for config in kernel.apps},
        root=kernel.project.root,
        USE_TZ=settings.USE_TZ,
        TIME_ZONE=settings.TIME_ZONE,
    )
    _configured_for = kernel
    return True


def load_models(kernel: Kernel, app_config: AppConfig) -> None:
    """Import an app's ``models.py``, so that its models register under the app's label."""
    if configure_from(kernel):
        from .registry import apps  # brings SQLAlchemy, as the models below do

        apps.forget_unloaded()
    app_config.import_module("models")


def shell_context() -> dict[str, Any]:
    """Return all models by name, and what one uses with them."""
    from . import models, transaction
    from .registry import apps

    found: dict[str, Any] = {"models": models, "transaction": transaction}
    found.update((m.__name__, m) for m in apps.get_models() if not m._meta.auto_created)
    return found
