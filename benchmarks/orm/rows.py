"""From works to measurements: every adapter has to find the same before its time counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import databases
import peers
from peers import NO_PEERS, Peer, PeerError
from works import Work

TIE = 1.5


class Options(NamedTuple):
    """How long to measure.

    Args:
        rounds: How often each adapter has its turn; its best counts.
        seconds: How much CPU time a turn should have, about.
    """

    rounds: int = 7
    seconds: float = 0.2


class Row(NamedTuple):
    """A work's measurements.

    Args:
        work: The work.
        target: What Raystack may cost, divided by the strongest peer.
        times: Adapter to microseconds, the best of its rounds.
        errors: Adapter to the reason that it has no time.
    """

    work: Work
    target: float
    times: Mapping[str, float]
    errors: Mapping[str, str]

    @property
    def strongest(self) -> str | None:
        """The peer with the least time."""
        there = [name for name in self.times if name not in NO_PEERS]
        return min(there, key=self.times.__getitem__, default=None)

    def ratio(self, name: str) -> float | None:
        """Return the time of an adapter, divided by the strongest peer's."""
        if self.strongest is None or name not in self.times:
            return None
        return self.times[name] / self.times[self.strongest]

    def verdict(self, vendor: str) -> str:
        """Say whether the target is met; PostgreSQL's noise makes near times ties."""
        ratio = self.ratio("raystack")
        if ratio is None:
            return "**missing**: no measurement"
        if ratio <= self.target:
            return "met"
        tie = vendor == "postgresql" and 1 / TIE <= ratio <= TIE
        return "**missing**, a tie" if tie else "**missing**"


def measure(
    vendor: str, names: Sequence[str], works: Sequence[Work], folder: Path, options: Options
) -> list[Row]:
    """Measure works on one database with these adapters."""
    origin = databases.template(vendor, folder)
    try:
        with peers.started(names, origin) as (running, failed):
            return [one_row(work, vendor, running, failed, options) for work in works]
    finally:
        databases.drop(origin)


def one_row(
    work: Work, vendor: str, running: Sequence[Peer], failed: Mapping[str, str], options: Options
) -> Row:
    """Check and measure one work with all adapters that run."""
    errors = dict(failed) | differing(work, running)
    times: dict[str, list[float]] = {}
    counts: dict[str, int] = {}
    for turn in range(options.rounds):
        for place in range(len(running)):
            peer = running[(turn + place) % len(running)]
            if peer.name in errors:
                continue
            try:
                count = counts.get(peer.name) or calibrated(peer, work, options.seconds)
                counts[peer.name] = count
                times.setdefault(peer.name, []).append(peer.measure(work, count))
            except PeerError as error:
                errors[peer.name] = str(error)
    best = {name: min(each) for name, each in times.items() if name not in errors}
    target = work.sqlite if vendor == "sqlite" else work.postgresql
    row = Row(work, target, best, errors)
    print(f"{vendor} {work.title}: {row.verdict(vendor)}", best, errors, flush=True)
    return row


def differing(work: Work, running: Sequence[Peer]) -> dict[str, str]:
    """Return the adapters whose results are not those of most, or that fail."""
    found: dict[str, tuple[str, str]] = {}
    errors = {}
    for peer in running:
        try:
            found[peer.name] = peer.check(work)
        except PeerError as error:
            errors[peer.name] = str(error)
    usual = Counter(digest for digest, _ in found.values()).most_common(1)
    for name, (digest, beginning) in found.items():
        if digest != usual[0][0]:
            errors[name] = f"differs: {beginning}"
    return errors


def calibrated(peer: Peer, work: Work, seconds: float) -> int:
    """Return how many calls need about these seconds."""
    count = 1
    while count < work.most:
        used = peer.measure(work, count) * work.each * count / 1_000_000
        if used >= seconds / 4:
            return max(1, min(work.most, round(count * seconds / used)))
        count = min(work.most, count * 4)
    return work.most
