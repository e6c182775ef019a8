"""What the drivers say that their databases can do, tried on each: it works, or it is an error."""

from collections.abc import Iterator
from typing import Any

import pytest

from raystack_orm.databases import Driver, connections

T = "feature_rows"
SETUP = (
    f"DROP TABLE IF EXISTS {T}",
    f"CREATE TABLE {T} (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c VARCHAR(20))",
    f"INSERT INTO {T} (id, a, b, c) VALUES (1, 1, 1, 'x'), (2, 1, NULL, 'X'), (3, 2, 3, 'y')",
)
TRIES = {
    "can_return_columns_from_insert": f"INSERT INTO {T} (id, a) VALUES (9, 9) RETURNING id",
    "can_return_rows_from_update": f"UPDATE {T} SET a = 5 RETURNING id",
    "supports_default_keyword_in_insert": f"INSERT INTO {T} (id, a) VALUES (9, DEFAULT)",
    "delete_can_self_reference_subquery": f"DELETE FROM {T} WHERE id IN "
    f"(SELECT MAX(id) FROM {T} GROUP BY a LIMIT 5)",
    "update_can_self_select": f"UPDATE {T} SET a = (SELECT COUNT(*) FROM {T})",
    "has_select_for_update": f"SELECT id FROM {T} FOR UPDATE",
    "has_select_for_update_nowait": f"SELECT id FROM {T} FOR UPDATE NOWAIT",
    "has_select_for_update_skip_locked": f"SELECT id FROM {T} FOR UPDATE SKIP LOCKED",
    "has_select_for_update_of": f"SELECT id FROM {T} FOR UPDATE OF {T}",
    "has_select_for_no_key_update": f"SELECT id FROM {T} FOR NO KEY UPDATE",
    "can_distinct_on_fields": f"SELECT DISTINCT ON (a) id FROM {T}",
    "supports_order_by_nulls_modifier": f"SELECT id FROM {T} ORDER BY b NULLS FIRST",
    "allow_sliced_subqueries_with_in": f"SELECT id FROM {T} WHERE id IN "
    f"(SELECT id FROM {T} ORDER BY id LIMIT 1)",
    "supports_parentheses_in_compound": f"(SELECT id FROM {T}) UNION (SELECT a FROM {T})",
    "supports_slicing_ordering_in_compound": f"(SELECT id FROM {T} ORDER BY id LIMIT 1) UNION ALL "
    f"(SELECT a FROM {T} LIMIT 1)",
    "supports_frame_exclusion": f"SELECT SUM(a) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING "
    f"AND CURRENT ROW EXCLUDE TIES) FROM {T}",
    "supports_aggregate_filter_clause": f"SELECT COUNT(*) FILTER (WHERE a = 1) FROM {T}",
    "supports_aggregate_distinct_multiple_argument": "SELECT COUNT(DISTINCT {0}) FROM " + T,
    "supports_any_value": f"SELECT ANY_VALUE(c) FROM {T}",
    "supports_default_in_lead_lag": f"SELECT LAG(a, 1, 0) OVER (ORDER BY id) FROM {T}",
    "supports_logical_xor": f"SELECT id FROM {T} WHERE (a = 1) XOR (a = 2)",
    "supports_partial_indexes": f"CREATE INDEX feature_i ON {T} (a) WHERE a > 1",
    "supports_covering_indexes": f"CREATE INDEX feature_i ON {T} (a) INCLUDE (b)",
    "supports_expression_indexes": f"CREATE INDEX feature_i ON {T} ((LOWER(c)))",
    "supports_nulls_distinct_unique_constraints": "CREATE TABLE feature_u "
    "(a INTEGER UNIQUE NULLS NOT DISTINCT)",
    "supports_unlimited_charfield": "CREATE TABLE feature_u (a VARCHAR)",
}


@pytest.fixture
def raw(committed_db: str) -> Iterator[Any]:
    """A connection to a database with a table to try on."""
    driver = connections.driver("default")
    leased = driver.lease()
    for statement in SETUP:
        driver.write(leased, statement, ())
    yield leased
    driver.rollback(leased)
    for table in (T, "feature_u"):
        driver.write(leased, f"DROP TABLE IF EXISTS {table}", ())
    driver.release(leased)


@pytest.fixture
def driver(raw: Any) -> Driver:
    """Its driver."""
    return connections.driver("default")


@pytest.mark.parametrize("feature", TRIES)
def test_a_feature_is_there_where_the_driver_says_so(
    driver: Driver, raw: Any, feature: str
) -> None:
    """And is an error elsewhere: who asks the driver never tries in vain, nor does without."""
    driver.begin(raw, read_only=False)
    pair = "(a, b)" if driver.vendor == "postgresql" else "a, b"

    try:
        driver.write(raw, TRIES[feature].format(pair), ())
        works = True
    except driver.error_class:
        works = False

    assert works is getattr(driver, feature)


def test_nulls_come_where_the_driver_says(driver: Driver, raw: Any) -> None:
    """In ascending order."""
    rows = driver.fetch(raw, f"SELECT b FROM {T} ORDER BY b", ()).rows

    assert (rows[0][0] is None) is driver.order_by_nulls_first


def test_the_greatest_of_a_null_is_what_the_driver_says(driver: Driver, raw: Any) -> None:
    """The number, or null."""
    name = "MAX" if driver.vendor == "sqlite" else "GREATEST"
    [(found,)] = driver.fetch(raw, f"SELECT {name}(1, NULL)", ()).rows

    assert (found == 1) is driver.greatest_least_ignores_nulls


def test_creating_a_table_is_rolled_back_where_the_driver_says(driver: Driver, raw: Any) -> None:
    """Elsewhere it ends the transaction."""
    driver.begin(raw, read_only=False)
    driver.write(raw, "CREATE TABLE feature_u (a INTEGER)", ())
    driver.rollback(raw)

    try:
        driver.fetch(raw, "SELECT a FROM feature_u", ())
        there = True
    except driver.error_class:
        there = False

    assert there is not driver.can_rollback_ddl


def test_the_limit_of_parameters_is_what_the_driver_says(driver: Driver, raw: Any) -> None:
    """That many are taken."""
    number = driver.max_query_params or 70_000
    marks = {"sqlite": "?", "mysql": "%s"}
    mark = marks.get(driver.vendor)
    listed = ", ".join(mark or f"${index + 1}::int" for index in range(number))

    rows = driver.fetch(
        raw, f"SELECT id FROM {T} WHERE id IN ({listed})", tuple(range(number))
    ).rows

    assert len(rows) == 3
