"""Functions that compare and convert.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#comparison-and-conversion-functions
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, null

from ..func import Func
from ..values import stored_type
from .base import BuiltFunc, NamedFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler

COLLATION = re.compile(r"[\w-]+")
# SQLite's CAST knows no dates: these read text, and write it as it is stored.
SQLITE_DATES = {
    "DateTimeField": lambda value: func.raystack_local(value, null()),
    "DateField": lambda value: func.raystack_datetime_date(value, null()),
    "TimeField": lambda value: func.raystack_time_add(value, literal_column("0")),
}


class Cast(BuiltFunc):
    """A value as another type.

    Args:
        expression: The value.
        output_field: The type.
    """

    function = "CAST"
    template = "%(function)s(%(expressions)s AS %(db_type)s)"
    arity = 1

    def __init__(self, expression: Any, output_field: Any) -> None:
        super().__init__(expression, output_field=output_field)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return CAST, or what a database has in its place."""
        value = compiler.value_of(self.source_expressions[0])
        made = self._cast(value, compiler)
        return compiler.typed(made, self.sa_type)

    def _cast(self, value: ColumnElement[Any], compiler: "Compiler") -> ColumnElement[Any]:
        kind = self.output_field.get_internal_type()
        if compiler.vendor == "sqlite":
            if kind in SQLITE_DATES:
                return SQLITE_DATES[kind](value)
            if kind == "JSONField":
                return cast(value, Text())
        if compiler.vendor == "mysql":
            if kind == "FloatField":
                return value.op("+")(literal_column("0.0")).self_group()
            if kind == "JSONField" and getattr(compiler.driver, "is_mariadb", False):
                return func.json_extract(value, compiler.constant("$"))
        return cast(value, stored_type(self.sa_type, compiler))


class Coalesce(Func):
    """The first value that is not null."""

    function = "COALESCE"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        _want_two("Coalesce", expressions)
        super().__init__(*expressions, **extra)

    @property
    def empty_result_set_value(self) -> Any:
        """The first value that is known without rows."""
        for expression in self.get_source_expressions():
            result = expression.empty_result_set_value
            if result is NotImplemented or result is not None:
                return result
        return None


class Collate(BuiltFunc):
    """A text that is compared by the rules of a collation.

    Args:
        expression: The text.
        collation: The collation's name in the database.
    """

    function = "COLLATE"
    template = "%(expressions)s %(function)s %(collation)s"
    allowed_default = False

    def __init__(self, expression: Any, collation: str) -> None:
        if not (collation and COLLATION.fullmatch(collation)):
            raise ValueError(f"Invalid collation name: {collation!r}.")
        self.collation = collation
        super().__init__(expression)

    def build(self, compiler: "Compiler") -> ColumnElement[Any]:
        """Return COLLATE."""
        return compiler.value_of(self.source_expressions[0]).collate(self.collation)


class Greatest(NamedFunc):
    """The greatest value; null among them makes it null, but on PostgreSQL."""

    function = "GREATEST"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "MAX"}

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        _want_two("Greatest", expressions)
        super().__init__(*expressions, **extra)


class Least(NamedFunc):
    """The least value; null among them makes it null, but on PostgreSQL."""

    function = "LEAST"
    names: ClassVar[Mapping[str, str]] = {"sqlite": "MIN"}

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        _want_two("Least", expressions)
        super().__init__(*expressions, **extra)


class NullIf(Func):
    """Null where both arguments are equal, else the first."""

    function = "NULLIF"
    arity = 2


def _want_two(name: str, expressions: tuple[Any, ...]) -> None:
    if len(expressions) < 2:
        raise ValueError(f"{name} must take at least two expressions")
