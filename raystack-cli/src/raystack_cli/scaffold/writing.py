"""Putting new files in place: all of them, or none."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..exceptions import CommandError

SECRETS = ".env"  # only its owner may read it


def write_folder(target: Path, texts: Mapping[str, str], folders: Iterable[str] = ()) -> None:
    """Write a new folder.

    It is written beside its place and moved there when it is complete, so that an error or Ctrl-C
    leaves nothing behind. A folder that exists stays the one it is, for a shell may stand in it or
    a file system be mounted there: it is filled.

    Args:
        target: The folder; it may exist if it is empty.
        texts: Relative paths with their texts.
        folders: Relative paths of folders to create; each gets a ``.gitkeep``.

    Raises:
        CommandError: The folder is there already and not empty, or cannot be written.
    """
    check_target(target)
    place = target if target.is_dir() else target.parent
    building = place / f".{target.name[:40]}-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        building.mkdir()
        _fill(building, {**{f"{folder}/.gitkeep": "" for folder in folders}, **texts})
        if place == target:
            _move_entries(building, target)
        else:
            building.rename(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _move_entries(source: Path, target: Path) -> None:
    """Move everything that is in a folder to another one, or nothing."""
    moved: list[Path] = []
    try:
        for entry in list(source.iterdir()):
            moved.append(target / entry.name)
            entry.rename(target / entry.name)
    except BaseException:  # Ctrl-C too
        _remove(moved)
        raise


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def check_target(target: Path) -> None:
    """Refuse a place that something else has.

    Raises:
        CommandError: It is a file, a symbolic link, or a folder that is not empty.
    """
    if target.is_symlink():
        what = "is a symbolic link"
    elif target.is_dir():
        if not any(target.iterdir()):
            return
        what = "is a folder that is not empty"
    elif target.exists():
        what = "is a file"
    else:
        return
    raise CommandError(
        f"{target} {what}. Nothing was changed: choose another name or another folder."
    )


def read_text(path: Path) -> str:
    """Read a file that is to be edited as it is, line ends too.

    Raises:
        CommandError: It is not UTF-8, or begins with a byte order mark.
    """
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        text = "\ufeff"
    if text.startswith("\ufeff"):
        raise CommandError(
            f"{path} cannot be edited. Nothing was changed: save it as UTF-8 without a byte order "
            f"mark, and try again."
        )
    return text


def replace_text(path: Path, text: str) -> None:
    """Write a file anew in one step, keeping its mode; behind a symbolic link, what that names.

    Raises:
        CommandError: It cannot be written; it is then as it was.
    """
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            shutil.copymode(path, name)
            os.replace(name, path)  # noqa: PTH105 - a string and a path
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def all_or_nothing(*edited: Path) -> Iterator[Callable[..., None]]:
    """Write a folder and edit files, and undo both when something fails in between.

    Args:
        edited: The files that may be edited inside.

    Yields:
        ``write_folder``.
    """
    before = {path: path.read_bytes() for path in edited}
    written: list[Path] = []

    def write(target: Path, texts: Mapping[str, str], folders: Iterable[str] = ()) -> None:
        existed = target.is_dir()
        write_folder(target, texts, folders)
        written.extend(target.iterdir() if existed else [target])

    try:
        yield write
    except BaseException:  # Ctrl-C too
        _remove(written)
        for path, content in before.items():
            if path.read_bytes() != content:
                path.write_bytes(content)
        raise


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    for relative, text in texts.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == SECRETS:
            path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o444) >> 2)  # whoever may read it may run it


def _unwritable(target: Path, error: OSError) -> CommandError:
    return CommandError(f"Cannot write {target}: {error.strerror or error}. Nothing was changed.")
