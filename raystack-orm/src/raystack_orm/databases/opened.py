"""Telling the receivers of ``connection_created`` of a connection that was just opened.

https://docs.djangoproject.com/en/stable/ref/signals/#connection-created
"""

from typing import Any

from ..signals import connection_created


def tell_opened(driver: Any, raw: Any) -> None:
    """Send the signal with a connection that runs what it is given on the opened one.

    Args:
        driver: The database, in the colour of the caller.
        raw: What was opened.
    """
    if not connection_created.receivers or driver.key is None:
        return
    from .connection import Connection  # it needs the drivers

    connection = Connection(driver.key, driver)
    connection.held = raw
    connection_created.send(sender=Connection, connection=connection)
