"""What else an instance can do: compare, hash, pickle, show choices, find neighbours.

https://docs.djangoproject.com/en/stable/ref/models/instances/#other-model-instance-methods
"""

import copy
import datetime as dt
import pickle
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


class Mine(models.Model):
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_methods"


class MyProxy(Mine):
    class Meta:
        app_label = "c1_methods"
        proxy = True


class MyChild(Mine):
    class Meta:
        app_label = "c1_methods"


class Person(models.Model):
    SIZES = {"S": "Small", "M": "Medium", "L": "Large"}  # noqa: RUF012 - as documented

    class Media(models.TextChoices):
        VINYL = "v", "Vinyl disc"
        TAPE = "t", "Tape"

    name = models.CharField(max_length=60)
    size = models.CharField(max_length=2, choices=SIZES, null=True, blank=True)
    grouped = models.CharField(
        max_length=1, choices=[("Audio", [("v", "Vinyl")]), ("u", "Unknown")], default="u"
    )
    media = models.CharField(max_length=1, choices=Media, default=Media.TAPE)
    rank = models.IntegerField(choices=[(1, "First"), (2, "Second")], null=True)

    class Meta:
        app_label = "c1_methods"

    def __str__(self) -> str:
        return self.name


class Told(models.Model):
    size = models.CharField(max_length=1, choices={"s": "Small"}, default="s")

    class Meta:
        app_label = "c1_methods"

    def get_size_display(self) -> str:
        return "my own"

    def get_absolute_url(self) -> str:
        return f"/told/{self.pk}/"


class Day(models.Model):
    date = models.DateField()
    kind = models.CharField(max_length=1, default="a")
    maybe = models.DateField(null=True)

    class Meta:
        app_label = "c1_methods"


def test_objects_with_the_same_key_are_equal() -> None:
    assert Mine(id=1) == Mine(id=1)
    assert Mine(id=1) != Mine(id=2)


def test_objects_without_a_key_equal_themselves_alone() -> None:
    mine = Mine()
    assert mine == mine
    assert mine != Mine()


def test_a_proxy_equals_its_concrete_models_object() -> None:
    assert Mine(id=1) == MyProxy(id=1)


def test_a_child_does_not_equal_its_parents_object() -> None:
    assert Mine(id=1) != MyChild(id=1)


def test_other_models_and_other_types_are_not_equal() -> None:
    assert Mine(id=1) != Person(id=1)
    assert Mine(id=1) != 1


def test_the_hash_is_the_keys() -> None:
    assert hash(Mine(id=7)) == hash(7)
    assert {Mine(id=7), Mine(id=7)} == {Mine(id=7)}


def test_without_a_key_there_is_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(Mine())


def test_str_is_what_the_model_says() -> None:
    assert str(Person(name="ann")) == "ann"
    assert repr(Person(name="ann")) == "<Person: ann>"


def test_str_without_a_method_names_model_and_key() -> None:
    assert str(Mine(id=3)) == "Mine object (3)"
    assert str(Mine()) == "Mine object (None)"


def test_get_absolute_url_is_the_models() -> None:
    assert Told(pk=3).get_absolute_url() == "/told/3/"
    assert not hasattr(Mine, "get_absolute_url")


@pytest.mark.parametrize(
    ("values", "field", "shown"),
    [
        ({"size": "L"}, "size", "Large"),
        ({"size": None}, "size", None),
        ({"size": "X"}, "size", "X"),
        ({"grouped": "v"}, "grouped", "Vinyl"),
        ({"grouped": "u"}, "grouped", "Unknown"),
        ({"media": "v"}, "media", "Vinyl disc"),
        ({"media": Person.Media.TAPE}, "media", "Tape"),
        ({"rank": 2}, "rank", "Second"),
    ],
)
def test_get_foo_display(values: dict[str, Any], field: str, shown: Any) -> None:
    assert getattr(Person(**values), f"get_{field}_display")() == shown


def test_get_foo_display_may_be_overridden() -> None:
    assert Told().get_size_display() == "my own"


def test_fields_without_choices_have_no_display_method() -> None:
    assert not hasattr(Person, "get_name_display")


@pytest.fixture
def days(db: str) -> list[Day]:
    return [
        Day.objects.create(date=dt.date(2024, 1, day), kind=kind)
        for day, kind in ((1, "a"), (2, "b"), (2, "a"), (5, "a"))
    ]


def test_next_and_previous_follow_the_date(days: list[Day]) -> None:
    first, second, third, fourth = days
    assert first.get_next_by_date() == second
    assert second.get_next_by_date() == third
    assert fourth.get_previous_by_date() == third
    assert third.get_previous_by_date() == second


def test_past_the_end_there_is_nothing(days: list[Day]) -> None:
    with pytest.raises(Day.DoesNotExist):
        days[-1].get_next_by_date()
    with pytest.raises(Day.DoesNotExist):
        days[0].get_previous_by_date()


def test_next_and_previous_take_lookups(days: list[Day]) -> None:
    assert days[0].get_next_by_date(kind="a") == days[2]
    assert days[3].get_previous_by_date(kind="b") == days[1]


def test_a_neighbour_is_one_query(days: list[Day]) -> None:
    with assert_num_queries(1):
        days[0].get_next_by_date()


def test_neighbours_of_an_unsaved_object_are_an_error(db: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Day(date=dt.date(2024, 1, 1)).get_next_by_date()


def test_a_field_that_may_be_null_has_no_neighbours() -> None:
    assert not hasattr(Day, "get_next_by_maybe")
    assert not hasattr(Day, "get_previous_by_maybe")


def test_pickling_keeps_the_state_of_then(db: str) -> None:
    person = Person.objects.create(name="ann", size="L")
    data = pickle.dumps(person)
    Person.objects.update(name="bob")
    again = pickle.loads(data)
    assert again == person
    assert (again.name, again.size) == ("ann", "L")
    assert again._state.adding is False
    assert again._state.db == "default"


def test_pickling_keeps_unsaved_and_extra_attributes() -> None:
    person = Person(name="ann")
    person.extra = [1]
    again = pickle.loads(pickle.dumps(person))
    assert (again.name, again.extra, again.pk) == ("ann", [1], None)


def test_pickling_keeps_deferred_fields_deferred(db: str) -> None:
    Person.objects.create(name="ann", size="L")
    again = pickle.loads(pickle.dumps(Person.objects.only("name").get()))
    assert "size" in again.get_deferred_fields()
    with assert_num_queries(1):
        assert again.size == "L"


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_a_copy_has_attributes_of_its_own(copier: Any) -> None:
    mine = Mine(id=1, name="a")
    other = copier(mine)
    other.name = "b"
    assert (mine.name, other.name) == ("a", "b")
    assert other == mine


def test_a_copy_of_an_instance_has_a_state_of_its_own(db: str) -> None:
    mine = Mine.objects.create(name="a")
    other = copy.copy(mine)
    other.pk = None
    other._state.adding = True
    other.save()
    assert mine._state.adding is False
    assert Mine.objects.count() == 2


def test_state_says_where_from_and_whether_new(db: str) -> None:
    mine = Mine()
    assert (mine._state.adding, mine._state.db) == (True, None)
    mine.save()
    assert (mine._state.adding, mine._state.db) == (False, "default")
    found = Mine.objects.get()
    assert (found._state.adding, found._state.db) == (False, "default")


def test_is_pk_set() -> None:
    assert Mine()._is_pk_set() is False
    assert Mine(id=1)._is_pk_set() is True
