"""Real servers for tests: started on a free port of loopback, ended by their process id."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

START_TIMEOUT_S = 30.0


class Server:
    """A running server.

    Args:
        process: The process that was started, in a group of its own.
        url: Where it answers.
        log: The file that its output goes to.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log

    def get(self, path: str = "/") -> tuple[int, str]:
        """Request a path; return the status and the body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait(self, timeout_s: float) -> None:
        """Wait until it answers.

        Args:
            timeout_s: How long at most, in seconds.

        Raises:
            AssertionError: It ended, or did not answer in time; the message has its output.
        """
        until = time.monotonic() + timeout_s
        while time.monotonic() < until and self.process.poll() is None:
            try:
                self.get()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"The server does not answer:\n{self.log.read_text()}")

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        return self.process.wait(timeout=30)


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    command: Sequence[str],
    folder: Path,
    port: int,
    env: Mapping[str, str] | None = None,
    timeout_s: float = START_TIMEOUT_S,
) -> Iterator[Server]:
    """Run a server, wait until it answers, and end it with all its children afterwards.

    Args:
        command: The command line; it has to listen on ``port`` of 127.0.0.1.
        folder: The folder it runs in; its output goes to ``server.log`` there.
        port: The port.
        env: Variables besides this process's own.
        timeout_s: How long it may take until the first answer, in seconds.
    """
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        server.wait(timeout_s)
        yield server
    finally:
        server.stop()
        with suppress(ProcessLookupError):  # what a dead parent may have left behind
            os.killpg(process.pid, signal.SIGKILL)
