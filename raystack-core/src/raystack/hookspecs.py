"""The hooks that the kernel calls. A plugin implements those it needs with ``@hookimpl``.

Everything here happens at start-up, before the first request is served: no hook is called per
request. Except for the lifespan, hooks do no I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .markers import hookspec

if TYPE_CHECKING:  # `raystack --help` reads this module and imports none of these
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from fastapi import APIRouter
    from pluggy import PluginManager

    from .application import Raystack
    from .apps import AppConfig
    from .checks import CheckMessage
    from .conf import Section, Settings
    from .kernel import Kernel
    from .middleware import Middleware


@hookspec
def raystack_addhooks(pluginmanager: PluginManager) -> None:
    """Add hookspecs of your own with ``pluginmanager.add_hookspecs(module)``.

    Called first, before any plugin's other hooks are validated, so that other plugins may implement
    your hooks. Names start with ``raystack_``. Specify as ``async def`` what you call with
    ``kernel.hooks.acall()``; implementations of any other hook cannot be asynchronous. Do nothing
    else here: no settings exist yet.

    Args:
        pluginmanager: The kernel's pluggy plugin manager.
    """


@hookspec
def raystack_settings() -> type[Section] | None:
    """Declare your settings as a ``Section``.

    Called once, after all plugins are registered. Import the module of the section inside the
    function: it brings pydantic with it, which most commands do without.

    Returns:
        The section class, or ``None`` for none. Two plugins that declare the same setting are an
        error naming both; under ``PLUGIN_ERRORS = "skip"`` the later one is left out.
    """


@hookspec
def raystack_app_loaded(kernel: Kernel, app_config: AppConfig) -> None:
    """Look at an installed app: find what you own in it (models, templates, an admin module).

    Called once for each entry of ``INSTALLED_APPS``, in that order, after the settings are frozen.
    Other apps may not be loaded yet: work that needs all of them belongs in ``raystack_ready``.

    Args:
        kernel: The kernel, with its settings.
        app_config: The app.
    """


@hookspec
def raystack_ready(kernel: Kernel) -> None:
    """Do what needs the settings and all apps.

    Called once, after the last ``raystack_app_loaded``, for every command that needs a project and
    for the server alike. Do not open connections here: that is ``raystack_lifespan``.

    Args:
        kernel: The kernel, with its settings and apps.
    """


@hookspec
def raystack_middleware(settings: Settings) -> Sequence[Middleware] | None:
    """Contribute ASGI middleware to the application.

    Called once per application, after settings are frozen and before the first request. All
    plugins' entries are joined and sorted by their ``after`` and ``before``; registration order
    decides only between those that no constraint separates.

    Args:
        settings: The frozen settings. Declare your own with ``raystack_settings``.

    Returns:
        The entries to add, or ``None`` for none.
    """


@hookspec
def raystack_routers(settings: Settings) -> Sequence[APIRouter] | None:
    """Contribute routers. They are matched after the project's own ``config/urls.py``.

    Called once per application, when it is built. A router carries its own prefix; use
    ``include(router, namespace="hello")`` to name its routes ``hello:...`` for ``reverse()``.

    Args:
        settings: The frozen settings.

    Returns:
        The routers in the order in which they are matched, or ``None`` for none.
    """


@hookspec
def raystack_exception_handlers(
    settings: Settings,
) -> Mapping[int | type[Exception], Callable[..., Any]] | None:
    """Contribute exception handlers, as FastAPI takes them.

    Called once per application, when it is built. Two plugins that claim the same exception class
    or status code are an error naming both; a handler that the application's own code has set wins
    over a plugin's.

    Args:
        settings: The frozen settings.

    Returns:
        Exception class or status code to handler, or ``None`` for none.
    """


@hookspec
def raystack_application(app: Raystack) -> None:
    """Do anything else to the FastAPI application: the last step of building it.

    Called once per application, after its middleware and routers are added and before its routes
    are indexed. What has a hook of its own belongs there, where clashes are noticed.

    Args:
        app: The application, a ``FastAPI``.
    """


@hookspec
def raystack_lifespan(app: Raystack) -> AbstractAsyncContextManager[None] | None:
    """Open what the application needs while it serves, and close it afterwards.

    The context managers are entered at the server's start-up, those of a plugin's requirements
    first, and left in reverse. This is the place for I/O. An error always stops the start-up,
    whatever ``PLUGIN_ERRORS`` says.

    Args:
        app: The application that is about to serve.

    Returns:
        An asynchronous context manager, or ``None`` for none.
    """


@hookspec
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage] | None:
    """Report what is wrong, or risky, in the project: ``raystack check``.

    Called by the command, with the application built. Look, do not change anything; connections
    may be opened and have to be closed again.

    Args:
        kernel: The kernel, with its settings and apps.
        deploy: True under ``raystack check --deploy``, which also asks what matters in production.

    Returns:
        The messages, or ``None`` for none.
    """


@hookspec(firstresult=True)
def raystack_sync_runner() -> Callable[..., Awaitable[Any]] | None:
    """Say how asynchronous code runs a synchronous function.

    Called once, when ``run_sync`` is first used. The first answer that is not ``None`` wins, and
    the plugins that depend on others are asked first. Without an answer it is a worker thread.

    Returns:
        ``async def runner(func, *args, **kwargs)``, returning what ``func`` returns.
    """
