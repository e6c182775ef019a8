"""Applications with this distribution's middleware, built by a real kernel."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from workshop import Workshop

import raystack_middleware.plugin
from raystack import Kernel, Raystack, use_kernel

SECRET = "a-secret-key-for-tests-" + "k" * 30
MakeApp = Callable[..., Raystack]


@pytest.fixture
def make_app(workshop: Workshop) -> Iterator[MakeApp]:
    """Build an application with these settings, on a kernel with raystack-middleware alone."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Raystack:
            given = {"ALLOWED_HOSTS": ["testserver"], "SECRET_KEY": SECRET, **settings}
            kernel = Kernel(settings=given, plugins=[raystack_middleware.plugin], discover=False)
            stack.enter_context(use_kernel(kernel))
            return Raystack(kernel)

        yield make


@pytest.fixture
def client() -> Callable[..., TestClient]:
    """Make a client which gets the server's 500 instead of the exception."""

    def make(app: FastAPI, **options: Any) -> TestClient:
        return TestClient(app, raise_server_exceptions=False, **options)

    return make
