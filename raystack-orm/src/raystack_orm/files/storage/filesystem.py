"""The storage in the file system."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from ...configuration import configuration
from ...deconstruct import deconstructible
from ...exceptions import ImproperlyConfigured, SuspiciousFileOperation
from ..base import File
from .base import Storage


@deconstructible(path="raystack_orm.files.storage.FileSystemStorage")
class FileSystemStorage(Storage):
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
        self._location = location
        self._base_url = base_url
        self._file_permissions_mode = file_permissions_mode
        self._directory_permissions_mode = directory_permissions_mode
        self._allow_overwrite = allow_overwrite

    @property
    def base_location(self) -> str:
        """The folder as it was given.

        Raises:
            ImproperlyConfigured: None was, nor is there a ``MEDIA_ROOT``.
        """
        if self._location is not None:
            return os.fspath(self._location)
        given = configuration().media_root
        if not given:
            raise ImproperlyConfigured(
                "There is no folder for files: set MEDIA_ROOT, or give FileSystemStorage a "
                "location."
            )
        return given

    @property
    def location(self) -> str:
        """The folder's absolute path."""
        return os.path.abspath(self.base_location)  # noqa: PTH100 - resolve() would follow links

    @property
    def base_url(self) -> str | None:
        """What the files' URLs start with."""
        given = configuration().media_url if self._base_url is None else self._base_url
        return given if not given or given.endswith("/") else f"{given}/"

    @property
    def file_permissions_mode(self) -> int | None:
        """The permissions of new files; ``None`` for the system's."""
        given = self._file_permissions_mode
        return configuration().orm.FILE_UPLOAD_PERMISSIONS if given is None else given

    @property
    def directory_permissions_mode(self) -> int | None:
        """The permissions of new folders; ``None`` for the system's."""
        given = self._directory_permissions_mode
        return configuration().orm.FILE_UPLOAD_DIRECTORY_PERMISSIONS if given is None else given

    def path(self, name: str) -> str:
        """Return a file's absolute path.

        Raises:
            SuspiciousFileOperation: It would be outside of the folder.
        """
        root = self.location
        if "\0" in str(name):
            raise SuspiciousFileOperation(f"The file name {name!r} has a NUL in it.")
        full = os.path.normpath(os.path.join(root, name))  # noqa: PTH118 - as above
        if full != root and not full.startswith(root.rstrip(os.sep) + os.sep):
            raise SuspiciousFileOperation(f"The file {name!r} is outside of {root}.")
        return full

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

    def url(self, name: str | None) -> str:
        """Return where a browser finds a file.

        Raises:
            ValueError: The files have no URLs.
        """
        base = self.base_url
        if not base:
            raise ValueError("These files have no URLs: set MEDIA_URL, or give a base_url.")
        quoted = quote(str(name or "").replace("\\", "/"), safe="/~!*()'")
        return urljoin(base, quoted.lstrip("/"))

    def _moment(self, name: str, which: str) -> datetime:
        stat: Any = Path(self.path(name)).stat()
        aware = datetime.fromtimestamp(getattr(stat, which), tz=UTC)
        if configuration().use_tz:
            return aware
        return aware.astimezone(configuration().zone).replace(tzinfo=None)

    def get_accessed_time(self, name: str) -> datetime:
        """Return when a file was last read."""
        return self._moment(name, "st_atime")

    def get_created_time(self, name: str) -> datetime:
        """Return when a file was made."""
        return self._moment(name, "st_ctime")

    def get_modified_time(self, name: str) -> datetime:
        """Return when a file was last written."""
        return self._moment(name, "st_mtime")
