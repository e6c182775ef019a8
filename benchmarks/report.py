"""The tables of ``benchmarks/README.md``: each stands between two markers with its name."""

import datetime as dt
import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parent / "README.md"
VERSIONS = ("raystack-core", "fastapi", "starlette", "pydantic", "uvicorn", "sqlalchemy", "typer")
Cell = str | int | float


class Table(NamedTuple):
    """A table of measurements.

    Args:
        heads: The columns' heads.
        rows: The rows, a cell for each head.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_table(
    name: str, table: Table, readme: Path = README, versions: Sequence[str] = VERSIONS
) -> None:
    """Put a table between its markers, with the day and the machine.

    Raises:
        ValueError: The file has no such markers.
    """
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    text = readme.read_text(encoding="utf-8")
    head, found, rest = text.partition(begin)
    _, ended, tail = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{readme.name} has no place for {name}: {begin}...\n{end}")
    made = f"{begin}\n{markdown(table)}\n\n{machine(versions)}\n\n{end}"
    readme.write_text(head + made + tail, encoding="utf-8")


def markdown(table: Table) -> str:
    """Return the table as Markdown; words stand to the left, numbers to the right."""
    rows = [[written(cell) for cell in row] for row in table.rows]
    marks = ["---" if isinstance(cell, str) else "---:" for cell in table.rows[0]]
    return "\n".join("| " + " | ".join(row) + " |" for row in [table.heads, marks, *rows])


def written(cell: Cell) -> str:
    """Write a measurement with about three digits: more are noise."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    digits = 2 if cell < 10 else 1 if cell < 100 else 0
    return f"{cell:,.{digits}f}"


def machine(names: Sequence[str]) -> str:
    """Say when and on what this was measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"*{dt.datetime.now(dt.UTC):%d %B %Y}; {processor()}; {python}; {versions}.*"


def processor() -> str:
    """Name the processor and say how many of it there are."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux
        text = ""
    found = re.search(r"model name\s*: (.*)", text)
    name = found[1].strip() if found else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"
