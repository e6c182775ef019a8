"""A QuerySet's work continued in SQLAlchemy Core, on the same connection and in its transaction."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from loops import run
from press import Article, Author, Everything
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.schema import CreateTable

from raystack_orm import IntegrityError, connection, run_sync, transaction
from raystack_orm.testing import CaptureQueries

authors = Author._meta.table
articles = Article._meta.table


def test_a_statement_sees_what_the_block_has_written(db: str) -> None:
    """The table is the model's, the connection the ORM's."""
    with transaction.atomic():
        ann = Author.objects.create(name="Ann")
        Article.objects.create(title="On joins", author=ann, views=3)
        Article.objects.create(title="On plans", author=ann, views=4)

        statement = (
            select(authors.c.name, func.sum(articles.c.views).label("views"))
            .join(articles, articles.c.author_id == authors.c.id)
            .group_by(authors.c.name)
        )
        row = connection.execute(statement).one()

    assert (row.name, int(row.views)) == ("Ann", 7)


def test_what_a_statement_writes_is_rolled_back_with_the_block(committed_db: str) -> None:
    """And a savepoint is the same savepoint."""
    with transaction.atomic():
        connection.execute(insert(authors).values(name="Ann", email=""))
        with transaction.atomic():
            connection.execute(insert(authors).values(name="Bob", email=""))
            transaction.set_rollback(True)
        assert [author.name for author in Author.objects.all()] == ["Ann"]
        transaction.set_rollback(True)

    assert connection.execute(select(func.count()).select_from(authors)).scalar() == 0


def test_it_is_one_query_and_is_counted(db: str) -> None:
    with CaptureQueries() as captured:
        connection.execute(select(authors.c.id).where(authors.c.name.in_(["Ann", "Bob"])))

    assert len(captured) == 1
    assert captured.queries[0].params == ("Ann", "Bob")


def test_values_and_rows_are_converted_by_their_types(db: str) -> None:
    """What a QuerySet stores, Core reads as the same Python values, and the other way round."""
    moment = datetime(2026, 11, 15, 9, 30, 1, 250, tzinfo=UTC)
    table = Everything._meta.table
    key, data = uuid.uuid4(), {"a": [1, None]}
    Everything.objects.create(
        key=key, price=Decimal("1.50"), moment=moment, truth=True, data=data, created=moment
    )

    columns = (table.c.key, table.c.price, table.c.moment, table.c.truth, table.c.data)
    found = connection.execute(select(*columns).where(table.c.key == key)).one()
    connection.execute(update(table).where(table.c.moment == moment).values(price=Decimal("2.25")))

    assert tuple(found) == (key, Decimal("1.50"), moment, True, data)
    assert Everything.objects.get(moment=moment).price == Decimal("2.25")


def test_results_are_sqlalchemys(db: str) -> None:
    """As rows, scalars or mappings; columns of one name stay apart."""
    Author.objects.create(name="Ann")
    named = select(authors.c.name, authors.c.email)
    twice = select(authors.c.id, authors.c.id)

    assert connection.execute(named).all() == [("Ann", "")]
    assert connection.execute(named).scalars().all() == ["Ann"]
    assert connection.execute(named).mappings().all() == [{"name": "Ann", "email": ""}]
    assert len(connection.execute(twice).one()) == 2


def test_rows_that_were_changed_are_counted(db: str) -> None:
    for name in ("Ann", "Bob"):
        Author.objects.create(name=name)

    changed = connection.execute(update(authors).values(email="a@example.org"))
    gone = connection.execute(delete(authors).where(authors.c.name == "Bob"))

    assert (changed.rowcount, gone.rowcount) == (2, 1)
    assert changed.all() == []


def test_text_and_parameters(db: str) -> None:
    """Values are bound; a percent sign is a percent sign."""
    Author.objects.create(name="100%")

    by_text = text("SELECT name FROM press_author WHERE name = :name OR name LIKE 'x%'")
    found = connection.execute(by_text.bindparams(name="100%"))
    by_name = select(authors.c.name).where(authors.c.name == bindparam("name"))

    assert found.scalar() == "100%"
    assert connection.execute(by_name.params(name="100%")).scalar() == "100%"


def test_many_rows_and_what_they_became(db: str) -> None:
    """One INSERT of several rows; RETURNING where the database has it."""
    statement = insert(authors).values([{"name": n, "email": ""} for n in ("Ann", "Bob")])

    found = connection.execute(statement.returning(authors.c.name))

    assert sorted(found.scalars()) == ["Ann", "Bob"]


def test_a_schema_statement_runs(db: str) -> None:
    """What has no parameters and no rows, like CREATE TABLE, is a statement as well."""
    with pytest.raises(Exception, match="press_author"):
        connection.execute(CreateTable(authors))


def test_errors_are_the_orms(db: str) -> None:
    Author.objects.create(id=1, name="Ann")

    with pytest.raises(IntegrityError), transaction.atomic():
        connection.execute(insert(authors).values(id=1, name="Bob", email=""))

    assert Author.objects.get().name == "Ann"


def test_in_asynchronous_code(committed_db: str) -> None:
    """``aexecute`` in the task's own transaction, ``execute`` inside of ``run_sync``."""

    async def main() -> None:
        async with transaction.atomic():
            await Author.objects.acreate(name="Ann")
            found = await connection.aexecute(select(authors.c.name))
            assert found.scalars().all() == ["Ann"]
            await connection.aexecute(insert(authors).values(name="Bob", email=""))
            transaction.set_rollback(True)
        count = select(func.count()).select_from(authors)
        assert (await run_sync(connection.execute, count)).scalar() == 0

    run(main)
