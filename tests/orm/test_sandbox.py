"""The sandbox of `raystack shell --sandbox`, on each database."""

import asyncio

import pytest
from press import Author

from raystack_orm import DatabaseError, IntegrityError, connection, run_sync, transaction
from raystack_orm.commands.sandbox import sandbox


def names() -> list[str]:
    return list(Author.objects.order_by("name").values_list("name", flat=True))


def test_everything_is_undone(committed_db: str) -> None:
    Author.objects.create(name="Ann")

    with sandbox():
        Author.objects.create(name="Bob")
        with transaction.atomic():
            Author.objects.filter(name="Ann").delete()
        assert names() == ["Bob"]

    assert names() == ["Ann"]


def test_an_error_in_it_undoes_it_too(committed_db: str) -> None:
    with pytest.raises(LookupError), sandbox():
        Author.objects.create(name="Bob")
        raise LookupError

    assert names() == []


def test_both_colours_share_it(committed_db: str) -> None:
    async def asynchronous() -> list[str]:
        await Author.objects.acreate(name="Bob")
        async with transaction.atomic():
            await Author.objects.acreate(name="Cid")
        return await run_sync(names)

    with sandbox():
        Author.objects.create(name="Ann")
        assert asyncio.run(asynchronous()) == ["Ann", "Bob", "Cid"]
        assert names() == ["Ann", "Bob", "Cid"]

    assert names() == []


def test_a_statement_that_fails_undoes_itself_alone(committed_db: str) -> None:
    """PostgreSQL would run nothing more in the transaction."""
    with sandbox():
        ann = Author.objects.create(name="Ann")
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        with pytest.raises(DatabaseError):
            list(Author.objects.raw("SELECT nothing FROM nowhere"))
        with pytest.raises(IntegrityError):
            Author.objects.create(pk=ann.pk, name="Bob")
        with pytest.raises(IntegrityError):
            Author.objects.bulk_create([Author(name="Cid"), Author(pk=ann.pk, name="Bob")])

        assert names() == ["Ann"]


def test_a_block_that_fails_undoes_what_is_in_it(committed_db: str) -> None:
    with sandbox():
        ann = Author.objects.create(name="Ann")
        with pytest.raises(IntegrityError), transaction.atomic():
            Author.objects.create(name="Bob")
            Author.objects.create(pk=ann.pk, name="Cid")

        assert names() == ["Ann"]


def test_rows_stream_in_it(committed_db: str) -> None:
    with sandbox():
        Author.objects.bulk_create([Author(name=str(number)) for number in range(5)])

        assert len(list(Author.objects.iterator(chunk_size=2))) == 5
        assert len(list(Author.objects.all().iterator(chunk_size=2))) == 5
