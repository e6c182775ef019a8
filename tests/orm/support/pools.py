"""Small pools of connections, which tests use up, and servers that end them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from raystack_orm import connections
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import DatabaseURL
from raystack_orm.databases import Driver, make_driver

SIZE = 5
OTHERS = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
    "mysql": "SELECT id FROM information_schema.processlist "
    "WHERE db = %s AND id <> CONNECTION_ID()",
}
END = {"postgresql": "SELECT pg_terminate_backend($1, 5000)", "mysql": "KILL %s"}


@contextmanager
def small_pool(timeout_s: float) -> Iterator[Driver]:
    """Use the database with a pool of 5 connections.

    Args:
        timeout_s: How long one waits for a connection.
    """
    url = connections.driver("default").url
    options = {"pool_size": str(SIZE), "pool_timeout": str(timeout_s)}
    small = DatabaseURL(
        url.vendor, url.database, url.host, url.port, url.user, url.password, options, testing=True
    )
    with configured(Configuration({"default": small}, apps={"press": "press"}, configured=True)):
        driver = connections.driver("default")
        yield driver
        driver.close()


def end_all(driver: Driver, *, until_gone: bool = True) -> int:
    """End all connections to a database from outside; return how many there were.

    Args:
        driver: The database.
        until_gone: Wait until there are none; with writers that connect again there always are.
    """
    outside = make_driver(driver.url)
    raw = outside.lease()
    try:
        found = outside.fetch(raw, OTHERS[driver.vendor], (driver.url.database,)).rows
        for row in found:
            with suppress(outside.error_class):  # it has ended by itself
                outside.write(raw, END[driver.vendor], row)
        while until_gone and outside.fetch(raw, OTHERS[driver.vendor], (driver.url.database,)).rows:
            time.sleep(0.01)
    finally:
        outside.release(raw)
        outside.close()
    return len(found)


def use_all(driver: Driver) -> None:
    """Open all connections of the pool, and give them back."""
    leased = [driver.lease() for _ in range(SIZE)]
    for raw in leased:
        driver.release(raw)
