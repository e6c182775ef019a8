"""Storage: where files are kept. Subclass it for another place than the file system.

https://docs.djangoproject.com/en/stable/ref/files/storage/
"""

import secrets
import string
from datetime import datetime
from os import PathLike
from pathlib import PurePosixPath
from posixpath import join, normpath
from typing import Any

from ...exceptions import SuspiciousFileOperation
from ..base import File
from ..names import get_valid_filename, validate_file_name

_CHARACTERS = string.ascii_letters + string.digits


class Storage:
    """The base of storages: ``_open()`` and ``_save()`` are what each has to have."""

    def _open(self, name: str, mode: str) -> File:
        """Open a file."""
        raise self._cannot("_open")

    def _save(self, name: str, content: File) -> str:
        """Keep a file, and return the name that it got."""
        raise self._cannot("_save")

    def open(self, name: str | PathLike[str], mode: str = "rb") -> File:
        """Open a file."""
        return self._open(str(name), mode)

    def save(
        self, name: str | PathLike[str] | None, content: Any, max_length: int | None = None
    ) -> str:
        """Keep a file under a name that is still free.

        Args:
            name: The wished name; the file's own by default.
            content: A ``File``, or one of Python's files.
            max_length: The longest name.

        Returns:
            The name that it got.

        Raises:
            SuspiciousFileOperation: The name leads elsewhere, or cannot be made short enough.
        """
        wanted = str(content.name if name is None else name)
        file = content if hasattr(content, "chunks") else File(content, wanted)
        validate_file_name(wanted, allow_relative_path=True)
        free = self.get_available_name(wanted, max_length=max_length)
        validate_file_name(free, allow_relative_path=True)
        return validate_file_name(self._save(free, file), allow_relative_path=True)

    def get_valid_name(self, name: str) -> str:
        """Make a name that the storage can have."""
        return get_valid_filename(name)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Make another name, of the name without its extension, and the extension."""
        chosen = "".join(secrets.choice(_CHARACTERS) for _ in range(7))
        return f"{file_root}_{chosen}{file_ext}"

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """Say whether a name is free and short enough."""
        return not self.exists(name) and not (max_length and len(name) > max_length)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Make a name that is free and short enough.

        Raises:
            SuspiciousFileOperation: It leads elsewhere, or nothing would be left of it.
        """
        name = str(name).replace("\\", "/")
        validate_file_name(name, allow_relative_path=True)
        path = PurePosixPath(name)
        extension = "".join(path.suffixes)  # of "a.tar.gz" it is ".tar.gz"
        root = path.name.removesuffix(extension)
        folder = "" if str(path.parent) == "." else f"{path.parent}/"
        while not self.is_name_available(name, max_length=max_length):
            name = folder + self.get_alternative_name(root, extension)
            surplus = len(name) - max_length if max_length else 0
            if surplus > 0:
                root = root[:-surplus]
                if not root:
                    raise SuspiciousFileOperation(
                        f"The file name {path.name!r} cannot be shortened to {max_length} "
                        f"characters with its folder. Give the field a larger max_length."
                    )
                name = folder + self.get_alternative_name(root, extension)
        return name

    def generate_filename(self, filename: str) -> str:
        """Make the last part of a name valid.

        Raises:
            SuspiciousFileOperation: The name leads elsewhere.
        """
        folder, _, last = str(filename).replace("\\", "/").rpartition("/")
        if ".." in PurePosixPath(folder).parts:
            raise SuspiciousFileOperation(f"The file name {filename!r} leads out of its folder.")
        return normpath(join(folder, self.get_valid_name(last)))

    def path(self, name: str) -> str:
        """Return a file's place in the file system.

        Raises:
            NotImplementedError: It is not in the file system.
        """
        raise NotImplementedError(f"{type(self).__name__} keeps its files outside the file system.")

    def _cannot(self, what: str) -> NotImplementedError:
        return NotImplementedError(f"{type(self).__name__} has no {what}().")

    def delete(self, name: str) -> None:
        """Delete a file."""
        raise self._cannot("delete")

    def exists(self, name: str) -> bool:
        """Say whether there is a file of that name."""
        raise self._cannot("exists")

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files in a folder."""
        raise self._cannot("listdir")

    def size(self, name: str) -> int:
        """Return the number of bytes of a file."""
        raise self._cannot("size")

    def url(self, name: str | None) -> str:
        """Return where a browser finds a file."""
        raise self._cannot("url")

    def get_accessed_time(self, name: str) -> datetime:
        """Return when a file was last read."""
        raise self._cannot("get_accessed_time")

    def get_created_time(self, name: str) -> datetime:
        """Return when a file was made."""
        raise self._cannot("get_created_time")

    def get_modified_time(self, name: str) -> datetime:
        """Return when a file was last written."""
        raise self._cannot("get_modified_time")
