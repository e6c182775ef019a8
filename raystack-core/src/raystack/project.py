"""The project: the folder that holds ``manage.py``, found by walking up.

The project's folder goes first on ``sys.path``, so that ``config``, ``core`` and ``apps`` mean the
project's own. A module of that name elsewhere would be imported silently otherwise: that is an
error.
"""

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from .exceptions import ImproperlyConfigured

PROJECT_VARIABLE = "RAYSTACK_PROJECT"
SETTINGS_VARIABLE = "RAYSTACK_SETTINGS_MODULE"
DEFAULT_SETTINGS_MODULE = "config.settings"
OWN_PACKAGES = ("config", "core", "apps")


@dataclass(frozen=True, slots=True)
class Project:
    """Where the project is and which module holds its settings.

    Args:
        root: The folder of ``manage.py``; ``None`` outside a project.
        settings_module: The dotted name; ``None`` where there is neither a project nor
            ``RAYSTACK_SETTINGS_MODULE``. Once a kernel has read its sources, its project has the
            module that was read: ``.env`` may name another one.
    """

    root: Path | None
    settings_module: str | None

    @property
    def dotenv(self) -> Path | None:
        """The project's ``.env`` file, if it has one."""
        if self.root is None:
            return None
        path = self.root / ".env"
        return path if path.is_file() else None

    def activate(self) -> None:
        """Put the project first on ``sys.path`` and hand it to child processes.

        Raises:
            ImproperlyConfigured: ``config``, ``core`` or ``apps`` is another module's name here.
        """
        if self.root is None:
            return
        # Reload and worker processes start from the environment, whatever their folder is.
        os.environ[PROJECT_VARIABLE] = str(self.root)
        path = str(self.root)
        if sys.path[:1] != [path]:
            sys.path.insert(0, path)
            importlib.invalidate_caches()
        for name in OWN_PACKAGES:
            if (self.root / name).is_dir():
                _check_own(name, self.root)


def find_project(start: Path | None = None) -> Project:
    """Find the project around a folder.

    Args:
        start: The folder to walk up from; the current one by default. ``RAYSTACK_PROJECT``, which
            ``manage.py`` sets, goes before it.

    Returns:
        The project, with ``root=None`` where no ``manage.py`` of Raystack is found.
    """
    settings_module = os.environ.get(SETTINGS_VARIABLE)
    root = _named_root() or _walk_up(start or Path.cwd())
    if root is not None and settings_module is None:
        settings_module = DEFAULT_SETTINGS_MODULE
    return Project(root, settings_module)


def _named_root() -> Path | None:
    named = os.environ.get(PROJECT_VARIABLE)
    if not named:
        return None
    root = Path(named)
    if not (root / "manage.py").is_file():
        raise ImproperlyConfigured(
            f"{PROJECT_VARIABLE} is {named!r}, but that folder has no manage.py. "
            f"Unset {PROJECT_VARIABLE}, or let it name a project's folder."
        )
    return root.resolve()


def _walk_up(start: Path) -> Path | None:
    for folder in (start.resolve(), *start.resolve().parents):
        manage = folder / "manage.py"
        # Django's projects have a manage.py too: one that never says "raystack" is not ours.
        if manage.is_file() and b"raystack" in manage.read_bytes():
            return folder
    return None


def _check_own(name: str, root: Path) -> None:
    spec = importlib.util.find_spec(name)
    places = list((spec and spec.submodule_search_locations) or ())
    if places and Path(places[0]).resolve() == root / name:
        return
    hider = places[0] if places else (spec and spec.origin)
    raise ImproperlyConfigured(
        f"The project's package {name!r} ({root / name}) is hidden by {hider}. "
        f"Rename or uninstall the other one, or unload it before the project starts."
    )
