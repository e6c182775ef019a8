"""What a new project and a new app get: the files beside this module, as they are written."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from raystack import Scaffold


def project() -> Scaffold:
    """Return the layout, its style sheet, and where more goes."""
    return Scaffold(files=_texts("project"))


def app() -> Scaffold:
    """Return a first page that extends the project's layout."""
    return Scaffold(files={"templates/{{ name }}/index.html": _texts("app")["index.html"]})


def _texts(folder: str) -> dict[str, str]:
    return dict(_walk(files(__package__) / folder, ""))


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found
