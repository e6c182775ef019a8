"""Constraints of a model's table, checked by the database and by ``full_clean()``.

https://docs.djangoproject.com/en/stable/ref/models/constraints/
"""

from collections.abc import Collection, Sequence
from enum import Enum
from typing import Any, ClassVar, Self

from sqlalchemy import CheckConstraint as TableCheck
from sqlalchemy import Index as TableIndex
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint as TableUnique

from ..databases import DEFAULT
from ..exceptions import ValidationError
from ..expressions import F, Q
from . import constraint_validation
from .ddl import columns_of, condition_on, expressions_on, only_with
from .indexes import path_of, shown


class BaseConstraint:
    """The base of constraints.

    Args:
        name: The constraint's name in the database.
        violation_error_code: The code of the ``ValidationError``.
        violation_error_message: Its message; ``%(name)s`` is the constraint's name.
    """

    default_violation_error_message = "Constraint “%(name)s” is violated."
    violation_error_code: str | None = None
    violation_error_message: str
    non_db_attrs: ClassVar[tuple[str, ...]] = ("violation_error_code", "violation_error_message")
    compared: ClassVar[tuple[str, ...]] = ("name",)
    """What tells one constraint from another."""

    def __init__(
        self,
        *,
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.name = name
        if violation_error_code is not None:
            self.violation_error_code = violation_error_code
        self.violation_error_message = (
            self.default_violation_error_message
            if violation_error_message is None
            else violation_error_message
        )

    @property
    def contains_expressions(self) -> bool:
        """Whether it is a constraint on expressions."""
        return False

    def validate(
        self,
        model: Any,
        instance: Any,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT,
    ) -> None:
        """Check that an instance keeps the constraint.

        Args:
            model: The model that declares it.
            instance: The instance.
            exclude: Names of fields; a constraint on one of them is not checked.
            using: The database.

        Raises:
            ValidationError: The instance breaks it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say how it is validated.")

    def get_violation_error_message(self) -> str:
        """Return the message of a violation."""
        return self.violation_error_message % {"name": self.name}

    def violation(self) -> ValidationError:
        """Make the error of a violation."""
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def add_to(self, table: Table, model: Any) -> None:
        """Add the constraint to a table that is being built."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is created.")

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same constraint again."""
        kwargs: dict[str, Any] = {"name": self.name}
        if self.violation_error_message != self.default_violation_error_message:
            kwargs["violation_error_message"] = self.violation_error_message
        if self.violation_error_code is not None:
            kwargs["violation_error_code"] = self.violation_error_code
        return path_of(self), (), kwargs

    def clone(self) -> Self:
        """Return a copy."""
        _, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BaseConstraint) or self.compared != other.compared:
            return NotImplemented
        names = (*self.compared, *self.non_db_attrs)
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        said = [
            f"{name}={shown(getattr(self, name))}"
            for name in (*self.compared, "violation_error_code")
            if getattr(self, name) not in (None, ())
        ]
        if self.violation_error_message != self.default_violation_error_message:
            said.append(f"violation_error_message={self.violation_error_message!r}")
        return f"<{type(self).__qualname__}: {' '.join(said)}>"


class CheckConstraint(BaseConstraint):
    """A condition that every row fits.

    Args:
        condition: A ``Q``, or an expression that is true or false.
        name: The constraint's name in the database.
        violation_error_code: The code of the ``ValidationError``.
        violation_error_message: Its message.

    Raises:
        TypeError: The condition is none.
    """

    compared = ("condition", "name")

    def __init__(
        self,
        *,
        condition: Any,
        name: str,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        if not isinstance(condition, Q) and not getattr(condition, "conditional", False):
            raise TypeError("CheckConstraint.condition must be a Q instance or boolean expression.")
        self.condition = condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    def add_to(self, table: Table, model: Any) -> None:
        """Add the constraint to a table that is being built."""
        table.append_constraint(
            TableCheck(condition_on(model, table, self.condition), name=self.name)
        )

    def validate(
        self,
        model: Any,
        instance: Any,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT,
    ) -> None:
        """Ask the database whether the instance's values fit the condition."""
        constraint_validation.validate_check(self, model, instance, exclude or (), using)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same constraint again."""
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "condition": self.condition}


class Deferrable(Enum):
    """When the database checks a constraint that may wait."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}.{self.name}"


