"""A small project, and distributions beside it, for commands that run as processes of their own."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from servers import Server, free_port, serving
from workshop import Workshop

from cli import Done, raystack

SECRET = "a-secret-key-that-is-long-enough-to-be-taken"
SETTINGS = """
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = []
"""
URLS = """
from fastapi import APIRouter

router = APIRouter()


@router.get("/", name="index")
async def index() -> dict[str, str]:
    return {"shop": "open"}
"""


class Shop(Workshop):
    """A project in a temporary folder, with the distributions that a test installs beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.site.mkdir(parents=True)
        self.write("manage.py", "import raystack_cli.main\nraystack_cli.main.main()\n")
        self.write("config/__init__.py", "")
        self.write("config/settings.py", SETTINGS)
        self.write("config/urls.py", URLS)
        self.write(".env", f"RAYSTACK_SECRET_KEY={SECRET}\n")

    def run(self, *arguments: str, cwd: Path | None = None, stdin: str = "", **env: str) -> Done:
        """Run ``raystack`` in the project."""
        return raystack(*arguments, cwd=cwd or self.root, env=self.environment(env), stdin=stdin)

    def environment(self, env: Mapping[str, str]) -> dict[str, str]:
        """Return the variables that let a process find the installed distributions."""
        return {"PYTHONPATH": str(self.site), **env}

    def serve(self, *arguments: str, **env: str) -> AbstractContextManager[Server]:
        """Serve the project with ``raystack run`` or ``runserver`` on a free port."""
        port = free_port()
        address = ["--port", str(port)] if arguments[0] == "run" else [str(port)]
        command = [sys.executable, "-m", "raystack_cli", *arguments, *address]
        return serving(command, self.root, port, self.environment(env))
