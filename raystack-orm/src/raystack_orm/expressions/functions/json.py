"""Functions that make JSON.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#json-functions
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, cast, func

from ...fields import JSONField
from ..values import Value
from .base import BuiltFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class _MakesJSON(BuiltFunc):
    """The base of both: JSON among the arguments stays JSON."""

    output_field: Any = JSONField()

    def _argument(self, compiler: "Compiler", source: Any) -> ColumnElement[Any]:
        made = compiler.value_of(source)
        if isinstance(source, _MakesJSON) or not isinstance(
            source._output_field_or_none, JSONField
        ):
            return made
        if compiler.vendor == "sqlite":
            return func.json(made)
        if compiler.vendor == "mysql":
            return func.json_extract(made, compiler.constant("$"))
        return made


class JSONArray(_MakesJSON):
    """A JSON array of the arguments."""

    function = "JSON_ARRAY"

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call."""
        arguments = [self._argument(compiler, source) for source in self.source_expressions]
        if compiler.vendor == "postgresql":
            return func.jsonb_build_array(*arguments, type_=self.sa_type)
        return func.json_array(*arguments, type_=self.sa_type)


class JSONObject(_MakesJSON):
    """A JSON object.

    Args:
        fields: The values by their keys: names of fields, or expressions.
    """

    function = "JSON_OBJECT"

    def __init__(self, **fields: Any) -> None:
        super().__init__(*[part for key, value in fields.items() for part in (Value(key), value)])

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return the call."""
        arguments = [self._argument(compiler, source) for source in self.source_expressions]
        if compiler.vendor != "postgresql":
            return func.json_object(*arguments, type_=self.sa_type)
        arguments[::2] = [cast(key, Text()) for key in arguments[::2]]
        return func.jsonb_build_object(*arguments, type_=self.sa_type)
