"""Measure the ORM against its peers and write the tables into ``benchmarks/orm/README.md``.

``python3 -m nox -s bench_orm`` runs everything, ``-- rows --work get count`` a part.
PostgreSQL is measured where ``RAYSTACK_TEST_POSTGRES_URL`` is set: it has to be on this machine.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import databases
import endpoint
import imports
import memory
import rows
from peers import NAMES
from report import Cell, Table, markdown, write_table
from rows import Options, Row
from works import BY_METHOD, WORKS

README = Path(__file__).with_name("README.md")
VENDORS = ("sqlite", "postgresql")
VERSIONS = (
    "raystack-orm",
    "sqlalchemy",
    "django",
    "peewee",
    "pony",
    "tortoise-orm",
    "piccolo",
    "oxyde",
    "psycopg",
    "psycopg2-binary",
    "asyncpg",
    "aiosqlite",
)


def rows_table(vendor: str, names: Sequence[str], found: Sequence[Row]) -> Table:
    """Make the table of one database."""
    times = [NAMES[name] for name in names]
    heads = ("work", *times, "strongest", "driver / it", "Raystack / it", "target", "verdict")
    return Table(heads, [row_cells(vendor, names, row) for row in found])


def row_cells(vendor: str, names: Sequence[str], row: Row) -> list[Cell]:
    """Return a row's cells; one without a time says why."""
    times: list[Cell] = []
    for name in names:
        reason = "differs" if "differs" in row.errors.get(name, "") else "fails"
        times.append(row.times.get(name, reason))
    strongest = NAMES[row.strongest] if row.strongest else ""
    ratios = [row.ratio("driver"), row.ratio("raystack")]
    told = ["" if ratio is None else ratio for ratio in ratios]
    return [row.work.title, *times, strongest, *told, row.target, row.verdict(vendor)]


def tables(arguments: argparse.Namespace) -> Iterator[tuple[str, Table]]:
    """Measure what was asked for."""
    options = Options(arguments.rounds, arguments.seconds)
    if "rows" in arguments.parts:
        works = [BY_METHOD[method] for method in arguments.work]
        for vendor in arguments.vendor:
            with tempfile.TemporaryDirectory() as folder:
                found = rows.measure(vendor, arguments.peer, works, Path(folder), options)
            yield vendor, rows_table(vendor, arguments.peer, found)
    for part, module in (("endpoint", endpoint), ("imports", imports), ("memory", memory)):
        if part in arguments.parts:
            yield part, Table(module.HEADS, module.main(arguments.rounds))


def main() -> None:
    """Measure what the command line asks for, everything by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = ["rows", "endpoint", "imports", "memory"]
    parser.add_argument("parts", nargs="*", choices=[*parts, []], metavar="PART")
    parser.add_argument("--vendor", nargs="+", choices=VENDORS, default=VENDORS)
    parser.add_argument("--work", nargs="+", choices=BY_METHOD, default=[w.method for w in WORKS])
    parser.add_argument("--peer", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--rounds", type=int, default=Options().rounds)
    parser.add_argument("--seconds", type=float, default=Options().seconds)
    parser.add_argument("--dry-run", action="store_true", help="leave the README as it is")
    arguments = parser.parse_args()
    arguments.parts = arguments.parts or parts
    if databases.SERVER not in os.environ:
        arguments.vendor = [vendor for vendor in arguments.vendor if vendor == "sqlite"]
    # Where this is set, a process compiles all that it imports again, which no user's does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, table in tables(arguments):
        print(f"\n{name}\n\n{markdown(table)}\n", flush=True)
        if not arguments.dry_run:
            write_table(name, table, README, VERSIONS)


if __name__ == "__main__":
    main()
