"""The databases that tests run on, and marks for what only one of them does."""

import os

import pytest

POSTGRES_URL = os.environ.get("RAYSTACK_TEST_POSTGRES_URL", "")
VENDORS = ["sqlite", *(["postgresql"] if POSTGRES_URL else [])]


def only(vendor: str) -> pytest.MarkDecorator:
    """Run a test on this vendor's database alone."""
    return pytest.mark.parametrize(
        "database", [each for each in VENDORS if each == vendor], indirect=True
    )
