"""Files that are images: Pillow tells their size."""

from typing import Any

from ..exceptions import ImproperlyConfigured
from .base import File


class ImageFile(File):
    """A file that knows its image's size."""

    @property
    def width(self) -> int | None:
        """The width in pixels; ``None`` if it is no image."""
        return self._dimensions()[0]

    @property
    def height(self) -> int | None:
        """The height in pixels; ``None`` if it is no image."""
        return self._dimensions()[1]

    def _dimensions(self) -> tuple[int | None, int | None]:
        known: Any = self.__dict__.get("_dimensions_cache")
        if known is None:
            was_closed = self.closed
            self.open()
            known = self.__dict__["_dimensions_cache"] = get_image_dimensions(self)
            if was_closed:
                self.close()
        return known  # type: ignore[no-any-return]  # as get_image_dimensions() returns it


def pillow() -> Any:
    """Return Pillow's ``Image``.

    Raises:
        ImproperlyConfigured: Pillow is not installed.
    """
    try:
        from PIL import Image  # type: ignore[import-not-found,unused-ignore]  # an extra
    except ImportError:
        raise ImproperlyConfigured(
            "Images need Pillow: pip install raystack-orm[images]."
        ) from None
    return Image


def get_image_dimensions(file: Any, close: bool = False) -> tuple[int | None, int | None]:
    """Return width and height of an image; two ``None`` if it is none.

    Args:
        file: A file, at any place; it is left there. Or a file's path.
        close: Close it afterwards.
    """
    if not hasattr(file, "read"):
        return _dimensions_of(file)
    place = file.tell()
    file.seek(0)
    try:
        return _dimensions_of(_Kept(file))
    finally:
        if close:
            file.close()
        else:
            file.seek(place)


def _dimensions_of(source: Any) -> tuple[int | None, int | None]:
    image = pillow()
    try:
        with image.open(source) as opened:
            return opened.size  # type: ignore[no-any-return]  # Pillow may not be there to tell
    except (OSError, ValueError, SyntaxError, image.DecompressionBombError):
        return None, None


class _Kept:
    """A file that Pillow may read but not close."""

    def __init__(self, file: Any) -> None:
        self.read, self.readline = file.read, file.readline
        self.seek, self.tell = file.seek, file.tell
