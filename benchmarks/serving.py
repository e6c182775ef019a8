"""What a request costs the server: bare FastAPI, Raystack's kernel alone, and all of its plugins.

Run ``python benchmarks/serving.py``. ``wrk`` asks on loopback, in short rounds that take turns; a
number is the median of the rounds' CPU time of the server's process for one request. Requests a
second say little on a shared machine, and wrk's own work is not part of this.

The rows are read as one writes it with each: SQLAlchemy Core on bare FastAPI and on the kernel, the
ORM with all plugins. *All plugins* also do what the others leave out: request ids, security
headers with a nonce, allowed hosts, sessions.
"""

import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Protocol

import processes
from processes import Server

ROUNDS = 15
ROUND_S = 1
CONNECTIONS = 8
SITES = Path(__file__).parent / "sites"
PATHS = {"JSON": "/json/7", "template page": "/page", "SQLite row": "/row/500"}


class Answering(Protocol):
    """A server with its CPU clock."""

    @property
    def url(self) -> str: ...

    def cpu_s(self) -> float: ...


class Row(NamedTuple):
    """The CPU time of one request in microseconds, and the ratios to that of bare FastAPI."""

    answer: str
    fastapi: float
    kernel: float
    plugins: float
    kernel_ratio: float
    plugins_ratio: float


def row(answer: str, rounds: Sequence[Sequence[float]]) -> Row:
    """Take the medians; those of the ratios are of single rounds, with the same neighbours."""
    times = [statistics.median(times) for times in zip(*rounds, strict=True)]
    ratios = [
        statistics.median(each[place] / each[0] for each in rounds)
        for place in range(1, len(times))
    ]
    return Row(answer, *times, *ratios)


def fill_database() -> None:
    """Write the rows that all three read."""
    (SITES / "full" / "rows.sqlite3").unlink(missing_ok=True)
    for command in ("migrate", "fill"):
        subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=SITES / "full",
            stdout=subprocess.DEVNULL,
            check=True,
        )


def microseconds(server: Answering, path: str) -> float:
    """Let wrk ask for one round and return the server's CPU time for a request.

    Raises:
        RuntimeError: Something else than 200 was answered.
    """
    before = server.cpu_s()
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_S}s", server.url + path],
        capture_output=True,
        text=True,
        check=True,
    )
    used = server.cpu_s() - before
    requests = re.search(r"(\d+) requests in", done.stdout)
    if requests is None or re.search("Non-2xx|Socket errors", done.stdout):
        raise RuntimeError(f"{path} was not answered well:\n{done.stdout}")
    return 1_000_000 * used / int(requests[1])


def one_round(servers: Sequence[Server], path: str, turn: int) -> list[float]:
    """Measure each server once; who begins changes from turn to turn."""
    order = [(turn + step) % len(servers) for step in range(len(servers))]
    times = {place: microseconds(servers[place], path) for place in order}
    return [times[place] for place in range(len(servers))]


def main() -> list[Row]:
    """Measure everything and return the rows.

    Raises:
        RuntimeError: There is no wrk.
    """
    if shutil.which("wrk") is None:
        raise RuntimeError("Install wrk first: it is the load of this benchmark.")
    fill_database()
    rows = []
    with ExitStack() as stack:
        servers = [
            stack.enter_context(processes.serving(target, folder))
            for target, folder in (
                ("plain:app", SITES),
                ("kernel_only:app", SITES),
                ("raystack.asgi:app", SITES / "full"),
            )
        ]
        for answer, path in PATHS.items():
            for server in servers:
                server.wait(path)
                microseconds(server, path)  # what is made once is not part of it
            rounds = [one_round(servers, path, turn) for turn in range(ROUNDS)]
            rows.append(row(answer, rounds))
    return rows


if __name__ == "__main__":
    print(f"{'':<16}{'FastAPI µs':>12}{'kernel µs':>12}{'plugins µs':>12}{'ratios':>12}")
    for each in main():
        times = "".join(f"{time:>12.1f}" for time in each[1:4])
        print(f"{each.answer:<16}{times}{each.kernel_ratio:>8.2f}{each.plugins_ratio:>8.2f}")
