"""The settings of raystack-templates. The names are Django's where Django has the setting."""

from pathlib import Path

from pydantic import Field

from raystack import Section


class TemplatesSettings(Section):
    """Where templates and static files are, and what every template knows."""

    TEMPLATE_DIRS: tuple[Path, ...] = Field(
        (Path("templates"),),
        description="The project's folders of templates, relative to manage.py; searched first.",
    )
    TEMPLATE_CONTEXT_PROCESSORS: tuple[str, ...] = Field(
        (),
        description="The project's own context processors, as import paths of functions that take "
        "the request and return a dictionary.",
    )
    STATIC_URL: str = Field(
        "/static/",
        # To browsers, "//" and "/\" begin the name of another server.
        pattern=r"^(/|https?://)[^/\\?#\s][^\\?#\s]*/$",
        description="Where static files are served; the address of another server leaves it to it.",
    )
    STATICFILES_DIRS: tuple[Path, ...] = Field(
        (Path("static"),),
        description="The project's folders of static files, relative to manage.py; searched first.",
    )
