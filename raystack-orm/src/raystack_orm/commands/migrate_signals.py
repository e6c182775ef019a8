"""Telling the apps that a database is about to be migrated, or was.

https://docs.djangoproject.com/en/stable/ref/signals/#management-signals
"""

import sys

from raystack.kernel import active_kernel

from ..registry import apps
from ..signals import Signal


def tell_apps(signal: Signal, using: str, *, interactive: bool) -> None:
    """Send ``pre_migrate`` or ``post_migrate`` for each app that has models.

    The sender is the app's ``AppConfig``. There are no migrations yet, so ``plan`` is empty and
    ``apps`` are the models as the code has them.

    Args:
        signal: The signal.
        using: The database.
        interactive: Somebody is there who can be asked.
    """
    kernel = active_kernel()
    for app_config in () if kernel is None else kernel.apps:
        if app_config.has_module("models"):
            signal.send(
                sender=app_config,
                app_config=app_config,
                verbosity=1,
                interactive=interactive,
                stdout=sys.stdout,
                using=using,
                plan=[],
                apps=apps,
            )
