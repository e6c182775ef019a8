"""What the installed plugins add to an application."""

from typing import Any

from raystack import Kernel, Raystack, use_kernel


def contributions(**settings: Any) -> tuple[list[str], list[str]]:
    """Build an application with these settings.

    Returns:
        The names of its middleware, from outside to inside, and the paths of its routes.
    """
    kernel = Kernel(settings=settings)
    with use_kernel(kernel):
        app = Raystack(kernel)
        layers = [entry.name for layer in app.layers for entry in layer]
        return layers, [getattr(route, "path", "") for route in app.routes]
