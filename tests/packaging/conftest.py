"""The wheels of all distributions, built once, and clean environments to install them into."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from environments import Environment, run

ROOT = Path(__file__).parents[2]
FOLDERS = [
    ROOT,
    *(ROOT / f"raystack-{part}" for part in ("core", "cli", "orm", "templates", "middleware")),
    *(ROOT / f"raystack-{part}" for part in ("auth", "admin")),
    ROOT / "examples" / "raystack-hello",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("packaging")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of every distribution."""
    out = tmp_path_factory.mktemp("dist")
    for folder in FOLDERS:
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, folder)
    return out


@pytest.fixture
def environment(tmp_path: Path, wheels: Path) -> Callable[..., Environment]:
    """Make a clean environment with these requirements."""

    def make(*requirements: str) -> Environment:
        made = Environment(tmp_path / "venv", wheels)
        made.install(*requirements)
        return made

    return make
