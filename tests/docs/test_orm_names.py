"""The reference of names: every documented name is in its table, and a yes is a name in use."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from zlib import crc32

import pytest
from orm_names import REFUSALS, USES, Name, Use, documented
from orm_names.library import MODELS
from requirements import postgres_url

import raystack_orm
from raystack_orm import connections
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import DatabaseURL, parse_url
from raystack_orm.databases import make_driver
from raystack_orm.testing.databases import emptied, rolled_back

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "orm" / "names.md"
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<answer>yes|no) \| (?P<note>.*?) ?\|$", re.MULTILINE)
HEADING = re.compile(r"^### \[(?P<page>[\w/-]+)\]", re.MULTILINE)
EXTENSIONS = ("btree_gist", "hstore", "pg_trgm", "pgcrypto", "unaccent")
# Where somebody would look for a name.
PLACES = [
    "raystack_orm",
    *(
        f"raystack_orm.{name}"
        for name in (
            "exceptions",
            "models",
            "models.functions",
            "models.lookups",
            "models.expressions",
            "postgres.aggregates",
            "postgres.constraints",
            "postgres.expressions",
            "postgres.fields",
            "postgres.functions",
            "postgres.indexes",
            "postgres.search",
            "signals",
            "testing",
            "transaction",
            "validators",
        )
    ),
]


def table() -> dict[Name, tuple[str, str]]:
    """Return the answers of the page, and what it says of them."""
    found = {}
    for section in re.split(r"^(?=### )", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        heading = HEADING.match(section)
        assert heading is not None, section.partition("\n")[0]
        for row in ROW.finditer(section):
            found[Name(heading["page"], row["name"])] = (row["answer"], row["note"])
    return found


YES = [name for name, (answer, _) in table().items() if answer == "yes"]
NO = [name for name, (answer, _) in table().items() if answer == "no"]


@contextmanager
def library(url: DatabaseURL) -> Iterator[Configuration]:
    """Make a database with the tables of the library, and drop it afterwards."""
    made = Configuration({"default": url}, apps={"library": "library"}, configured=True)
    with configured(made):
        connections.driver("default").create_database()
        if url.vendor == "postgresql":
            for extension in EXTENSIONS:
                connections["default"].write(f"CREATE EXTENSION {extension}", ())
        raystack_orm.create_all(MODELS)
    yield made
    with configured(made):
        connections.driver("default").drop_database()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Configuration]:
    path = tmp_path_factory.mktemp("names") / "library.sqlite3"
    with library(DatabaseURL("sqlite", str(path), testing=True)) as made:
        yield made


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Configuration]:
    server = make_driver(parse_url(postgres_url()))
    with library(server.for_tests(f"_names_{crc32(__file__.encode()):x}")) as made:
        yield made


def test_every_documented_name_is_in_the_table() -> None:
    """And no other one, in the order of Django's documentation."""
    assert list(table()) == documented()


def test_a_yes_has_a_use_and_a_no_has_none() -> None:
    used = {name for use in USES for name in use.names}

    assert set(YES) - used == set()
    assert used - set(YES) == set()


def test_a_no_has_a_reason() -> None:
    assert [name for name, (answer, note) in table().items() if answer == "no" and not note] == []


@pytest.mark.parametrize("use", USES, ids=lambda use: use.run.__name__)
def test_a_yes_is_used(use: Use, request: pytest.FixtureRequest) -> None:
    """In a transaction that is rolled back, but where transactions themselves are used."""
    alone = use.vendor == "own"
    database = request.getfixturevalue("sqlite" if alone else use.vendor)
    with configured(database), emptied(MODELS) if alone else rolled_back():
        use.run()


@pytest.mark.parametrize("name", NO, ids=lambda name: f"{name.page}:{name.name}")
def test_a_no_is_not_there(name: Name, sqlite: Configuration) -> None:
    """When it comes, the table has to say so."""
    if name in REFUSALS:
        with configured(sqlite), emptied(MODELS):
            REFUSALS[name]()
        return
    assert found(name.name) is False


def found(name: str) -> bool:
    """Say whether a name, or the attribute of a class, is where somebody would look for it."""
    owner, _, attribute = name.rpartition(".")
    owner = owner.rpartition(".")[2]
    for module in map(import_module, PLACES):
        if attribute in vars(module) or (
            owner and hasattr(getattr(module, owner, None), attribute)
        ):
            return True
    return hasattr(raystack_orm.models.QuerySet, attribute)
