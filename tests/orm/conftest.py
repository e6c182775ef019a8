"""Fixtures of the ORM's tests: every test that asks for ``db`` runs on each database."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

sys.path.append(str(Path(__file__).parent / "support"))

import press
import relations
from requirements import mariadb_url, postgres_url
from vendors import VENDORS

import raystack_orm
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import DatabaseURL, parse_url
from raystack_orm.databases import connections, make_driver
from raystack_orm.testing.databases import emptied, rolled_back

CHECKOUT = f"{crc32(__file__.encode()):x}"  # two of them may test on one server at a time
# What PostgreSQL's own fields, functions and lookups need of it; an administrator installs them.
EXTENSIONS = ("btree_gist", "hstore", "pg_trgm", "pgcrypto", "unaccent")
MODELS = [
    value
    for module in (press, relations)
    for value in vars(module).values()
    if hasattr(value, "_meta")
]


@pytest.fixture(scope="session", params=VENDORS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Configuration]:
    """A database with the tables of ``press``: a SQLite file, or one on a server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if request.param == "sqlite":  # a file: in memory, threads would share one connection
        path = tmp_path_factory.mktemp("db") / "press.sqlite3"
        url = DatabaseURL("sqlite", str(path), testing=True)
    else:
        server = postgres_url() if request.param == "postgresql" else mariadb_url()
        url = make_driver(parse_url(server)).for_tests(f"_orm{worker}_{CHECKOUT}")
    made = Configuration(
        {"default": url}, apps={"press": "press", "relations": "relations"}, configured=True
    )
    with configured(made):
        driver = connections.driver("default")
        driver.create_database()
        if driver.vendor == "postgresql":
            for extension in EXTENSIONS:
                connections["default"].write(f"CREATE EXTENSION {extension}", ())
        raystack_orm.create_all(MODELS)
    yield made
    driver.drop_database()


@pytest.fixture
def db(database: Configuration) -> Iterator[str]:
    """Use the database, and roll back. It is the vendor's name."""
    with configured(database), rolled_back():
        yield connections["default"].vendor


@pytest.fixture
def committed_db(database: Configuration) -> Iterator[str]:
    """Use the database with real commits, and empty the tables. It is the vendor's name."""
    with configured(database), emptied(MODELS):
        yield connections["default"].vendor
