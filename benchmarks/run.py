"""Run the benchmarks and write their tables into ``benchmarks/README.md``.

``python3 -m nox -s bench`` runs all of them, ``python3 -m nox -s bench -- routing serving`` two.
Each is a module whose ``main()`` measures and returns rows; here its rows become a table.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import cli_help
import routing
import serving
import startup
from report import Table, markdown, write_table


def serving_table(rows: Sequence[serving.Row]) -> Table:
    heads = (
        "answer",
        "FastAPI, µs",
        "kernel, µs",
        "all plugins, µs",
        "kernel / FastAPI",
        "all plugins / FastAPI",
    )
    return Table(heads, [tuple(row) for row in rows])


def routing_table(rows: Sequence[routing.Row]) -> Table:
    heads = ("work", "routers", "routes", "FastAPI, µs", "Raystack, µs", "FastAPI / Raystack")
    return Table(heads, [(*row, row.fastapi / row.raystack) for row in rows])


def cli_help_table(rows: Sequence[cli_help.Row]) -> Table:
    heads = (
        "more distributions",
        "their commands",
        "Typer, ms",
        "Raystack, ms",
        "Raystack / Typer",
    )
    return Table(heads, [(*row, row.ratio) for row in rows])


def startup_table(rows: Sequence[startup.Row]) -> Table:
    heads = ("what starts", "CPU time, ms", "real time, ms")
    return Table(heads, [tuple(row) for row in rows])


TABLES: dict[str, tuple[Any, Callable[[Any], Table]]] = {
    "serving": (serving, serving_table),
    "routing": (routing, routing_table),
    "cli_help": (cli_help, cli_help_table),
    "startup": (startup, startup_table),
}


def main() -> None:
    """Run the benchmarks named on the command line, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    # argparse compares the default with the choices, too, and that is an empty list.
    parser.add_argument("names", nargs="*", choices=[*TABLES, []], metavar="NAME")
    parser.add_argument("--dry-run", action="store_true", help="leave the README as it is")
    arguments = parser.parse_args()
    # Where this is set, a process compiles all that it imports again, which no user's does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in arguments.names or TABLES:
        module, as_table = TABLES[name]
        started = time.monotonic()
        table = as_table(module.main())
        print(f"{name}, {time.monotonic() - started:.0f} s\n\n{markdown(table)}\n", flush=True)
        if not arguments.dry_run:
            write_table(name, table)


if __name__ == "__main__":
    main()
