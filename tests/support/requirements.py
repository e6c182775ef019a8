"""What some tests need from the machine: databases, a browser.

This is the one place that decides what becomes of a test whose need is not met. It is skipped,
with the reason, on a contributor's machine. Where ``CI`` or ``RAYSTACK_TEST_REQUIRE_ALL`` is set it
fails: there all of them are promised.
"""

import os
import shutil
from typing import NoReturn

import pytest

TRUE = {"1", "true", "yes", "on"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def is_everything_required() -> bool:
    """Say whether a need that is not met is a failure."""
    return any(
        os.environ.get(name, "").lower() in TRUE for name in ("CI", "RAYSTACK_TEST_REQUIRE_ALL")
    )


def unmet(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything is required."""
    if is_everything_required():
        pytest.fail(
            f"{reason} CI or RAYSTACK_TEST_REQUIRE_ALL is set, so this is no reason to skip."
        )
    pytest.skip(reason)


def postgres_url() -> str:
    """Return the URL of the PostgreSQL server to test with."""
    url = os.environ.get("RAYSTACK_TEST_POSTGRES_URL", "")
    if not url:
        unmet(
            "RAYSTACK_TEST_POSTGRES_URL is not set: give the URL of a PostgreSQL server to test "
            "with."
        )
    return url


def mariadb_url() -> str:
    """Return the URL of the MariaDB or MySQL server to test with."""
    url = os.environ.get("RAYSTACK_TEST_MARIADB_URL", "")
    if not url:
        unmet(
            "RAYSTACK_TEST_MARIADB_URL is not set: give the URL of a MariaDB or MySQL server to "
            "test with."
        )
    return url


def chromium_path() -> str:
    """Return the path of Chromium."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    unmet("There is no Chromium: install it to run the tests in a browser.")
