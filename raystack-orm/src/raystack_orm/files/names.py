"""Names of files: which are safe, and what is made of the others."""

import re
from pathlib import PurePosixPath

from ..exceptions import SuspiciousFileOperation

MAX_NAME_LENGTH = 255
_UNWANTED = re.compile(r"[^-\w.]")
# Windows opens a device of that name, whatever the extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)


def get_valid_filename(name: str) -> str:
    """Make a name of letters, digits, dashes, underscores and dots.

    Raises:
        SuspiciousFileOperation: Nothing is left of it.
    """
    made = _UNWANTED.sub("", str(name).strip().replace(" ", "_"))
    if made in {"", ".", ".."}:
        raise SuspiciousFileOperation(f"{name!r} has nothing that a file could be called.")
    return f"_{made}" if _DEVICES.match(made) else made


def validate_file_name(name: str, allow_relative_path: bool = False) -> str:
    """Return a name that stays inside of a folder.

    Args:
        name: The name.
        allow_relative_path: It may have folders in it.

    Raises:
        SuspiciousFileOperation: It leads elsewhere, or names no file.
    """
    path = PurePosixPath(str(name).replace("\\", "/"))
    if str(name).replace("\\", "/").rpartition("/")[2] in {"", ".", ".."}:
        raise SuspiciousFileOperation(f"{name!r} names no file.")
    if "\0" in str(name) or path.is_absolute() or ".." in path.parts:
        raise SuspiciousFileOperation(f"The file name {name!r} leads out of its folder.")
    if not allow_relative_path and len(path.parts) > 1:
        raise SuspiciousFileOperation(f"The file name {name!r} has folders in it.")
    return name


def upload_name(name: str) -> str:
    """Make a safe name of what an uploaded file was called: its last part, shortened.

    A name that says nothing becomes ``file``.
    """
    last = str(name).replace("\\", "/").rpartition("/")[2]
    last = "".join(c for c in last if c.isprintable()).strip()
    if last in {"", ".", ".."}:
        return "file"
    stem, dot, extension = last.rpartition(".")
    if not stem or len(extension) >= MAX_NAME_LENGTH:
        return last[:MAX_NAME_LENGTH]
    return stem[: MAX_NAME_LENGTH - len(extension) - 1] + dot + extension
