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
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import processes
from processes import Server

ROUNDS = 9
ROUND_S = 1
CONNECTIONS = 8
SITES = Path(__file__).parent / "sites"
PATHS = {"JSON": "/json/7", "template page": "/page", "SQLite row": "/row/500"}


class Row(NamedTuple):
    """The CPU time of one request, in microseconds."""

    answer: str
    fastapi: float
    kernel: float
    plugins: float


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


def microseconds(server: Server, path: str) -> float:
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
            rounds = [[microseconds(each, path) for each in servers] for _ in range(ROUNDS)]
            rows.append(Row(answer, *map(statistics.median, zip(*rounds, strict=True))))
    return rows


if __name__ == "__main__":
    print(f"{'':<16}{'FastAPI µs':>12}{'kernel µs':>12}{'plugins µs':>12}")
    for row in main():
        print(f"{row.answer:<16}{row.fastapi:>12.1f}{row.kernel:>12.1f}{row.plugins:>12.1f}")
