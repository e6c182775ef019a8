"""The resolver of one statement: conditions and expressions to SQLAlchemy constructs.

Binds are numbered in the order in which they are made. That order is the one in which
``plan.shape`` collects the values: both walk a state in the same way.
"""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    exists,
    false,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, TypeEngine

from ...configuration import configuration
from ...databases import Driver
from ...expressions import Combined, Expression, F, Value
from ...fields.relations import Hop
from ...lookups import Kind
from ..plan.shape import padded
from ..state import Condition, Node, State
from .joins import Joins
from .names import Path, Target, resolve_path

BIND_PREFIX = "raystack_"


class Binds:
    """Makes the binds of a statement and of the queries inside of it."""

    def __init__(self) -> None:
        self.count = 0

    def next(self, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """Make the next bind."""
        name = f"{BIND_PREFIX}{self.count}"
        self.count += 1
        return bindparam(name, type_=type_)


class Resolver:
    """Resolves the parts of one statement on one model.

    Args:
        model: The model.
        driver: The database that it is for.
        binds: The binds of the statement around this one.
        joins: The tables, where they do not start at the model's.
    """

    def __init__(
        self, model: Any, driver: Driver, binds: Binds | None = None, joins: Joins | None = None
    ) -> None:
        self.model = model
        self.driver = driver
        self.binds = binds or Binds()
        self.joins = joins or Joins(model._meta.table)

    # Columns -------------------------------------------------------------------------------------

    def column(
        self, path: Path, group: int | None = None, *, required: bool = False
    ) -> ColumnElement[Any]:
        """Return the column at the end of a path."""
        table = self.joins.reach(path.hops, group, required=required)
        found: ColumnElement[Any] = table.c[path.field.column]
        return found

    def named(self, name: str, said: str, group: int | None = None) -> ColumnElement[Any]:
        """Return the column of a name such as ``author__name``."""
        return self.column(resolve_path(self.model, name, said, whole=True), group)

    # Expressions ---------------------------------------------------------------------------------

    def expression(
        self, node: Expression, type_: TypeEngine[Any] | None, group: int | None = None
    ) -> ColumnElement[Any]:
        """Resolve an expression.

        Args:
            node: The expression.
            type_: What plain values are bound as; ``None`` for what their Python type suggests.
            group: The call of ``filter()`` that it stands in.
        """
        if isinstance(node, F):
            return self.named(node.name, repr(node), group)
        if isinstance(node, Value):
            return self.binds.next(literal(node.value).type if type_ is None else type_)
        if isinstance(node, Combined):
            return self._combined(node, type_, group)
        raise TypeError(f"{node!r} is no expression that a query can hold.")

    def _combined(
        self, node: Combined, type_: TypeEngine[Any] | None, group: int | None
    ) -> ColumnElement[Any]:
        guess = None if type_ is None or isinstance(node.left, F) else type_
        left = self.expression(node.left, guess, group)
        right = self.expression(node.right, None, group)
        made = left.op(node.operator, return_type=type_ or left.type)(right)
        return made.self_group()

    # Conditions ----------------------------------------------------------------------------------

    def where(self, nodes: tuple[Node, ...]) -> list[ColumnElement[bool]]:
        """Resolve the conditions of a state; all of them have to hold."""
        made = [self._node(node, group) for group, node in enumerate(nodes)]
        return [and_(true(), *made)] if made else []

    def _node(
        self,
        node: Node | Condition,
        group: int,
        *,
        negated: bool = False,
        required: bool = True,
    ) -> ColumnElement[bool]:
        if isinstance(node, Condition):
            return self._condition(node, group, negated=negated, required=required)
        negated = negated or node.negated
        alone = node.connector == "AND" or len(node.children) == 1
        required = required and alone and not node.negated
        made = [
            self._node(child, group, negated=negated, required=required) for child in node.children
        ]
        joined = and_(true(), *made) if node.connector == "AND" else or_(false(), *made)
        return not_(joined.self_group()) if node.negated else joined

    def _condition(
        self, condition: Condition, group: int, *, negated: bool, required: bool
    ) -> ColumnElement[bool]:
        target, kind = condition.target, condition.kind
        if kind is Kind.NOTHING:
            return false()
        if negated and target.many:
            return self._some_related(condition)
        column = self.column(target.path, group, required=required and kind is not Kind.NULL)
        made = self._compare(condition, self._transformed(target, column), group)
        if negated and kind not in {Kind.NULL, Kind.NOT_NULL}:
            made = self._never_unknown(made, condition, column, group)
        return made

    def _never_unknown(
        self,
        made: ColumnElement[bool],
        condition: Condition,
        column: ColumnElement[Any],
        group: int,
    ) -> ColumnElement[bool]:
        """Make a condition false where SQL would leave it open, so that NOT means the others."""
        if condition.target.nullable:
            made = and_(made, column.is_not(None))
        if condition.kind is Kind.EXPRESSION:
            for name in condition.value.names():
                made = and_(made, self.named(name, name, group).is_not(None))
        return made

    def _transformed(self, target: Target, column: ColumnElement[Any]) -> ColumnElement[Any]:
        active = configuration()
        for transform in target.transforms:
            zone = active.time_zone if active.use_tz else ""
            column = transform.apply(column, self.driver.vendor, zone)
        return column

    def _compare(
        self, condition: Condition, column: ColumnElement[Any], group: int | None
    ) -> ColumnElement[bool]:
        kind, lookup = condition.kind, condition.target.lookup
        if kind is Kind.NULL:
            return column.is_(None)
        if kind in {Kind.NOT_NULL, Kind.ALL}:
            return column.is_not(None)
        if kind is Kind.QUERY:
            return column.in_(self._subquery(condition.value))
        type_: TypeEngine[Any] = Text() if lookup.binds_text else column.type
        if kind is Kind.LIST and self.driver.takes_arrays:
            return column == any_(self.binds.next(ARRAY(type_)))
        if kind is Kind.EXPRESSION:
            right: list[Any] = [self.expression(condition.value, type_, group)]
        else:
            count = {Kind.PAIR: 2, Kind.LIST: 0}.get(kind, 1) or padded(len(condition.value))
            right = [self.binds.next(type_) for _ in range(count)]
        return lookup.build(column, right, upper=self.driver.upper_before_like)

    def _subquery(self, state: State) -> Select[Any]:
        from .select import subquery  # they need each other: a query in a query

        return subquery(state, self.driver, self.binds)

    def _some_related(self, condition: Condition) -> ColumnElement[bool]:
        """Resolve a negated condition on related rows: EXISTS one that fits, for NOT before it."""
        hops = condition.target.hops
        first = next(index for index, hop in enumerate(hops) if hop.many)
        outer = self.joins.reach(hops[:first], None, required=False)
        hop: Hop = hops[first]
        table = hop.model._meta.table.alias()
        inner = Resolver(hop.model, self.driver, self.binds, Joins(table))
        path = condition.target.path._replace(hops=hops[first + 1 :])
        column = inner._transformed(condition.target, inner.column(path))
        kind = condition.kind
        fits = column.is_not(None) if kind is Kind.NULL else inner._compare(condition, column, None)
        made = exists(
            select(literal_column("1"))
            .select_from(inner.joins.from_clause())
            .where(outer.c[hop.source.column] == table.c[hop.target.column], fits)
            .correlate(outer)
        )
        return not_(made) if kind is Kind.NULL else made
