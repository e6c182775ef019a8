"""What a JSON endpoint costs the server that reads one row by primary key from SQLite.

``wrk`` asks on loopback, in rounds that take turns; a number is the best round's CPU time of the
server's processes for one request. Django is under gunicorn's sync worker, the others are under
uvicorn.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import databases
import processes
import serving
from report import Cell

HEADS = ("endpoint", "µs", "Raystack / it", "target", "verdict")
HERE = Path(__file__).parent
SITES = HERE / "sites"
PATH = "/row/7"
OVER_SQLALCHEMY, ABOVE_EMPTY, OVER_DJANGO = 0.33, 0.20, 0.60


class Gunicorn(NamedTuple):
    """A server with a worker for a child."""

    server: processes.Server

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.server.url

    def cpu_s(self) -> float:
        """Return the CPU time of the server and its worker so far."""
        pid = self.server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        clocks = [~int(child) << 3 | databases.CPUCLOCK_SCHED for child in children]
        return self.server.cpu_s() + sum(map(time.clock_gettime, clocks))


@contextmanager
def gunicorn(target: str, env: Mapping[str, str]) -> Iterator[Gunicorn]:
    """Start gunicorn with one sync worker on an application, and end it afterwards."""
    port = processes.free_port()
    command = ["gunicorn", target, "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=SITES, env=env)
    try:
        yield Gunicorn(processes.Server(process, f"http://127.0.0.1:{port}"))
    finally:
        process.terminate()
        process.wait(timeout=30)


def measured(rounds: int, database: Path) -> dict[str, float]:
    """Return microseconds by endpoint, each the best of its rounds."""
    env = {"BENCH_DATABASE": str(database), "PYTHONPATH": str(HERE)}
    best: dict[str, float] = {}
    with ExitStack() as stack:
        servers: dict[str, processes.Server | Gunicorn] = {
            name: stack.enter_context(processes.serving(f"{name}:app", SITES, env))
            for name in ("empty", "raystack_row", "sqlalchemy_row")
        }
        servers["django_row"] = stack.enter_context(gunicorn("django_row:app", env))
        for server in servers.values():
            (server.server if isinstance(server, Gunicorn) else server).wait(PATH)
            serving.microseconds(server, PATH)  # what is made once is not part of it
        for _ in range(rounds):
            for name, server in servers.items():
                used = serving.microseconds(server, PATH)
                best[name] = min(used, best.get(name, used))
    return best


def main(rounds: int) -> list[list[Cell]]:
    """Measure everything and return the table's rows."""
    with tempfile.TemporaryDirectory() as folder:
        best = measured(rounds, Path(databases.template("sqlite", Path(folder)).name))
    ours, empty = best["raystack_row"], best["empty"]
    peer, django = best["sqlalchemy_row"], best["django_row"]
    return [
        ["Raystack, `aget`", ours, "", "", ""],
        ["empty", empty, "", "", ""],
        line("FastAPI, AsyncSession, aiosqlite", peer, ours / peer, OVER_SQLALCHEMY),
        line("the same, above empty", peer - empty, (ours - empty) / (peer - empty), ABOVE_EMPTY),
        line("Django, gunicorn", django, ours / django, OVER_DJANGO),
    ]


def line(name: str, microseconds: float, ratio: float, target: float) -> list[Cell]:
    """Return a row with its verdict."""
    return [name, microseconds, ratio, target, "met" if ratio <= target else "**missing**"]
