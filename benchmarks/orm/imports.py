"""What importing the ORM costs, against ``import sqlalchemy``; each in a process of its own."""

import subprocess
import sys

from report import Cell

HEADS = ("import", "CPU time, ms", "ratio", "target", "verdict")
TARGET = 1.3
SQLALCHEMY = "import sqlalchemy"
RAYSTACK = "from raystack_orm import models, transaction"
PROGRAM = "import time; start = time.process_time(); {}; print(time.process_time() - start)"


def milliseconds(statement: str) -> float:
    """Return the CPU time of an import in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(statement)],
        capture_output=True,
        text=True,
        check=True,
    )
    return 1000 * float(done.stdout)


def main(rounds: int) -> list[list[Cell]]:
    """Measure in turns and return the table's rows, each the best of its rounds."""
    milliseconds(RAYSTACK)  # writes the compiled modules
    turns = [(milliseconds(SQLALCHEMY), milliseconds(RAYSTACK)) for _ in range(rounds)]
    theirs, ours = (min(times) for times in zip(*turns, strict=True))
    verdict = "met" if ours <= TARGET * theirs else "**missing**"
    return [
        [f"`{SQLALCHEMY}`", theirs, "", "", ""],
        [f"`{RAYSTACK}`", ours, ours / theirs, TARGET, verdict],
    ]
