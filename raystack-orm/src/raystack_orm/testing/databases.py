"""Databases for tests: made once for each process, emptied by rolling back.

While a test runs, all threads share one connection: an endpoint that FastAPI runs in a worker
thread sees what the test has prepared, and all of it is rolled back together.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from raystack import get_kernel

from ..configuration import configuration, restore_databases, substitute
from ..databases import Driver, connections, make_driver
from ..exceptions import ImproperlyConfigured
from ..tables import create_all, tables_of
from ..transaction import Atomic, set_rollback
from .connection import TestConnection
from .guard import guard


class TestDatabases:
    """The test databases of a process, each made when a test first needs it.

    Args:
        suffix: Tells the processes of one test run apart.
    """

    __test__ = False  # pytest: no tests in here

    def __init__(self, suffix: str = "") -> None:
        self.suffix = suffix
        self._made: list[Driver] = []

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let the test databases be used in a block; they are made where there are none yet.

        For fixtures of a wider scope than a test's. What they write is theirs to delete.
        """
        if not configuration().configured:
            get_kernel().setup()
        with guard.allowed():
            self.ensure()
            yield

    def ensure(self) -> None:
        """Put a test database in the place of each one that is configured now."""
        for alias, url in configuration().databases.items():
            if not url.testing:
                test_url = make_driver(url).for_tests(self.suffix)
                make_driver(test_url).create_database()  # where that fails, nothing is replaced
                substitute((alias, url), test_url)
                self._made.append(connections.driver(alias))
                create_all(using=alias)

    def drop(self) -> None:
        """Drop them, and use the configured databases again."""
        try:
            for driver in self._made:
                driver.drop_database()
        finally:
            restore_databases()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back what happens inside, in every database and from every thread."""
    with ExitStack() as stack:
        for alias in configuration().databases:
            stack.enter_context(_rolled_back(alias))
        yield


@contextmanager
def _rolled_back(alias: str) -> Iterator[None]:
    connection = cast("TestConnection", connections.bridge(alias, TestConnection))
    with connections.shared(connection), Atomic(alias):
        try:
            yield
        finally:
            connection.forget_inner_blocks()
        if not connection.needs_rollback:
            with connection.translated():
                connection.driver.check_constraints(connection.held)
        set_rollback(True, alias)


@contextmanager
def emptied(models: Sequence[Any] | None = None) -> Iterator[None]:
    """Empty the tables of models, of all by default, for a test that commits.

    Raises:
        ImproperlyConfigured: A database was not made for tests.
    """
    for alias, url in configuration().databases.items():
        if not url.testing:
            raise ImproperlyConfigured(
                f"The database {alias} ({url}) was not made for tests, which would empty it."
            )
    try:
        yield
    finally:
        tables = tables_of(models)
        for alias in configuration().databases:
            with Atomic(alias):
                for table in reversed(tables):
                    statement = table.delete().compile(dialect=connections.driver(alias).dialect)
                    connections[alias].write(str(statement))
