"""Projects and distributions that tests write to a temporary folder and use for real."""

import os
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

from raystack import hookimpl


class Workshop:
    """A temporary folder on ``sys.path`` for projects and installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.root = folder / "shop"

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text))
        return target

    def project(self, settings: str = "", urls: str = "", **files: str) -> Path:
        """Write a project with these settings and urls and go there."""
        self.write("manage.py", "# raystack\n")
        self.write("config/__init__.py", "")
        self.write("config/settings.py", settings)
        self.write(
            "config/urls.py", urls or "from fastapi import APIRouter\nrouter = APIRouter()\n"
        )
        for path, text in files.items():
            self.write(path, text)
        os.chdir(self.root)
        return self.root

    def app(self, name: str, **modules: str) -> None:
        """Write an app ``apps/<name>`` with these modules."""
        self.write("apps/__init__.py", "")
        self.write(f"apps/{name}/__init__.py", "")
        for module, text in modules.items():
            self.write(f"apps/{name}/{module}.py", text)

    def distribution(
        self,
        name: str,
        plugin: str = "",
        *,
        version: str = "1.0",
        requires: tuple[str, ...] = (),
        entry: str = "",
        entry_points: str = "",
    ) -> None:
        """Install a distribution with a plugin, as pip would leave it on the disk."""
        package = name.replace("-", "_")
        entry = entry or name.removeprefix("raystack-")
        self.site.mkdir(exist_ok=True)
        (self.site / package).mkdir()
        (self.site / package / "__init__.py").write_text("")
        (self.site / package / "plugin.py").write_text(dedent(plugin))
        info = self.site / f"{package}-{version}.dist-info"
        info.mkdir()
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
        (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")
        (info / "entry_points.txt").write_text(
            f"[raystack.plugins]\n{entry} = {package}.plugin\n{dedent(entry_points)}"
        )


def plugin(name: str, **hooks: Any) -> ModuleType:
    """Make a plugin module of hook implementations, for ``Kernel(plugins=[...])``."""
    module = sys.modules[name] = ModuleType(name)
    for hook, function in hooks.items():
        function.__module__ = name
        setattr(module, hook, hookimpl(function))
    return module
