"""Files that somebody sent, with a safe name and what they say of themselves."""

from io import BytesIO
from typing import Any

from .base import File
from .names import upload_name


class UploadedFile(File):
    """A file that was sent; its name is made safe.

    Args:
        file: Python's file.
        name: What it was called; its last part alone is kept.
        content_type: What the sender says is in it. Do not trust that.
        size: The number of bytes.
        charset: The encoding, of text.
        content_type_extra: More of the content type.
    """

    def __init__(
        self,
        file: Any = None,
        name: str | None = None,
        content_type: str | None = None,
        size: int | None = None,
        charset: str | None = None,
        content_type_extra: dict[str, str] | None = None,
    ) -> None:
        super().__init__(file, name)
        self.size = size
        self.content_type = content_type
        self.charset = charset
        self.content_type_extra = content_type_extra or {}

    @property
    def name(self) -> str | None:
        """The safe name."""
        return self._name

    @name.setter
    def name(self, value: str | None) -> None:
        self._name = None if value is None else upload_name(value)


class SimpleUploadedFile(UploadedFile):
    """A file that was sent, made of what is in it.

    Args:
        name: What it was called.
        content: Bytes.
        content_type: What the sender says is in it.
    """

    def __init__(self, name: str, content: bytes | None, content_type: str = "text/plain") -> None:
        content = content or b""
        super().__init__(BytesIO(content), name, content_type, len(content))

    @classmethod
    def from_dict(cls, file_dict: dict[str, Any]) -> "SimpleUploadedFile":
        """Make one of ``filename``, ``content`` and ``content-type``."""
        return cls(
            file_dict["filename"],
            file_dict["content"],
            file_dict.get("content-type", "text/plain"),
        )

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        """Say no: it is in memory."""
        return False
