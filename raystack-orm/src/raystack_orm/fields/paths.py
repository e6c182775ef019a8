"""The field of paths in the server's file system.

https://docs.djangoproject.com/en/stable/ref/models/fields/#filepathfield
"""

import re
from collections.abc import Callable, Iterable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from .base import Field
from .checks import error
from .choices import BLANK
from .declaration import FieldOptions, N

if TYPE_CHECKING:
    from raystack import CheckMessage

Folder = str | PathLike[str] | Callable[[], str | PathLike[str]]


class FilePathField(Field[str, N]):
    """A path in a folder of the server.

    Args:
        verbose_name: What people call it.
        name: Its name.
        path: The absolute path of the folder, or a callable that returns it.
        match: A pattern that is searched in the last part of the path.
        recursive: Offer what is in folders inside of the folder.
        allow_files: Offer files.
        allow_folders: Offer folders.
        null: It may be ``None``.
        options: The options of every field.
    """

    description = "File path"
    internal_type = "FilePathField"
    default_max_length = 100
    own_options: ClassVar[dict[str, Any]] = {
        "path": "",
        "match": None,
        "recursive": False,
        "allow_files": True,
        "allow_folders": False,
    }
    path: Folder
    match: str | None
    recursive: bool
    allow_files: bool
    allow_folders: bool

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            path: Folder = ...,
            match: str | None = ...,
            recursive: bool = ...,
            allow_files: bool = ...,
            allow_folders: bool = ...,
            *,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            path: Any = "",
            match: str | None = None,
            recursive: bool = False,
            allow_files: bool = True,
            allow_folders: bool = False,
            **options: Any,
        ) -> None:
            self.path, self.match, self.recursive = path, match, recursive
            self.allow_files, self.allow_folders = allow_files, allow_folders
            super().__init__(verbose_name, name, **options)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments."""
        name, path, args, options = super().deconstruct()
        if options.get("max_length") == self.default_max_length:
            del options["max_length"]
        return name, path, args, options

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if not self.allow_files and not self.allow_folders:
            message = f"{self} allows neither files nor folders."
            found.append(error(self, "fields.E140", message))
        return found

    def get_choices(
        self,
        include_blank: bool = True,
        blank_choice: Iterable[tuple[Any, Any]] = (BLANK,),
        limit_choices_to: Any = None,
        ordering: Sequence[str] = (),
    ) -> list[tuple[Any, Any]]:
        """Return the paths that are in the folder now."""
        folder = Path(fspath(self.path() if callable(self.path) else self.path))
        found = folder.rglob("*") if self.recursive else folder.iterdir()
        paths: list[tuple[Any, Any]] = [
            (str(path), path.relative_to(folder).as_posix())
            for path in sorted(found)
            if (self.allow_files if path.is_file() else path.is_dir() and self.allow_folders)
            and (self.match is None or re.search(self.match, path.name))
        ]
        return [*blank_choice, *paths] if include_blank else paths

    def get_prep_value(self, value: Any) -> Any:
        """Convert a path to text."""
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def make_type(self) -> TypeEngine[Any]:
        """Return VARCHAR."""
        return String(self.max_length)
