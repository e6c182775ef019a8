"""What code of the developer's is told of the database while a statement is built."""

from typing import Any


class ConnectionFacade:
    """What ``as_sql`` and ``get_db_prep_value`` get as their connection.

    A plan is kept for all databases of a vendor, so it speaks of no connection of its own.

    Args:
        driver: The database.
    """

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.vendor = driver.vendor
        self.features = driver
        self.ops = _Operations(driver)
        self.alias = "default"

    @property
    def mysql_is_mariadb(self) -> bool:
        """Whether a MySQL server is MariaDB."""
        return bool(getattr(self.driver, "is_mariadb", False))


class _Operations:
    """Quoting, as an ``as_sql`` asks for it.

    Args:
        driver: The database.
    """

    def __init__(self, driver: Any) -> None:
        self._preparer = driver.dialect.identifier_preparer

    def quote_name(self, name: str) -> str:
        """Return a name in the database's quotes."""
        return str(self._preparer.quote_identifier(name))

    def prep_for_like_query(self, text: str) -> str:
        """Escape the wildcards of LIKE with a backslash."""
        return str(text).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
