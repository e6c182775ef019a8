"""An error on a request names the plugin that raised it, in the one record the server logs."""

import sys

import pytest
from fastapi.exceptions import ResponseValidationError
from servers import free_port, serving
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Kernel, Raystack

MIDDLEWARE = """
class Broken:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/broken":
            raise RuntimeError("no greeting")
        await self.app(scope, receive, send)
"""
PLUGIN = """
from raystack import hookimpl

@hookimpl
def raystack_middleware(settings):
    from raystack import Middleware
    from acme_hello.middleware import Broken
    return [Middleware("broken", Broken, layer="{layer}")]
"""
HANDLERS = """
from raystack import hookimpl

@hookimpl
def raystack_exception_handlers(settings):
    from acme_hello.middleware import handler
    return {LookupError: handler}
"""
NOTE = "Raised in the plugin acme-hello (acme-hello 1.0)."


def install(workshop: Workshop, plugin: str, middleware: str = MIDDLEWARE) -> None:
    """Install the plugin that breaks."""
    workshop.distribution("acme-hello", plugin)
    (workshop.site / "acme_hello" / "middleware.py").write_text(middleware)


@pytest.mark.parametrize("layer", ["inner", "outer"])
def test_pl_02_a_middleware_that_raises_is_one_record_naming_the_plugin(
    workshop: Workshop, layer: str
) -> None:
    """The request fails closed with a 500, and the process goes on serving."""
    install(workshop, PLUGIN.format(layer=layer))
    root = workshop.project(
        settings="ALLOWED_HOSTS = ['127.0.0.1']\n",
        urls="from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/{path}')\ndef index(path: str): return 'served'\n",
    )
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "raystack.asgi:app", "--port", str(port)]

    with serving(command, root, port, {"PYTHONPATH": str(workshop.site)}) as server:
        broken = server.get("/broken")
        after = server.get("/well")

    log = server.log.read_text()
    assert broken == (500, "Internal Server Error")
    assert after == (200, '"served"')
    assert log.count(NOTE) == 1
    assert log.count("ERROR:") == 1


def test_pl_02_an_exception_handler_that_raises_names_the_plugin(workshop: Workshop) -> None:
    install(workshop, HANDLERS, "def handler(request, error): raise RuntimeError('in the handler')")
    app = Raystack(Kernel(settings={"PLUGINS": ["acme-hello"]}))

    @app.get("/")
    def index() -> None:
        raise KeyError("missing")

    with pytest.raises(RuntimeError) as caught:
        TestClient(app).get("/")

    assert caught.value.__notes__ == [NOTE]


def test_a_plugin_is_not_blamed_for_the_project(workshop: Workshop) -> None:
    """A middleware calls everything below it; only the innermost code of somebody's counts."""
    install(workshop, PLUGIN.format(layer="inner"))
    workshop.project(
        urls="from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/')\ndef index(): raise RuntimeError('mine')\n"
    )
    app = Raystack(Kernel(settings={"PLUGINS": ["acme-hello"]}))

    with pytest.raises(RuntimeError) as caught:
        TestClient(app).get("/")

    assert not hasattr(caught.value, "__notes__")


def test_middleware_is_not_blamed_for_an_answer_that_passes_through_it(
    workshop: Workshop,
) -> None:
    """The endpoint has returned when FastAPI finds its answer wrong."""
    install(workshop, PLUGIN.format(layer="inner"))
    workshop.project(
        "ALLOWED_HOSTS = ['testserver']",
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/')\ndef index() -> float: return 'no number'\n",
    )
    kernel = Kernel(settings={"PLUGINS": ["acme-hello"]})

    with pytest.raises(ResponseValidationError) as raised:
        TestClient(Raystack(kernel)).get("/")

    assert getattr(raised.value, "__notes__", []) == []


def test_a_script_without_a_project_is_not_a_plugins_code(workshop: Workshop) -> None:
    """Middleware is in every traceback; the function of the script is what raised."""
    install(workshop, PLUGIN.format(layer="inner"))
    app = Raystack(Kernel(settings={"PLUGINS": ["acme-hello"]}))

    @app.get("/")
    async def index() -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError) as caught:
        TestClient(app).get("/")

    assert not hasattr(caught.value, "__notes__")
