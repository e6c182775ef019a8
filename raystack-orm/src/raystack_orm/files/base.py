"""File: what has a name and can be read, written and cut into chunks."""

import os
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO, StringIO, UnsupportedOperation
from pathlib import Path
from typing import Any, ClassVar, Self


class File:
    """A wrapper around Python's own files.

    Args:
        file: Python's file.
        name: Its name; by default the one that Python's file has.

    https://docs.djangoproject.com/en/stable/ref/files/file/
    """

    DEFAULT_CHUNK_SIZE: ClassVar[int] = 64 * 1024
    file: Any
    name: str | None
    mode: str  # where the file has one

    def __init__(self, file: Any, name: str | None = None) -> None:
        self.file = file
        self.name = name if name is not None else getattr(file, "name", None)
        if hasattr(file, "mode"):
            self.mode = file.mode

    @property
    def size(self) -> int:
        """The number of bytes.

        Raises:
            AttributeError: It cannot be told.
        """
        known = self.__dict__.get("_size")
        return self._find_size() if known is None else int(known)

    @size.setter
    def size(self, value: int | None) -> None:
        self.__dict__["_size"] = value

    def _find_size(self) -> int:
        file = self.file
        if hasattr(file, "size"):
            return int(file.size)
        with suppress(OSError, TypeError, AttributeError):
            return Path(file.name).stat().st_size
        if hasattr(file, "tell") and hasattr(file, "seek"):
            place = file.tell()
            file.seek(0, os.SEEK_END)
            size = int(file.tell())
            file.seek(place)
            return size
        raise AttributeError(f"The size of {self!r} cannot be told.")

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Yield what is in the file, from its beginning, in pieces of ``chunk_size`` bytes."""
        with suppress(AttributeError, UnsupportedOperation):
            self.seek(0)
        while data := self.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield data

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        """Say whether the file is larger than one piece."""
        return self.size > (chunk_size or self.DEFAULT_CHUNK_SIZE)

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Open the file, or go back to its beginning.

        Raises:
            ValueError: It is closed and has no place in the file system.
        """
        if not self.closed:
            self.seek(0)
        elif self.name and Path(self.name).exists():
            self.file = open(self.name, mode or self.__dict__.get("mode", "rb"), *args, **kwargs)  # noqa: PTH123, SIM115 - Path's has no opener; close() closes it
        else:
            raise ValueError(f"The file {self.name!r} cannot be opened again.")
        return self

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return not self.file or bool(self.file.closed)

    def readable(self) -> bool:
        """Say whether it can be read."""
        return not self.closed and bool(self.file.readable())

    def writable(self) -> bool:
        """Say whether it can be written."""
        return not self.closed and bool(self.file.writable())

    def seekable(self) -> bool:
        """Say whether one can go back in it."""
        return not self.closed and bool(self.file.seekable())

    def __getattr__(self, name: str) -> Any:
        """Pass on what Python's files have: ``read``, ``seek``, ``write``..."""
        if name in _PASSED_ON:
            return getattr(self.file, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")

    def __iter__(self) -> Iterator[Any]:
        """Yield the lines."""
        rest: Any = None
        for chunk in self.chunks():
            lines = (chunk if rest is None else rest + chunk).splitlines(keepends=True)
            rest = lines.pop()  # whose end may come with the next chunk
            yield from lines
        if rest is not None:
            yield from rest.splitlines(keepends=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return self.name or ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name or 'None'}>"


_PASSED_ON = frozenset(
    {
        "encoding", "fileno", "flush", "isatty", "newlines", "read", "readinto", "readline",
        "readlines", "seek", "tell", "truncate", "write", "writelines",
    }
)  # fmt: skip


class ContentFile(File):
    """A file made of what is in it.

    Args:
        content: Text or bytes.
        name: Its name.
    """

    def __init__(self, content: str | bytes, name: str | None = None) -> None:
        stream = StringIO(content) if isinstance(content, str) else BytesIO(content)
        super().__init__(stream, name=name)
        self.size = len(content)

    def write(self, data: Any) -> int:
        """Write, and forget the size."""
        self.__dict__.pop("_size", None)
        return int(self.file.write(data))

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Go back to the beginning."""
        self.seek(0)
        return self

    def close(self) -> None:
        """Stay open: there is nothing to give back."""

    def __str__(self) -> str:
        return "Raw content"
