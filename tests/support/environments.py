"""Clean virtual environments, into which tests install built wheels."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Run a command that has to succeed, without what this process's environment adds.

    Args:
        command: The program and its arguments.
        cwd: Where to run it.
        env: More variables for it.

    Raises:
        AssertionError: It failed; the message has its output.
    """
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RAYSTACK_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Environment:
    """A clean virtual environment.

    Args:
        folder: Where it is.
        wheels: Where our wheels are found.
    """

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.wheels = wheels
        self.uv = shutil.which("uv")
        self.python = folder / "bin" / "python"
        if self.uv:
            run(self.uv, "venv", "--quiet", "--python", sys.executable, folder)
        else:
            # A pip as old as this Python does not constrain a requirement with extras to a file.
            run(sys.executable, "-m", "venv", "--upgrade-deps", folder)

    def install(self, *requirements: str) -> None:
        """Install requirements; ours come from the wheels."""
        options = ["--constraint", str(self._constraints()), *requirements]
        if self.uv:
            run(self.uv, "pip", "install", "--quiet", "--python", self.python, *options)
        else:
            run(self.python, "-m", "pip", "install", "--quiet", *options)

    def _constraints(self) -> Path:
        """Write which file each of ours is: a registry may have others of these names."""
        lines = [
            f"{wheel.name.partition('-')[0].replace('_', '-')} @ {wheel.as_uri()}\n"
            for wheel in sorted(self.wheels.glob("*.whl"))
        ]
        constraints = self.folder / "constraints.txt"
        constraints.write_text("".join(lines), encoding="utf-8")
        return constraints

    def uninstall(self, name: str) -> None:
        """Uninstall a distribution."""
        if self.uv:
            run(self.uv, "pip", "uninstall", "--quiet", "--python", self.python, name)
        else:
            run(self.python, "-m", "pip", "uninstall", "--quiet", "--yes", name)

    def run(self, *arguments: str, cwd: Path) -> str:
        """Run its Python and return the output."""
        return run(self.python, *arguments, cwd=cwd)

    def raystack(self, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
        """Run its ``raystack`` and return the output."""
        return run(self.folder / "bin" / "raystack", *arguments, cwd=cwd, env=env)

    def can_import(self, module: str, cwd: Path) -> bool:
        """Say whether a module is installed in it."""
        code = f"import importlib.util; print(importlib.util.find_spec({module!r}) is not None)"
        return self.run("-c", code, cwd=cwd) == "True\n"
