"""``raystack version``."""

import platform
from importlib.metadata import distributions

import typer


def version() -> None:
    """Print the versions of Raystack's distributions, of FastAPI and of Python."""
    found = {d.name: d.version for d in distributions()}
    for name in sorted(found):
        if name.startswith("raystack") or name == "fastapi":
            typer.echo(f"{name} {found[name]}")
    typer.echo(f"python {platform.python_version()}")
