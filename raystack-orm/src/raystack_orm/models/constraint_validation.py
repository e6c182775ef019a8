"""Asking the database whether an instance would keep a constraint, before it is saved."""

import logging
from collections.abc import Collection
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, cast, func, literal_column, select, true

from .. import transaction
from ..databases import connections
from ..exceptions import DatabaseError, EmptyResultSet, FullResultSet, ValidationError
from ..expressions import Exists, F, Q, Value
from ..expressions.base import Expression
from ..expressions.shape import Uncacheable
from ..lookups import Exact, IsNull
from ..query.plan.compile import compile_statement
from ..query.resolve.compiler import Compiler, Context
from ..query.resolve.query import Query
from .referenced_names import referenced_names

if TYPE_CHECKING:  # which use these
    from .constraints import CheckConstraint, UniqueConstraint

Names = Collection[str]


def validate_check(
    constraint: "CheckConstraint", model: Any, instance: Any, exclude: Names, using: str
) -> None:
    """Check that the instance's values fit the condition, or leave it open."""
    if _reads(model, constraint.condition, exclude):
        return
    values = field_values(instance, model._meta, exclude)
    if not fits(model, constraint.condition, values, using, unknown=True):
        raise constraint.violation()


def validate_unique(
    constraint: "UniqueConstraint", model: Any, instance: Any, exclude: Names, using: str
) -> None:
    """Check that no other row has the instance's values."""
    if set(constraint.fields) & set(exclude):
        return
    if any(_reads(model, expression, exclude) for expression in constraint.expressions):
        return
    conditions = _same_values(constraint, model, instance, exclude, using)
    if conditions is None:
        return
    others = model._default_manager.using(using).filter(*conditions)
    if not instance._state.adding and instance._is_pk_set(model._meta):
        others = others.exclude(pk=instance._get_pk_val(model._meta))
    if not constraint.condition:
        if others.exists():
            raise _taken(constraint, model, instance)
        return
    if _reads(model, constraint.condition, exclude):
        return
    both = constraint.condition & Exists(others.filter(constraint.condition))
    if fits(model, both, field_values(instance, model._meta, exclude), using, unknown=False):
        raise constraint.violation()


def _same_values(
    constraint: "UniqueConstraint", model: Any, instance: Any, exclude: Names, using: str
) -> list[Any] | None:
    """Return the conditions of rows with the same values; ``None`` where nulls make it differ."""
    same_nulls = constraint.nulls_distinct is False
    if not constraint.fields:
        query = query_of(model, field_values(instance, model._meta, exclude), using)
        return [
            _equal(key, Known(key.resolve_expression(query)), same_nulls=same_nulls)
            for key in map(_unordered, constraint.expressions)
        ]
    conditions: list[Any] = []
    for name in constraint.fields:
        field = model._meta.get_field(name)
        if field.generated:
            if _reads(model, field.expression, exclude):
                return None
            query = query_of(model, field_values(instance, model._meta, exclude), using)
            computed = Known(F(field.name).resolve_expression(query))
            conditions.append(_equal(F(field.name), computed, same_nulls=same_nulls))
            continue
        value = getattr(instance, field.attname)
        if value is None and not same_nulls:
            return None
        keyword = f"{field.name}__isnull" if value is None else field.name
        conditions.append(Q((keyword, True if value is None else value)))
    return conditions


def _unordered(expression: Any) -> Any:
    return expression.expression if hasattr(expression, "descending") else expression


def _equal(left: Any, right: Any, *, same_nulls: bool) -> Any:
    equal = Q(Exact(left, right))
    return equal | Q(IsNull(left, True), IsNull(right, True)) if same_nulls else equal


def _taken(constraint: "UniqueConstraint", model: Any, instance: Any) -> ValidationError:
    default = constraint.default_violation_error_message
    if not constraint.fields or constraint.violation_error_message != default:
        return constraint.violation()
    error: ValidationError = instance.unique_error_message(model, constraint.fields)
    return error


class Null(Value):
    """A null that is compared like any other value: with a result that is not known."""

    def build(self, compiler: Compiler) -> ColumnElement[Any]:
        """Return the bind, whose type PostgreSQL has to be told: there is no column beside it."""
        bound = bindparam(None, None, self.sa_type, unique=True)
        return cast(bound, self.sa_type) if compiler.vendor == "postgresql" else bound


def field_values(instance: Any, meta: Any, exclude: Names) -> dict[str, Any]:
    """Return an instance's values as expressions, by the names of their fields."""
    found: dict[str, Any] = {}
    generated = []
    for field in meta.local_concrete_fields:
        if field.name in exclude:
            continue
        if field.generated:
            generated.append(field)
            continue
        value = getattr(instance, field.attname)
        if not hasattr(value, "resolve_expression"):
            value = Value(value, field) if value is not None else Null(None, field)
        found[field.name] = found[field.attname] = value
    if "pk" not in exclude:
        found["pk"] = Value(instance.pk, meta.pk)
    replacements = {F(name): value for name, value in found.items()}
    for field in generated:
        if not _reads(meta.model, field.expression, exclude):
            found[field.name] = field.expression.replace_expressions(replacements)
    return found


def _reads(model: Any, expression: Any, names: Names) -> bool:
    """Say whether an expression reads one of these fields, by itself or by a generated one."""
    if not names:
        return False
    for found in referenced_names(expression):
        name = found.partition("__")[0]
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        if name in names or field.name in names:
            return True
        if field.generated and _reads(model, field.expression, names):
            return True
    return False


def query_of(model: Any, values: dict[str, Any], using: str) -> Query:
    """Return a query in which names of fields mean these values."""
    query = Query(model, connections[using].driver)
    query.annotations = {name: v.resolve_expression(query) for name, v in values.items()}
    return query


class Known(Expression):
    """An expression that reads nothing, resolved before the query that it stands in.

    Args:
        resolved: The expression.
    """

    def __init__(self, resolved: Any) -> None:
        super().__init__(output_field=resolved.output_field)
        self.resolved = resolved

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "Known":
        """Return itself."""
        return self

    def shape(self, collector: Any) -> Any:
        """Refuse: its values belong to the statement."""
        raise Uncacheable

    def build(self, compiler: Compiler) -> ColumnElement[Any]:
        """Return the construct."""
        return compiler.build(self.resolved)


def fits(model: Any, condition: Any, values: dict[str, Any], using: str, *, unknown: bool) -> bool:
    """Say whether values fit a condition, by asking the database.

    Args:
        model: The model whose fields the condition names.
        condition: The condition.
        values: Expressions in place of the fields.
        using: The database.
        unknown: The answer where a null leaves the condition open.
    """
    connection = connections[using]
    query = query_of(model, values, using)
    context = Context(None)
    compiler = Compiler(query, connection.driver, context)
    try:
        built = compiler.condition(Q(condition).resolve_expression(query, allow_joins=False))
    except EmptyResultSet:
        return False
    except FullResultSet:
        return True
    if unknown:
        built = func.coalesce(built, true())
    plan = compile_statement(select(literal_column("1")).where(built), connection.driver, context)
    block = transaction.atomic(using) if connection.in_atomic_block else nullcontext()
    try:
        with block:
            return bool(connection.fetch(plan.sql, plan.bind(())).rows)
    except DatabaseError as error:
        logging.getLogger("raystack_orm").warning(
            "The database could not say whether %r fits: %s", condition, error
        )
        return True
