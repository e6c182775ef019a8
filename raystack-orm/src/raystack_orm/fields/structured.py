"""Fields of structured values: UUIDs and JSON."""

import uuid
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, overload

from sqlalchemy import JSON, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from .base import Field, FieldOptions

V = TypeVar("V")


class UUIDField(Field[V]):
    """A UUID."""

    expected = "a UUID"
    empty_strings_allowed = False

    if TYPE_CHECKING:

        @overload
        def __init__(
            self: "UUIDField[uuid.UUID]",
            verbose_name: str | None = ...,
            *,
            null: Literal[False] = ...,
            **options: Unpack[FieldOptions],
        ) -> None: ...
        @overload
        def __init__(
            self: "UUIDField[uuid.UUID | None]",
            verbose_name: str | None = ...,
            *,
            null: Literal[True],
            **options: Unpack[FieldOptions],
        ) -> None: ...
        def __init__(self, verbose_name: Any = None, **options: Any) -> None: ...

    def _convert(self, value: Any) -> uuid.UUID:
        if isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(int=value) if isinstance(value, int) else uuid.UUID(value)

    def to_python(self, value: Any) -> Any:
        """Convert to a UUID."""
        try:
            return None if value is None else self._convert(value)
        except (AttributeError, TypeError, ValueError):
            raise self.invalid("invalid", "“%(value)s” is not a valid UUID.", value=value) from None

    def get_prep_value(self, value: Any) -> Any:
        """Convert to a UUID."""
        try:
            return None if value is None else self._convert(super().get_prep_value(value))
        except (AttributeError, TypeError, ValueError):
            raise self.refuse(value) from None

    def sa_type(self) -> TypeEngine[Any]:
        """Return UUID, or 32 hexadecimal digits where there is none."""
        return Uuid()


class JSONField(Field[Any]):
    """Anything that JSON can say; ``None`` is SQL's null."""

    expected = "something that JSON can say"
    empty_strings_allowed = False

    def sa_type(self) -> TypeEngine[Any]:
        """Return JSONB on PostgreSQL, JSON as text elsewhere."""
        return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
