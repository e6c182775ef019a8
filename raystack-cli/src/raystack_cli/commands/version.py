"""``raystack version``."""

import platform

import typer

from raystack.plugins.discovery import discover, installed_version

ALWAYS = ("raystack", "raystack-core", "raystack-cli", "fastapi")


def version() -> None:
    """Print the versions of Raystack, of the installed plugins, of FastAPI and of Python."""
    names = {*ALWAYS, *(contract.distribution for contract in discover())}
    for name in sorted(names):
        found = installed_version(name)
        if found is not None:
            typer.echo(f"{name} {found}")
    typer.echo(f"python {platform.python_version()}")
