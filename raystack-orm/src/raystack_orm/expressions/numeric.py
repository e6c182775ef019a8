"""What the aggregates that compute with numbers share: the type of the result, and what has none.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#aggregation-functions
"""

from typing import TYPE_CHECKING, Any

from ..exceptions import FieldError, NotSupportedError

if TYPE_CHECKING:  # the compiler is a room above
    from ..query.resolve.compiler import Compiler


class Summed:
    """Its values are added up; true counts as 1. A mixin before ``Aggregate``."""

    def build(self, compiler: "Compiler") -> Any:
        """Return the call.

        Raises:
            NotSupportedError: SQLite, which has text for dates and times, would add up texts.
        """
        if compiler.vendor == "sqlite" and self._is_of_texts():
            raise NotSupportedError(
                f"SQLite does not support {type(self).__name__} on date or time fields, because "
                f"they are stored as text."
            )
        return super().build(compiler)  # type: ignore[misc]  # an aggregate's

    def _is_of_texts(self) -> bool:
        from ..fields import DateField, TimeField

        try:
            found = self.get_source_fields()  # type: ignore[attr-defined]  # an expression's
        except FieldError:  # it has no type of its own
            return False
        return any(isinstance(field, DateField | TimeField) for field in found)

    def _resolve_output_field(self) -> Any:
        from .. import fields

        found = super()._resolve_output_field()  # type: ignore[misc]  # an aggregate's
        return fields.IntegerField() if isinstance(found, fields.BooleanField) else found


class NumericOutput(Summed):
    """A number comes out: a decimal of decimals, a float of whole numbers."""

    def _resolve_output_field(self) -> Any:
        from .. import fields

        found = [f for f in self.get_source_fields() if f is not None]  # type: ignore[attr-defined]  # an expression's
        if any(isinstance(f, fields.DecimalField) for f in found):
            return fields.DecimalField(max_digits=None, decimal_places=None)
        if any(isinstance(f, fields.IntegerField | fields.BooleanField) for f in found):
            return fields.FloatField()
        return super()._resolve_output_field()
