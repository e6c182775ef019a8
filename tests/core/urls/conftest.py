"""An application with the index and nothing else of Raystack around it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from raystack.urls import IndexedRouter, included


class App(FastAPI):
    """A FastAPI application with the index."""

    router: IndexedRouter

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.router = IndexedRouter.replacing(self.router)


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def client(app: App) -> TestClient:
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def both() -> Callable[..., list[Any]]:
    """Build the same application with FastAPI's router and with the index."""

    def build(fill: Callable[[FastAPI], object], **arguments: Any) -> list[Any]:
        apps: list[FastAPI] = [FastAPI(**arguments), App(**arguments)]
        for each in apps:
            fill(each)
        return apps

    return build


@pytest.fixture(params=["ROUTER", "OPTIONS", "LOW_PRIORITY_ROUTES"])
def another_fastapi(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A FastAPI that keeps included routers in another way than Raystack knows."""
    monkeypatch.setattr(included, request.param, "elsewhere")
    included.is_familiar.cache_clear()
    yield
    monkeypatch.undo()
    included.is_familiar.cache_clear()
