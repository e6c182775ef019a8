"""What databases report, as Django's exceptions."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from press import Article, Author, Everything, Tag
from vendors import only

from raystack_orm import (
    DataError,
    DeadlockError,
    IntegrityError,
    OperationalError,
    SerializationError,
    transaction,
)
from raystack_orm.databases import connections, make_driver


@pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
@pytest.mark.usefixtures("db")
def test_text_that_is_too_long_is_a_data_error() -> None:
    """It is not cut off."""
    with pytest.raises(DataError), transaction.atomic():
        Tag.objects.create(name="x" * 31)


@pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
@pytest.mark.usefixtures("db")
def test_a_number_that_is_out_of_range_is_a_data_error() -> None:
    """Nor is it brought into the range."""
    with pytest.raises(DataError), transaction.atomic():
        Everything.objects.create(small=40_000)


@pytest.mark.usefixtures("db")
def test_a_number_beyond_64_bits_is_a_data_error() -> None:
    """On every database."""
    with pytest.raises(DataError), transaction.atomic():
        Everything.objects.create(positive=2**70)


@pytest.mark.usefixtures("db")
def test_what_breaks_a_constraint_is_an_integrity_error() -> None:
    """A duplicate, a null."""
    Tag.objects.create(name="django")
    refused: list[Callable[[], object]] = [
        lambda: Tag.objects.create(name="django"),
        lambda: Tag.objects.create(name=None),
    ]

    for create in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            create()


def test_a_negative_number_in_a_positive_column_is_refused(db: str) -> None:
    """By a check; on MariaDB, whose column has no sign, as out of range."""
    expected = DataError if db == "mysql" else IntegrityError
    with pytest.raises(expected), transaction.atomic():
        Everything.objects.create(positive=-1)


@pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
@pytest.mark.usefixtures("committed_db")
def test_a_deadlock_has_its_own_class() -> None:
    """One of the two is rolled back, inner blocks too, and may be repeated."""
    for name in ("a", "b"):
        Author.objects.create(name=name)
    both_have_one = threading.Barrier(2, timeout=10)
    errors: list[Exception] = []

    def rename(*names: str) -> None:
        try:
            with transaction.atomic():
                for name in names:
                    with transaction.atomic():
                        mine = f"{threading.get_ident()}@x.org"
                        Author.objects.filter(name=name).update(email=mine)
                    if name == names[0]:
                        both_have_one.wait()
        except OperationalError as error:
            errors.append(error)

    threads = [threading.Thread(target=rename, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [type(error) for error in errors] == [DeadlockError]
    assert len(set(Author.objects.values_list("email", flat=True))) == 1


@pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
@pytest.mark.usefixtures("committed_db")
def test_the_isolation_of_transactions_is_an_option() -> None:
    """READ COMMITTED by default, on both."""
    url = connections.driver("default").url
    asked = "SHOW transaction_isolation"
    if url.vendor == "mysql":
        asked = "SHOW VARIABLES LIKE 't%%isolation'"
    serializable = ({"isolation_level": "serializable"}, "serializable")

    for options, level in (({}, "read committed"), serializable):
        driver = make_driver(replace(url, options=options))
        raw = driver.lease()
        found = driver.fetch(raw, asked, ()).rows[0][-1]
        assert found.lower().replace("-", " ") == level
        driver.release(raw)
        driver.close()


@only("postgresql")
@pytest.mark.usefixtures("committed_db")
def test_a_serialization_failure_has_its_own_class() -> None:
    """The transaction may be repeated."""
    Author.objects.create(name="Ann")
    driver = connections.driver("default")
    other = driver.lease()

    with pytest.raises(SerializationError), transaction.atomic():
        connections["default"].write("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert Author.objects.count() == 1
        driver.write(other, "UPDATE press_author SET email = 'first'", ())
        Author.objects.update(email="second")

    driver.release(other)


@pytest.mark.parametrize("database", ["postgresql", "mysql"], indirect=True)
@pytest.mark.usefixtures("committed_db")
def test_a_lost_connection_is_recognised() -> None:
    """And not lent again."""
    driver = make_driver(connections.driver("default").url)
    raw = driver.lease()
    number = {"postgresql": "pg_backend_pid()", "mysql": "CONNECTION_ID()"}[driver.vendor]
    kill = {"postgresql": "SELECT pg_terminate_backend($1, 5000)", "mysql": "KILL %s"}[
        driver.vendor
    ]
    [(pid,)] = driver.fetch(raw, f"SELECT {number}", ()).rows
    connections["default"].write(kill, (pid,))

    with pytest.raises(driver.error_class) as caught:
        for _ in range(100):
            driver.fetch(raw, "SELECT 1", ())
    driver.release(raw)

    assert driver.is_disconnect(caught.value, raw)
    again = driver.lease()
    assert again is not raw
    assert driver.fetch(again, "SELECT 1", ()).rows[0][0] == 1
    driver.release(again)
    driver.close()


@pytest.mark.usefixtures("db")
def test_an_error_of_the_data_is_no_lost_connection() -> None:
    """The connection goes on."""
    driver = connections.driver("default")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Article.objects.create(title="Without an author", author_id=None)

    assert not driver.is_disconnect(caught.value.__cause__, None)
