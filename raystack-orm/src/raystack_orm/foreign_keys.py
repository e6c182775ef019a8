"""Foreign keys that wait: rows come in any order, and each leads somewhere in the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from . import transaction
from .databases import connections

OFF, ON = "SET foreign_key_checks = 0", "SET foreign_key_checks = 1"


@contextmanager
def waiting_foreign_keys(using: str) -> Iterator[None]:
    """Let foreign keys wait for the end of a transaction.

    MySQL and MariaDB cannot defer them: there they are not checked at all, and who uses this has to
    look for himself.

    Args:
        using: The database.
    """
    with transaction.atomic(using):
        connection = connections[using]
        if connection.vendor == "sqlite":
            connection.write("PRAGMA defer_foreign_keys = ON")
        elif connection.vendor == "postgresql":
            connection.write("SET CONSTRAINTS ALL DEFERRED")
        else:
            connection.write(OFF)
        try:
            yield
        finally:
            if connection.vendor == "mysql":  # even where the transaction is broken
                connection.driver.control(connection.held, ON)
