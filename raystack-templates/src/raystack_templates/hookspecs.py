"""The hooks of raystack-templates: what plugins add to every template, and folders of files.

They are called when the application is built, or when something is rendered before that. What a
plugin returns is looked at then: an error names the plugin whose value does not fit. A plugin that
does not depend on raystack-templates marks its implementations ``@hookimpl(optionalhook=True)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raystack import hookspec

if TYPE_CHECKING:  # `raystack --help` reads this module and imports none of these
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jinja2.ext import Extension
    from starlette.requests import HTTPConnection

    from raystack import Settings


@hookspec
def raystack_template_globals(settings: Settings) -> Mapping[str, Any] | None:
    """Contribute functions and values that every template knows by name.

    A value that depends on the request comes from ``raystack_context_processors``. Do not hand out
    the settings as a whole: a template could then show a secret.

    Args:
        settings: The frozen settings.

    Returns:
        Names with their values, or ``None`` for none. A name that Jinja2, raystack-templates or
        another plugin has taken is an error naming both.
    """


@hookspec
def raystack_template_filters(settings: Settings) -> Mapping[str, Callable[..., Any]] | None:
    """Contribute filters: ``{{ value|name }}``.

    A filter gets the value first. Its result is escaped, unless it is a ``markupsafe.Markup``.

    Args:
        settings: The frozen settings.

    Returns:
        Names with their functions, or ``None`` for none. A name that Jinja2 or another plugin has
        taken is an error naming both.
    """


@hookspec
def raystack_template_tests(settings: Settings) -> Mapping[str, Callable[..., bool]] | None:
    """Contribute tests: ``{% if value is name %}``.

    Args:
        settings: The frozen settings.

    Returns:
        Names with their functions, or ``None`` for none. A name that Jinja2 or another plugin has
        taken is an error naming both.
    """


@hookspec
def raystack_template_extensions(settings: Settings) -> Sequence[type[Extension]] | None:
    """Contribute Jinja2 extensions: tags of your own, for the most part.

    Args:
        settings: The frozen settings.

    Returns:
        The classes, or ``None`` for none. A tag that two extensions claim is an error naming both
        plugins.
    """


@hookspec
def raystack_template_dirs(settings: Settings) -> Sequence[Path] | None:
    """Contribute folders of templates.

    They are searched after the project's and the apps' own, so that a project can override each
    template. Put yours into a folder named for the plugin (``hello/card.html``); ``raystack check``
    reports a name that two plugins provide.

    Args:
        settings: The frozen settings.

    Returns:
        The folders in the order in which they are searched, or ``None`` for none.
    """


@hookspec
def raystack_static_dirs(settings: Settings) -> Sequence[Path] | None:
    """Contribute folders of static files, served under ``STATIC_URL``.

    They are searched after the project's and the apps' own. Put your files into a folder named for
    the plugin (``hello/card.css``); ``raystack check`` reports a name that two plugins provide.

    Args:
        settings: The frozen settings.

    Returns:
        The folders in the order in which they are searched, or ``None`` for none.
    """


@hookspec
def raystack_context_processors(
    settings: Settings,
) -> Sequence[Callable[[HTTPConnection], Mapping[str, Any]]] | None:
    """Contribute context processors: variables that depend on the request.

    Each is called with the request whenever a template is rendered for one, so it has to be cheap:
    hand over a function where a value is dear. It cannot be ``async``. Outside of a request none is
    called. Names that a view hands to its template win over theirs; among processors the later one
    wins.

    Args:
        settings: The frozen settings.

    Returns:
        The functions, or ``None`` for none. An exception of one is raised where the template is
        rendered, with a note that names the plugin.
    """
