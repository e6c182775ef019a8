"""The example blog, copied to a temporary folder, filled, and served on loopback."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from postgres import postgres_database
from servers import Server, free_port, serving

SOURCE = Path(__file__).parents[2] / "examples" / "blog"


def copy_blog(folder: Path) -> Path:
    """Copy the project, without what running it has left there."""
    leave = shutil.ignore_patterns("db.sqlite3*", "__pycache__", ".env")
    return Path(shutil.copytree(SOURCE, folder / "blog", ignore=leave))


def filled_blog(folder: Path) -> Path:
    """Copy the project together with a database that has the seed."""
    project = copy_blog(folder)
    (project / "db.sqlite3").write_bytes(_filled_database())
    return project


@cache
def _filled_database() -> bytes:
    """Make the database once: the commands take seconds where the machine is busy."""
    with TemporaryDirectory() as folder:
        project = copy_blog(Path(folder))
        manage(project, "migrate")
        manage(project, "seed")
        assert not (project / "db.sqlite3-wal").exists()
        return (project / "db.sqlite3").read_bytes()


def manage(project: Path, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Run ``manage.py`` with these arguments, and variables, and return what it printed.

    Raises:
        AssertionError: It failed; the message has its output.
    """
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command,
        cwd=project,
        env={**clean_environment(), **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def clean_environment() -> dict[str, str]:
    """Return this process's variables without those of Raystack."""
    return {name: value for name, value in os.environ.items() if not re.match("RAYSTACK_", name)}


@contextmanager
def serving_blog(
    folder: Path, *, filled: bool = True, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Serve a copy of the blog, with its seed or with empty tables.

    Args:
        folder: A temporary folder.
        filled: False leaves the tables empty.
        env: Variables of the server.
    """
    project = filled_blog(folder) if filled else copy_blog(folder)
    if not filled:
        manage(project, "migrate")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "raystack.asgi:app", "--port", str(port)]
    with serving(command, project, port, env) as server:
        yield server


@contextmanager
def serving_blog_on(vendor: str, folder: Path) -> Iterator[Server]:
    """Serve a copy of the blog with its seed in SQLite or PostgreSQL."""
    if vendor == "sqlite":
        with serving_blog(folder) as server:
            yield server
        return
    with postgres_database("blog") as url:
        env = {"RAYSTACK_DATABASES__default__URL": url}
        project = copy_blog(folder / "filling")
        manage(project, "migrate", env=env)
        manage(project, "seed", env=env)
        with serving_blog(folder, env=env) as server:
            yield server
