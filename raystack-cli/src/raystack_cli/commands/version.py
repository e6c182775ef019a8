"""``raystack version``."""

import platform
from importlib.metadata import version as version_of

import typer


def version() -> None:
    """Print the versions of Raystack's distributions, of FastAPI and of Python."""
    from importlib_metadata import distributions

    found = {d.name for d in distributions() if d.name.startswith("raystack")} | {"fastapi"}
    for name in sorted(found):
        typer.echo(f"{name} {version_of(name)}")
    typer.echo(f"python {platform.python_version()}")
