"""UUIDs that the database makes.

https://docs.djangoproject.com/en/stable/ref/models/database-functions/#uuid-functions
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement

from ...exceptions import NotSupportedError
from ...fields import UUIDField
from .base import NamedFunc

if TYPE_CHECKING:  # the compiler is a room above
    from ...query.resolve.compiler import Compiler


class UUID4(NamedFunc):
    """A random UUID."""

    function = "UUIDV4"
    names: ClassVar[Mapping[str, str]] = {"postgresql": "GEN_RANDOM_UUID", "mysql": "UUID_V4"}
    arity = 0
    output_field: Any = UUIDField()

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call, where the database has it."""
        if not compiler.driver.supports_uuid4_function:
            raise _missing("UUID4", compiler)
        return super().call(compiler, function)


class UUID7(NamedFunc):
    """A UUID that sorts by the time when it was made.

    Args:
        shift: A duration that moves that time; PostgreSQL alone has it.
        extra: As for ``Func``.
    """

    function = "UUIDV7"
    names: ClassVar[Mapping[str, str]] = {"mysql": "UUID_V7"}
    output_field: Any = UUIDField()

    def __init__(self, shift: Any = None, **extra: Any) -> None:
        super().__init__(*(() if shift is None else (shift,)), **extra)

    def call(self, compiler: "Compiler", function: str) -> ColumnElement[Any]:
        """Return the call, where the database has it."""
        if not compiler.driver.supports_uuid7_function:
            raise _missing("UUID7", compiler)
        if self.source_expressions and compiler.vendor != "postgresql":
            raise NotSupportedError(
                "The shift argument to UUID7 is not supported on this database backend."
            )
        return super().call(compiler, function)


def _missing(name: str, compiler: "Compiler") -> NotSupportedError:
    needed = {"mysql": "MariaDB 11.7", "postgresql": "PostgreSQL 18"}[compiler.vendor]
    return NotSupportedError(f"{name} requires {needed} or later.")
