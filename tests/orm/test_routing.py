"""Routers and replicas: which database a query goes to.

https://docs.djangoproject.com/en/stable/topics/db/multi-db/#automatic-database-routing
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from press import Author, Tag

import raystack_orm
from raystack_orm import ImproperlyConfigured, router, transaction
from raystack_orm.configuration import Configuration, configured
from raystack_orm.databases import connections


class TagsApart:
    """Puts tags into a database of their own, and forbids relations to them."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "tags" if model is Tag else None

    db_for_write = db_for_read

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        return False if Tag in (type(obj1), type(obj2)) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return hints.get("model") is Tag if db == "tags" else None


class Undecided:
    """Has an opinion on nothing, and not all of the methods."""

    def db_for_read(self, model: Any, **hints: Any) -> None:
        return None


@pytest.fixture(autouse=True)
def databases(tmp_path: Path) -> Iterator[None]:
    """A database with two replicas, and one for tags."""
    with configured(Configuration()):
        raystack_orm.configure(
            databases={
                "default": {"URL": "sqlite:///main.db", "REPLICAS": ["one", "two"]},
                "one": "sqlite:///one.db",
                "two": "sqlite:///two.db",
                "tags": "sqlite:///tags.db",
            },
            root=tmp_path,
            DATABASE_ROUTERS=[Undecided(), TagsApart],
        )
        yield
        connections.close_all()


def loaded(model: type[Any], alias: str) -> Any:
    """Return an instance that came from a database."""
    instance = model(name="Ann")
    instance._state.db = alias
    return instance


def test_the_first_router_that_decides_wins() -> None:
    """One that returns None, or lacks the method, does not."""
    assert router.db_for_read(Tag) == "tags"
    assert router.db_for_write(Tag, instance=loaded(Tag, "default")) == "tags"


def test_what_no_router_decides_is_read_from_replicas_and_written_to_the_original() -> None:
    """Each of the replicas has its part."""
    assert {router.db_for_read(Author) for _ in range(100)} == {"one", "two"}
    assert router.db_for_write(Author) == "default"


def test_a_transaction_reads_what_it_wrote() -> None:
    """Replicas do not have it yet."""
    with transaction.atomic():
        assert router.db_for_read(Author) == "default"


def test_the_query_of_an_instance_goes_to_where_it_came_from() -> None:
    """But nothing is written to a replica."""
    author = loaded(Author, "one")

    assert router.db_for_read(Author, instance=author) == "one"
    assert router.db_for_write(Author, instance=author) == "default"
    assert router.db_for_write(Author, instance=loaded(Author, "tags")) == "tags"


def test_objects_of_a_replica_and_its_original_may_refer_to_each_other() -> None:
    """Those of other databases may not, unless a router says so."""
    author = loaded(Author, "default")

    assert router.allow_relation(author, loaded(Author, "two"))
    assert not router.allow_relation(author, loaded(Author, "tags"))
    assert not router.allow_relation(author, loaded(Tag, "default"))


def test_migrations_run_where_routers_allow_it_and_never_on_a_replica() -> None:
    """A replica's tables are copied, too."""
    assert router.get_migratable_models([Author, Tag], "default") == [Author, Tag]
    assert router.get_migratable_models([Author, Tag], "tags") == [Tag]
    assert router.get_migratable_models([Author, Tag], "one") == []


def test_routers_are_named_by_their_import_path() -> None:
    """A wrong one is an error with the nearest name."""
    memory = {"default": "sqlite://:memory:"}
    path = "raystack_orm.databases.routing.ConnectionRouter"
    raystack_orm.configure(databases=memory, DATABASE_ROUTERS=[path])
    assert type(router.routers[0]).__name__ == "ConnectionRouter"

    for wrong, message in (
        ("raystack_orm.databases.routing.ConectionRouter", 'Did you mean "ConnectionRouter"?'),
        ("nowhere.Router", "cannot be imported"),
        ("Router", "cannot be imported"),
    ):
        raystack_orm.configure(databases=memory, DATABASE_ROUTERS=[wrong])
        with pytest.raises(ImproperlyConfigured) as caught:
            router.db_for_read(Author)
        assert message in str(caught.value)


def test_create_all_asks_the_routers() -> None:
    """As Django's migrate does; models that are named are created wherever one says."""
    created = raystack_orm.create_all(using="tags")

    assert created == ["press_tag"]
    assert raystack_orm.create_all(using="one") == []
    assert raystack_orm.create_all([Author], using="tags") == ["press_author"]
