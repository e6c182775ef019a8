"""Running ``raystack`` as a user does: as a process of its own, in a folder."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

WIDE = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def raystack(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Done:
    """Run a command and return how it ended."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("RAYSTACK_")}
    done = subprocess.run(
        [sys.executable, "-m", "raystack_cli", *arguments],
        cwd=cwd,
        env={**clean, **WIDE, **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes, to compare before and after.

    Folders are there as ``name/``, links with where they lead. Compiled modules are left out: any
    import may write them.
    """
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if "__pycache__" in path.parts:
            continue
        if path.is_symlink():
            found[name] = bytes(path.readlink())
        elif path.is_dir():
            found[f"{name}/"] = b""
        else:
            found[name] = path.read_bytes()
    return found
