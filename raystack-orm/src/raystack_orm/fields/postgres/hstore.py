"""The field of text by key."""

import json
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Dialect, Text, cast
from sqlalchemy.dialects.postgresql import ARRAY, HSTORE
from sqlalchemy.types import TypeDecorator, TypeEngine

from ..base import Field
from ..declaration import N

# SQLAlchemy's own conversions; its dialect leaves them to psycopg, which would have to ask each
# database for the number of the type first.
_GENERIC: Any = HSTORE()
_write = _GENERIC.bind_processor(None)
_read = _GENERIC.result_processor(None, None)


class Store(TypeDecorator[dict[str, str | None]]):
    """An HSTORE, as text between the driver and us."""

    impl = HSTORE
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write the keys and values out."""
        return _write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read keys and values, unless the driver did."""
        return _read(value) if isinstance(value, str) else value


class StoreArray(TypeDecorator[list[Any]]):
    """An array of HSTORE, selected as one of text: psycopg does not know the other's items."""

    impl = ARRAY
    cache_ok = True

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        """Return the column as an array of text."""
        return cast(column, ARRAY(Text()))


class HStoreField(Field[dict[str, str | None], N]):
    """Text or ``None`` by key. PostgreSQL's extension ``hstore`` has to be there."""

    description = "Map of strings to strings/nulls"
    expected = "a mapping of text"
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, str]] = {
        "not_a_string": "The value of “%(key)s” is not a string or null.",
    }

    item_transform: ClassVar[Any] = None
    """What ``words__key`` means; the lookups, a room above, set it."""

    def get_transform(self, lookup_name: str) -> Any:
        """Return a registered transform, or the one of a key."""
        found = super().get_transform(lookup_name)
        return found or (self.item_transform and self.item_transform(self, lookup_name))

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse values that are neither text nor ``None``."""
        super().validate(value, model_instance)
        for key, item in (value or {}).items():
            if item is not None and not isinstance(item, str):
                raise self.invalid("not_a_string", key=key)

    def to_python(self, value: Any) -> Any:
        """Read a fixture's JSON."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise self.invalid("invalid", "“%(value)s” is no JSON.", value=value) from None

    def value_to_string(self, obj: Any) -> str:
        """Return the mapping as JSON, for fixtures."""
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)

    def get_prep_value(self, value: Any) -> Any:
        """Convert keys and values to text."""
        value = super().get_prep_value(value)
        if isinstance(value, dict):
            return {str(k): None if v is None else str(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):  # keys, for the lookups of them
            return [str(item) for item in value]
        return value

    def make_type(self) -> TypeEngine[Any]:
        """Return HSTORE."""
        return Store()
