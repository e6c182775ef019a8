"""Databases for tests: made once for each process, emptied by rolling back.

While a test runs, all threads share one connection: an endpoint that FastAPI runs in a worker
thread sees what the test has prepared, and all of it is rolled back together.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from ..configuration import Configuration, activate, configuration
from ..databases import Connection, connections, make_driver
from ..tables import create_all, tables_of
from ..transaction import Atomic, set_rollback


@contextmanager
def make_test_databases(suffix: str) -> Iterator[Configuration]:
    """Put test databases in the place of the configured ones, and drop them afterwards.

    Args:
        suffix: Tells the processes of one test run apart.
    """
    before = configuration()
    urls = {alias: make_driver(url).for_tests(suffix) for alias, url in before.databases.items()}
    made = replace(before, databases=urls)
    activate(made)
    try:
        for alias in urls:
            connections.driver(alias).create_database()
            create_all(using=alias)
        yield made
    finally:
        activate(made)
        for alias in urls:
            connections.driver(alias).drop_database()
        activate(before)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back what happens inside, in every database and from every thread."""
    with ExitStack() as stack:
        for alias in configuration().databases:
            stack.enter_context(_rolled_back(alias))
        yield


@contextmanager
def _rolled_back(alias: str) -> Iterator[None]:
    connection = Connection(alias, connections.driver(alias))
    with connections.shared(connection), Atomic(alias):
        connection.in_test_transaction = True
        yield
        if not connection.needs_rollback:
            with connection.translated():
                connection.driver.check_constraints(connection.held)
        set_rollback(True, alias)


@contextmanager
def emptied(models: Sequence[Any] | None = None) -> Iterator[None]:
    """Empty the tables of models, of all by default, for a test that commits."""
    try:
        yield
    finally:
        tables = tables_of(models)
        for alias in configuration().databases:
            with Atomic(alias):
                for table in reversed(tables):
                    statement = table.delete().compile(dialect=connections.driver(alias).dialect)
                    connections[alias].write(str(statement))
