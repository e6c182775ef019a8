"""``connection.ops`` and ``connection.introspection``: the parts of Django's that users call."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

if TYPE_CHECKING:
    from .connection import Connection
    from .driver import Driver


class Operations:
    """How the database writes things.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection

    def quote_name(self, name: str) -> str:
        """Quote an identifier; one that is quoted stays as it is."""
        quote = self.connection.driver.dialect.identifier_preparer.quote_identifier
        quoted = str(quote("x"))
        if len(name) > 1 and name[0] == quoted[0] and name[-1] == quoted[-1]:
            return name
        return str(quote(name))


class Introspection:
    """What the database has.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection

    def table_names(self, cursor: Any = None, include_views: bool = False) -> list[str]:
        """Return the names of the tables, sorted.

        Args:
            cursor: Not needed; Django's callers give one.
            include_views: Return those of views too.
        """
        driver: Any = self.connection.driver
        aside = getattr(driver, "aside", None)
        if aside is not None:
            return list(aside(_table_names, driver.sync, include_views))
        return _table_names(driver, include_views)


def _table_names(driver: "Driver", include_views: bool) -> list[str]:
    engine = driver.engine()
    try:
        inspector = inspect(engine)
        views = inspector.get_view_names() if include_views else []
        return sorted([*inspector.get_table_names(), *views])
    finally:
        engine.dispose()
