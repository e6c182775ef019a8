"""The adapters' processes, as the measuring process sees them."""

import hashlib
import json
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import databases
from databases import Target
from works import Work

WORKER = Path(__file__).with_name("worker.py")
TIMEOUT_S = 120.0
NAMES = {
    "driver": "bare driver",
    "raystack": "Raystack",
    "django": "Django",
    "sqlalchemy": "SQLAlchemy",
    "peewee": "peewee",
    "pony": "Pony",
    "tortoise": "Tortoise",
    "piccolo": "Piccolo",
    "oxyde": "Oxyde",
}
NO_PEERS = ("driver", "raystack")


class PeerError(Exception):
    """A peer could not do something: what it said, or how its process ended."""


class Peer(NamedTuple):
    """The process of an adapter."""

    name: str
    process: subprocess.Popen[str]
    target: Target

    def ask(self, **command: Any) -> Any:
        """Send a command and return the answer.

        Raises:
            PeerError: The adapter raised something, its process ended, or it took too long.
        """
        if self.process.poll() is not None:
            raise PeerError(f"its process ended with {self.process.returncode}")
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], TIMEOUT_S)[0]:
            self.process.kill()
            raise PeerError(f"no answer within {TIMEOUT_S:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise PeerError(f"its process ended with {self.process.wait()}")
        told = json.loads(line)
        if "error" in told:
            raise PeerError(told["error"])
        return told["answer"]

    def check(self, work: Work) -> tuple[str, str]:
        """Return a digest of the results of a work or of what it wrote, and how they begin."""
        self.prepare(work)
        digest, beginning = self.ask(work=work.method)
        if not work.writes:
            return digest, beginning
        written = json.dumps(databases.notes(self.target))
        return hashlib.sha256(written.encode()).hexdigest(), f"{len(written)} {written[-200:]}"

    def measure(self, work: Work, count: int) -> float:
        """Return the CPU time of a work in microseconds, the mean of ``count`` times."""
        self.prepare(work)
        microseconds: float = self.ask(work=work.method, count=count)
        return microseconds

    def prepare(self, work: Work) -> None:
        """Put the notes back, from this process: a second SQLite in one process breaks locks."""
        if work.writes:
            databases.fill_notes(self.target)


@contextmanager
def started(names: Sequence[str], origin: Target) -> Iterator[tuple[list[Peer], dict[str, str]]]:
    """Start adapters, each in its process on its copy of a database, and end them afterwards.

    Yields:
        Those that work, and by name what the others said.
    """
    peers: list[Peer] = []
    failed: dict[str, str] = {}
    with ExitStack() as stack:
        for name in names:
            target = origin.copy(name)
            stack.callback(databases.drop, target)
            process = subprocess.Popen(
                [sys.executable, WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(end, process)
            peer = Peer(name, process, target)
            try:
                peer.ask(adapter=name, target=target)
            except PeerError as error:
                failed[name] = str(error)
            else:
                peers.append(peer)
        yield peers, failed


def end(process: subprocess.Popen[str]) -> None:
    """End a process; some peers' threads would keep it."""
    process.kill()
    process.wait(timeout=30)
