"""Lookups of UUIDs as text: hyphens do not count where a database stores none.

https://docs.djangoproject.com/en/stable/ref/models/fields/#uuidfield
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, func, type_coerce

from ..fields import UUIDField
from .text import (
    Contains,
    EndsWith,
    IContains,
    IEndsWith,
    IExact,
    IStartsWith,
    Like,
    StartsWith,
)

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class _OfUUID(Like):
    """A lookup of a UUID's text."""

    def compare(
        self, left: ColumnElement[Any], right: ColumnElement[Any], compiler: "Compiler"
    ) -> ColumnElement[Any]:
        """Return the comparison."""
        if not compiler.driver.dialect.supports_native_uuid:
            left = type_coerce(left, Text())  # it is text
            right = func.replace(right, compiler.constant("-"), compiler.constant(""))
        return super().compare(left, right, compiler)


def _of_uuid(lookup: type[Like]) -> None:
    name = f"UUID{lookup.__name__}"
    made = type(name, (_OfUUID, lookup), {"__module__": __name__, "__doc__": lookup.__doc__})
    UUIDField.register_lookup(made)


for _lookup in (
    IExact, Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith,
):  # fmt: skip
    _of_uuid(_lookup)
