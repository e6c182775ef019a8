"""Fields of files: the column has the name, a storage has the file.

https://docs.djangoproject.com/en/stable/ref/models/fields/#filefield
"""

import posixpath
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from ..configuration import configuration
from ..exceptions import FieldError
from ..files import ContentFile, File, Storage, default_storage, validate_file_name
from ..files.storage.handler import DefaultStorage
from .base import Field
from .checks import error
from .declaration import FieldOptions, N
from .descriptors import DeferredAttribute

if TYPE_CHECKING:
    from raystack import CheckMessage

    from ..expressions.combinable import Combinable
    from ..models import Model

UploadTo = str | Callable[[Any, str], str]


class FieldFile(File):
    """The file of an instance's field.

    Args:
        instance: The instance.
        field: The field.
        name: The file's name in the storage; empty or ``None`` for no file.
    """

    def __init__(self, instance: Any, field: "FileField[Any]", name: str | None) -> None:
        self._file: Any = None
        self.instance = instance
        self.field = field
        self.storage: Any = field.storage
        self.name = name
        self._committed = True

    @property
    def file(self) -> Any:
        """The opened file.

        Raises:
            ValueError: There is no file.
        """
        self._require_file()
        if self._file is None:
            self._file = self.storage.open(self.name, "rb")
        return self._file

    @file.setter
    def file(self, value: Any) -> None:
        self._file = value

    def _require_file(self) -> None:
        if not self:
            raise ValueError(f"The '{self.field.name}' attribute has no file associated with it.")

    @property
    def path(self) -> str:
        """The file's place in the file system.

        Raises:
            ValueError: There is no file.
        """
        self._require_file()
        return str(self.storage.path(self.name))

    @property
    def url(self) -> str:
        """Where a browser finds the file.

        Raises:
            ValueError: There is no file.
        """
        self._require_file()
        return str(self.storage.url(self.name))

    def _find_size(self) -> int:
        self._require_file()
        return int(self.storage.size(self.name) if self._committed else self.file.size)

    def open(self, mode: str | None = "rb", *args: Any, **kwargs: Any) -> Self:
        """Open the file, or go back to its beginning."""
        self._require_file()
        if self._file is None:
            self._file = self.storage.open(self.name, mode or "rb")
        else:
            self._file.open(mode)
        return self

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._file is not None:
            self._file.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._file is None or bool(self._file.closed)

    def save(self, name: str, content: File, save: bool = True) -> None:
        """Keep a file, and set the instance's attribute to its name.

        Args:
            name: The wished name; ``upload_to`` decides about the folder.
            content: The file.
            save: Save the instance too.
        """
        wanted = self.field.generate_filename(self.instance, name)
        self.name = self.storage.save(wanted, content, max_length=self.field.max_length)
        self._set_on_instance(content)
        self._committed = True
        if save:
            self.instance.save()

    def _set_on_instance(self, content: File) -> None:
        setattr(self.instance, self.field.attname, self.name)

    def delete(self, save: bool = True) -> None:
        """Delete the file, and empty the instance's attribute.

        Args:
            save: Save the instance too.
        """
        if not self:
            return
        if self._file is not None:
            self.close()
            self._file = None
        self.storage.delete(self.name)
        self.name = None
        setattr(self.instance, self.field.attname, None)
        self._committed = False
        if save:
            self.instance.save()

    def __bool__(self) -> bool:
        return bool(self.name)

    def __eq__(self, other: object) -> bool:
        return bool(self.name == getattr(other, "name", other))

    def __hash__(self) -> int:
        return hash(self.name)

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name, "instance": self.instance, "field": self.field}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["instance"], state["field"], state["name"])  # type: ignore[misc]


class FileDescriptor(DeferredAttribute):
    """Makes a ``FieldFile`` of whatever an instance's attribute was set to."""

    field: Any

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return the instance's file."""
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        kind = self.field.attr_class
        if isinstance(value, FieldFile) and value.field is self.field:
            value.instance = instance
            return value
        if hasattr(value, "resolve_expression"):
            value = self.field.db_default if self.field.has_db_default() else value
        if isinstance(value, File):
            made = kind(instance, self.field, value.name)
            made.file = value
            made._committed = False  # noqa: SLF001 - this module's class
        elif isinstance(value, str) or value is None:
            made = kind(instance, self.field, value)
        else:
            return value
        instance.__dict__[self.field.attname] = made
        return made


