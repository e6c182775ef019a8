"""The guard of a test run: tests use a database when they ask for the fixture, and no other way.

Without it, a test that forgot the fixture writes to the developer's database, or leaves rows in
the test database for those after it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pytest loads this in every project
    from collections.abc import Iterator
    from pathlib import Path

    from ..configuration import DatabaseKey

OF_THE_TEST = frozenset({"Kernel(...)", "override_settings"})
"""Where ``DATABASES`` comes from that a test has chosen itself."""


class DatabaseGuard:
    """Refuses the databases of a project, and those made for tests, unless a fixture is in use.

    Those that ``configure()`` names are not refused before ``db`` has put test databases in their
    place: who sets the ORM up for tests by himself may use it.

    Attributes:
        root: The project around the folder that pytest runs in, if there is one.
    """

    def __init__(self) -> None:
        self.root: Path | None = None
        self._allowed = 0

    def __call__(self, key: DatabaseKey | None) -> None:
        """Refuse a database.

        Raises:
            RuntimeError: It may not be used now.
        """
        if self._allowed or not self._is_guarded(key):
            return
        which = f'the database "{key[0]}" ({key[1]})' if key else "the database"
        raise RuntimeError(
            f"A test uses {which} and has not asked for it. Give the test, or the fixture that "
            f"queries, the fixture db, which undoes all changes, or transactional_db, which "
            f"commits. It stands before those that query: def test_it(db, client).\n"
            f"  A fixture of a wider scope: with raystack_databases.allowed()."
        )

    def _is_guarded(self, key: DatabaseKey | None) -> bool:
        if key is None:
            return self.root is not None
        from ..configuration import is_substitute

        return is_substitute(key[1]) or self._is_of_project(key)

    def _is_of_project(self, key: DatabaseKey) -> bool:
        """Say whether the settings of the project name this database."""
        from raystack.kernel import active_kernel

        from ..configuration import configuration

        kernel = active_kernel()
        return (
            self.root is not None
            and kernel is not None
            and kernel.project.root == self.root
            and configuration().databases.get(key[0]) == key[1]
            and kernel.settings.describe("DATABASES").origin not in OF_THE_TEST
        )

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let all databases be used for a while."""
        self._allowed += 1
        try:
            yield
        finally:
            self._allowed -= 1


guard = DatabaseGuard()
