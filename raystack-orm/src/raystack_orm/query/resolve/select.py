"""Queries to SELECT statements, and what their columns are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    Tuple,
    literal_column,
    select,
)
from sqlalchemy.sql.elements import False_, Null, True_

from ...exceptions import EmptyResultSet, FullResultSet, NotSupportedError
from .columns import Loaded, instances_of, values_of
from .combined import combined_select
from .compiler import Compiler, Context
from .grouping import group_by
from .joins import Join
from .ordering import order_of
from .slicing import sliced

if TYPE_CHECKING:
    from .query import Query


class Selected(NamedTuple):
    """A SELECT statement and what its columns are.

    Args:
        statement: The statement.
        loaded: The models whose instances the first columns make.
        expressions: The expression of each column.
        names: The names of the columns after those of the models.
    """

    statement: Any
    loaded: tuple[Loaded, ...]
    expressions: tuple[Any, ...]
    names: tuple[str, ...]


def select_rows(query: "Query", context: Context, *, named: bool = False) -> Selected:
    """Build the SELECT of a query.

    Args:
        query: The query.
        context: What its compilers share.
        named: A query around it refers to its columns by their numbers.

    Raises:
        EmptyResultSet: No row can fit.
    """
    if query.parts:
        return combined_select(query, context)
    return Selection(query, context, named=named).build()


class Selection:
    """The parts of a SELECT while it is built.

    Args:
        query: The query.
        context: What its compilers share.
        named: A query around it refers to its columns by their numbers.
    """

    def __init__(self, query: "Query", context: Context, *, named: bool = False) -> None:
        self.query = query
        self.compiler = Compiler(query, query.driver, context)
        self.loaded: list[Loaded] = []
        self.expressions: list[Any] = []
        self.names: list[str] = []
        self.elements: list[ColumnElement[Any]] = []
        self.named = query.outer is not None or named

    def build(self) -> Selected:
        """Return the statement and what its columns are."""
        query = self.query
        where, having, qualify = query.where.split()
        self.choose()
        order = order_of(query)
        groups = group_by(query, self.expressions, self._grouped_order(order), having)
        if groups and query.state.order is None:
            order = []
        if query.group_by is not None and query.state.distinct_on:
            raise NotImplementedError("annotate() + distinct(fields) is not implemented.")
        if qualify is not None:
            return self._around_windows(where, having, qualify, order, groups)
        conditions = self.conditions(where)
        self.elements = [self.compiler.selected(e) for e in self.expressions]
        statement = select(*self._labelled_all())
        statement = statement.where(*conditions)
        statement = self.grouped(statement, groups, having)
        statement = self._distinct(self._ordered(statement, order))
        statement = statement.select_from(self.from_clause())
        statement = self._locked(sliced(statement, self.query.state, self.compiler))
        return self._selected(self._without_sort_keys(statement))

    def choose(self) -> None:
        """Choose what is selected."""
        query = self.query
        if query.columns is None:
            self.loaded, self.expressions = instances_of(query)
            for name, annotation in query.annotations.items():
                if name in query.selected:
                    _check_type(annotation)
                    self.names.append(name)
                    self.expressions.append(annotation)
            return
        for name, expression in values_of(query):
            _check_type(expression)
            self.names.append(name)
            self.expressions.append(expression)

    def _selected(self, statement: Any) -> Selected:
        return Selected(statement, tuple(self.loaded), tuple(self.expressions), tuple(self.names))

    def _labelled_all(self) -> list[ColumnElement[Any]]:
        """Name all columns; a key of several takes as many."""
        made: list[ColumnElement[Any]] = []
        for index, element in enumerate(self.elements):
            if isinstance(element, Tuple):
                made += [p.label(f"col{index}_{n}") for n, p in enumerate(element.clauses)]
            else:
                made.append(self._labelled(index))
        return made

    def _labelled(self, index: int) -> ColumnElement[Any]:
        """Name a column, so that no two are called alike; a plain one has a name."""
        element = self.elements[index]
        if self.named or not isinstance(element, Column):
            return element.label(f"col{index}")
        return element

    def _grouped_order(self, order: list[Any]) -> list[Any]:
        return order if self.query.state.order is not None else []

    def conditions(self, node: Any) -> list[ColumnElement[bool]]:
        """Return built conditions; none where every row fits."""
        if node is None:
            return []
        try:
            return [self.compiler.condition(node)]
        except FullResultSet:
            return []
        except EmptyResultSet:
            if self.compiler.context.skips_empty:
                raise
            return [literal_column("0") == literal_column("1")]

    def from_clause(self) -> FromClause:
        """Return all tables, joined."""
        query = self.query
        conditions: dict[Join, ColumnElement[bool]] = {}
        for join in reversed(query.joins[1:]):  # each needs those before it
            if not join.is_needed(grouped=query.group_by is not None):
                continue
            try:
                conditions[join] = join.on(self.compiler)
            except EmptyResultSet:
                conditions[join] = literal_column("1") == literal_column("0")
        clause: FromClause = query.base.table
        for join in query.joins[1:]:
            if join in conditions:
                clause = clause.join(join.table, conditions[join], isouter=join.kind == "OUTER")
        return clause

    def grouped(self, statement: Any, groups: list[Any], having: Any) -> Any:
        """Return a statement with its groups, and the conditions that they have to fit."""
        elements = self._group_elements(groups)
        if elements:
            statement = statement.group_by(*elements)
        conditions = self.conditions(having)
        return statement.having(*conditions) if conditions else statement

    def _group_elements(self, groups: list[Any]) -> list[ColumnElement[Any]]:
        known = {
            e.identity: element for e, element in zip(self.expressions, self.elements, strict=True)
        }
        made = []
        for expression in groups:
            try:
                element = self.compiler.build(expression)
            except (EmptyResultSet, FullResultSet):
                continue
            if not isinstance(element, True_ | False_ | Null):  # a constant groups nothing
                made.append(known.get(expression.identity, element))
        return made

    def _ordered(self, statement: Any, order: list[Any]) -> Any:
        keys: list[Any] = []
        known = {e.identity: number for number, e in enumerate(self.expressions)}
        for one in order:
            expression = getattr(one.expression, "source", one.expression)
            number = known.get(expression.identity)
            if number is None:
                try:
                    element = self.compiler.build(expression)
                except (EmptyResultSet, FullResultSet):
                    continue
                if self.query.state.distinct and not self.query.state.distinct_on:
                    statement = statement.add_columns(element.label(f"order{len(keys)}"))
            else:
                element = self.elements[number]
                if not isinstance(element, Column | Tuple):
                    element = self._labelled(number)  # by name: it may depend on an outer query
            keys += one.sort_keys(element, self.compiler)
        return statement.order_by(*keys) if keys else statement

    def _distinct(self, statement: Any) -> Any:
        state = self.query.state
        if not state.distinct:
            return statement
        if not state.distinct_on:
            return statement.distinct()
        if not self.query.driver.can_distinct_on_fields:
            raise NotSupportedError("DISTINCT ON fields is not supported by this database backend")
        from sqlalchemy.dialects.postgresql import distinct_on  # heavy

        columns = [self.compiler.build(self.query.resolve_ref(n)) for n in state.distinct_on]
        return statement.ext(distinct_on(*columns))

    def _without_sort_keys(self, statement: Any) -> Any:
        """Leave out what ``distinct()`` selects to sort by, where a query around this one reads."""
        number = len(self._labelled_all())
        if not self.named or len(statement.selected_columns) == number:
            return statement
        return select(*list(statement.subquery().c)[:number])

    def _locked(self, statement: Any) -> Any:
        lock = self.query.state.lock
        if lock is None or not self.query.driver.has_select_for_update:
            return statement
        from .locking import lock_rows

        return lock_rows(self.query, statement, lock)

    def _around_windows(
        self, where: Any, having: Any, qualify: Any, order: list[Any], groups: list[Any]
    ) -> Selected:
        """Build a query around the windows, as SQL filters rows before it computes those."""
        query = self.query
        if groups and not all(
            leaf.contains_over_clause or leaf.contains_aggregate for leaf in qualify.leaves()
        ):
            raise NotImplementedError(
                "Heterogeneous disjunctive predicates against window functions are not "
                "implemented when performing conditional aggregation."
            )
        needed = list(self.expressions)
        needed += [o.expression for o in order]
        needed += _outermost(qualify)
        unique = {getattr(e, "source", e).identity: getattr(e, "source", e) for e in needed}
        groups = group_by(query, list(unique.values()), self._grouped_order(order), having)
        conditions = self.conditions(where)
        self.elements = [self.compiler.selected(e) for e in unique.values()]
        named, self.named = self.named, True
        inner = select(*self._labelled_all()).where(*conditions)
        expressions, self.expressions = self.expressions, list(unique.values())
        inner = self.grouped(inner, groups, having).select_from(self.from_clause())
        below = inner.subquery()
        self.expressions = expressions
        outer = Compiler(query, query.driver, self.compiler.context)
        outer.mapped = {identity: below.c[f"col{i}"] for i, identity in enumerate(unique)}
        self.compiler, self.named = outer, named
        self.elements = [outer.build(e) for e in self.expressions]
        statement = select(*self._labelled_all())
        statement = statement.select_from(below).where(*self.conditions(qualify))
        statement = self._distinct(self._ordered(statement, order))
        statement = sliced(statement, self.query.state, self.compiler)
        return self._selected(statement)


def _check_type(expression: Any) -> None:
    """Refuse to select what comes out of sources of several types.

    Raises:
        FieldError: Its type cannot be told.
    """
    expression._output_field_or_none  # noqa: B018 - it raises


def _outermost(node: Any) -> Sequence[Any]:
    """Return the windows, aggregates and columns in conditions, none inside of another."""
    found: list[Any] = []
    for source in node.get_source_expressions():
        if source is None or not hasattr(source, "get_source_expressions"):
            continue
        inside = source.get_source_expressions()
        window = getattr(source, "contains_over_clause", False) and not _conditions_inside(source)
        if window or not inside or getattr(source, "contains_aggregate", False):
            if getattr(source, "contains_column_references", False) or window:
                found.append(source)
            continue
        found += _outermost(source)
    return found


def _conditions_inside(node: Any) -> bool:
    return hasattr(node, "lookup_name") or hasattr(node, "children")


def inner_select(query: "Query", context: Context) -> Any:
    """Return the SELECT of a subquery: its one column, or its key."""
    if query.parts:
        return combined_select(query, context).statement
    if query.columns is None and query.state.form == "instances" and not query.selected:
        query.columns = [("pk", query.resolve_ref("pk"))]
        query.value_names = ("pk",)
    elif query.columns is None:
        query.columns, query.value_names = [], ()
    return _correlated(query, select_rows(query, context).statement)


def _correlated(query: "Query", statement: Any) -> Any:
    outer, tables = query.outer, []
    while outer is not None:
        tables += [join.table for join in outer.joins]
        outer = outer.outer
    return statement.correlate(*tables) if tables and isinstance(statement, Select) else statement


def inner_exists(query: "Query", context: Context) -> Any:
    """Return a SELECT that has a row if the query has one."""
    if query.parts:
        return combined_select(query, context).statement
    selection = Selection(query, context)
    where, having, qualify = query.where.split()
    state = query.state
    if qualify is not None or having is not None or (state is not None and state.is_sliced):
        return _correlated(query, select_rows(query, context).statement)
    conditions = selection.conditions(where)
    statement: Any = select(literal_column("1").label("a")).where(*conditions)
    if query.group_by is not None:
        groups = group_by(query, [], [], None)
        selection.expressions, selection.elements = [], []
        statement = selection.grouped(statement, groups, None)
    return _correlated(query, statement.select_from(selection.from_clause()))
