"""What the two servers, ``runserver`` and ``run``, have in common."""

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from raystack import ImproperlyConfigured, Kernel, RaystackError, get_asgi_application, get_kernel

from .building import check_application, told_in_lines
from .exceptions import CommandError
from .project_required import require_project

APPLICATION = "raystack.asgi:app"
FAILED_TO_START = 1
WORKER_FAILED_TO_START = 3  # uvicorn's own code


def prepare() -> Kernel:
    """Set the project up and build its application once, so that a mistake is told before serving.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    kernel = require_project()
    kernel.setup()
    try:
        with told_in_lines(kernel.project.root):
            get_asgi_application()
    except ImproperlyConfigured as error:
        # Only the path in ASGI_APPLICATION is left to be wrong.
        raise CommandError(str(error), exit_code=FAILED_TO_START) from error
    check_application(kernel)
    return kernel


def serve(**options: Any) -> None:
    """Run uvicorn until it is told to stop, and end the process.

    SIGTERM and Ctrl-C end it with 0, after the running requests and the lifespans.

    Args:
        options: As ``uvicorn.run`` takes them.
    """
    import uvicorn

    # After a graceful stop uvicorn raises the signal again, for whoever handled it before.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    options |= {
        "proxy_headers": False,  # TRUSTED_PROXIES decides whom to believe
        "server_header": False,
    }
    try:
        if options.get("workers", 1) > 1:
            _supervise(options)
        else:
            uvicorn.run(**options)
    except SystemExit as end:
        sys.exit(FAILED_TO_START if end.code else 0)


def _supervise(options: dict[str, Any]) -> None:
    """Do what ``uvicorn.run`` does for several workers, which ends with 0 if none can start."""
    from uvicorn import Config
    from uvicorn.supervisors import Multiprocess

    config = Config(**options)
    supervisor = Multiprocess(config, sockets=[config.bind_socket()])
    try:
        supervisor.run()
    finally:
        if config.uds:
            Path(config.uds).unlink(missing_ok=True)
    if any(process.exitcode == WORKER_FAILED_TO_START for process in supervisor.processes):
        sys.exit(FAILED_TO_START)


def application() -> Callable[..., Any]:
    """Return the application for the development server, or one that says why there is none.

    A module that cannot be imported would show as a traceback of uvicorn's own.
    """
    kernel = get_kernel()
    try:
        kernel.setup()
        with told_in_lines(kernel.project.root):
            found = get_asgi_application()
        check_application(kernel)
    except RaystackError as error:
        return _failing(f"Error: {error}\nWaiting for a change.")
    return found


def _failing(message: str) -> Callable[..., Any]:
    async def fail(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": message})

    return fail


def check_port(host: str, port: int) -> None:
    """Make sure that a port is free.

    Raises:
        CommandError: It is taken, or the address cannot be used.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            if sys.platform != "win32":  # there it would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. "
            f"Choose another address, or end what uses this one.",
            exit_code=FAILED_TO_START,
        ) from error


def check_socket(path: Path) -> None:
    """Make sure that a Unix socket can be made at a path.

    Raises:
        CommandError: Its folder is missing or closed to us, or something else has the path.
    """
    if not path.parent.is_dir():
        reason = f"There is no folder {path.parent}"
    elif not os.access(path.parent, os.W_OK):
        reason = f"The folder {path.parent} is closed to this user"
    elif path.exists() and not path.is_socket():
        reason = "It exists and is no socket"
    elif path.is_socket() and _is_served(path):
        reason = "Another server listens on it"
    else:
        return
    raise CommandError(f"Cannot listen on {path}: {reason}.", exit_code=FAILED_TO_START)


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
