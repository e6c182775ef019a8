"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest
from shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A small project."""
    return Shop(tmp_path)
