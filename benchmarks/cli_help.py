"""What ``raystack --help`` costs in a project, against an empty Typer program with the same help.

Run ``python benchmarks/cli_help.py``. Both run as processes of their own, in interleaved rounds; a
time is the smallest of a process's whole CPU time, which a busy machine only ever makes larger.
With 50 more distributions installed, each of them a plugin, the empty program has them on its path
too. Where each plugin has a command, the empty program has as many commands, under as many
headings, for a longer page takes longer to print.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 15
CASES = ((0, 0), (50, 0), (50, 1))  # more distributions, and commands of each
EMPTY = """
import typer

app = typer.Typer(help="Nothing.", rich_markup_mode="rich", no_args_is_help=True)


@app.callback()
def options() -> None:
    pass


@app.command()
def nothing() -> None:
    "Do nothing."


def add(number: int) -> None:
    @app.command(f"do-{{number}}", rich_help_panel=f"bench-{{number}}")
    def run() -> None:
        "Do what the plugin is for."


for number in range({commands}):
    add(number)

app()
"""
PLUGIN = """
from raystack import Command, hookimpl


@hookimpl
def raystack_commands():
    return [
        Command(f"do-{{index}}", "bench.commands:run", "Do what the plugin is for.")
        for index in range({number}, {number} + {commands})
    ]
"""
METADATA = """Metadata-Version: 2.1
Name: bench-{number}
Version: 1.0
Requires-Dist: raystack-core>=0.1
"""
ENTRY_POINTS = """[raystack.plugins]
bench-{number} = bench_{number}.plugin
"""


class Row(NamedTuple):
    """The CPU time of one ``--help``, in milliseconds."""

    distributions: int
    commands: int
    typer: float
    raystack: float

    @property
    def ratio(self) -> float:
        """How many times the empty program's time ``raystack --help`` takes."""
        return self.raystack / self.typer


def install(site: Path, count: int, commands: int) -> None:
    """Write distributions as pip leaves them on the disk, their plugins with 0 or 1 commands."""
    for number in range(count):
        package = site / f"bench_{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        plugin = PLUGIN.format(number=number, commands=commands)
        (package / "plugin.py").write_text(plugin)
        info = site / f"bench_{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(number=number))
        (info / "entry_points.txt").write_text(ENTRY_POINTS.format(number=number))


def cpu_ms(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> float:
    """Run a process and return its CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def row(folder: Path, distributions: int, commands: int) -> Row:
    """Measure both programs in one project."""
    site = folder / f"site-{distributions}-{commands}"
    site.mkdir()
    install(site, distributions, commands)
    empty = site / "empty.py"
    empty.write_text(EMPTY.format(commands=distributions * commands))
    env = {k: v for k, v in os.environ.items() if not k.startswith("RAYSTACK_")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # both programs run compiled, as installed ones do
    env |= {"PYTHONPATH": str(site), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    programs = (
        [sys.executable, str(empty), "--help"],
        [sys.executable, "manage.py", "--help"],
    )
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS + 1):  # the first round writes the compiled modules
        for command, found in zip(programs, times, strict=True):
            found.append(cpu_ms(command, folder / "shop", env))
    return Row(distributions, distributions * commands, *(min(found[1:]) for found in times))


def main() -> list[Row]:
    """Measure everything and return the rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "raystack_cli", "startproject", "shop"]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        return [row(folder, *case) for case in CASES]


if __name__ == "__main__":
    print(f"{'plugins':>8}{'commands':>10}{'Typer ms':>12}{'Raystack ms':>14}{'ratio':>8}")
    for each in main():
        print(
            f"{each.distributions:>8}{each.commands:>10}{each.typer:>12.0f}"
            f"{each.raystack:>14.0f}{each.ratio:>8.2f}"
        )
