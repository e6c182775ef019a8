"""The folders that templates and static files are looked for in, in their order.

The project's come first, then each app's in the order of ``INSTALLED_APPS``, then the plugins'.
What is found first counts, so a project overrides an app, and an app a plugin.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from raystack import Kernel

from .contributed import items
from .settings import TemplatesSettings

PROJECT = "the project"


class Folder(NamedTuple):
    """A folder and whose it is."""

    path: Path
    owner: str

    def names(self) -> Iterator[str]:
        """Yield the names of the files in it, with slashes, without those that start with a dot."""
        for parent, folders, files in os.walk(self.path):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            for file in sorted(files):
                if not file.startswith("."):
                    yield (Path(parent) / file).relative_to(self.path).as_posix()


def template_folders(kernel: Kernel) -> list[Folder]:
    """List the folders of templates."""
    own = kernel.settings.section(TemplatesSettings).TEMPLATE_DIRS
    return _folders(kernel, own, "templates", "raystack_template_dirs")


def static_folders(kernel: Kernel) -> list[Folder]:
    """List the folders of static files."""
    own = kernel.settings.section(TemplatesSettings).STATICFILES_DIRS
    return _folders(kernel, own, "static", "raystack_static_dirs")


def _folders(kernel: Kernel, own: Sequence[Path], name: str, hook: str) -> list[Folder]:
    root = kernel.project.root or Path.cwd()
    folders = [Folder(root / path, PROJECT) for path in own]
    folders += [Folder(app.path / name, f"the app {app.name}") for app in kernel.apps]
    for plugin, path in items(kernel, hook, _is_path, "Path"):
        folders.append(Folder(path, plugin.contract.title))
    return folders


def _is_path(value: object) -> bool:
    return isinstance(value, Path)
