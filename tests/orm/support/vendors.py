"""The databases that tests run on, and marks for what only one of them does."""

import pytest

VENDORS = ("sqlite", "postgresql", "mysql")


def only(vendor: str) -> pytest.MarkDecorator:
    """Run a test on this vendor's database alone."""
    return pytest.mark.parametrize("database", [vendor], indirect=True)
