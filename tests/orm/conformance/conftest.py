"""Fixtures of the conformance suite: a module's own models, on each database.

A module here is one page of Django's documentation, in our words: it defines the models it speaks
of, and takes ``db`` (rolled back), ``committed_db`` (real commits) or ``two_dbs`` (a second
database called ``other``). ``run`` lets a test await: sync and async calls see one transaction.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any, TypeVar

import pytest

import raystack_orm
from raystack_orm.configuration import Configuration, configuration, configured
from raystack_orm.database_url import DatabaseURL
from raystack_orm.databases import connections
from raystack_orm.testing.databases import emptied, rolled_back

T = TypeVar("T")
EXTENSIONS = ("btree_gist", "hstore")  # of PostgreSQL: constraints and fields need them
_made: set[tuple[str, DatabaseURL]] = set()


def models_of(module: ModuleType) -> list[Any]:
    """Return the models that a module defines and that stand on tables of their own."""
    found = [value for value in vars(module).values() if isinstance(value, type)]
    return [
        model
        for model in dict.fromkeys(found)
        if issubclass(model, raystack_orm.models.Model)
        and model.__module__ == module.__name__
        and not model._meta.abstract
        and not model._meta.proxy
        and not model._meta.swapped
    ]


def make_tables(module: ModuleType, alias: str = "default") -> None:
    """Create the tables of a module's models in a database, once."""
    vendor = connections[alias].vendor
    made = (module.__name__, configuration().databases[alias])
    if made not in _made:
        _made.add(made)
        if vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                for name in EXTENSIONS:
                    cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        models = [
            model
            for model in models_of(module)
            if model._meta.managed and model._meta.required_db_vendor in (None, vendor)
        ]
        if models:
            raystack_orm.create_all(models, using=alias)


@pytest.fixture
def db(database: Configuration, request: pytest.FixtureRequest) -> Iterator[str]:
    """Use the database, and roll back. It is the vendor's name."""
    with configured(database):
        make_tables(request.module)
        with rolled_back():
            yield connections["default"].vendor


@pytest.fixture
def committed_db(database: Configuration, request: pytest.FixtureRequest) -> Iterator[str]:
    """Use the database with real commits, and empty the tables. It is the vendor's name."""
    with configured(database):
        make_tables(request.module)
        with emptied(models_of(request.module)):
            yield connections["default"].vendor


@pytest.fixture(scope="session")
def both_databases(
    database: Configuration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Configuration]:
    """The database and a second one, ``other``: a SQLite file, whatever the first one is."""
    path = tmp_path_factory.mktemp("other") / "other.sqlite3"
    other = DatabaseURL("sqlite", str(path), testing=True)
    both = replace(database, databases={**database.databases, "other": other})
    with configured(both):
        driver = connections.driver("other")
        driver.create_database()
    yield both
    driver.drop_database()


@pytest.fixture
def two_dbs(both_databases: Configuration, request: pytest.FixtureRequest) -> Iterator[str]:
    """Use the database and another, ``other``; both are rolled back. It is the vendor's name."""
    with configured(both_databases):
        make_tables(request.module)
        make_tables(request.module, "other")
        with rolled_back():
            yield connections["default"].vendor


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, T]], T]:
    """Return what runs a coroutine to its end."""
    return asyncio.run
