"""Fields of structured values: UUIDs, JSON and bytes."""

import base64
import binascii
import json
import re
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy import JSON, LargeBinary, Uuid
from sqlalchemy.types import TypeEngine

from ..validators import MaxLengthValidator, Validator
from .base import Field
from .checks import error
from .declaration import FieldOptions, N, NamedOptions

if TYPE_CHECKING:
    from raystack import CheckMessage

# What JSON may spell and databases refuse: a NUL, and one half of a surrogate pair.
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UUIDField(Field[uuid.UUID, N]):
    """A UUID."""

    description = "Universally unique identifier"
    expected = "a UUID"
    internal_type = "UUIDField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "invalid": "“%(value)s” is not a valid UUID.",
    }

    def _convert(self, value: Any) -> uuid.UUID:
        if isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(int=value) if isinstance(value, int) else uuid.UUID(value)

    def to_python(self, value: Any) -> Any:
        """Convert to a UUID."""
        try:
            return None if value is None else self._convert(value)
        except (AttributeError, TypeError, ValueError):
            raise self.invalid("invalid", value=value) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a UUID."""
        value = super().get_prep_value(value)
        try:
            return None if value is None else self._convert(value)
        except (AttributeError, TypeError, ValueError):
            raise self.refuse(value) from None

    def make_type(self) -> TypeEngine[Any]:
        """Return UUID, or 32 hexadecimal digits where there is none."""
        return Uuid()


class JSONField(Field[Any]):
    """Anything that JSON can say; ``None`` is SQL's null.

    Args:
        verbose_name: What people call it.
        name: Its name.
        encoder: A ``json.JSONEncoder`` for values that JSON does not know.
        decoder: A ``json.JSONDecoder`` that reads them again.
        null: It may be ``None``.
        options: The options of every field.

    https://docs.djangoproject.com/en/stable/ref/models/fields/#jsonfield
    """

    description = "A JSON object"
    expected = "something that JSON can say"
    internal_type = "JSONField"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {"invalid": "Value must be valid JSON."}
    own_options: ClassVar[dict[str, Any]] = {"encoder": None, "decoder": None}
    key_transform: ClassVar[Any]
    """Makes the transform of a key; the room of lookups sets it."""
    encoder: type[json.JSONEncoder] | None = None
    decoder: type[json.JSONDecoder] | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            verbose_name: str | None = ...,
            name: str | None = ...,
            encoder: type[json.JSONEncoder] | None = ...,
            decoder: type[json.JSONDecoder] | None = ...,
            *,
            null: bool = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...

    else:

        def __init__(
            self,
            verbose_name: str | None = None,
            name: str | None = None,
            encoder: type[json.JSONEncoder] | None = None,
            decoder: type[json.JSONDecoder] | None = None,
            **options: Any,
        ) -> None:
            for called, given in (("encoder", encoder), ("decoder", decoder)):
                if given is not None and not callable(given):
                    raise ValueError(
                        f"JSONField: {called} is a class or a callable, not {given!r}."
                    )
            self.encoder = encoder
            self.decoder = decoder
            super().__init__(verbose_name, name, **options)

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if isinstance(self.default, (list, dict)):
            message = f"{self}: all objects would share the default. Give a callable: list or dict."
            found.append(error(self, "fields.E010", message))
        return found

    def _plain(self, value: Any) -> Any:
        """Return the value as plain JSON has it.

        Raises:
            TypeError: The encoder does not know a value.
            ValueError: It is a NaN, an infinity, or text that no database stores.
        """
        text = json.dumps(value, cls=self.encoder, allow_nan=False)
        if "\\u" in text:
            if _ESCAPED_NUL.search(text):
                raise ValueError(value)
            if _LONE_SURROGATE.search(json.dumps(json.loads(text), ensure_ascii=False)):
                raise ValueError(value)
        return value if self.encoder is None else json.loads(text)

    def get_prep_value(self, value: Any) -> Any:
        """Convert what the encoder knows.

        Raises:
            TypeError: It does not know a value.
            ValueError: JSON, or a database, cannot store it.
        """
        if value is None or hasattr(value, "resolve_expression"):
            return value
        try:
            return self._plain(value)
        except ValueError:
            raise self.refuse(value) from None

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse what JSON cannot say."""
        super().validate(value, model_instance)
        try:
            self._plain(value)
        except (TypeError, ValueError):
            raise self.invalid("invalid", value=value) from None

    @property
    def from_db_value(self) -> Any:
        """What reads a loaded value again with the decoder; there is none without one."""
        if self.decoder is None:
            raise AttributeError("from_db_value")
        return self._decode

    def _decode(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(json.dumps(value), cls=self.decoder)

    def get_transform(self, lookup_name: str) -> Any:
        """Return the transform of that name: a key of the document unless one is registered."""
        return super().get_transform(lookup_name) or self.key_transform(lookup_name)

    def value_to_string(self, obj: Any) -> Any:
        """Return the value itself: fixtures are JSON."""
        return self.value_from_object(obj)

    def make_type(self) -> TypeEngine[Any]:
        """Return JSONB on PostgreSQL, JSON as text elsewhere."""
        from sqlalchemy.dialects.postgresql import JSONB  # heavy

        return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class BinaryField(Field[bytes, N]):
    """Bytes; forms do not show them unless ``editable=True``."""

    description = "Raw binary data"
    expected = "bytes"
    internal_type = "BinaryField"
    empty_values = (None, b"")

    if TYPE_CHECKING:

        def __init__(self, *args: Any, null: N = ..., **options: Unpack[NamedOptions]) -> None: ...

    else:

        def __init__(self, *args: Any, **options: Any) -> None:
            options.setdefault("editable", False)
            super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments."""
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, path, args, {**options, "editable": True} if self.editable else options

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        if self.has_default() and isinstance(self.default, str):
            message = f"{self}: the default of a BinaryField is bytes, and no text."
            found.append(error(self, "fields.E170", message, "Write b'...'."))
        return found

    @cached_property
    def validators(self) -> list[Validator]:
        """All validators; too many bytes are refused."""
        given: list[Validator] = [*self.default_validators, *self._validators]
        return given if self.max_length is None else [*given, MaxLengthValidator(self.max_length)]

    def get_default(self) -> Any:
        """Return the value of a new object: no bytes, rather than no text."""
        if self.has_default() or self.has_db_default() or self.null:
            return super().get_default()
        return b""

    def to_python(self, value: Any) -> Any:
        """Convert Base64 text to bytes."""
        if not isinstance(value, str):
            return value
        try:
            return base64.b64decode(value.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise self.invalid("invalid", "“%(value)s” is not Base64.", value=value) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert what holds bytes to bytes."""
        value = super().get_prep_value(value)
        if value is None or isinstance(value, bytes):
            return value
        if isinstance(value, (bytearray, memoryview)):
            return bytes(value)
        raise TypeError(self.refuse(value).text)

    def value_to_string(self, obj: Any) -> str:
        """Return the bytes in Base64."""
        return base64.b64encode(self.value_from_object(obj)).decode("ascii")

    def make_type(self) -> TypeEngine[Any]:
        """Return BYTEA, BLOB, and what is as long on MariaDB."""
        from sqlalchemy.dialects.mysql import LONGBLOB  # heavy

        return LargeBinary().with_variant(LONGBLOB(), "mysql", "mariadb")
