"""What a new project and a new app get: the files beside this module, as they are written."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from raystack import Scaffold

SUFFIX = ".j2"  # of what is no Python before it is rendered


def project() -> Scaffold:
    """Return the layout, its style sheet, and a first page."""
    return Scaffold(files=_texts("project"))


def app() -> Scaffold:
    """Return a first page that extends the project's layout."""
    return Scaffold(files=_texts("app"))


def _texts(folder: str) -> dict[str, str]:
    return dict(_walk(files(__package__) / folder, ""))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        else:
            name = entry.name.removesuffix(SUFFIX)
            found.append((prefix + name, entry.read_text(encoding="utf-8")))
    return found
