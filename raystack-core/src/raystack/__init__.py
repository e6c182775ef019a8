"""Raystack: a Django-inspired web framework on FastAPI, built as a pluggable microkernel."""

from typing import TYPE_CHECKING

from .commands import Command as Command
from .commands import Scaffold as Scaffold
from .exceptions import AppError as AppError
from .exceptions import ImproperlyConfigured as ImproperlyConfigured
from .exceptions import MiddlewareError as MiddlewareError
from .exceptions import NoReverseMatch as NoReverseMatch
from .exceptions import PluginError as PluginError
from .exceptions import RaystackError as RaystackError
from .exceptions import RouteError as RouteError
from .exceptions import SettingsError as SettingsError
from .markers import hookimpl as hookimpl
from .markers import hookspec as hookspec

if TYPE_CHECKING:  # heavy, and resolved on first use
    from .application import Raystack as Raystack
    from .application import get_application as get_application
    from .application import get_asgi_application as get_asgi_application
    from .apps import AppConfig as AppConfig
    from .checks import CheckMessage as CheckMessage
    from .checks import Level as Level
    from .concurrency import run_sync as run_sync
    from .conf import CoreSettings as CoreSettings
    from .conf import RequiredOnRead as RequiredOnRead
    from .conf import Section as Section
    from .conf import Settings as Settings
    from .conf import settings as settings
    from .kernel import Kernel as Kernel
    from .kernel import get_kernel as get_kernel
    from .kernel import use_kernel as use_kernel
    from .middleware import Middleware as Middleware
    from .request import current_request as current_request
    from .urls import include as include
    from .urls import reverse as reverse
else:
    from .lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "AppConfig": "apps",
            "CheckMessage": "checks",
            "CoreSettings": "conf",
            "Kernel": "kernel",
            "Level": "checks",
            "Middleware": "middleware",
            "Raystack": "application",
            "RequiredOnRead": "conf",
            "Section": "conf",
            "Settings": "conf",
            "current_request": "request",
            "get_application": "application",
            "get_asgi_application": "application",
            "get_kernel": "kernel",
            "include": "urls",
            "reverse": "urls",
            "run_sync": "concurrency",
            "settings": "conf",
            "use_kernel": "kernel",
        },
    )
