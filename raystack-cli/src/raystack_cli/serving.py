"""What the two servers, ``runserver`` and ``run``, have in common."""

import socket

from raystack import Kernel, get_application, get_asgi_application

from .exceptions import CommandError
from .project_required import require_project

APPLICATION = "raystack.asgi:app"


def prepare() -> Kernel:
    """Set the project up and build its application once, so that a mistake is told before serving.

    Raises:
        RaystackError: The project or a plugin is broken.
    """
    kernel = require_project()
    kernel.setup()
    get_asgi_application()
    get_application().build()
    return kernel


def check_port(host: str, port: int) -> None:
    """Make sure that a port is free.

    Raises:
        CommandError: It is taken, or the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(
                f"Cannot listen on {host}:{port}: {reason}. "
                f"Choose another port, or end what uses it.",
                exit_code=1,
            ) from error
