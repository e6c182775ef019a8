"""SQLite's one writer at a time: who has the turn, and when the next one gets it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import press
import pytest
from loops import names, run
from press import Author

import raystack_orm
from raystack_orm import (
    DatabaseError,
    OperationalError,
    connection,
    connections,
    run_sync,
    transaction,
)
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url

MODELS = [value for value in vars(press).values() if hasattr(value, "_meta")]
INSERT = "INSERT INTO press_author (name, email) VALUES ('Bob', '')"
STATEMENTS = [
    INSERT,
    INSERT.replace("INSERT INTO", "insert into"),
    f"  -- who writes\n {INSERT}",
    f"/* who writes */ {INSERT}",
    "WITH n(name) AS (VALUES ('Bob')) "
    "INSERT INTO press_author (name, email) SELECT name, '' FROM n",
]


@pytest.fixture(autouse=True)
def file(tmp_path: Path) -> Iterator[None]:
    """A file with tables; writers wait 0.5 s."""
    url = parse_url(f"sqlite:///{tmp_path}/db.sqlite3?timeout=0.5")
    with configured(Configuration({"default": url}, apps={"press": "press"}, configured=True)):
        raystack_orm.create_all(MODELS)
        yield
        connections.close_all()


def in_a_thread(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def create(name: str) -> None:
    Author.objects.create(name=name, email="")


def by_hand(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("end", [transaction.commit, transaction.rollback])
def test_with_autocommit_off_others_write_after_each_transaction(end: Callable[[], None]) -> None:
    """The connection stays with its thread; the turn does not."""
    transaction.set_autocommit(False)
    create("Ann")
    end()
    in_a_thread(lambda: create("Bob")).join()
    create("Eve")
    transaction.commit()
    transaction.set_autocommit(True)

    assert names()[-2:] == ["Bob", "Eve"]


def test_a_thread_that_ends_inside_of_a_transaction_holds_nobody_up() -> None:
    """Its connection is closed, which rolls back, and lets the next one write."""

    def forget() -> None:
        transaction.set_autocommit(False)
        create("Ann")

    in_a_thread(forget).join()
    create("Bob")

    assert names() == ["Bob"]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_sql_by_hand_stands_in_the_queue(sql: str) -> None:
    """Whatever its spelling: who holds it up is known, and named when it takes too long."""
    errors: list[OperationalError] = []

    def write() -> None:
        try:
            by_hand(sql)
        except OperationalError as error:
            errors.append(error)

    with transaction.atomic():
        create("Ann")
        in_a_thread(write).join()

    assert Path(__file__).name in str(errors[0])
    by_hand(sql)
    assert names() == ["Ann", "Bob"]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_sql_by_hand_stands_in_the_queue_of_tasks_too(sql: str) -> None:
    """A task is told the same as a thread."""

    async def main() -> None:
        with pytest.raises(OperationalError, match=Path(__file__).name):
            await run_sync(by_hand, sql)

    started, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            create("Ann")
            started.set()
            over.wait()

    holder = in_a_thread(hold)
    started.wait()
    try:
        run(main)
    finally:
        over.set()
        holder.join()


def test_a_cte_that_only_reads_waits_for_nobody() -> None:
    """WITH is looked into: a writer holds no reader up."""
    found: list[int] = []

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("WITH n(i) AS (SELECT 1) SELECT i FROM n")
            found.extend(cursor.fetchone())

    with transaction.atomic():
        create("Ann")
        in_a_thread(read).join()
        assert found == [1]


def test_closing_all_connections_ends_a_transaction_and_its_turn() -> None:
    """Who had it is told by the next statement, and everyone can go on."""
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        create("Ann")
        in_a_thread(connections.close_all).join()
        create("Eve")
    create("Bob")

    assert names() == ["Bob"]
