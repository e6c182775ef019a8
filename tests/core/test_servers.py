"""The application builds and serves the same however a server starts it."""

import sys

import pytest
from servers import free_port, serving
from workshop import Workshop

URLS = """
from fastapi import APIRouter
from raystack import reverse, settings
router = APIRouter()

@router.get("/", name="index")
async def index():
    return {"here": reverse("index"), "greeting": settings.SHOP_GREETING}
"""


@pytest.mark.parametrize(
    "options",
    [
        ["raystack.asgi:app"],
        ["--factory", "raystack:get_asgi_application"],
        ["raystack.asgi:app", "--workers", "2"],
        ["raystack.asgi:app", "--reload"],
    ],
    ids=["plain", "factory", "workers", "reload"],
)
def test_a_project_is_served_under_uvicorn(workshop: Workshop, options: list[str]) -> None:
    root = workshop.project(
        settings="ALLOWED_HOSTS = ['127.0.0.1']\nSHOP_GREETING = 'Hello'\n", urls=URLS
    )
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", *options, "--port", str(port)]

    with serving(command, root, port) as server:
        assert server.get() == (200, '{"here":"/","greeting":"Hello"}')


def test_a_broken_plugin_stops_the_server_with_a_readable_message(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-hello",
        "from raystack import hookimpl\n@hookimpl\n"
        "def raystack_routers(settings): raise KeyError('HELLO')\n",
    )
    root = workshop.project()
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "raystack.asgi:app", "--port", str(port)]
    environment = {"PYTHONPATH": str(workshop.site)}

    with pytest.raises(AssertionError) as caught, serving(command, root, port, environment):
        pass

    output = str(caught.value)
    assert "acme-hello 1.0 failed in the hook raystack_routers: KeyError 'HELLO'." in output
    assert "Application startup failed. Exiting." in output


def test_a_mistake_in_the_urls_stops_the_server_with_its_place(workshop: Workshop) -> None:
    """Not "lifespan protocol appears unsupported", and then nothing but 500s."""
    root = workshop.project(urls=URLS + "\n1 / 0\n")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "raystack.asgi:app", "--port", str(port)]

    with pytest.raises(AssertionError) as caught, serving(command, root, port):
        pass

    output = str(caught.value)
    assert "The application cannot be built: ZeroDivisionError: division by zero" in output
    assert "  config/urls.py, line 10: 1 / 0" in output
    assert "Application startup failed. Exiting." in output
