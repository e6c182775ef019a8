"""What storages with a folder and a URL of their own share: both come from the settings, too."""

import os
from datetime import datetime
from urllib.parse import quote, urljoin

from ...configuration import configuration
from ...exceptions import ImproperlyConfigured, SuspiciousFileOperation
from .base import Storage


class LocatedStorage(Storage):
    """The base of storages whose files have places in a folder.

    Args:
        location: The folder; ``MEDIA_ROOT`` by default.
        base_url: What the files' URLs start with; ``MEDIA_URL`` by default.
        file_permissions_mode: The permissions of new files; ``FILE_UPLOAD_PERMISSIONS`` by default.
        directory_permissions_mode: The permissions of new folders;
            ``FILE_UPLOAD_DIRECTORY_PERMISSIONS`` by default.
    """

    def __init__(
        self,
        location: str | os.PathLike[str] | None = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
    ) -> None:
        self._location = location
        self._base_url = base_url
        self._file_permissions_mode = file_permissions_mode
        self._directory_permissions_mode = directory_permissions_mode

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
                "There is no folder for files: set MEDIA_ROOT, or give the storage a location."
            )
        return given

    @property
    def location(self) -> str:
        """The folder's absolute path."""
        return os.path.abspath(self.base_location)  # noqa: PTH100 - resolve() would follow links

    @property
    def base_url(self) -> str | None:
        """What the files' URLs start with; set it to have another start."""
        given = configuration().media_url if self._base_url is None else self._base_url
        return given if not given or given.endswith("/") else f"{given}/"

    @base_url.setter
    def base_url(self, value: str | None) -> None:
        self._base_url = value

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

    def in_project_zone(self, aware: datetime) -> datetime:
        """Return a moment as the project has it: aware, or in its one time zone."""
        if configuration().use_tz:
            return aware
        return aware.astimezone(configuration().zone).replace(tzinfo=None)
