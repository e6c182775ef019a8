"""The pytest plugin of raystack-core: ``app``, ``client``, ``async_client`` and ``settings``.

pytest loads this in every project where raystack-core is installed, so it imports nothing until a
fixture is used. The fixtures are those of the project around the folder that pytest runs in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # see the module's docstring
    from collections.abc import AsyncIterator, Iterator

    import httpx2
    from starlette.testclient import TestClient

    from ..application import Raystack
    from .overrides import SettingsFixture

BASE_URL = "http://localhost"  # a host that DEBUG allows


@pytest.fixture
def settings() -> Iterator[SettingsFixture]:
    """Let a test set settings by assignment; they are put back afterwards.

    Example::

        def test_debug_shows_the_docs(settings):
            settings.DEBUG = True
    """
    from .overrides import SettingsFixture

    fixture = SettingsFixture()
    try:
        yield fixture
    finally:
        fixture.restore()


@pytest.fixture
def app() -> Raystack:
    """Return the project's application, built."""
    from ..application import get_application

    application = get_application()
    application.build()
    return application


@pytest.fixture
def client(app: Raystack) -> Iterator[TestClient]:
    """Speak to the application, with its lifespans entered, at ``http://localhost``."""
    from starlette.testclient import TestClient

    with TestClient(app, base_url=BASE_URL) as test_client:
        yield test_client


@pytest.fixture
async def async_client(app: Raystack) -> AsyncIterator[httpx2.AsyncClient]:
    """Speak to the application from an asynchronous test, on the test's own event loop.

    The lifespans are entered. Needs a plugin that runs asynchronous tests, such as anyio's.
    """
    try:
        import httpx2
    except ModuleNotFoundError:
        from ..exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(
            "The fixture async_client needs httpx2: pip install 'raystack-core[test]'"
        ) from None

    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            yield client
