"""The databases that tests run on, and marks and needs for what only some of them do."""

import pytest
from requirements import unmet

from raystack_orm import connection

VENDORS = ("sqlite", "postgresql", "mysql")


def only(vendor: str) -> pytest.MarkDecorator:
    """Run a test on this vendor's database alone."""
    return pytest.mark.parametrize("database", [vendor], indirect=True)


def needs_time_zones() -> None:
    """The test's database converts between time zones: a new MariaDB knows none by name."""
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT CONVERT_TZ('2026-01-01', 'UTC', 'Asia/Tokyo')")
            if cursor.fetchone() == (None,):
                unmet("MariaDB knows no time zones: load them with mariadb-tzinfo-to-sql.")
