"""Execution: from a state to its results. The one place that runs queries.

A shape that was seen before costs no resolving and no compiling: its plan is looked up, its values
are bound, the driver runs it, its loader makes the results.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from ..configuration import configuration
from ..databases import Connection, Driver, Rows, Written, connections
from ..exceptions import EmptyResultSet, ProgrammingError, TransactionManagementError
from ..expressions.shape import Collector, Uncacheable, shape_of
from ..lookups.kinds import OtherKind
from .operations.fetch_modes import FetchMode, default_mode
from .plan.cache import plans
from .plan.compile import Plan, compile_statement, nothing
from .plan.loader import Load, make_loader
from .resolve.aggregation import select_aggregates
from .resolve.compiler import Context
from .resolve.ordering import order_of
from .resolve.replay import replay
from .resolve.select import Selected, inner_exists, select_rows
from .state import State

Build = Callable[[Context], Any]


class Statement:
    """A plan that is ready to run.

    Args:
        plan: The plan.
        params: The driver's parameters.
    """

    __slots__ = ("params", "plan")

    def __init__(self, plan: Plan, params: Any) -> None:
        self.plan = plan
        self.params = params


def prepare(
    kind: Hashable, shape: Callable[[Collector], Hashable], driver: Driver, build: Build
) -> Statement:
    """Find or make the plan of a statement, and bind its values.

    Args:
        kind: What is done: states alike may be selected, counted, deleted.
        shape: Returns the shape, giving the values to the collector.
        driver: The database.
        build: Builds the statement; returns it, or a ``Selected`` with it.
    """
    collector = Collector(takes_arrays=driver.takes_arrays)
    try:
        key = (kind, driver.plan_key, shape(collector))
    except Uncacheable:
        return _uncached(driver, build)
    plan = plans.find(key)
    if plan is None:
        active, context = configuration(), Context(collector.tokens)
        plan = _make(driver, build, context)
        if context.uncacheable or _is_too_long(plan, driver):
            return _uncached(driver, build)
        plans.keep(key, plan, active)
    try:
        return Statement(plan, plan.bind(collector.values))
    except OtherKind:
        return _uncached(driver, build)


def plan_of(
    kind: Hashable, shape: Callable[[Collector], Hashable], driver: Driver, build: Build
) -> Plan:
    """Find or make the plan of a statement, without binding its values."""
    collector = Collector(takes_arrays=driver.takes_arrays)
    key = (kind, driver.plan_key, shape(collector))
    plan = plans.find(key)
    if plan is None:
        active = configuration()
        plan = _make(driver, build, Context(collector.tokens))
        plans.keep(key, plan, active)
    return plan


def _is_too_long(plan: Plan, driver: Driver) -> bool:
    """Say whether a statement has too many parameters: without padded lists it may have fewer."""
    return driver.max_query_params is not None and plan.size > driver.max_query_params


def _uncached(driver: Driver, build: Build) -> Statement:
    plan = _make(driver, build, Context(None))
    return Statement(plan, plan.bind(()))


def _make(driver: Driver, build: Build, context: Context) -> Plan:
    try:
        built = build(context)
        if isinstance(built, Selected):
            return compile_statement(built.statement, driver, context, built)
        return compile_statement(built, driver, context)
    except EmptyResultSet:
        return nothing()
    except SQLAlchemyError as error:
        raise ProgrammingError(f"This query cannot be written as SQL: {error}") from error


# Reading ------------------------------------------------------------------------------------------


def select(state: State, driver: Driver) -> Statement:
    """Prepare the SELECT of a query."""
    return prepare(
        "select", state.shape, driver, lambda context: select_rows(replay(state, driver), context)
    )


def key_of_select(state: State, driver: Driver) -> Hashable:
    """Return the key of a query's plan.

    Raises:
        Uncacheable: It has none.
    """
    return ("select", driver.plan_key, state.shape(Collector(takes_arrays=driver.takes_arrays)))


def load(state: State, alias: str, mode: FetchMode) -> list[Any]:
    """Run a query and return its results: instances or values."""
    if state.nothing:
        return []
    connection = connections[alias]
    _check_lock(state, connection)
    statement = select(state, connection.driver)
    plan = statement.plan
    if plan.empty:
        return []
    found = connection.fetch(plan.sql, statement.params)
    make = plan.load or _loader(plan, state.form, connection.driver, found.description)
    return make(found.rows, alias, mode)


def stream(state: State, alias: str, size: int, mode: FetchMode) -> Iterator[list[Any]]:
    """Run a query and return its results in chunks, while they are fetched."""
    if state.nothing:
        return
    connection = connections[alias]
    _check_lock(state, connection)
    statement = select(state, connection.driver)
    plan = statement.plan
    if plan.empty:
        return
    description, chunks = connection.stream(plan.sql, statement.params, size)
    make = plan.load or _loader(plan, state.form, connection.driver, description)
    try:
        for rows in chunks:
            yield make(rows, alias, mode)
    finally:
        chunks.close()


def _loader(plan: Plan, form: str, driver: Driver, description: Sequence[Any]) -> Load:
    """Make the loader of a plan, which needs to know no more of its columns then."""
    selected = plan.selected
    if plan.load is None:  # otherwise another thread has made it since, and may have dropped them
        plan.load = make_loader(selected, form, driver, description)
    plan.selected = None
    return plan.load


def _check_lock(state: State, connection: Connection) -> None:
    if (
        state.lock is not None
        and connection.driver.has_select_for_update
        and not connection.in_atomic_block
    ):
        raise TransactionManagementError(
            "select_for_update cannot be used outside of a transaction: the lock would end with "
            "the statement. Put it into `with transaction.atomic():`."
        )


def exists(state: State, alias: str) -> bool:
    """Say whether a query has a row."""
    if state.nothing:
        return False
    connection = connections[alias]
    driver = connection.driver
    if not state.parts and (state.stop is None or state.stop > state.start):
        state = state.with_(stop=state.start + 1)
    if not state.distinct:
        state = state.with_(order=(), default_order=False, related=False)

    def build(context: Context) -> Any:
        query = replay(state, driver)
        if state.parts:
            return inner_exists(query, context)
        return _one_column(query, context)

    statement = prepare("exists", state.shape, driver, build)
    if statement.plan.empty:
        return False
    return bool(connection.fetch(statement.plan.sql, statement.params).rows)


def _one_column(query: Any, context: Context) -> Any:
    from ..expressions.values import Value

    if not query.state.distinct and not query.group_by:
        query.columns, query.value_names = [("a", Value(1))], ("a",)
        query.selected = set()
    return select_rows(query, context).statement


def aggregate(state: State, alias: str, expressions: dict[str, Any]) -> dict[str, Any]:
    """Compute aggregates over a query."""
    connection = connections[alias]
    driver = connection.driver

    def shape(collector: Collector) -> Hashable:
        made = [(name, shape_of(e, collector)) for name, e in expressions.items()]
        return (state.nothing, state.shape(collector), tuple(made))

    statement = prepare(
        "aggregate",
        shape,
        driver,
        lambda context: select_aggregates(replay(state, driver), expressions, context),
    )
    plan = statement.plan
    if plan.empty:
        return {name: _without_rows(e) for name, e in expressions.items()}
    found = connection.fetch(plan.sql, statement.params)
    make = plan.load or _loader(plan, "dicts", driver, found.description)
    values: dict[str, Any] = make(found.rows, alias, default_mode())[0]
    return values


def _without_rows(expression: Any) -> Any:
    default = getattr(expression, "default", None)
    if default is not None:
        return getattr(default, "value", default)
    value = getattr(expression, "empty_result_set_value", None)
    return None if value is NotImplemented else value


def sql_of(state: State, alias: str = "default") -> str:
    """Return the SQL of a query, with the database's placeholders for the values.

    Raises:
        EmptyResultSet: It finds nothing, and has no SQL.
    """
    statement = select(state, connections.driver(alias))
    if statement.plan.empty or state.nothing:
        raise EmptyResultSet
    return statement.plan.sql


# Writing ------------------------------------------------------------------------------------------


def write(
    kind: Hashable,
    shape: Callable[[Collector], Hashable],
    connection: Connection,
    build: Build,
) -> Written:
    """Run a statement that changes rows."""
    statement = prepare(kind, shape, connection.driver, build)
    if statement.plan.empty:
        return Written(0, None)
    return connection.write(statement.plan.sql, statement.params)


def write_returning(
    kind: Hashable,
    shape: Callable[[Collector], Hashable],
    connection: Connection,
    build: Build,
) -> Rows:
    """Run a statement that changes rows and returns something of each."""
    statement = prepare(kind, shape, connection.driver, build)
    if statement.plan.empty:
        return Rows([], None)
    return connection.fetch(statement.plan.sql, statement.params)


_checked: set[Hashable] = set()
MAX_CHECKED = 2000


def check(state: State) -> None:
    """Resolve a query that has just been written, once for each shape.

    A mistake in it is an error where it was made, then, and not where the query is run.

    Raises:
        FieldError: It names something unknown.
    """
    try:
        shape: Hashable = state.shape(Collector(takes_arrays=False))
    except Uncacheable:
        shape = None
    if shape in _checked:
        return
    query = replay(state, _NO_DRIVER)
    if not state.combinator:
        order_of(query)
    if shape is not None:
        if len(_checked) >= MAX_CHECKED:
            _checked.clear()
        _checked.add(shape)


def groups_of(state: State) -> tuple[Any, ...] | None:
    """Return what the rows of a query are grouped by; ``None`` for the model's rows."""
    groups = replay(state, _NO_DRIVER).group_by
    return groups if isinstance(groups, tuple) else None


_NO_DRIVER: Any = None  # resolving names asks nothing of the database
