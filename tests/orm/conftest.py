"""Fixtures of the ORM's tests: every test that asks for ``db`` runs on each database."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "support"))

import press
from vendors import POSTGRES_URL, VENDORS

import raystack_orm
from raystack_orm.configuration import Configuration, activate, configuration
from raystack_orm.database_url import parse_url
from raystack_orm.databases import connections, make_driver
from raystack_orm.testing.databases import emptied, rolled_back

MODELS = [value for value in vars(press).values() if hasattr(value, "_meta")]


@pytest.fixture(scope="session", params=VENDORS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Configuration]:
    """A database with the tables of ``press``: a SQLite file, or one of PostgreSQL's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'press.sqlite3'}"
    else:
        url = POSTGRES_URL
    before = configuration()
    raystack_orm.configure(databases={"default": url}, installed_apps=["press"])
    if request.param != "sqlite":
        name = make_driver(parse_url(url)).for_tests(f"_orm{worker}").database
        url = f"{url.rpartition('/')[0]}/{name}"
        raystack_orm.configure(databases={"default": url}, installed_apps=["press"])
    mine = configuration()
    connections.driver("default").create_database()
    raystack_orm.create_all(MODELS)
    yield mine
    activate(mine)
    connections.driver("default").drop_database()
    activate(before)


@pytest.fixture
def db(database: Configuration) -> Iterator[str]:
    """Use the database, and roll back. It is the vendor's name."""
    activate(database)
    with rolled_back():
        yield connections["default"].vendor


@pytest.fixture
def committed_db(database: Configuration) -> Iterator[str]:
    """Use the database with real commits, and empty the tables. It is the vendor's name."""
    activate(database)
    with emptied(MODELS):
        yield connections["default"].vendor
