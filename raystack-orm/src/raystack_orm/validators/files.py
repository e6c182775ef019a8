"""Validators of files' names."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from ..deconstruct import deconstructible
from ..exceptions import ValidationError


@deconstructible
class FileExtensionValidator:
    """Refuse a file whose name has another extension.

    The extension says nothing about what is in the file: anybody may rename it.

    Args:
        allowed_extensions: Without the dot, in any case; ``None`` for all.
        message: What to say.
        code: The error's code.
    """

    message: Any = (
        "File extension “%(extension)s” is not allowed. Allowed extensions are: "
        "%(allowed_extensions)s."
    )
    code: str = "invalid_extension"

    def __init__(
        self,
        allowed_extensions: Iterable[str] | None = None,
        message: Any = None,
        code: str | None = None,
    ) -> None:
        self.allowed_extensions = (
            None if allowed_extensions is None else [ext.lower() for ext in allowed_extensions]
        )
        if message is not None:
            self.message = message
        if code is not None:
            self.code = code

    def __call__(self, value: Any) -> None:
        """Check the name of the file ``value``."""
        extension = PurePath(value.name).suffix[1:].lower()
        if self.allowed_extensions is None or extension in self.allowed_extensions:
            return
        params = {
            "extension": extension,
            "allowed_extensions": ", ".join(self.allowed_extensions),
            "value": value,
        }
        raise ValidationError(self.message, self.code, params)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FileExtensionValidator):
            return NotImplemented
        mine = (set(self.allowed_extensions or ()), self.message, self.code)
        return mine == (set(other.allowed_extensions or ()), other.message, other.code)

    __hash__ = None  # type: ignore[assignment]  # as in Django: it can be changed


def get_available_image_extensions() -> list[str]:
    """Return the extensions of the images that Pillow reads; none without Pillow."""
    try:
        from PIL import Image  # type: ignore[import-not-found,unused-ignore]  # an extra
    except ImportError:
        return []
    Image.init()
    return [extension.lower()[1:] for extension in Image.EXTENSION]


def validate_image_file_extension(value: Any) -> None:
    """Refuse a file whose extension is no image's."""
    FileExtensionValidator(get_available_image_extensions())(value)
