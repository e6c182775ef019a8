"""The storage in the file system."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...deconstruct import deconstructible
from ..base import File
from .located import LocatedStorage


@deconstructible(path="raystack_orm.files.storage.FileSystemStorage")
class FileSystemStorage(LocatedStorage):
    """Files in a folder.

    Args:
        location: The folder; ``MEDIA_ROOT`` by default.
        base_url: What the files' URLs start with; ``MEDIA_URL`` by default.
        file_permissions_mode: The permissions of new files; ``FILE_UPLOAD_PERMISSIONS`` by default.
        directory_permissions_mode: The permissions of new folders;
            ``FILE_UPLOAD_DIRECTORY_PERMISSIONS`` by default.
        allow_overwrite: A new file replaces the one of its name.

    https://docs.djangoproject.com/en/stable/ref/files/storage/#the-filesystemstorage-class
    """

    def __init__(
        self,
        location: str | os.PathLike[str] | None = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
        allow_overwrite: bool = False,
    ) -> None:
        super().__init__(location, base_url, file_permissions_mode, directory_permissions_mode)
        self._allow_overwrite = allow_overwrite

    def _open(self, name: str, mode: str) -> File:
        return File(Path(self.path(name)).open(mode))

    def _save(self, name: str, content: File) -> str:
        while True:
            place = Path(self.path(name))
            self._make_folder(place.parent)
            try:
                self._write(place, content)
            except FileExistsError:  # somebody else was faster
                name = self.get_available_name(name)
            else:
                break
        if self.file_permissions_mode is not None:
            place.chmod(self.file_permissions_mode)
        return place.relative_to(self.location).as_posix()

    def _make_folder(self, folder: Path) -> None:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        if self.directory_permissions_mode is not None:
            for made in missing:
                made.chmod(self.directory_permissions_mode)

    def _write(self, place: Path, content: File) -> None:
        if hasattr(content, "temporary_file_path"):
            if not self._allow_overwrite:
                place.touch(exist_ok=False)  # the name is taken before the file comes
            shutil.move(content.temporary_file_path(), place)
            return
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        flags |= os.O_TRUNC if self._allow_overwrite else os.O_EXCL
        with os.fdopen(os.open(place, flags, 0o666), "wb") as file:
            file.writelines(
                chunk.encode() if isinstance(chunk, str) else chunk for chunk in content.chunks()
            )

    def delete(self, name: str) -> None:
        """Delete a file, or an empty folder; nothing happens if it is gone.

        Raises:
            ValueError: There is no name.
        """
        if not name:
            raise ValueError("delete() takes the name of a file.")
        place = Path(self.path(name))
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        """Say whether there is a file, a folder or a link of that name."""
        return os.path.lexists(self.path(name))

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """Say whether a name is short enough, and free unless files are replaced."""
        if self._allow_overwrite:
            return not (max_length and len(name) > max_length)
        return super().is_name_available(name, max_length=max_length)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Make another name; the same where files are replaced."""
        if self._allow_overwrite:
            return f"{file_root}{file_ext}"
        return super().get_alternative_name(file_root, file_ext)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files in a folder."""
        folders: list[str] = []
        files: list[str] = []
        for entry in Path(self.path(path)).iterdir():
            (folders if entry.is_dir() else files).append(entry.name)
        return folders, files

    def size(self, name: str) -> int:
        """Return the number of bytes of a file."""
        return Path(self.path(name)).stat().st_size

    def _moment(self, name: str, which: str) -> datetime:
        stat: Any = Path(self.path(name)).stat()
        return self.in_project_zone(datetime.fromtimestamp(getattr(stat, which), tz=UTC))

    def get_accessed_time(self, name: str) -> datetime:
        """Return when a file was last read."""
        return self._moment(name, "st_atime")

    def get_created_time(self, name: str) -> datetime:
        """Return when a file was made."""
        return self._moment(name, "st_ctime")

    def get_modified_time(self, name: str) -> datetime:
        """Return when a file was last written."""
        return self._moment(name, "st_mtime")
