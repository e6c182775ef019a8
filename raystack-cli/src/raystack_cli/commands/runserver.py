"""``raystack runserver``: the development server."""

from typing import Annotated

import typer

from ..exceptions import CommandError
from ..serving import application, check_port, prepare, serve

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def runserver(
    address: Annotated[
        str, typer.Argument(help="PORT, HOST or HOST:PORT.", metavar="[HOST:PORT]")
    ] = "",
    reload: Annotated[
        bool, typer.Option(help="Restart when Python files, settings or .env change.")
    ] = True,
) -> None:
    """Serve the project for development, and restart when its code changes.

    Templates and static files need no restart. In production use `raystack run`.
    """
    host, port = parse_address(address)
    check_port(host, port)
    kernel = prepare()
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Raystack serves {kernel.project.settings_module} at http://{shown}:{port}/")
    typer.echo("For development only. Stop it with Ctrl-C.")
    root = kernel.project.root
    serve(
        app=f"{application.__module__}:{application.__name__}",
        factory=True,
        host=host,
        port=port,
        reload=reload,
        reload_dirs=[str(root)] if reload and root else None,  # uvicorn warns of it otherwise
        reload_includes=["*.py", ".env"] if reload else None,
    )


def parse_address(address: str) -> tuple[str, int]:
    """Read ``8001``, ``0.0.0.0``, ``0.0.0.0:8001`` or ``[::1]:8001``.

    Raises:
        CommandError: The port is no port.
    """
    if address.isdigit():
        address = f":{address}"
    host, separator, port = address.rpartition(":")
    if not separator or address.endswith("]"):
        host, port = address, ""
    host = host.strip("[]") or DEFAULT_HOST
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CommandError(f"{port!r} is no port: it has to be a number from 1 to 65535.")
    return host, int(port or DEFAULT_PORT)
