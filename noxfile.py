"""Everything a contributor runs, and CI runs the same: ``python3 -m nox -s <session>``."""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]
# As pip does, let uv trust what this machine trusts: its registry may be a company's own.
os.environ.setdefault("UV_SYSTEM_CERTS", "true")

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
PARTS = ("core", "cli", "orm", "templates", "middleware", "auth", "admin")
HELLO = "examples/raystack-hello"
FOLDERS = (".", *(f"raystack-{part}" for part in PARTS), HELLO)
PACKAGES = [f"raystack-{part}/src/raystack_{part}" for part in PARTS[1:]]
PACKAGES.insert(0, "raystack-core/src/raystack")
EXTRAS = {"cli": "[shell]", "orm": "[mysql,postgres]"}
LIBRARIES = [line for line in PYPROJECT["project"]["dependencies"] if "raystack" not in line]
BUILD_TOOLS = ("build", "hatchling>=1.27")


def pythons() -> list[str] | None:
    """Name the Pythons to test with: the running one, and the oldest and newest where present.

    Returns:
        Versions, or ``None`` for the running Python alone: a machine needs no more than one.
    """
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    others = [version for version in ("3.11", "3.13") if version != running and runs(version)]
    return sorted([running, *others], key=lambda name: int(name[2:])) if others else None


def runs(version: str) -> bool:
    """Say whether this Python is there and works: pyenv's commands may be without a Python."""
    path = shutil.which(f"python{version}")
    if path is None:
        return False
    return subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0


def install(session: nox.Session, *groups: str) -> None:
    """Install what ``raystack`` is, editable, and groups of development dependencies."""
    # Without build isolation hatchling comes once, not once for each of the seven.
    session.install(*BUILD_TOOLS, "editables", *LIBRARIES)
    extras = EXTRAS if groups else {}
    editable = [part for name in PARTS for part in ("-e", f"raystack-{name}{extras.get(name, '')}")]
    session.install("--no-build-isolation", *editable)
    if groups:
        session.install(*nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the example blog at http://127.0.0.1:8000, with its rows in SQLite."""
    install(session)
    session.chdir("examples/blog")
    session.run("raystack", "migrate")
    session.run("raystack", "seed")
    session.run("raystack", "runserver", *session.posargs)


@nox.session(python=pythons())
def tests(session: nox.Session) -> None:
    """Run the tests; those of databases run where their URL is given."""
    install(session, "test", "docs")
    # A file's tests stay together: what a module prepares is prepared once.
    ordinary = "not packaging and not torture"
    session.run("pytest", "-n", "auto", "--dist", "loadfile", "-m", ordinary, *session.posargs)


@nox.session(python=(pythons() or [])[-1:] or None)
def torture(session: nox.Session) -> None:
    """Kill writers, end backends, fill disks and pools: the ORM's long runs, and what they saw."""
    install(session, "test")
    session.run("pytest", "-m", "torture or slow", "-rP", "tests/orm", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and the imports between distributions."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-logo")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the seven packages, the examples and the benchmarks, strictly."""
    install(session, "test")
    benchmarks = [str(path) for path in sorted(Path("benchmarks").glob("*.py"))]
    session.run("mypy", *PACKAGES, f"{HELLO}/src/raystack_hello", "noxfile.py", *benchmarks)
    for project in ("examples/blog", "benchmarks/sites/full"):  # their modules have the same names
        with session.chdir(project):
            session.run("mypy", "--config-file", ROOT / "pyproject.toml", ".")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into ``site/``; a warning is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "docs", "site")


@nox.session
def build(session: nox.Session) -> None:
    """Build sdists and wheels of all distributions into ``dist/``."""
    session.install(*BUILD_TOOLS)
    for folder in FOLDERS:
        session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", folder)


@nox.session
def packaging(session: nox.Session) -> None:
    """Install the built wheels into clean environments and use them."""
    install(session, "test")
    session.run("pytest", "-m", "packaging", "tests/packaging", *session.posargs)


@nox.session(python=(pythons() or [])[-1:] or None)
def bench(session: nox.Session) -> None:
    """Measure against bare FastAPI and write benchmarks/README.md; needs ``wrk``."""
    install(session, "bench")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session(python=(pythons() or [])[-1:] or None)
def bench_orm(session: nox.Session) -> None:
    """Measure the ORM against its peers and write benchmarks/orm/README.md; needs ``wrk``."""
    install(session, "bench-orm")
    session.run("python", "benchmarks/orm/run.py", *session.posargs)


@nox.session(venv_backend="none")
def release(session: nox.Session) -> None:
    """Write a new version everywhere: ``nox -s release -- 0.2.0``."""
    if len(session.posargs) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+\w*", session.posargs[0]):
        session.error("Give the new version: nox -s release -- 0.2.0")
    old, new = PYPROJECT["project"]["version"], session.posargs[0]
    for folder in FOLDERS[:-1]:
        write_version(ROOT / folder / "pyproject.toml", old, new)
    changelog = ROOT / "CHANGELOG.md"
    heading = f"## [Unreleased]\n\n## [{new}] - {dt.datetime.now(dt.UTC):%Y-%m-%d}\n"
    changelog.write_text(changelog.read_text().replace("## [Unreleased]\n", heading, 1))


def write_version(pyproject: Path, old: str, new: str) -> None:
    """Replace a distribution's own version and its pins of the others."""
    text = pyproject.read_text()
    text = text.replace(f'\nversion = "{old}"\n', f'\nversion = "{new}"\n')
    pin = re.compile(rf"(raystack-\w+(?:\[[\w,]+\])?)=={re.escape(old)}(?=\")")
    pyproject.write_text(pin.sub(rf"\1=={new}", text))
