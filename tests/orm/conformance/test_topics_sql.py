"""Raw SQL: ``raw()``, and cursors.

https://docs.djangoproject.com/en/stable/topics/db/sql/
"""

import datetime as dt
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import FieldDoesNotExist, connection, connections, models
from raystack_orm.testing import assert_num_queries


class Person(models.Model):
    first_name = models.CharField(max_length=20)
    last_name = models.CharField(max_length=20)
    born = models.DateField(null=True)

    class Meta:
        app_label = "c1_sql"


class Dog(models.Model):
    name = models.CharField(max_length=20, db_column="dog name")
    owner = models.ForeignKey(Person, models.CASCADE)

    class Meta:
        app_label = "c1_sql"


class Visit(models.Model):
    came = models.DateTimeField()
    at = models.TimeField()

    class Meta:
        app_label = "c1_sql"


@pytest.fixture
def people(db: str) -> list[Person]:
    return [
        Person.objects.create(first_name=first, last_name=last, born=dt.date(2000, 1, 1))
        for first, last in (("John", "Smith"), ("Jane", "Jones"))
    ]


ALL = "SELECT * FROM c1_sql_person ORDER BY id"


def test_raw_makes_instances(people: list[Person]) -> None:
    found = list(Person.objects.raw(ALL))
    assert found == people
    assert (found[0].first_name, found[0].born) == ("John", dt.date(2000, 1, 1))
    assert found[0]._state.db == "default"
    assert found[0]._state.adding is False


def test_raw_is_lazy_and_remembers_its_result(people: list[Person]) -> None:
    with assert_num_queries(0):
        query = Person.objects.raw(ALL)
    with assert_num_queries(1):
        assert len(query) == 2
        assert [person.pk for person in query] == [person.pk for person in people]
        assert bool(query) is True


def test_the_order_of_columns_does_not_matter(people: list[Person]) -> None:
    (john, _) = Person.objects.raw(
        "SELECT born, last_name, id, first_name FROM c1_sql_person ORDER BY id"
    )
    assert (john.first_name, john.last_name) == ("John", "Smith")


def test_columns_are_mapped_by_as(people: list[Person]) -> None:
    (found, *_) = Person.objects.raw(
        "SELECT id, last_name AS first_name, first_name AS last_name, born "
        "FROM c1_sql_person ORDER BY id"
    )
    assert (found.first_name, found.last_name) == ("Smith", "John")


def test_translations_map_columns(people: list[Person]) -> None:
    (found, *_) = Person.objects.raw(
        "SELECT id AS pk_, first_name AS first, last_name AS last FROM c1_sql_person ORDER BY 1",
        translations={"pk_": "id", "first": "first_name", "last": "last_name"},
    )
    assert (found.first_name, found.last_name) == ("John", "Smith")


def test_columns_are_mapped_by_db_column_and_relations_work(people: list[Person]) -> None:
    Dog.objects.create(name="Rex", owner=people[0])
    (dog,) = Dog.objects.raw("SELECT * FROM c1_sql_dog")
    assert (dog.name, dog.owner) == ("Rex", people[0])


def test_index_lookups(people: list[Person]) -> None:
    assert Person.objects.raw(ALL)[1] == people[1]
    assert Person.objects.raw(ALL)[0:1] == [people[0]]


def test_columns_left_out_are_deferred(people: list[Person]) -> None:
    with assert_num_queries(1):
        found = list(Person.objects.raw("SELECT id, first_name FROM c1_sql_person"))
    assert found[0].get_deferred_fields() == {"last_name", "born"}
    with assert_num_queries(1):
        assert {person.last_name for person in found[:1]} <= {"Smith", "Jones"}


def test_the_primary_key_must_be_there(people: list[Person]) -> None:
    with pytest.raises(FieldDoesNotExist):
        list(Person.objects.raw("SELECT first_name FROM c1_sql_person"))


def test_other_columns_are_annotations(people: list[Person]) -> None:
    (found, *_) = Person.objects.raw("SELECT p.*, 5 AS age FROM c1_sql_person p ORDER BY id")
    assert found.age == 5


@pytest.mark.parametrize("params", [["Smith"], ("Smith",)])
def test_parameters(people: list[Person], params: Any) -> None:
    query = Person.objects.raw("SELECT * FROM c1_sql_person WHERE last_name = %s", params)
    assert list(query) == [people[0]]


