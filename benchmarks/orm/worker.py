"""A process with one adapter in it: it answers commands, one line of JSON each.

Peers are kept apart because they meddle: with greenlets, event loops, global configuration.
"""

import asyncio
import gc
import hashlib
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import uvloop
from data import COLUMNS
from databases import Clock, Target, plain_column
from interface import Adapter
from works import BY_METHOD, Work

CHECKS = 3


def plain(adapter: Adapter, value: Any) -> Any:
    """Return a result in plain Python, the same for all adapters."""
    if isinstance(value, float):
        return round(value, 9)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {name: value[name] for name in sorted(value)}
    if isinstance(value, list) and value and isinstance(value[0], str):
        return sorted(value)  # tags: without ORDER BY they come in any order
    if isinstance(value, tuple) and len(value) == len(COLUMNS):
        return [plain(adapter, plain_column(*pair)) for pair in zip(COLUMNS, value, strict=True)]
    if isinstance(value, (list, tuple)):
        return [plain(adapter, each) for each in value]
    return plain(adapter, adapter.columns(value))


class Worker:
    """An adapter with its database, its loop and its clock."""

    def __init__(self, name: str, target: Target) -> None:
        self.runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.adapter: Adapter = importlib.import_module(f"adapters.{name}").Peer(target)
        self.runner.run(self.adapter.start())
        self.clock = Clock(target)

    def calls(self, work: Work, first: int, count: int) -> Callable[[], Any]:
        """Prepare calls: their arguments are made before anything is measured."""
        method = getattr(self.adapter, work.method)
        given = [work.arguments(number) for number in range(first, first + count)]

        def run() -> Any:
            for arguments in given:
                result = method(*arguments)
            return result

        async def arun() -> Any:
            for arguments in given:
                result = await method(*arguments)
            return result

        return (lambda: self.runner.run(arun())) if self.adapter.asynchronous else run

    def check(self, work: Work) -> tuple[str, str]:
        """Do the work a few times.

        Returns:
            A digest of its results, and how they begin. What it wrote is not among them.
        """
        found = []
        for number in range(min(CHECKS, work.most)):
            result = self.calls(work, number, 1)()
            found.append(None if work.writes else plain(self.adapter, result))
        text = json.dumps(found)
        return hashlib.sha256(text.encode()).hexdigest(), text[:400]

    def measure(self, work: Work, count: int) -> float:
        """Do the work and return the CPU time of each in microseconds."""
        spare = min(CHECKS, work.most - count)
        if spare:
            self.calls(work, count, spare)()
        calls = self.calls(work, 0, count)
        gc.collect()
        before = self.clock.read()
        calls()
        seconds = Clock.between(before, self.clock.read())
        return 1_000_000 * seconds / count / work.each


def main() -> None:
    """Answer until there are no more commands."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a peer prints is no answer
    worker: Worker | None = None
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if worker is None:
                worker = Worker(command["adapter"], Target(*command["target"]))
                answer: Any = None
            elif "count" in command:
                answer = worker.measure(BY_METHOD[command["work"]], command["count"])
            else:
                answer = worker.check(BY_METHOD[command["work"]])
            told = {"answer": answer}
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its result
            traceback.print_exc()
            told = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    main()
