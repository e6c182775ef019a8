"""Constraints that PostgreSQL alone has.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/constraints/
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Constraint, Table
from sqlalchemy.ext.compiler import compiles

from ..databases import DEFAULT
from ..expressions import Exists, F, Q
from ..models.constraint_validation import Known, _reads, field_values, fits, query_of
from ..models.constraints import BaseConstraint, Deferrable
from ..models.ddl import columns_of, condition_on, expressions_on, only_with
from .lookups import OperatorLookup

EQUAL = "="
METHODS = ("gist", "hash", "spgist")


class ExclusionConstraint(BaseConstraint):
    """No two rows for which all operators say yes.

    Args:
        name: The constraint's name.
        expressions: Pairs of an expression, or a field's name, and an operator: see
            ``RangeOperators``.
        index_type: ``GIST``, ``SPGIST`` or ``HASH``.
        condition: The only rows that it speaks of.
        deferrable: When it is checked, if not at once.
        include: Names of fields whose values its index carries along.
        violation_error_code: The code of the ``ValidationError``.
        violation_error_message: Its message.

    Raises:
        ValueError: The arguments do not fit each other.
    """

    compared = ("name", "index_type", "expressions", "condition", "deferrable", "include")

    def __init__(
        self,
        *,
        name: str,
        expressions: Sequence[Any],
        index_type: str | None = None,
        condition: Q | None = None,
        deferrable: Deferrable | None = None,
        include: Sequence[str] | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        _check_kinds(expressions, condition, deferrable, include)
        _check_method(index_type, expressions, include)
        self.expressions = expressions
        self.index_type = (index_type or "GIST").upper()
        self.condition = condition
        self.deferrable = deferrable
        self.include = tuple(include or ())
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )

    @property
    def pairs(self) -> list[tuple[Any, str]]:
        """The expressions and their operators."""
        return [(F(e) if isinstance(e, str) else e, operator) for e, operator in self.expressions]

    def add_to(self, table: Table, model: Any) -> None:
        """Add the constraint to a table that is being built, for PostgreSQL alone."""
        keys = expressions_on(model, table, [expression for expression, _ in self.pairs])
        made = Exclusion(self, model, table, keys)
        table.append_constraint(made)
        only_with(made, more=True)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return the path of the class and the arguments that make the same constraint again."""
        path, args, kwargs = super().deconstruct()
        kwargs["expressions"] = self.expressions
        if self.index_type != "GIST":
            kwargs["index_type"] = self.index_type
        for name in ("condition", "deferrable", "include"):
            if getattr(self, name):
                kwargs[name] = getattr(self, name)
        return path, args, kwargs

    def validate(
        self,
        model: Any,
        instance: Any,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT,
    ) -> None:
        """Ask the database whether another row excludes the instance."""
        excluded = exclude or ()
        if any(_reads(model, expression, excluded) for expression, _ in self.pairs):
            return
        values = field_values(instance, model._meta, excluded)
        query = query_of(model, values, using)
        conditions = [
            Excludes(expression, Known(expression.resolve_expression(query)), operator)
            for expression, operator in self.pairs
        ]
        others = model._default_manager.using(using).filter(*conditions)
        if not instance._state.adding and instance._is_pk_set(model._meta):
            others = others.exclude(pk=instance._get_pk_val(model._meta))
        if not self.condition:
            if others.exists():
                raise self.violation()
            return
        if _reads(model, self.condition, excluded):
            return
        both = self.condition & Exists(others.filter(self.condition))
        if fits(model, both, values, using, unknown=False):
            raise self.violation()


class Excludes(OperatorLookup):
    """Whether an operator of the constraint says yes.

    Args:
        lhs: A row's value.
        rhs: The instance's value.
        operator: The operator.
    """

    cacheable = False

    def __init__(self, lhs: Any, rhs: Any, operator: str) -> None:
        super().__init__(lhs, rhs)
        self.operator = operator  # type: ignore[misc]  # of one object rather than of the class


class Exclusion(Constraint):
    """The constraint of a table.

    Args:
        declared: What the model says.
        model: The model.
        table: Its table.
        keys: The expressions.
    """

    def __init__(
        self, declared: ExclusionConstraint, model: Any, table: Table, keys: list[Any]
    ) -> None:
        deferrable = declared.deferrable
        super().__init__(
            name=declared.name,
            deferrable=True if deferrable else None,
            initially=deferrable.value.upper() if deferrable else None,
        )
        self.declared = declared
        self.keys = keys
        self.included = columns_of(model, table, declared.include)
        condition = declared.condition
        self.where = None if condition is None else condition_on(model, table, condition)


@compiles(Exclusion)
def _write(element: Exclusion, compiler: Any, **options: Any) -> str:
    process, preparer = compiler.sql_compiler.process, compiler.preparer
    inside = {"include_table": False, "literal_binds": True}
    operators = [operator for _, operator in element.declared.pairs]
    parts = [
        f"{process(key, **inside)} WITH {operator}"
        for key, operator in zip(element.keys, operators, strict=True)
    ]
    sql = (
        f"CONSTRAINT {preparer.format_constraint(element)} EXCLUDE USING "
        f"{element.declared.index_type} ({', '.join(parts)})"
    )
    if element.included:
        sql += f" INCLUDE ({', '.join(preparer.quote(c.name) for c in element.included)})"
    if element.where is not None:
        sql += f" WHERE ({process(element.where, **inside)})"
    return sql + str(compiler.define_constraint_deferrability(element))


def _check_kinds(expressions: Any, condition: Any, deferrable: Any, include: Any) -> None:
    if not expressions:
        raise ValueError("At least one expression is required to define an exclusion constraint.")
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in expressions):
        raise ValueError("The expressions must be a list of 2-tuples.")
    for name, given, kind, what in (
        ("condition", condition, Q, "a Q instance"),
        ("deferrable", deferrable, Deferrable, "a Deferrable instance"),
        ("include", include, list | tuple, "a list or tuple"),
    ):
        if given is not None and not isinstance(given, kind):
            raise ValueError(f"ExclusionConstraint.{name} must be {what}.")


def _check_method(index_type: str | None, expressions: Any, include: Any) -> None:
    method = (index_type or "gist").lower()
    if method not in METHODS:
        raise ValueError("Exclusion constraints only support GiST, Hash, or SP-GiST indexes.")
    if method != "hash":
        return
    if include:
        raise ValueError("Covering exclusion constraints using Hash indexes are not supported.")
    if len(expressions) > 1:
        raise ValueError("Composite exclusion constraints using Hash indexes are not supported.")
    if expressions[0][1] != EQUAL:
        raise ValueError(
            "Exclusion constraints using Hash indexes only support the EQUAL operator."
        )
