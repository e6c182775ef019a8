"""Fields of text."""

from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, overload

from sqlalchemy import String, Text
from sqlalchemy.types import TypeEngine

from ..validators import (
    MaxLengthValidator,
    Validator,
    validate_email,
    validate_slug,
    validate_url,
)
from .base import Field, FieldOptions

V = TypeVar("V")


class _StringField(Field[V]):
    expected = "text"

    def to_python(self, value: Any) -> Any:
        """Convert to text."""
        return value if value is None or isinstance(value, str) else str(value)

    def get_prep_value(self, value: Any) -> Any:
        """Convert to text."""
        return self.to_python(super().get_prep_value(value))


class CharField(_StringField[V]):
    """Text of at most ``max_length`` characters; unlimited without it."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "CharField[str]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "CharField[str | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """Refuse what is too long."""
        return () if self.max_length is None else (MaxLengthValidator(self.max_length),)

    def sa_type(self) -> TypeEngine[Any]:
        """Return VARCHAR."""
        return String(self.max_length)


class TextField(_StringField[V]):
    """Text of any length."""

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "TextField[str]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "TextField[str | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def sa_type(self) -> TypeEngine[Any]:
        """Return TEXT."""
        return Text()


class SlugField(CharField[V]):
    """Letters, digits, underscores and hyphens, as in a URL; indexed."""

    default_max_length = 50
    default_db_index = True

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "SlugField[str]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "SlugField[str | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """Refuse other characters."""
        return (*super().default_validators, validate_slug)


class EmailField(CharField[V]):
    """An email address."""

    default_max_length = 254

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "EmailField[str]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "EmailField[str | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """Refuse what is no address."""
        return (*super().default_validators, validate_email)


class URLField(CharField[V]):
    """A URL."""

    default_max_length = 200

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "URLField[str]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "URLField[str | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    @property
    def default_validators(self) -> tuple[Validator, ...]:
        """Refuse what is no URL."""
        return (*super().default_validators, validate_url)
