"""``raystack startapp``."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from raystack import ImproperlyConfigured, Kernel
from raystack.project import SETTINGS_VARIABLE

from ..exceptions import CommandError
from ..project_required import require_project
from ..scaffold.installed_apps import add_app
from ..scaffold.names import check_name
from ..scaffold.root_urls import add_include, include_line
from ..scaffold.texts import contributed, own_texts, render
from ..scaffold.writing import all_or_nothing, check_target, read_text, replace_text


def startapp(
    name: Annotated[str, typer.Argument(help="The app's name, a Python identifier.")],
) -> None:
    """Add an app to the project.

    It writes apps/NAME, lists it in INSTALLED_APPS and includes its urls in the project's.
    """
    kernel = require_project()
    kernel.register()
    root = kernel.project.root
    if root is None:
        raise CommandError("There is no manage.py here, so there is no place for an app.")
    check_name(name, "app")
    package = f"apps.{name}"
    taken = [app.name for app in kernel.apps if app.label == name]
    if taken:
        raise CommandError(f'The app {taken[0]} has the label "{name}" already.')
    target = root / "apps" / name
    check_target(target)
    settings = _file_of(kernel.project.settings_module or "", SETTINGS_VARIABLE)
    urls = _file_of(kernel.settings.ROOT_URLCONF, "ROOT_URLCONF")
    names = {"name": name, "title": name.replace("_", " ").title(), "package": package}
    added = contributed(kernel, "raystack_startapp")
    texts = render({**own_texts("app"), **added.files}, names)
    line = include_line(package, name)
    listed, problem = _listed(kernel, read_text(settings), package)
    included = add_include(read_text(urls), line)
    with all_or_nothing(settings, urls) as place:
        place(target, texts, added.folders)
        if listed is not None:
            replace_text(settings, listed)
        if included is not None:
            replace_text(urls, included)
    typer.echo(f"The app {name} is in {target}.")
    if included is None:
        typer.echo(f"Next: add its urls to {urls.relative_to(root)}:\n  {line}")
    else:
        typer.echo(f"Its urls are included in {urls.relative_to(root)}, under /{name}.")
    if problem is not None:
        raise problem


def _listed(kernel: Kernel, text: str, package: str) -> tuple[str | None, CommandError | None]:
    """Return the settings with the app, or the error that says what to add by hand."""
    origin = kernel.settings.describe("INSTALLED_APPS").origin
    if origin not in {"default", kernel.project.settings_module}:
        return None, CommandError(
            f"INSTALLED_APPS comes from {origin}, which wins over the settings module, so that was "
            f"left alone. Add {package} there."
        )
    try:
        return add_app(text, package), None
    except CommandError as error:
        return None, error


def _file_of(module: str, named_by: str) -> Path:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):  # a package around it is missing
        spec = None
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(
            f"The module {module!r}, which {named_by} names, is no file that can be edited. "
            f"Nothing was changed."
        )
    return Path(spec.origin)
