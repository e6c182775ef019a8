"""``raystack loaddata``: the objects of fixtures into a database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ..databases import DEFAULT
from ..exceptions import ImproperlyConfigured
from ..registry import apps
from ..serialization import DeserializationError, Loader
from ..serialization.loading import Place

SUFFIXES = (".json", ".jsonl")
STANDARD_INPUT = "-"


def loaddata(
    fixtures: Annotated[
        list[str],
        typer.Argument(help="Files, names of files in the apps' folders fixtures, or - for stdin."),
    ],
    database: Annotated[str, typer.Option("--database", help="The alias.")] = DEFAULT,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", help="json or jsonl, for standard input.")
    ] = "json",
) -> None:
    """Load the objects of fixtures: all of them, or none if one cannot be loaded."""
    sources = [(name, _text(name), _is_lines(name, format)) for name in fixtures]
    records = (
        record for name, text, lines in sources for record in _records(name, text, lines=lines)
    )
    count = Loader(database).load(records)
    print(f"Installed {count} object(s) from {len(fixtures)} fixture(s)")


def _is_lines(name: str, format: str) -> bool:  # noqa: A002 - the option's name
    if name == STANDARD_INPUT:
        return format == "jsonl"
    return _found(name).suffix == ".jsonl"


def _text(name: str) -> str:
    if name == STANDARD_INPUT:
        return sys.stdin.read()
    path = _found(name)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeserializationError(f"{name}: {error}") from error


def _found(name: str) -> Path:
    """Find a fixture: a file, or one in an app's folder ``fixtures``.

    Raises:
        ImproperlyConfigured: There is none.
    """
    folders = [Path(), *_app_folders()]
    for folder in folders:
        for suffix in ("", *SUFFIXES):
            path = folder / f"{name}{suffix}"
            if path.is_file() and path.suffix in SUFFIXES:
                return path
    where = ", ".join(str(folder) for folder in folders[1:]) or "no app"
    raise ImproperlyConfigured(
        f"There is no fixture {name!r}: it is no .json or .jsonl file here, nor in {where}."
    )


def _app_folders() -> Iterator[Path]:
    for config in apps.get_app_configs():
        module = sys.modules.get(config.name)  # its models are loaded
        for parent in getattr(module, "__path__", ()):
            folder = Path(parent) / "fixtures"
            if folder.is_dir():
                yield folder


def _records(name: str, text: str, *, lines: bool) -> Iterator[tuple[Place, Any]]:
    if lines:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                place = Place(name, number)
                yield place, _parsed(line, place)
        return
    whole = _parsed(text, Place(name, 1))
    if not isinstance(whole, list):
        raise DeserializationError(f"{name}: a fixture is a list of objects.")
    for number, record in enumerate(whole, 1):
        yield Place(name, number), record


def _parsed(text: str, place: Place) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise place.fail(f"this is no JSON: {error}") from error
