"""Instrumentation: ``execute_wrapper()``, and the queries that ran.

https://docs.djangoproject.com/en/stable/topics/db/instrumentation/
"""

from typing import Any

import pytest

from raystack_orm import IntegrityError, connection, models, transaction
from raystack_orm.testing import capture_queries


class Thing(models.Model):
    name = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "c1_instrument"


class QueryLogger:
    def __init__(self) -> None:
        self.queries: list[dict[str, Any]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        query = {"sql": sql, "params": params, "many": many, "context": context}
        self.queries.append(query)
        try:
            result = execute(sql, params, many, context)
        except Exception as error:
            query["error"] = error
            raise
        query["status"] = "ok"
        return result


def blocker(*args: Any) -> None:
    raise PermissionError("No database access allowed here.")


def test_a_wrapper_may_block_queries(db: str) -> None:
    with connection.execute_wrapper(blocker), pytest.raises(PermissionError):
        Thing.objects.count()
    assert Thing.objects.count() == 0


def test_a_wrapper_sees_each_query(db: str) -> None:
    logger = QueryLogger()
    with connection.execute_wrapper(logger):
        Thing.objects.create(name="a")
        assert Thing.objects.filter(name="a").exists()
    insert, select = logger.queries
    assert insert["sql"].startswith("INSERT")
    assert list(insert["params"]) == ["a"]
    assert "a" in list(select["params"])
    assert [query["status"] for query in logger.queries] == ["ok", "ok"]
    assert not any(query["many"] for query in logger.queries)


def test_the_context_has_connection_and_cursor(db: str) -> None:
    logger = QueryLogger()
    with connection.execute_wrapper(logger):
        Thing.objects.count()
    context = logger.queries[0]["context"]
    assert context["connection"].alias == "default"
    assert context["cursor"] is not None


def test_a_wrapper_sees_errors(db: str) -> None:
    logger = QueryLogger()
    Thing.objects.create(name="a")
    with (
        connection.execute_wrapper(logger),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        Thing.objects.create(name="a")
    failed = [query for query in logger.queries if "error" in query]
    assert len(failed) == 1


def test_wrappers_are_nested_as_their_blocks_are(db: str) -> None:
    calls: list[str] = []

    def named(name: str) -> Any:
        def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            calls.append(f"{name} in")
            result = execute(sql, params, many, context)
            calls.append(f"{name} out")
            return result

        return wrapper

    with connection.execute_wrapper(named("a")), connection.execute_wrapper(named("b")):
        Thing.objects.count()
    assert calls == ["a in", "b in", "b out", "a out"]


def test_a_wrapper_may_change_the_query(db: str) -> None:
    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        return execute(sql, ["b" if value == "a" else value for value in params], many, context)

    with connection.execute_wrapper(wrapper):
        Thing.objects.create(name="a")
    assert Thing.objects.get().name == "b"


def test_a_wrapper_is_gone_after_its_block(db: str) -> None:
    logger = QueryLogger()
    with connection.execute_wrapper(logger):
        pass
    Thing.objects.count()
    assert logger.queries == []


def test_a_wrapper_sees_the_cursors_queries(db: str) -> None:
    logger = QueryLogger()
    with connection.execute_wrapper(logger), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.executemany("INSERT INTO c1_instrument_thing (name) VALUES (%s)", [["x"], ["y"]])
    assert [query["many"] for query in logger.queries] == [False, True]
    assert logger.queries[0]["sql"] == "SELECT 1"


def test_queries_can_be_captured(db: str) -> None:
    with capture_queries() as captured:
        Thing.objects.create(name="a")
        Thing.objects.count()
    assert len(captured) == 2
    assert captured.captured_queries[0]["sql"].startswith("INSERT")
    assert captured[1]["sql"].startswith("SELECT")
    assert [query["sql"][:6] for query in captured] == ["INSERT", "SELECT"]
    assert "sql" in captured[0]


def test_connection_queries_are_kept_when_asked_for(db: str) -> None:
    before = connection.force_debug_cursor
    connection.force_debug_cursor = True
    try:
        connection.queries_log.clear()
        Thing.objects.count()
        assert len(connection.queries) == 1
        assert connection.queries[0]["sql"].startswith("SELECT")
        assert float(connection.queries[0]["time"]) >= 0
    finally:
        connection.force_debug_cursor = before


def test_connection_names_itself(db: str) -> None:
    assert (connection.alias, connection.vendor) == ("default", db)
    assert connection.ops.quote_name("a b") in ('"a b"', "`a b`")
