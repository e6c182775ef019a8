"""What raystack-templates adds to a project. Every command imports this: keep it light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raystack import hookimpl

if TYPE_CHECKING:  # heavy, and needed only inside the hooks below
    from collections.abc import Mapping, Sequence

    from jinja2.ext import Extension
    from pluggy import PluginManager

    from raystack import CheckMessage, Kernel, Raystack, Scaffold, Section, Settings


@hookimpl
def raystack_addhooks(pluginmanager: PluginManager) -> None:
    """Let plugins add to templates and static files."""
    from . import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@hookimpl
def raystack_settings() -> type[Section]:
    """Declare where templates and static files are."""
    from .settings import TemplatesSettings

    return TemplatesSettings


# These two come first, so that whoever claims one of the names is the one at fault.
@hookimpl(tryfirst=True)
def raystack_template_globals(settings: Settings) -> Mapping[str, Any]:
    """Add the functions and values of every template."""
    from .names import template_globals

    return template_globals(settings)


@hookimpl(tryfirst=True)
def raystack_template_extensions(settings: Settings) -> Sequence[type[Extension]]:
    """Add the tag ``{% static %}``."""
    from .static.urls import StaticTag

    return [StaticTag]


@hookimpl
def raystack_application(app: Raystack) -> None:
    """Set ``app.jinja_env`` and serve the static files."""
    from .application import install

    install(app)


@hookimpl
def raystack_checks(kernel: Kernel, deploy: bool) -> Sequence[CheckMessage]:
    """Report names that are provided twice, and folders that are not there."""
    from .checks import check_templates

    return list(check_templates(kernel))


@hookimpl(optionalhook=True)
def raystack_startproject() -> Scaffold:
    """Give a new project its layout and style sheet, if the command line is installed."""
    from .scaffold import project

    return project()


@hookimpl(optionalhook=True)
def raystack_startapp() -> Scaffold:
    """Give a new app a first page, if the command line is installed."""
    from .scaffold import app

    return app()
