"""What it costs to start: from nothing to the first answer.

Run ``python benchmarks/startup.py``. Each start is a process of its own, in rounds that take turns;
a number is the median of the rounds. The CPU time is that of the server's process until it has
answered; the real time is from its start until then. The plugins are distributions as pip installs
them, each with a setting, a route and a hook for the lifespan.
"""

import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

import processes

ROUNDS = 7
SITES = Path(__file__).parent / "sites"
PLUGIN = """
from raystack import hookimpl


@hookimpl
def raystack_settings():
    from raystack_start_{number}.settings import StartSettings

    return StartSettings


@hookimpl
def raystack_routers(settings):
    from raystack import include

    return [include("raystack_start_{number}.urls", namespace="start-{number}")]


@hookimpl
def raystack_lifespan(app):
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def nothing():
        yield

    return nothing()
"""
SETTINGS = """
from pydantic import Field

from raystack import Section


class StartSettings(Section):
    START_{number}_GREETING: str = Field(default="Hello", description="What to say.")
"""
URLS = """
from fastapi import APIRouter

router = APIRouter()


@router.get("/start-{number}/{{item}}", name="item")
async def read(item: int) -> dict[str, int]:
    return {{"item": item}}
"""
METADATA = """Metadata-Version: 2.1
Name: raystack-start-{number}
Version: 1.0
Requires-Dist: raystack-core>=0.1
"""
ENTRY_POINTS = """[raystack.plugins]
start-{number} = raystack_start_{number}.plugin
"""


class Row(NamedTuple):
    """One way to start, in milliseconds."""

    what: str
    cpu: float
    real: float


def install(site: Path, count: int) -> Path:
    """Write distributions as pip leaves them on the disk."""
    for number in range(count):
        package = site / f"raystack_start_{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        for name, text in (("plugin", PLUGIN), ("settings", SETTINGS), ("urls", URLS)):
            (package / f"{name}.py").write_text(text.format(number=number))
        info = site / f"raystack_start_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(number=number))
        (info / "entry_points.txt").write_text(ENTRY_POINTS.format(number=number))
    return site


def start(target: str, folder: Path, site: Path | None, path: str) -> tuple[float, float]:
    """Start a server, ask it once, and return the CPU time and the real time in milliseconds."""
    env = {"PYTHONPATH": str(site)} if site else {}
    with processes.serving(target, folder, env) as server:
        real = server.wait(path)
        return 1000 * server.cpu_s(), 1000 * real


def main() -> list[Row]:
    """Measure everything and return the rows."""
    everything = ("raystack.asgi:app", SITES / "full")
    with tempfile.TemporaryDirectory() as name:
        few, many = (install(Path(name) / str(count), count) for count in (5, 50))
        ways = {
            "bare FastAPI": ("bare:app", SITES, None, "/"),
            "Raystack, kernel only": ("bare_kernel:app", SITES, None, "/"),
            "Raystack, all plugins": (*everything, None, "/json/7"),
            "and 5 more": (*everything, few, "/start-4/7"),
            "and 50 more": (*everything, many, "/start-49/7"),
        }
        for way in ways.values():
            start(*way)  # writes the compiled modules
        rounds = [[start(*way) for way in ways.values()] for _ in range(ROUNDS)]
    return [
        Row(what, *(statistics.median(times) for times in zip(*each, strict=True)))
        for what, each in zip(ways, zip(*rounds, strict=True), strict=True)
    ]


if __name__ == "__main__":
    print(f"{'':<26}{'CPU ms':>10}{'real ms':>10}")
    for row in main():
        print(f"{row.what:<26}{row.cpu:>10.0f}{row.real:>10.0f}")
