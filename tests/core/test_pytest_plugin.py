"""The fixtures that raystack-core gives to a project's own tests."""

import subprocess
import sys

from workshop import Workshop

URLS = """
from contextlib import asynccontextmanager
from fastapi import APIRouter
from raystack import settings

@asynccontextmanager
async def lifespan(app):
    app.state.open = True
    yield

router = APIRouter(lifespan=lifespan)

@router.get("/")
def index(): return {"debug": settings.DEBUG, "greeting": settings.SHOP_GREETING}
"""


def run_tests(workshop: Workshop, code: str) -> str:
    """Run a project's tests with pytest in a process of its own and return the output."""
    root = workshop.project(settings="DEBUG = True\nSHOP_GREETING = 'Hello'\n", urls=URLS)
    workshop.write("tests/test_shop.py", code)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_client_speaks_to_the_application_within_its_lifespan(workshop: Workshop) -> None:
    output = run_tests(
        workshop,
        """
        def test_index(client, app):
            assert app.state.open
            assert client.get("/").json() == {"debug": True, "greeting": "Hello"}
        """,
    )

    assert "1 passed" in output, output


def test_async_client_shares_the_tests_event_loop(workshop: Workshop) -> None:
    output = run_tests(
        workshop,
        """
        import pytest

        @pytest.fixture
        def anyio_backend(): return "asyncio"

        @pytest.mark.anyio
        async def test_index(async_client):
            answer = await async_client.get("/")
            assert answer.json()["greeting"] == "Hello"
        """,
    )

    assert "1 passed" in output, output


def test_settings_set_in_a_test_are_put_back(workshop: Workshop) -> None:
    output = run_tests(
        workshop,
        """
        import raystack

        def test_one(settings, client):
            settings.SHOP_GREETING = "Moin"
            assert client.get("/").json()["greeting"] == "Moin"

        def test_two(client):
            assert client.get("/").json()["greeting"] == "Hello"
        """,
    )

    assert "2 passed" in output, output


def test_pytest_without_a_fixture_of_ours_imports_nothing_heavy(workshop: Workshop) -> None:
    """The plugin is loaded by pytest in every project where raystack-core is installed."""
    output = run_tests(
        workshop,
        """
        import sys

        def test_lightness():
            assert not {"fastapi", "pydantic", "sqlalchemy"} & set(sys.modules)
        """,
    )

    assert "1 passed" in output, output
