"""``raystack startapp``."""

from pathlib import Path
from typing import Annotated

import typer

from raystack import ImproperlyConfigured, Kernel

from ..exceptions import CommandError
from ..project_required import require_project
from ..scaffold.installed_apps import add_app
from ..scaffold.names import check_name
from ..scaffold.texts import contributed, own_texts, render
from ..scaffold.writing import check_target, replace_text, write_folder


def startapp(
    name: Annotated[str, typer.Argument(help="The app's name, a Python identifier.")],
) -> None:
    """Add an app to the project: write apps/NAME and list it in INSTALLED_APPS."""
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
    settings = _settings_file(kernel)
    names = {"name": name, "title": name.replace("_", " ").title(), "package": package}
    added = contributed(kernel, "raystack_startapp")
    texts = render({**own_texts("app"), **added.files}, names)
    try:
        before = settings.read_bytes().decode()
        edited, problem = add_app(before, package), None
    except CommandError as error:
        edited, problem = "", error
    write_folder(target, texts, added.folders)
    if problem is None:
        replace_text(settings, edited)
    typer.echo(f"The app {name} is in {target}.")
    typer.echo("Next: add its urls to config/urls.py:")
    typer.echo(
        f'  router.include_router(include("{package}.urls", namespace="{name}"), prefix="/{name}")'
    )
    if problem is not None:
        raise problem


def _settings_file(kernel: Kernel) -> Path:
    from importlib.util import find_spec

    name = kernel.project.settings_module or ""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"The settings module {name!r} is no file that can be edited.")
    return Path(spec.origin)
