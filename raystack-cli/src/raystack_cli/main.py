"""The program ``raystack``, which a project's ``manage.py`` is too."""

import sys

import typer

from raystack import RaystackError

from .exceptions import CommandError
from .group import HELP_OPTIONS, RaystackGroup

PROGRAM = "raystack"
HELP = "Raystack: a web framework of parts. The commands come from the installed plugins and apps."


def _options(ctx: typer.Context) -> None:
    """Take what all commands share; there is nothing so far but --help."""


def make_app() -> typer.Typer:
    """Make the Typer application; its commands are found when they are asked for."""
    app = typer.Typer(
        name=PROGRAM,
        cls=RaystackGroup,
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": sorted(HELP_OPTIONS)},
    )
    app.callback()(_options)
    return app


def main() -> None:
    """Run the command that the command line asks for.

    It ends the process: with 0, with 1 where something failed, with 2 for a mistake in the project
    or in what was asked, with 130 after Ctrl-C.
    """
    try:
        make_app()(prog_name=PROGRAM)
    except RaystackError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(error.exit_code if isinstance(error, CommandError) else 2)
