"""The storage in memory, for tests."""

import os
from datetime import UTC, datetime
from io import StringIO
from pathlib import PurePosixPath
from typing import Any

from ...configuration import configuration
from ...deconstruct import deconstructible
from ..base import ContentFile, File
from .located import LocatedStorage


class _Kept:
    """What is kept of a file."""

    def __init__(self) -> None:
        self.content = b""
        self.created = self.accessed = self.modified = datetime.now(UTC)

    def write(self, content: bytes) -> None:
        self.content = content
        self.modified = datetime.now(UTC)


class _OpenFile(ContentFile):
    """A file that is open: what is written is kept at once.

    Args:
        kept: What is kept of it.
        name: Its name.
        mode: As of Python's ``open()``.
    """

    def __init__(self, kept: _Kept, name: str, mode: str) -> None:
        super().__init__(kept.content if "b" in mode else kept.content.decode(), name)
        self.kept = kept
        self.mode = mode
        if "a" in mode:
            self.file.seek(0, os.SEEK_END)

    def write(self, data: Any) -> int:
        """Write, and keep it."""
        count = super().write(data)
        content = self.file.getvalue()
        self.kept.write(content.encode() if isinstance(self.file, StringIO) else content)
        return count


@deconstructible(path="raystack_orm.files.storage.InMemoryStorage")
class InMemoryStorage(LocatedStorage):
    """Files that end with the process.

    Args:
        location: The folder that they seem to be in; ``MEDIA_ROOT`` by default.
        base_url: What the files' URLs start with; ``MEDIA_URL`` by default.
        file_permissions_mode: The permissions of new files, which have no effect here.
        directory_permissions_mode: The permissions of new folders, which have no effect here.

    https://docs.djangoproject.com/en/stable/ref/files/storage/#the-inmemorystorage-class
    """

    def __init__(
        self,
        location: str | os.PathLike[str] | None = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
    ) -> None:
        super().__init__(location, base_url, file_permissions_mode, directory_permissions_mode)
        self._files: dict[PurePosixPath, _Kept] = {}
        self._folders = {PurePosixPath(".")}

    @property
    def base_location(self) -> str:
        """The folder as it was given; any will do."""
        given = configuration().media_root if self._location is None else self._location
        return os.fspath(given or "")

    def _place(self, name: str) -> PurePosixPath:
        return PurePosixPath(os.path.relpath(self.path(name), self.location).replace(os.sep, "/"))

    def _make(self, place: PurePosixPath) -> _Kept:
        for folder in place.parents:
            if folder in self._files:
                raise FileExistsError(f"{self.path(str(folder))} exists and is not a directory.")
        self._folders.update(place.parents)
        return self._files.setdefault(place, _Kept())

    def _find(self, name: str) -> _Kept:
        place = self._place(name)
        if place not in self._files:
            raise FileNotFoundError(f"There is no file {self.path(name)} in memory.")
        return self._files[place]

    def _open(self, name: str, mode: str) -> File:
        kept = self._make(self._place(name)) if set("wax") & set(mode) else self._find(name)
        if "w" in mode:
            kept.write(b"")
        kept.accessed = datetime.now(UTC)
        return _OpenFile(kept, name, mode)

    def _save(self, name: str, content: File) -> str:
        place = self._place(name)
        chunks = [c.encode() if isinstance(c, str) else c for c in content.chunks()]
        self._make(place).write(b"".join(chunks))
        return str(place)

    def delete(self, name: str) -> None:
        """Delete a file, or a folder with what is in it; nothing happens if it is gone."""
        gone = self._place(name)
        for place in [p for p in self._files if p == gone or gone in p.parents]:
            del self._files[place]
        self._folders -= {p for p in self._folders if p == gone or gone in p.parents}

    def exists(self, name: str) -> bool:
        """Say whether there is a file or a folder of that name."""
        place = self._place(name)
        return place in self._files or place in self._folders

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files in a folder.

        Raises:
            FileNotFoundError: There is no such folder.
        """
        folder = self._place(path)
        if folder not in self._folders:
            raise FileNotFoundError(f"There is no folder {self.path(path)} in memory.")
        folders, files = (
            [p.name for p in places if p != folder and p.parent == folder]
            for places in (self._folders, self._files)
        )
        return folders, files

    def size(self, name: str) -> int:
        """Return the number of bytes of a file."""
        return len(self._find(name).content)

    def get_accessed_time(self, name: str) -> datetime:
        """Return when a file was last opened."""
        return self.in_project_zone(self._find(name).accessed)

    def get_created_time(self, name: str) -> datetime:
        """Return when a file was made."""
        return self.in_project_zone(self._find(name).created)

    def get_modified_time(self, name: str) -> datetime:
        """Return when a file was last written."""
        return self.in_project_zone(self._find(name).modified)
