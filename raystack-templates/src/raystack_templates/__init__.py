"""Jinja2 templates and static files for Raystack."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # they import Jinja2, which most commands do without
    from .engine import get_environment as get_environment
    from .rendering import TemplateResponse as TemplateResponse
    from .rendering import arender_template as arender_template
    from .rendering import render_block as render_block
    from .rendering import render_template as render_template
    from .rendering import render_to_string as render_to_string
    from .settings import TemplatesSettings as TemplatesSettings

_MODULES = {
    "TemplateResponse": "rendering",
    "TemplatesSettings": "settings",
    "arender_template": "rendering",
    "get_environment": "engine",
    "render_block": "rendering",
    "render_template": "rendering",
    "render_to_string": "rendering",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
