"""The names that every template knows: ``reverse``, ``url_for``, ``static``, the language."""

from collections.abc import Mapping
from typing import Any

from raystack import Settings, reverse

from .settings import TemplatesSettings
from .static.urls import static_function


def template_globals(settings: Settings) -> Mapping[str, Any]:
    """Return ``reverse``, ``url_for``, ``static`` and ``LANGUAGE_CODE``.

    ``url_for`` is ``reverse`` under the name that FastAPI's users know. It gives a path, which
    unlike a whole address does not depend on the ``Host`` that a client has claimed.
    """
    return {
        "LANGUAGE_CODE": settings.LANGUAGE_CODE,
        "reverse": reverse,
        "static": static_function(settings.section(TemplatesSettings).STATIC_URL),
        "url_for": reverse,
    }
