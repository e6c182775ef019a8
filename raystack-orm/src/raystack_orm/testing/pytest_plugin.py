"""The pytest plugin of raystack-orm: ``db``, ``transactional_db`` and ``assert_num_queries``.

pytest loads this in every project where raystack-orm is installed, so it imports nothing until a
fixture is used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # see the module's docstring
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from .databases import TestDatabases
    from .queries import CaptureQueries


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

    _make_test_databases(raystack_databases)
    with rolled_back():
        yield


@pytest.fixture
def transactional_db(raystack_databases: TestDatabases) -> Iterator[None]:
    """Let a test use the database with real commits. All tables are emptied afterwards."""
    from .databases import emptied

    _make_test_databases(raystack_databases)
    with emptied():
        yield


def _make_test_databases(databases: TestDatabases) -> None:
    from ..configuration import configuration

    if not configuration().configured:
        from raystack import get_kernel

        get_kernel().setup()
    databases.ensure()


@pytest.fixture
def assert_num_queries() -> Callable[..., AbstractContextManager[CaptureQueries]]:
    """Return what fails unless a block runs so many queries, to stand after ``with``."""
    from .queries import assert_num_queries as count

    return count
