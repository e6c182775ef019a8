"""Functions that compare and convert.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#comparison-and-conversion-functions
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, cast, func

from ..func import Func

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class Cast(Func):
    """A value as another type.

    Args:
        expression: The value.
        output_field: The type.
    """

    function = "CAST"
    arity = 1

    def __init__(self, expression: Any, output_field: Any) -> None:
        super().__init__(expression, output_field=output_field)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return CAST."""
        return cast(compiler.build(self.source_expressions[0]), self.sa_type)


class Coalesce(Func):
    """The first value that is not null."""

    function = "COALESCE"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        if len(expressions) < 2:
            raise ValueError("Coalesce must take at least two expressions")
        super().__init__(*expressions, **extra)

    @property
    def empty_result_set_value(self) -> Any:  # type: ignore[override]  # of the first that has one
        """The first value that is known without rows."""
        for expression in self.get_source_expressions():
            result = expression.empty_result_set_value
            if result is NotImplemented or result is not None:
                return result
        return None

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return COALESCE."""
        arguments = [compiler.build(source) for source in self.get_source_expressions()]
        return func.coalesce(*arguments, type_=self.sa_type)
