"""Jinja2 templates and static files for Raystack."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they import Jinja2, which most commands do without
    from .engine import get_environment as get_environment
    from .rendering import TemplateResponse as TemplateResponse
    from .rendering import arender_template as arender_template
    from .rendering import render_block as render_block
    from .rendering import render_template as render_template
    from .rendering import render_to_string as render_to_string
    from .settings import TemplatesSettings as TemplatesSettings
else:
    from raystack.lazy import lazy_names

    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "TemplateResponse": "rendering",
            "TemplatesSettings": "settings",
            "arender_template": "rendering",
            "get_environment": "engine",
            "render_block": "rendering",
            "render_template": "rendering",
            "render_to_string": "rendering",
        },
    )
