"""How JSON values are bound and loaded: whole documents, and parts of them."""

import json
from typing import Any

from sqlalchemy import JSON, Dialect, Text
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from ...fields import JSONField
from ...fields.types import own_types


class WholeJSON(JSONField):
    """A document on the right side: ``None`` is JSON's null."""

    def make_type(self) -> TypeEngine[Any]:
        """Return JSON that knows no null of SQL's."""
        from sqlalchemy.dialects.postgresql import JSONB  # heavy

        return JSON(none_as_null=False).with_variant(JSONB(none_as_null=False), "postgresql")


class PartOfJSON(JSONField):
    """What a path of keys leads to."""

    @classmethod
    def of(cls, field: Any) -> "PartOfJSON":
        """Return the field of a part of a document."""
        return cls(encoder=getattr(field, "encoder", None), decoder=getattr(field, "decoder", None))

    def make_type(self) -> TypeEngine[Any]:
        """Return JSON as the databases take parts out of it."""
        return PartType()


class PartType(TypeDecorator[Any]):
    """A part of a JSON document.

    On SQLite numbers are bound as numbers and all else as JSON; what it returns is text for text.
    """

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return JSONB on PostgreSQL, and what leaves values as they are elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(own_types(dialect).JSONB(none_as_null=False))
        return dialect.type_descriptor(NullType() if dialect.name == "sqlite" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write JSON as the database compares it."""
        if dialect.name == "postgresql":
            return value
        if dialect.name != "sqlite":
            return json.dumps(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        return json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read JSON."""
        if dialect.name == "postgresql" or not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value


class RawPart(TypeDecorator[Any]):
    """A number or a text that a part of a document is compared with by size."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return JSONB on PostgreSQL, and what leaves values as they are elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(own_types(dialect).JSONB(none_as_null=False))
        return dialect.type_descriptor(NullType())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write out what is neither number nor text."""
        if dialect.name == "postgresql" or isinstance(value, int | float | str):
            return value
        return json.dumps(value)