def test_parameters_by_name(people: list[Person]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes a list of parameters alone")
    query = Person.objects.raw(
        "SELECT * FROM c1_sql_person WHERE last_name = %(last)s", {"last": "Smith"}
    )
    assert list(query) == [people[0]]


def test_parameters_are_values_and_nothing_else(people: list[Person]) -> None:
    query = Person.objects.raw("SELECT * FROM c1_sql_person WHERE last_name = %s", ["x' OR '1'='1"])
    assert list(query) == []


def test_raw_knows_its_columns(people: list[Person]) -> None:
    query = Person.objects.raw("SELECT id, first_name, 1 AS extra FROM c1_sql_person")
    assert list(query.columns) == ["id", "first_name", "extra"]


def test_raw_prefetches(people: list[Person]) -> None:
    Dog.objects.create(name="Rex", owner=people[0])
    with assert_num_queries(2):
        for person in Person.objects.raw(ALL).prefetch_related("dog_set"):
            list(person.dog_set.all())


def test_raw_uses_another_database(two_dbs: str) -> None:
    Person.objects.using("other").create(first_name="a", last_name="b")
    assert [p.first_name for p in Person.objects.raw(ALL, using="other")] == ["a"]
    assert [p.first_name for p in Person.objects.raw(ALL).using("other")] == ["a"]


def test_raw_from_async_code(people: list[Person], run: Callable[..., Any]) -> None:
    async def work() -> list[Person]:
        return [person async for person in Person.objects.raw(ALL)]

    assert run(work()) == people


def test_a_cursor_executes_and_fetches(people: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE c1_sql_person SET first_name = %s WHERE last_name = %s", ["J", "Jones"]
        )
        assert cursor.rowcount == 1
        cursor.execute("SELECT first_name FROM c1_sql_person WHERE last_name = %s", ["Jones"])
        assert tuple(cursor.fetchone()) == ("J",)
        assert cursor.fetchone() is None


def test_fetchall_and_fetchmany(people: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_name FROM c1_sql_person ORDER BY id")
        assert [tuple(row) for row in cursor.fetchall()] == [("Smith",), ("Jones",)]
        cursor.execute("SELECT last_name FROM c1_sql_person ORDER BY id")
        assert len(cursor.fetchmany(1)) == 1


def test_a_cursor_describes_its_columns(people: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, first_name FROM c1_sql_person ORDER BY id")
        names = [column[0] for column in cursor.description]
        Row = namedtuple("Row", names)  # noqa: PYI024 - the documented recipe
        rows = [Row(*row) for row in cursor.fetchall()]
    assert rows[0].first_name == "John"


def test_a_cursor_can_be_iterated(people: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_name FROM c1_sql_person ORDER BY id")
        assert [row[0] for row in cursor] == ["John", "Jane"]


def test_percent_signs_are_doubled_only_with_parameters(people: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM c1_sql_person WHERE first_name LIKE 'J%'")
        assert len(cursor.fetchall()) == 2
        cursor.execute(
            "SELECT id FROM c1_sql_person WHERE first_name LIKE 'J%%' AND last_name = %s",
            ["Smith"],
        )
        assert len(cursor.fetchall()) == 1


def test_executemany(db: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO c1_sql_person (first_name, last_name) VALUES (%s, %s)",
            [("a", "b"), ("c", "d")],
        )
    assert Person.objects.count() == 2


def test_cursors_of_other_databases(two_dbs: str) -> None:
    with connections["other"].cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM c1_sql_person")
        assert cursor.fetchone()[0] == 0


def test_parameters_are_written_as_fields_write_them(db: str) -> None:
    moment, time = dt.datetime(2020, 1, 15, 10, 30, tzinfo=dt.UTC), dt.time(10, 30)
    made = Visit.objects.create(came=moment, at=time)
    if db == "mysql":
        moment = moment.replace(tzinfo=None)  # the driver would write the zone, too
    sql = "SELECT * FROM c1_sql_visit WHERE came = %s AND at = %s"
    if db == "sqlite":
        moment = moment.replace(tzinfo=None)  # the text in the column is UTC
    assert list(Visit.objects.raw(sql, [moment, time])) == [made]
