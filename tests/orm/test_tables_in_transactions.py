"""SQLite's transactions hold tables too: making and listing them does not end one."""

from collections.abc import Iterator
from pathlib import Path

import press
import pytest
from press import Author

import raystack_orm
from raystack_orm import connection, connections, models, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url


class Shelf(models.Model):
    label = models.CharField(max_length=20)

    class Meta:
        app_label = "tables_in_transactions"


class Stop(Exception):
    """Ends a block without committing it."""


@pytest.fixture(params=["file", "memory"], autouse=True)
def sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """A SQLite database, in a file or in memory, that has authors and no shelves."""
    url = f"sqlite:///{tmp_path}/db.sqlite3" if request.param == "file" else "sqlite://:memory:"
    made = Configuration({"default": parse_url(url)}, apps={"press": "press"}, configured=True)
    with configured(made):
        raystack_orm.create_all([press.Author])
        yield
        connections.close_all()


def tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if "shelf" in name]


def test_tables_that_a_block_made_are_rolled_back_with_its_rows() -> None:
    with pytest.raises(Stop), transaction.atomic():
        Author.objects.create(name="Ann")
        raystack_orm.create_all([Shelf])
        Shelf.objects.create(label="A")
        raise Stop

    assert (Author.objects.count(), tables()) == (0, [])


def test_tables_that_a_block_dropped_are_there_again() -> None:
    raystack_orm.create_all([Shelf])
    Shelf.objects.create(label="A")

    with pytest.raises(Stop), transaction.atomic():
        raystack_orm.drop_all([Shelf])
        assert tables() == []
        raise Stop

    assert Shelf.objects.get().label == "A"


def test_what_was_made_in_a_savepoint_goes_with_it() -> None:
    with transaction.atomic():
        Author.objects.create(name="Ann")
        with pytest.raises(Stop), transaction.atomic():
            raystack_orm.create_all([Shelf])
            raise Stop
        Author.objects.create(name="Bob")

    assert (Author.objects.count(), tables()) == (2, [])


def test_looking_at_the_tables_ends_no_block() -> None:
    with pytest.raises(Stop), transaction.atomic():
        Author.objects.create(name="Ann")
        assert tables() == []
        raise Stop

    assert Author.objects.count() == 0


def test_what_a_block_made_is_committed_with_it() -> None:
    with transaction.atomic():
        raystack_orm.create_all([Shelf])

    assert tables() == ["tables_in_transactions_shelf"]
    raystack_orm.drop_all([Shelf])
    assert tables() == []
