"""Fields of text."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from sqlalchemy import String, Text
from sqlalchemy.types import TypeEngine

from ..validators import (
    MaxLengthValidator,
    Validator,
    validate_email,
    validate_slug,
    validate_unicode_slug,
    validate_url,
)
from .base import Field
from .checks import error
from .declaration import N, NamedOptions
from .types import UnlimitedString

if TYPE_CHECKING:
    from raystack import CheckMessage


class _StringField(Field[str, N]):
    """What fields of text share."""

    expected = "text"
    own_options: ClassVar[dict[str, Any]] = {"db_collation": None}
    db_collation: str | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            *args: Any,
            db_collation: str | None = ...,
            null: N = ...,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(self, *args: Any, db_collation: str | None = None, **options: Any) -> None:
            super().__init__(*args, **options)
            self.db_collation = db_collation

    def to_python(self, value: Any) -> Any:
        """Convert to text."""
        return value if value is None or isinstance(value, str) else str(value)

    def get_prep_value(self, value: Any) -> Any:
        """Convert to text that a database can store.

        Raises:
            ValueError: It has a NUL or half a surrogate pair in it.
        """
        is_text = type(value) is str and type(self).to_python is _StringField.to_python
        text = value if is_text else self.to_python(super().get_prep_value(value))
        if isinstance(text, str) and not is_storable(text):
            raise self.refuse(text)
        return text


def is_storable(text: str) -> bool:
    """Say whether text has neither a NUL nor half a surrogate pair, which databases refuse."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class CharField(_StringField[N]):
    """Text of at most ``max_length`` characters; unlimited without it, but on MariaDB."""

    internal_type = "CharField"

    @property
    def description(self) -> str:
        """What the field holds, for people."""
        return "String (unlimited)" if self.max_length is None else "String (up to %(max_length)s)"

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration."""
        found = super().check(**kwargs)
        length: Any = self.max_length
        if length is not None and (type(length) is not int or length <= 0):
            found.append(error(self, "fields.E121", f"{self}: max_length is a positive number."))
        return found

    @cached_property
    def validators(self) -> list[Validator]:
        """All validators; text that is too long is refused."""
        given: list[Validator] = [*self.default_validators, *self._validators]
        return given if self.max_length is None else [*given, MaxLengthValidator(self.max_length)]

    def make_type(self) -> TypeEngine[Any]:
        """Return VARCHAR."""
        if self.max_length is None:
            return UnlimitedString(str(self), collation=self.db_collation)
        return String(self.max_length, collation=self.db_collation)


class TextField(_StringField[N]):
    """Text of any length."""

    description = "Text"
    internal_type = "TextField"

    def make_type(self) -> TypeEngine[Any]:
        """Return TEXT, and what is as long on MariaDB."""
        from sqlalchemy.dialects.mysql import LONGTEXT  # heavy

        collation = self.db_collation
        long = LONGTEXT(collation=collation)
        return Text(collation=collation).with_variant(long, "mysql", "mariadb")


class SlugField(CharField[N]):
    """Letters, digits, underscores and hyphens, as in a URL; indexed.

    Args:
        args: The options of every field.
        allow_unicode: Accept letters beyond ASCII.
        options: The options of text and of every field.
    """

    description = "Slug (up to %(max_length)s)"
    internal_type = "SlugField"
    default_max_length = 50
    default_db_index = True
    own_options: ClassVar[dict[str, Any]] = {"allow_unicode": False}

    default_validators = (validate_slug,)
    allow_unicode: bool = False

    if TYPE_CHECKING:

        def __init__(
            self,
            *args: Any,
            allow_unicode: bool = ...,
            db_collation: str | None = ...,
            null: N = ...,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(self, *args: Any, allow_unicode: bool = False, **options: Any) -> None:
            self.allow_unicode = allow_unicode
            if allow_unicode:
                self.default_validators = (validate_unicode_slug,)
            super().__init__(*args, **options)


class EmailField(CharField[N]):
    """An email address."""

    description = "Email address"
    default_validators = (validate_email,)
    default_max_length = 254
    tells_default_length = True


class URLField(CharField[N]):
    """A URL."""

    description = "URL"
    default_validators = (validate_url,)
    default_max_length = 200
