"""``raystack check``."""

from typing import Annotated

import typer

from raystack import CheckMessage

from ..building import told_in_lines
from ..output import Format, print_json
from ..project_required import require_project


def check(
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Also ask what matters in production.")
    ] = False,
    format: Annotated[Format, typer.Option(help="How to print the findings.")] = Format.text,  # noqa: A002 - the option's name
) -> None:
    """Look for mistakes in the project. Exits with 1 if there are errors."""
    kernel = require_project()
    kernel.setup()
    from raystack.checks.run import has_errors, run_checks

    with told_in_lines(kernel.project.root):
        messages = run_checks(kernel, deploy=deploy)
    if format is Format.json:
        print_json([_as_data(message) for message in messages])
    else:
        for message in messages:
            _print(message)
        count = len(messages)
        typer.echo("No problems." if not count else f"{count} problem{'s' * (count > 1)}.")
    if has_errors(messages):
        raise typer.Exit(1)


def _as_data(message: CheckMessage) -> dict[str, str]:
    return {
        "id": message.id,
        "level": message.level.name.lower(),
        "message": message.message,
        "hint": message.hint,
        "object": message.obj,
    }


def _print(message: CheckMessage) -> None:
    typer.echo(f"{message.level.name} {message.id}: {message.message}")
    if message.hint:
        typer.echo(f"  {message.hint}")
