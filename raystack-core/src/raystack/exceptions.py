"""The errors that Raystack raises for a mistake in a project or a plugin.

Each message says what happened, where, and what to do next. Code that reports an error to a person
prints ``str(error)``; a traceback adds nothing to these.
"""


class RaystackError(Exception):
    """The base of every error that Raystack raises on purpose."""


class ImproperlyConfigured(RaystackError):
    """The project is set up in a way that cannot work."""


class SettingsError(ImproperlyConfigured):
    """A setting is missing, unknown, mistyped or claimed twice."""


class AppError(ImproperlyConfigured):
    """An entry of ``INSTALLED_APPS`` cannot be loaded, or clashes with another."""


class AppImportError(AppError):
    """A module of an app cannot be imported: the app's mistake, whoever comes upon it."""


class PluginError(ImproperlyConfigured):
    """A plugin cannot be loaded, breaks a contract, or fails in a hook.

    Args:
        message: What happened and what to do next.
        plugin: The name of the plugin at fault.
    """

    def __init__(self, message: str, *, plugin: str) -> None:
        super().__init__(message)
        self.plugin = plugin


class MiddlewareError(ImproperlyConfigured):
    """The middleware cannot be put in an order, or names one that does not exist."""


class RouteError(ImproperlyConfigured):
    """The urls cannot be built: a module without a router, a route added too late."""


class NoReverseMatch(RaystackError):
    """``reverse()`` knows no route of that name, or its parameters do not fit.

    As in Django: https://docs.djangoproject.com/en/stable/ref/exceptions/#noreversematch
    """
