"""``raystack run``: the production server."""

from pathlib import Path
from typing import Annotated

import typer

from ..serving import APPLICATION, check_port, check_socket, prepare, serve


def run(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    uds: Annotated[Path | None, typer.Option(help="A Unix socket to listen on instead.")] = None,
    workers: Annotated[int, typer.Option(help="How many processes serve.", min=1)] = 1,
    graceful_timeout: Annotated[
        int, typer.Option(help="Seconds that requests may take to finish at shutdown.", min=0)
    ] = 30,
    access_log: Annotated[bool, typer.Option(help="Log every request.")] = True,
) -> None:
    """Serve the project in production.

    SIGTERM lets running requests finish; then the plugins' resources are closed, in reverse order.
    Forwarded headers count only from TRUSTED_PROXIES.
    """
    if uds is None:
        check_port(host, port)
    else:
        check_socket(uds)
    prepare()
    serve(
        app=APPLICATION,
        host=host,
        port=port,
        uds=str(uds) if uds else None,
        workers=workers,
        timeout_graceful_shutdown=graceful_timeout,
        access_log=access_log,
    )