class FileField(Field[FieldFile, N]):
    """A file: the column has its name, a storage has the file.

    Args:
        verbose_name: What people call it.
        name: Its name.
        upload_to: The folder, with ``strftime``'s codes; or a callable that takes the instance and
            the file's name and returns the name in the storage.
        storage: The storage, or a callable that returns it.
        null: It may be ``None``.
        options: The options of every field.
    """

    attr_class: ClassVar[type[FieldFile]] = FieldFile
    descriptor_class = FileDescriptor
    description = "File"
    internal_type = "FileField"
    default_max_length = 100
    upload_to: UploadTo = ""
    storage: Any

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            upload_to: UploadTo = ...,
            storage: Storage | Callable[[], Storage] | None = ...,
            *,
            null: N = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __set__(self, instance: Any, value: "File | str | Combinable | None") -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            upload_to: UploadTo = "",
            storage: Any = None,
            **options: Any,
        ) -> None:
            self._given_storage = default_storage if storage is None else storage
            self.storage = self._given_storage
            if callable(self.storage):
                self.storage = self.storage()
                if not isinstance(self.storage, Storage | DefaultStorage):
                    raise TypeError(
                        f"{type(self).__name__}: the storage {storage!r} returns no Storage but "
                        f"{self.storage!r}."
                    )
            self.upload_to = upload_to
            super().__init__(verbose_name, name, **options)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments."""
        name, path, args, options = super().deconstruct()
        if options.get("max_length") == self.default_max_length:
            del options["max_length"]
        options["upload_to"] = self.upload_to
        given = self.__dict__["_given_storage"]
        if given is not default_storage:
            options["storage"] = given
        return name, path, args, options

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if self.primary_key:
            found.append(error(self, "fields.E201", f"{self}: a file is no primary key."))
        if isinstance(self.upload_to, str) and self.upload_to.startswith("/"):
            message = f"{self}: upload_to starts with a slash, but is inside of the storage."
            found.append(error(self, "fields.E202", message, "Remove the slash."))
        return found

    def get_prep_value(self, value: Any) -> Any:
        """Convert a file to its name."""
        value = super().get_prep_value(value)
        return None if value is None else str(value)

    def pre_save(self, model_instance: "Model", add: bool) -> Any:
        """Give a new file to the storage first.

        Raises:
            FieldError: It has no name.
        """
        file = super().pre_save(model_instance, add)
        if not isinstance(file, FieldFile) or file._committed:  # noqa: SLF001 - as above
            return file
        if file.name is None and file._file is not None:  # noqa: SLF001 - as above
            hint = " ContentFile takes a name." if isinstance(file._file, ContentFile) else ""  # noqa: SLF001 - as above
            raise FieldError(f"The file for {self.name} has no name to be saved under.{hint}")
        if file:
            file.save(str(file.name), file.file, save=False)
        return file

    def generate_filename(self, instance: Any, filename: str) -> str:
        """Return the name that a file shall have in the storage.

        Raises:
            SuspiciousFileOperation: It leads elsewhere.
        """
        if callable(self.upload_to):
            wanted = self.upload_to(instance, filename)
        else:
            folder = datetime.now(configuration().zone).strftime(str(self.upload_to))
            wanted = posixpath.join(folder, filename)
        validate_file_name(wanted, allow_relative_path=True)
        return str(self.storage.generate_filename(wanted))

    def save_form_data(self, instance: Any, data: Any) -> None:
        """Set the file: ``None`` leaves it as it is, ``False`` clears it."""
        if data is not None:
            setattr(instance, self.name, data or "")

    def make_type(self) -> TypeEngine[Any]:
        """Return VARCHAR."""
        return String(self.max_length)
