"""Putting new files in place: all of them, or none."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..exceptions import CommandError


def write_folder(target: Path, texts: Mapping[str, str], folders: Iterable[str] = ()) -> None:
    """Write a new folder.

    It is written beside its place and moved there when it is complete, so that an error or Ctrl-C
    leaves nothing behind.

    Args:
        target: The folder; it may exist if it is empty.
        texts: Relative paths with their texts.
        folders: Relative paths of folders to create; each gets a ``.gitkeep``.

    Raises:
        CommandError: The folder is there already and not empty, or cannot be written.
    """
    check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}-", dir=target.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        _fill(building, {**{f"{folder}/.gitkeep": "" for folder in folders}, **texts})
        building.chmod(0o755)
        building.rename(target)  # replaces an empty folder, and nothing else
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


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


def replace_text(path: Path, text: str) -> None:
    """Write a file anew in one step, keeping its mode.

    Raises:
        CommandError: It cannot be written; it is then as it was.
    """
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
        if not existed:
            written.append(target)

    try:
        yield write
    except BaseException:  # Ctrl-C too
        for target in written:
            shutil.rmtree(target, ignore_errors=True)
        for path, content in before.items():
            if path.read_bytes() != content:
                path.write_bytes(content)
        raise


def _fill(folder: Path, texts: Mapping[str, str]) -> None:
    for relative, text in texts.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)


def _unwritable(target: Path, error: OSError) -> CommandError:
    return CommandError(f"Cannot write {target}: {error.strerror or error}. Nothing was changed.")
