"""The pytest plugin of raystack-orm: ``db``, ``transactional_db`` and ``assert_num_queries``.

pytest loads this in every project where raystack-orm is installed, so it imports nothing until a
fixture is used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from .. import access
from .guard import guard

if TYPE_CHECKING:  # see the module's docstring
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .databases import TestDatabases
    from .queries import CaptureQueries


def pytest_configure(config: pytest.Config) -> None:
    """Refuse the databases to tests that do not ask for them, until the run ends."""
    before = access.guard, guard.root

    def restore() -> None:
        access.guard, guard.root = before

    access.guard, guard.root = guard, _project_around(config.invocation_params.dir)
    config.add_cleanup(restore)


def _project_around(folder: Path) -> Path | None:
    from raystack.exceptions import ImproperlyConfigured
    from raystack.project import find_project

    try:
        return find_project(folder).root
    except ImproperlyConfigured:
        return None  # the fixtures raise it, for the tests that need a project


@pytest.fixture(scope="session")
def raystack_databases() -> Iterator[TestDatabases]:
    """Hold the test databases, with the tables of all models: made once for each process.

    SQLite's is in memory; PostgreSQL's is called ``test_<name>_<worker>``.
    """
    from .databases import TestDatabases

    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    databases = TestDatabases(f"_{worker}" if worker else "")
    try:
        yield databases
    finally:
        databases.drop()


@pytest.fixture
def db(raystack_databases: TestDatabases) -> Iterator[None]:
    """Let a test use the database. All that it does there is rolled back.

    It is one transaction for the test and for the application under test, whatever thread an
    endpoint runs in; ``on_commit()`` callbacks therefore do not run.
    """
    from .databases import rolled_back

    with raystack_databases.allowed(), rolled_back():
        yield


@pytest.fixture
def transactional_db(raystack_databases: TestDatabases) -> Iterator[None]:
    """Let a test use the database with real commits. All tables are emptied afterwards."""
    from .databases import emptied

    with raystack_databases.allowed(), emptied():
        yield


@pytest.fixture
def assert_num_queries() -> Callable[..., AbstractContextManager[CaptureQueries]]:
    """Return what fails unless a block runs so many queries, to stand after ``with``."""
    from .queries import assert_num_queries as count

    return count
