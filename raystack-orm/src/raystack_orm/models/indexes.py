"""Indexes of a model's table.

https://docs.djangoproject.com/en/stable/ref/models/indexes/
"""

from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Index as TableIndex
from sqlalchemy import Table

from ..expressions import F, Q
from .ddl import columns_of, condition_on, expressions_on, only_with
from .names import digest

SAID = ("fields", "expressions", "name", "db_tablespace", "condition", "include", "opclasses")


class Index:
    """An index on some fields or expressions.

    Args:
        expressions: What is indexed, in place of ``fields``; a string names a field.
        fields: Names of fields; ``"-name"`` for a descending one.
        name: The index's name; made from table and fields by default.
        db_tablespace: Where the database keeps it.
        opclasses: PostgreSQL's operator classes, one for each field.
        condition: The only rows that it has.
        include: Names of fields whose values it carries along.

    Raises:
        ValueError: The arguments do not fit each other.
    """

    suffix = "idx"
    max_name_length = 30

    def __init__(
        self,
        *expressions: Any,
        fields: Sequence[str] = (),
        name: str | None = None,
        db_tablespace: str | None = None,
        opclasses: Sequence[str] = (),
        condition: Q | None = None,
        include: Sequence[str] | None = None,
    ) -> None:
        _check_kinds(fields, opclasses, condition, include)
        _check_names(name, expressions, opclasses, condition, include)
        _check_together(expressions, fields, opclasses)
        self.fields = list(fields)
        self.fields_orders = [
            (field.removeprefix("-"), "DESC" if field.startswith("-") else "") for field in fields
        ]
        self.name = name or ""
        self.db_tablespace = db_tablespace
        self.opclasses = opclasses
        self.condition = condition
        self.include = tuple(include or ())
        self.expressions = tuple(F(e) if isinstance(e, str) else e for e in expressions)

    @property
    def contains_expressions(self) -> bool:
        """Whether it is an index on expressions."""
        return bool(self.expressions)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same index again."""
        kwargs: dict[str, Any] = {"name": self.name}
        for name in ("fields", "opclasses", "condition", "include"):
            if getattr(self, name):
                kwargs[name] = getattr(self, name)
        if self.db_tablespace is not None:
            kwargs["db_tablespace"] = self.db_tablespace
        return path_of(self), self.expressions, kwargs

    def clone(self) -> Self:
        """Return a copy."""
        _, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)

    def set_name_with_model(self, model: Any) -> None:
        """Make a name of the table, the first column and what tells it from other indexes."""
        table = model._meta.db_table.strip('"').rpartition('"."')[2]
        columns = [model._meta.get_field(name).column for name, _ in self.fields_orders]
        ordered = [
            f"-{column}" if order else column
            for column, (_, order) in zip(columns, self.fields_orders, strict=True)
        ]
        end = digest(table, *ordered, self.suffix, length=6)
        self.name = f"{table[:11]}_{columns[0][:7]}_{end}_{self.suffix}"
        if len(self.name) > self.max_name_length:
            raise ValueError(
                f'The index name "{self.name}" is longer than {self.max_name_length} characters: '
                f"give the index a name, or its class a suffix of at most three."
            )
        if self.name[0] == "_" or self.name[0].isdigit():
            self.name = f"D{self.name[1:]}"

    def add_to(self, table: Table, model: Any) -> None:
        """Add the index to a table that is being built."""
        if self.expressions:
            keys = expressions_on(model, table, self.expressions)
        else:
            columns = columns_of(model, table, [name for name, _ in self.fields_orders])
            keys = [
                column.desc() if order else column
                for column, (_, order) in zip(columns, self.fields_orders, strict=True)
            ]
        options: dict[str, Any] = dict(self.options(model, table))
        made = TableIndex(self.name, *keys, _table=table, **options)
        only_with(made, expressions=self.contains_expressions)

    def options(self, model: Any, table: Table) -> dict[str, Any]:
        """Return what the index says beyond its columns, each database taking what it knows."""
        made: dict[str, Any] = {}
        if self.condition is not None:
            condition = condition_on(model, table, self.condition)
            made |= {"postgresql_where": condition, "sqlite_where": condition}
        if self.include:
            names = [column.name for column in columns_of(model, table, self.include)]
            made["postgresql_include"] = names
        if self.opclasses:
            columns = columns_of(model, table, [name for name, _ in self.fields_orders])
            named = zip(columns, self.opclasses, strict=True)
            made["postgresql_ops"] = {column.name: opclass for column, opclass in named}
        if self.db_tablespace:
            made["postgresql_tablespace"] = self.db_tablespace
        return made

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        said = [f"{name}={shown(getattr(self, name))}" for name in SAID if getattr(self, name)]
        return f"<{type(self).__qualname__}: {' '.join(said)}>"


def shown(value: Any) -> str:
    """Return how a part of an index or constraint is shown."""
    return str(value) if isinstance(value, Q) else repr(value)


def path_of(one: Any) -> str:
    """Return the path that migrations import a class by."""
    cls = type(one)
    module = cls.__module__
    if module.startswith("raystack_orm.models."):
        module = "raystack_orm.models"
    return f"{module}.{cls.__qualname__}"


def _check_kinds(fields: Any, opclasses: Any, condition: Any, include: Any) -> None:
    if condition is not None and not isinstance(condition, Q):
        raise ValueError("Index.condition must be a Q instance.")
    for name, given in (("fields", fields), ("opclasses", opclasses), ("include", include or ())):
        if not isinstance(given, (list, tuple)):
            raise ValueError(f"Index.{name} must be a list or tuple.")  # noqa: TRY004 - Django's
    if not all(isinstance(field, str) for field in fields):
        raise ValueError("Index.fields must contain only strings with field names.")


def _check_names(
    name: str | None, expressions: Any, opclasses: Any, condition: Any, include: Any
) -> None:
    for given, what in (
        (opclasses, "use opclasses"),
        (condition, "use condition"),
        (expressions, "use expressions"),
        (include, "cover further fields"),
    ):
        if given and not name:
            raise ValueError(f"An index must be named to {what}.")


def _check_together(expressions: Any, fields: Any, opclasses: Any) -> None:
    if not expressions and not fields:
        raise ValueError("At least one field or expression is required to define an index.")
    if expressions and fields:
        raise ValueError("Index.fields and expressions are mutually exclusive.")
    if expressions and opclasses:
        raise ValueError("Index.opclasses cannot be used with expressions.")
    if opclasses and len(fields) != len(opclasses):
        raise ValueError("Index.fields and Index.opclasses must have the same number of elements.")
