"""Servers to measure: processes of their own, with their CPU clocks."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

START_TIMEOUT_S = 60.0
CPUCLOCK_SCHED = 2


class Server(NamedTuple):
    """A server on loopback: one process without children."""

    process: subprocess.Popen[bytes]
    url: str

    def cpu_s(self) -> float:
        """Return the CPU time of all its threads so far, from the clock that Linux keeps of it.

        The number of that clock is what ``clock_getcpuclockid(3)`` computes.
        """
        return time.clock_gettime(~self.process.pid << 3 | CPUCLOCK_SCHED)

    def wait(self, path: str) -> float:
        """Wait for the first answer.

        Returns:
            The seconds since the process was started, in real time.

        Raises:
            RuntimeError: It ended, or did not answer in time.
        """
        started = time.monotonic()
        while self.process.poll() is None and time.monotonic() - started < START_TIMEOUT_S:
            try:
                urllib.request.urlopen(self.url + path, timeout=10).close()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.005)
            else:
                return time.monotonic() - started
        raise RuntimeError(f"Nothing answers at {self.url}{path}.")


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(target: str, folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start uvicorn with one worker on an application, and end it afterwards.

    Args:
        target: The application, as ``module:name``.
        folder: Where to start it.
        env: More variables for it.
    """
    port = free_port()
    options = ["--port", str(port), "--log-level", "error", "--no-access-log"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAYSTACK_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", target, *options],
        cwd=folder,
        env={**clean, **(env or {})},
    )
    try:
        yield Server(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=30)
