"""The field of images: files whose width and height other fields may keep.

https://docs.djangoproject.com/en/stable/ref/models/fields/#imagefield
"""

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from .. import signals
from ..exceptions import ImproperlyConfigured
from ..files import ImageFile
from ..files.images import pillow
from ..validators import validate_image_file_extension
from .checks import error
from .declaration import FieldOptions, N
from .files import FieldFile, FileDescriptor, FileField, UploadTo

if TYPE_CHECKING:
    from collections.abc import Callable

    from raystack import CheckMessage

    from ..files import File, Storage


class ImageFieldFile(ImageFile, FieldFile):
    """The image of an instance's field."""

    def delete(self, save: bool = True) -> None:
        """Delete the file, and empty the instance's attribute."""
        self.__dict__.pop("_dimensions_cache", None)
        super().delete(save)

    def _set_on_instance(self, content: "File") -> None:
        setattr(self.instance, self.field.attname, content)
        self.instance.__dict__[self.field.attname] = self.name  # without reading the image again


class ImageFileDescriptor(FileDescriptor):
    """Keeps width and height up to date when another image is assigned."""

    field: Any

    def __set__(self, instance: Any, value: Any) -> None:
        """Set the image; its size too, unless the instance is being made."""
        previous = instance.__dict__.get(self.field.attname)
        super().__set__(instance, value)
        if previous is not None:
            self.field.update_dimension_fields(instance, force=True)


class ImageField(FileField[N]):
    """An image. Pillow tells its size: ``pip install raystack-orm[images]``.

    Args:
        verbose_name: What people call it.
        name: Its name.
        width_field: The field that keeps the width.
        height_field: The field that keeps the height.
        null: It may be ``None``.
        options: The options of files and of every field.
    """

    attr_class = ImageFieldFile
    descriptor_class = ImageFileDescriptor
    description = "Image"
    default_validators = (validate_image_file_extension,)
    own_options: ClassVar[dict[str, Any]] = {"width_field": None, "height_field": None}
    width_field: str | None = None
    height_field: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            width_field: str | None = ...,
            height_field: str | None = ...,
            *,
            upload_to: UploadTo = ...,
            storage: Storage | Callable[[], Storage] | None = ...,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            width_field: str | None = None,
            height_field: str | None = None,
            **options: Any,
        ) -> None:
            self.width_field, self.height_field = width_field, height_field
            super().__init__(verbose_name, name, **options)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Keep the size of an image that a new instance is given."""
        super().contribute_to_class(cls, name, private_only)
        if (self.width_field or self.height_field) and not cls._meta.abstract:
            signals.post_init.connect(self._made, sender=cls, weak=False)

    def _made(self, sender: Any, instance: Any, **kwargs: Any) -> None:
        self.update_dimension_fields(instance)

    def update_dimension_fields(self, instance: Any, force: bool = False) -> None:
        """Set the fields of width and height, unless they are set.

        Args:
            instance: The instance.
            force: Set them anyway: the image is another one.
        """
        names = [name for name in (self.width_field, self.height_field) if name]
        if not names or self.attname not in instance.__dict__:
            return
        file = getattr(instance, self.attname)
        if not force and (not file or all(getattr(instance, name) for name in names)):
            return
        if self.width_field:
            setattr(instance, self.width_field, file.width if file else None)
        if self.height_field:
            setattr(instance, self.height_field, file.height if file else None)

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration; Pillow is missing."""
        found = super().check(**kwargs)
        try:
            pillow()
        except ImproperlyConfigured as missing:
            found.append(error(self, "fields.E210", f"{self}: {missing}"))
        return found
