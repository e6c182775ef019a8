"""Connections: URLs, configuration, errors, and what happens when a server goes away."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from press import Author
from vendors import only

from raystack_orm import ImproperlyConfigured, OperationalError, ProgrammingError, configure
from raystack_orm.configuration import Configuration, configured
from raystack_orm.database_url import parse_url
from raystack_orm.databases import connections, make_driver


@pytest.fixture(autouse=True)
def same_configuration_afterwards() -> object:
    with configured(Configuration()):
        yield


def test_urls_of_sqlite(tmp_path: Path) -> None:
    """Three slashes are relative to the given folder, four absolute."""
    assert parse_url("sqlite:///db.sqlite3", tmp_path).database == str(tmp_path / "db.sqlite3")
    assert parse_url("sqlite:////var/db.sqlite3").database == "/var/db.sqlite3"
    assert parse_url("sqlite://:memory:").database == ":memory:"
    assert parse_url("sqlite:///a%20b.db?timeout=9", tmp_path).options == {"timeout": "9"}


def test_urls_of_postgresql() -> None:
    """Special characters are escaped; the password is in no text."""
    url = parse_url("postgresql+psycopg://ann:p%40ss@db.example:5433/shop?sslmode=require")

    assert (url.vendor, url.user, url.password, url.host, url.port, url.database) == (
        "postgresql",
        "ann",
        "p@ss",
        "db.example",
        5433,
        "shop",
    )
    assert str(url) == "postgresql://ann@db.example:5433/shop"
    assert "p@ss" not in repr(url)


def test_the_options_of_a_url_may_be_secrets_too() -> None:
    """They are not in its representation, which ends up in logs and error reports."""
    url = parse_url("postgresql://ann@db.example/shop?sslpassword=s3cret&password=s3cret")

    assert url.options == {"sslpassword": "s3cret", "password": "s3cret"}
    assert "s3cret" not in repr(url) + str(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgers://u:secret@h/x", "starts with 'postgers'. Did you mean \"postgres\"?"),
        ("db.sqlite3", "has no scheme"),
        ("postgresql://u:secret@h", "names no database"),
        ("postgresql://u:sec/ret@h:x/db", "special character that is not escaped"),
        ("postgresql://u:p@secret/w@h/db", "special character that is not escaped"),
        ("postgresql://u:p@secret/w?x@h/db", "special character that is not escaped"),
        ("mysql://u:p@secret/w#x@h/db", "special character that is not escaped"),
        ("sqlite://db.sqlite3", "Write three slashes before a relative path"),
    ],
)
def test_a_wrong_url_says_what_is_wrong_without_the_password(url: str, message: str) -> None:
    """Nobody should read a password in an error."""
    with pytest.raises(ImproperlyConfigured) as caught:
        parse_url(url)

    assert any(part in str(caught.value) for part in message.split("|"))
    assert "secret" not in str(caught.value)
    assert "sec/ret" not in str(caught.value)


def test_without_a_configuration_the_error_says_what_to_do() -> None:
    """Nothing guesses a database."""
    with pytest.raises(ImproperlyConfigured, match="The ORM has no database yet"):
        Author.objects.count()


def test_an_unknown_alias_lists_the_known(tmp_path: Path) -> None:
    """using("replcia") is a mistake, not a new database."""
    configure(databases={"default": "sqlite://:memory:", "replica": "sqlite://:memory:"})

    with pytest.raises(ImproperlyConfigured, match='no database "replcia". Did you mean "replica"'):
        Author.objects.using("replcia").count()
    with pytest.raises(ImproperlyConfigured, match='need one named "default"'):
        configure(databases={"main": "sqlite://:memory:"})


def test_a_database_in_memory_is_one_for_all_threads() -> None:
    """Each waits for its turn, a whole transaction long."""
    configure(databases={"default": "sqlite://:memory:"})
    connection = connections["default"]
    connection.write("CREATE TABLE numbers (number INTEGER)")

    def insert(number: int) -> None:
        connections["default"].write("INSERT INTO numbers VALUES (?)", (number,))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(insert, range(50)))

    assert connection.fetch("SELECT count(*), sum(number) FROM numbers").rows == [(50, 1225)]


def test_a_file_that_cannot_be_opened_is_an_operational_error(tmp_path: Path) -> None:
    """The message names the file."""
    configure(databases={"default": f"sqlite:///{tmp_path}/missing/db.sqlite3"})

    with pytest.raises(OperationalError, match="unable to open database file: .*missing"):
        Author.objects.count()


def test_a_missing_table_is_a_programming_or_operational_error(tmp_path: Path) -> None:
    """The classes are those that Django maps each driver's to."""
    configure(databases={"default": f"sqlite:///{tmp_path}/db.sqlite3"})

    with pytest.raises(OperationalError, match="no such table: press_author"):
        Author.objects.count()


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_a_connection_that_the_server_ended_is_replaced() -> None:
    """The next query works, though all idle connections of the pool are gone."""
    Author.objects.create(name="Ann")
    url = connections.driver("default").url
    maintenance = make_driver(url)
    raw = maintenance.lease()
    maintenance.fetch(
        raw,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = $1 AND pid <> pg_backend_pid()",
        (url.database,),
    )
    maintenance.release(raw)
    maintenance.close()

    assert Author.objects.count() == 1
    with pytest.raises(ProgrammingError):
        connections["default"].fetch("SELECT 1 FROM nowhere")


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_an_exhausted_pool_says_so() -> None:
    """The error names the pool's size and how to raise it."""
    url = connections.driver("default").url
    given = f"postgresql://{url.user}@{url.host}:{url.port}/{url.database}"
    driver = make_driver(parse_url(f"{given}?pool_size=1&pool_timeout=0.1"))
    raw = driver.lease()

    with pytest.raises(OperationalError, match="all 1 connections of the pool are in use"):
        driver.lease()

    driver.release(raw)
    driver.close()
