"""The field that the database computes of the others.

https://docs.djangoproject.com/en/stable/ref/models/fields/#generatedfield
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from sqlalchemy import Column, ColumnElement, Computed
from sqlalchemy.types import TypeEngine

from .base import Field
from .checks import error
from .declaration import NamedOptions

if TYPE_CHECKING:
    from raystack import CheckMessage


_WORD = re.compile(r"""["`]([^"`]+)["`]|(\w+)""")


class GeneratedField(Field[Any]):
    """A value that the database computes of the row's other columns.

    Args:
        expression: What it is computed of: fields of the same model and functions.
        output_field: The field that says of which type it is.
        db_persist: The value is stored, rather than computed when it is read.
        options: The options of every field.

    Raises:
        ValueError: An option makes no sense here: a default, ``editable``.
    """

    generated = True
    expression: Any
    output_field: Any
    db_persist: bool

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            expression: Any,
            output_field: Field[Any, Any],
            db_persist: bool,
            **options: Unpack[NamedOptions],
        ) -> None: ...

    else:

        def __init__(
            self, *, expression: Any, output_field: Any, db_persist: bool, **options: Any
        ) -> None:
            if options.setdefault("editable", False):
                raise ValueError("GeneratedField cannot be editable: the database computes it.")
            if not options.setdefault("blank", True):
                raise ValueError("GeneratedField must be blank: the database computes it.")
            if db_persist not in (True, False):
                raise ValueError("GeneratedField.db_persist must be True or False.")
            super().__init__(**options)
            if self.has_default() or self.has_db_default():
                raise ValueError("GeneratedField cannot have a default: the database computes it.")
            self.expression = expression
            self.output_field = output_field
            self.db_persist = db_persist

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Take the lookups of the output field too."""
        super().contribute_to_class(cls, name, private_only)
        for lookup_name, lookup in self.output_field.get_lookups().items():
            self.register_lookup(lookup, lookup_name=lookup_name)

    def deconstruct(self) -> tuple[str | None, str, list[Any], dict[str, Any]]:
        """Return name, path and arguments."""
        name, path, args, options = super().deconstruct()
        del options["blank"]
        del options["editable"]
        options["db_persist"] = self.db_persist
        options["expression"] = self.expression
        options["output_field"] = self.output_field
        return name, path, args, options

    @property
    def db_returning(self) -> bool:
        """It is the database that makes it."""
        return True

    @cached_property
    def referenced_fields(self) -> frozenset[Any]:
        """The fields that the value is computed of."""
        meta = self.model._meta
        names, words = _names(self.expression)
        named = {meta.get_field(name) for name in names}
        return frozenset(named | {f for f in meta.local_concrete_fields if f.column in words})

    def compute(self, column: Column[Any], expression: ColumnElement[Any]) -> None:
        """Let a column be computed.

        Args:
            column: The column of the table.
            expression: The expression over the table's columns.
        """
        Computed(expression, persisted=self.db_persist)._set_parent_with_dispatch(column)  # noqa: SLF001 - Column() alone calls it, before the table's columns exist

    def check(self, **kwargs: Any) -> "list[CheckMessage]":
        """Return what is wrong with the field's declaration, or with its output field."""
        output = self.output_field.clone()
        output.name = self.name
        inner = [f"{message.message} ({message.id})" for message in output.check(**kwargs)]
        if not inner:
            return super().check(**kwargs)
        message = f"{self}: the output_field has errors: {' '.join(inner)}"
        return [*super().check(**kwargs), error(self, "fields.E223", message)]

    # Its values are the output field's -----------------------------------------------------------

    def to_python(self, value: Any) -> Any:
        """Convert as the output field does."""
        return self.output_field.to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        """Convert as the output field does."""
        return self.output_field.get_prep_value(value)

    @property
    def from_db_value(self) -> Any:
        """What the output field does with a loaded value."""
        return self.output_field.from_db_value

    def get_internal_type(self) -> str:
        """Return the output field's."""
        return str(self.output_field.get_internal_type())

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Return the output field's."""
        made: dict[str, Any] = self.output_field.db_parameters(connection)
        return made

    def db_type_parameters(self, connection: Any) -> dict[str, Any]:
        """Return the output field's."""
        made: dict[str, Any] = self.output_field.db_type_parameters(connection)
        return made

    def sa_type(self) -> TypeEngine[Any]:
        """Return the output field's type."""
        made: TypeEngine[Any] = self.output_field.sa_type()
        return made


def _names(expression: Any) -> tuple[set[str], set[str]]:
    """Return the names of fields in an unresolved expression, and the words of its SQL."""
    names: set[str] = set()
    words: set[str] = set()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):  # the values of one condition
            waiting += part
        if not hasattr(part, "resolve_expression"):
            continue
        if isinstance(getattr(part, "sql", None), str):  # RawSQL, which may name any column
            words |= {quoted or word for quoted, word in _WORD.findall(part.sql)}
        if isinstance(getattr(part, "name", None), str):
            names.add(part.name.partition("__")[0])
        for child in getattr(part, "children", ()):
            if isinstance(child, tuple):  # a condition of a Q
                keyword, child = child
                names.add(str(keyword).partition("__")[0])
            waiting.append(child)
        if hasattr(part, "get_source_expressions"):
            waiting += [source for source in part.get_source_expressions() if source is not None]
    return names, words
