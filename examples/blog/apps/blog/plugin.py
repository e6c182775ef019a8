"""What the blog adds to the project: template filters, a variable, and its error pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raystack import hookimpl

if TYPE_CHECKING:  # every command imports this module; these are heavy
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import HTTPConnection

    from raystack import Settings


@hookimpl
def raystack_template_filters(settings: Settings) -> Mapping[str, Callable[..., Any]]:
    """Add the filters of the blog's templates."""
    from . import text

    names = ("blocks", "highlight", "initials", "long_date", "reading_minutes", "snippet")
    return {name: getattr(text, name) for name in names}


@hookimpl
def raystack_context_processors(
    settings: Settings,
) -> Sequence[Callable[[HTTPConnection], Mapping[str, Any]]]:
    """Tell every template where the API's documentation is, if it is shown."""
    return [_docs_url]


@hookimpl
def raystack_exception_handlers(settings: Settings) -> Mapping[Any, Any]:
    """Show errors as pages to people, and as JSON to the API's clients."""
    from .errors import handlers

    return handlers()


def _docs_url(request: HTTPConnection) -> Mapping[str, Any]:
    app = request.app
    return {"docs_url": app.root_path + app.docs_url if app.openapi_url and app.docs_url else None}
