"""Rendering templates: to responses, to strings, and one block alone.

The request that is being served is known, so it need not be handed over; outside of a request (in a
command, in a test) everything works without one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import Template, TemplateRuntimeError
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from raystack import run_sync

from .engine import Engine, get_engine
from .request import served_request
from .undefined import UndefinedNameError, nearest

Context = Mapping[str, Any]


class TemplateResponse(HTMLResponse):
    """A rendered page, which tells a test client what it was made from.

    Args:
        content: The page.
        template: The template's name.
        context: The variables that the view handed to it.
        status_code: The status.
        headers: Further headers.
    """

    def __init__(
        self,
        content: str,
        template: str,
        context: Context,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, status_code, headers)
        self.template = template
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page; Starlette's test client asks for more, and gets it."""
        if "http.response.debug" in scope.get("extensions", ()):
            info = {"template": self.template, "context": self.context}
            await send({"type": "http.response.debug", "info": info})
        await super().__call__(scope, receive, send)


def render_template(
    name: str,
    context: Context | None = None,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    request: HTTPConnection | None = None,
) -> TemplateResponse:
    """Render a template to a response.

    Args:
        name: The template's name: ``"blog/detail.html"``.
        context: Its variables.
        status_code: The response's status.
        headers: Further headers of the response.
        request: The request to render for; the one that is being served by default.

    Raises:
        TemplateNotFound: There is no such template; the message says where it was looked for.
        TemplateError: It is malformed, or uses a name that it was not given.

    Example::

        @router.get("/{slug}")
        async def detail(slug: str) -> HTMLResponse:
            return render_template("blog/detail.html", {"post": await find(slug)})
    """
    content = render_to_string(name, context, request=request)
    return TemplateResponse(content, name, context or {}, status_code=status_code, headers=headers)


async def arender_template(
    name: str,
    context: Context | None = None,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    request: HTTPConnection | None = None,
) -> TemplateResponse:
    """Render a template to a response, off the event loop: for those that wait, or work long.

    It takes and returns what ``render_template`` does, which an async view may call just as well
    where the template only shows what it is given.
    """
    return await run_sync(
        render_template,
        name,
        context,
        status_code=status_code,
        headers=headers,
        request=request,
    )


def render_to_string(
    name: str, context: Context | None = None, *, request: HTTPConnection | None = None
) -> str:
    """Render a template to a string: a mail, a file.

    Args:
        name: The template's name.
        context: Its variables.
        request: The request to render for; the one that is being served by default.

    Raises:
        TemplateNotFound: There is no such template; the message says where it was looked for.
        TemplateError: It is malformed, or uses a name that it was not given.
    """
    engine = get_engine()
    template = engine.environment.get_template(name)
    values = _values(engine, context, request)
    with _suggesting(engine, values):
        return template.render(values)


def render_block(
    name: str,
    block: str,
    context: Context | None = None,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    request: HTTPConnection | None = None,
) -> TemplateResponse:
    """Render one block of a template to a response: the part of a page that htmx asks for.

    The block may stand in the template or in one that it extends. First the template runs as
    always, up to its first output: what it imports and sets until then is known in the block. In a
    template that extends another, that is everything outside of its blocks. Where the first output
    is a variable, as in a layout that begins with ``{{ title }}``, it has to be given.

    Args:
        name: The template's name.
        block: The block's name.
        context: Its variables.
        status_code: The response's status.
        headers: Further headers of the response.
        request: The request to render for; the one that is being served by default.

    Raises:
        TemplateNotFound: There is no such template; the message says where it was looked for.
        TemplateError: It is malformed, has no such block, or uses a name that it was not given.
    """
    engine = get_engine()
    template = engine.environment.get_template(name)
    values = _values(engine, context, request)
    with _suggesting(engine, values):
        content = _block(template, block, values)
    return TemplateResponse(content, name, context or {}, status_code=status_code, headers=headers)


@contextmanager
def _suggesting(engine: Engine, values: Context) -> Iterator[None]:
    try:
        yield
    except UndefinedNameError as error:
        error.suggest([*values, *engine.environment.globals])
        raise


def _block(template: Template, block: str, values: Context) -> str:
    context = template.new_context(dict(values))
    # Up to its first piece of output a template imports, sets, and learns the blocks of those it
    # extends: Jinja2 runs all of that before it renders the outermost layout.
    next(template.root_render_func(context), None)
    if block not in context.blocks:
        known = ", ".join(sorted(context.blocks)) or "none"
        raise TemplateRuntimeError(
            f'The template "{template.name}" has no block "{block}".'
            f"{nearest(block, context.blocks)}\n  Blocks there are: {known}."
        )
    try:
        return template.environment.concat(context.blocks[block][0](context))
    except Exception:  # noqa: BLE001 - Jinja2 rewrites any traceback to the template's lines
        template.environment.handle_exception()


def _values(
    engine: Engine, context: Context | None, request: HTTPConnection | None
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    request = request or served_request()
    if request is not None:
        values["request"] = request
        for processor in engine.processors:
            values.update(processor(request))
    values.update(context or ())
    return values
