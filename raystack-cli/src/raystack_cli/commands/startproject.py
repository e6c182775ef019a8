"""``raystack startproject``."""

import secrets
import shlex
from pathlib import Path
from typing import Annotated

import typer

from raystack import Kernel, Scaffold
from raystack.project import Project

from ..scaffold.names import check_name
from ..scaffold.texts import contributed, own_texts, render
from ..scaffold.writing import check_target, write_folder


def startproject(
    name: Annotated[str, typer.Argument(help="The project's name, a Python identifier.")],
    directory: Annotated[
        Path | None, typer.Argument(help="The folder to write; by default one of that name.")
    ] = None,
) -> None:
    """Write a new project, made of what is installed."""
    check_name(name, "project")
    target = (directory or Path(name)).absolute()
    check_target(target)
    added = _contributed()
    names = {
        "name": name,
        "title": name.replace("_", " ").title(),
        "secret_key": secrets.token_urlsafe(50),
    }
    names["more_settings"] = render({"": added.settings}, names)[""]
    texts = render({**own_texts("project"), **added.files}, names)
    write_folder(target, texts, added.folders)
    typer.echo(f"The project {name} is in {target}.")
    move = "" if target == Path.cwd() else f"cd {shlex.quote(str(directory or name))} && "
    typer.echo(f"Next: {move}raystack runserver")


def _contributed() -> Scaffold:
    """Join what the installed plugins add, whatever project is around the folder.

    A plugin that is broken adds nothing, and is said to.
    """
    kernel = Kernel(Project(None, None), collect=True)
    kernel.register()
    added = contributed(kernel, "raystack_startproject")
    for problem in kernel.problems:
        typer.echo(f"Left out: {problem.message}", err=True)
    return added
