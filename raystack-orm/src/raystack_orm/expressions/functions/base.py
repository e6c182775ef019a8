"""What the functions here share: names that differ between databases, and types that come out."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Numeric, cast, func

from ...fields import DecimalField, FloatField, IntegerField
from ..func import Func

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

FLOAT_DIGITS = Numeric(1000, sys.float_info.dig)


class NamedFunc(Func):
    """A function that some databases call by another name.

    Attributes:
        names: The other names by vendor.
    """

    names: ClassVar[Mapping[str, str]] = {}

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call, under the database's name unless the user gave one."""
        if function == type(self).function:
            function = self.names.get(compiler.vendor, function)
        return super().call(compiler, function)


class BuiltFunc(Func):
    """A function that is put together differently for each database: it defines ``build``."""

    def as_sql(
        self, compiler: Any, connection: Any, *args: Any, **extra_context: Any
    ) -> tuple[str, list[Any]]:
        """Return the SQL and its parameters: call it from an ``as_<vendor>`` of your own."""
        sql, params = compiler.compile_built(self.build(compiler.core))
        return sql, params


class NumericOutput(Func):
    """A number comes out: a decimal of decimals, a float of everything else."""

    def _resolve_output_field(self) -> Any:
        found = [field for field in self.get_source_fields() if field is not None]
        if any(isinstance(field, DecimalField) for field in found):
            return DecimalField(max_digits=None, decimal_places=None)
        if any(isinstance(field, IntegerField) for field in found):
            return FloatField()
        return super()._resolve_output_field() if found else FloatField()


class DecimalInput(NamedFunc):
    """A function that PostgreSQL has for decimals alone: floats are cast."""

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call."""
        if compiler.vendor != "postgresql":
            return super().call(compiler, function)
        arguments = [
            cast(compiler.value_of(source), FLOAT_DIGITS)
            if isinstance(source._output_field_or_none, FloatField)
            else compiler.value_of(source)
            for source in self.get_source_expressions()
        ]
        return getattr(func, function)(*arguments, type_=self.sa_type)  # type: ignore[no-any-return]  # by name