class UniqueConstraint(BaseConstraint):
    """Fields or expressions whose values no two rows share.

    Args:
        expressions: What is unique, in place of ``fields``; a string names a field.
        fields: Names of fields.
        name: The constraint's name in the database.
        condition: The only rows that it speaks of.
        deferrable: When it is checked, if not at once.
        include: Names of fields whose values its index carries along.
        opclasses: PostgreSQL's operator classes, one for each field.
        nulls_distinct: Whether nulls differ from each other; the database's choice by default.
        violation_error_code: The code of the ``ValidationError``.
        violation_error_message: Its message.

    Raises:
        ValueError: The arguments do not fit each other.
        TypeError: One of them is of another type.
    """

    compared = (
        "fields", "expressions", "name", "condition", "deferrable", "include", "opclasses",
        "nulls_distinct",
    )  # fmt: skip

    def __init__(
        self,
        *expressions: Any,
        fields: Sequence[str] = (),
        name: str,
        condition: Q | None = None,
        deferrable: Deferrable | None = None,
        include: Sequence[str] | None = None,
        opclasses: Sequence[str] = (),
        nulls_distinct: bool | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.fields = tuple(fields)
        self.expressions = tuple(F(e) if isinstance(e, str) else e for e in expressions)
        self.condition = condition
        self.deferrable = deferrable
        self.include = () if include is None else include
        self.opclasses = opclasses
        self.nulls_distinct = nulls_distinct
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self._check_values()
        self._check_deferrable()
        self._check_types()
        self.include = tuple(self.include)

    def _check_values(self) -> None:
        if not self.name:
            raise ValueError("A unique constraint must be named.")
        if not self.expressions and not self.fields:
            raise ValueError(
                "At least one field or expression is required to define a unique constraint."
            )
        if self.expressions and self.fields:
            raise ValueError("UniqueConstraint.fields and expressions are mutually exclusive.")
        if self.condition is not None and not isinstance(self.condition, Q):
            raise ValueError("UniqueConstraint.condition must be a Q instance.")
        if self.expressions and self.opclasses:
            raise ValueError("UniqueConstraint.opclasses cannot be used with expressions.")

    def _check_deferrable(self) -> None:
        for given, what in (
            (self.condition, "conditions"),
            (self.include, "include fields"),
            (self.opclasses, "opclasses"),
            (self.expressions, "expressions"),
        ):
            if given and self.deferrable:
                raise ValueError(f"UniqueConstraint with {what} cannot be deferred.")

    def _check_types(self) -> None:
        if self.deferrable is not None and not isinstance(self.deferrable, Deferrable):
            raise TypeError("UniqueConstraint.deferrable must be a Deferrable instance.")
        for name in ("include", "opclasses"):
            if not isinstance(getattr(self, name), (list, tuple)):
                raise TypeError(f"UniqueConstraint.{name} must be a list or tuple.")
        if self.nulls_distinct is not None and not isinstance(self.nulls_distinct, bool):
            raise TypeError("UniqueConstraint.nulls_distinct must be a bool.")
        if self.opclasses and len(self.fields) != len(self.opclasses):
            raise ValueError(
                "UniqueConstraint.fields and UniqueConstraint.opclasses must have the same number "
                "of elements."
            )

    @property
    def contains_expressions(self) -> bool:
        """Whether it is a constraint on expressions."""
        return bool(self.expressions)

    def add_to(self, table: Table, model: Any) -> None:
        """Add the constraint to a table that is being built: as a unique index where it has to."""
        options: dict[str, Any] = {}
        if self.nulls_distinct is not None:
            options["postgresql_nulls_not_distinct"] = not self.nulls_distinct
        if self.include:
            names = [column.name for column in columns_of(model, table, self.include)]
            options["postgresql_include"] = names
        if self.expressions or self.condition or self.opclasses:
            self._add_index(table, model, options)
            return
        if self.deferrable:
            options |= {"deferrable": True, "initially": self.deferrable.name}
        made = TableUnique(*columns_of(model, table, self.fields), name=self.name, **options)
        table.append_constraint(made)
        only_with(made, more=self._needs_more)

    def _add_index(self, table: Table, model: Any, options: dict[str, Any]) -> None:
        if self.condition:
            condition = condition_on(model, table, self.condition)
            options |= {"postgresql_where": condition, "sqlite_where": condition}
        keys: list[Any] = (
            expressions_on(model, table, self.expressions)
            if self.expressions
            else list(columns_of(model, table, self.fields))
        )
        if self.opclasses:
            named = zip(keys, self.opclasses, strict=True)
            options["postgresql_ops"] = {column.name: opclass for column, opclass in named}
        made = TableIndex(self.name, *keys, unique=True, _table=table, **options)
        only_with(
            made,
            conditions=bool(self.condition),
            expressions=self.contains_expressions,
            more=self._needs_more,
        )

    @property
    def _needs_more(self) -> bool:
        return bool(self.deferrable or self.include or self.nulls_distinct is not None)

    def validate(
        self,
        model: Any,
        instance: Any,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT,
    ) -> None:
        """Ask the database whether another row has the instance's values."""
        constraint_validation.validate_unique(self, model, instance, exclude or (), using)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same constraint again."""
        path, _, kwargs = super().deconstruct()
        for name in ("fields", "condition", "deferrable", "include", "opclasses"):
            if getattr(self, name):
                kwargs[name] = getattr(self, name)
        if self.nulls_distinct is not None:
            kwargs["nulls_distinct"] = self.nulls_distinct
        return path, self.expressions, kwargs
