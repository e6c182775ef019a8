"""Execution: a plan and its values to rows. The one place that runs queries."""

from collections.abc import Callable, Hashable
from typing import Any

from ..databases import Connection, Written, connections
from .operations.fetch_modes import FetchMode
from .plan.cache import plans
from .plan.compile import Plan, compile_statement
from .plan.loader import make_loader
from .plan.shape import shape_of
from .resolve.select import select_count, select_exists, select_rows
from .state import State


def load(state: State, alias: str, mode: FetchMode) -> list[Any]:
    """Run a query and return its results: instances or values."""
    if state.nothing:
        return []
    connection = connections[alias]
    driver = connection.driver
    values: list[Any] = []
    shape = shape_of("select", state, driver, values)

    def make() -> Plan:
        selected = select_rows(state, driver)
        return compile_statement(selected.statement, driver, selected)

    plan = plans.get(shape, make)
    if plan.empty:
        return []
    rows, description = connection.fetch(plan.sql, plan.bind(values))
    if plan.load is None:
        if plan.selected is None:
            raise AssertionError("a plan for rows knows its columns")
        plan.load = make_loader(plan.selected, state.form, driver, description)
    return plan.load(rows, alias, mode)


def count(state: State, alias: str) -> int:
    """Count the rows of a query."""
    rows = _scalar("count", state, alias, lambda c: select_count(state, c.driver))
    return int(rows[0][0]) if rows else 0


def exists(state: State, alias: str) -> bool:
    """Say whether a query has a row."""
    if state.stop is None or state.stop > state.start:
        state = state.with_(stop=state.start + 1)
    return bool(_scalar("exists", state, alias, lambda c: select_exists(state, c.driver)))


def _scalar(
    operation: str, state: State, alias: str, resolve: Callable[[Connection], Any]
) -> list[Any]:
    if state.nothing:
        return []
    connection = connections[alias]
    values: list[Any] = []
    shape = shape_of(operation, state, connection.driver, values)
    plan = plans.get(shape, lambda: compile_statement(resolve(connection), connection.driver))
    if plan.empty:
        return []
    return connection.fetch(plan.sql, plan.bind(values)).rows


def write(
    shape: Hashable, values: list[Any], connection: Connection, resolve: Callable[[], Any]
) -> Written:
    """Run a statement that changes rows."""
    plan = plans.get(shape, lambda: compile_statement(resolve(), connection.driver))
    if plan.empty:
        return Written(0, None)
    return connection.write(plan.sql, plan.bind(values))


def write_returning(
    shape: Hashable, values: list[Any], connection: Connection, resolve: Callable[[], Any]
) -> list[Any]:
    """Run a statement that changes rows and returns something of each."""
    plan = plans.get(shape, lambda: compile_statement(resolve(), connection.driver))
    return connection.fetch(plan.sql, plan.bind(values)).rows
