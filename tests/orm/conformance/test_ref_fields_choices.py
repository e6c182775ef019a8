"""Choices of fields, and enumeration types.

https://docs.djangoproject.com/en/stable/ref/models/fields/#choices
"""

import datetime as dt
import enum
from typing import Any

import pytest

from raystack_orm import ValidationError, models


def currencies() -> dict[str, str]:
    return {"eur": "Euro", "usd": "Dollar"}


class Student(models.Model):
    class Year(models.TextChoices):
        FRESHMAN = "FR", "First year"
        JUNIOR = "JR", "Third year"
        GRADUATE = "GR"

    class Suit(models.IntegerChoices):
        DIAMOND = 1
        SPADE = 2

    year = models.CharField(max_length=2, choices=Year, default=Year.FRESHMAN)
    suit = models.IntegerField(choices=Suit, null=True)
    money = models.CharField(max_length=3, choices=currencies, default="eur")
    grouped = models.CharField(
        max_length=7,
        choices={"Audio": {"cd": "CD", "vinyl": "Vinyl"}, "unknown": "Unknown"},
        default="cd",
    )

    class Meta:
        app_label = "c1_choices"


class MoonLandings(dt.date, models.Choices):
    APOLLO_11 = 1969, 7, 20, "Apollo 11 (Eagle)"
    APOLLO_12 = 1969, 11, 19, "Apollo 12 (Intrepid)"


class Landing(models.Model):
    day = models.DateField(choices=MoonLandings)

    class Meta:
        app_label = "c1_choices"


class Answer(models.IntegerChoices):
    NO = 0, "No"
    YES = 1, "Yes"

    __empty__ = "(Unknown)"


class Vehicle(models.TextChoices):
    CAR = "C"
    JET_SKI = "J"


PAIRS = [("FR", "Freshman"), ("SR", "Senior")]


@pytest.mark.parametrize(
    "given", [dict(PAIRS), PAIRS, tuple(PAIRS), lambda: PAIRS, lambda: dict(PAIRS)]
)
def test_choices_are_normalized_to_pairs(given: Any) -> None:
    field = models.CharField(max_length=2, choices=given)
    assert list(field.choices) == PAIRS
    assert field.flatchoices == PAIRS


def test_an_enumeration_gives_its_values_and_labels() -> None:
    assert list(Student._meta.get_field("year").choices) == [
        ("FR", "First year"),
        ("JR", "Third year"),
        ("GR", "Graduate"),
    ]


def test_groups_are_flattened() -> None:
    field = Student._meta.get_field("grouped")
    assert list(field.choices) == [
        ("Audio", [("cd", "CD"), ("vinyl", "Vinyl")]),
        ("unknown", "Unknown"),
    ]
    assert field.flatchoices == [("cd", "CD"), ("vinyl", "Vinyl"), ("unknown", "Unknown")]


@pytest.mark.parametrize(
    "values",
    [{"year": "XX"}, {"suit": 3}, {"money": "gbp"}, {"grouped": "Audio"}, {"grouped": "dvd"}],
)
def test_a_value_outside_of_the_choices_is_invalid(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Student(**{"suit": 1, **values}).clean_fields()
    (name,) = values
    assert [error.code for error in caught.value.error_dict[name]] == ["invalid_choice"]


@pytest.mark.parametrize(
    "values", [{"year": Student.Year.JUNIOR}, {"suit": 2}, {"grouped": "vinyl"}, {"money": "usd"}]
)
def test_a_choice_is_valid(values: dict[str, Any]) -> None:
    Student(**{"suit": 1, **values}).clean_fields()


def test_choices_are_not_enforced_by_save(db: str) -> None:
    Student.objects.create(year="XX")
    assert Student.objects.get().year == "XX"


def test_members_are_stored_as_their_values(db: str) -> None:
    Student.objects.create(year=Student.Year.JUNIOR, suit=Student.Suit.SPADE)
    found = Student.objects.get(year=Student.Year.JUNIOR, suit=Student.Suit.SPADE)
    assert (found.year, found.suit) == ("JR", 2)
    assert found.year == Student.Year.JUNIOR
    assert type(found.year) is str


def test_a_default_may_be_a_member() -> None:
    assert Student().year is Student.Year.FRESHMAN


def test_members_may_be_of_another_type(db: str) -> None:
    assert dt.date(1969, 7, 20) == MoonLandings.APOLLO_11
    assert MoonLandings.APOLLO_12.label == "Apollo 12 (Intrepid)"
    Landing.objects.create(day=MoonLandings.APOLLO_11.value)
    assert Landing.objects.get().day == MoonLandings.APOLLO_11
    assert Landing.objects.get().get_day_display() == "Apollo 11 (Eagle)"


def test_members_have_value_name_and_label() -> None:
    member = Student.Year.JUNIOR
    assert (member.value, member.name, member.label) == ("JR", "JUNIOR", "Third year")


def test_str_of_a_member_is_its_value() -> None:
    assert str(Student.Year.JUNIOR) == "JR"
    assert f"{Student.Suit.SPADE}" == "2"


def test_the_class_lists_its_parts() -> None:
    assert Student.Year.values == ["FR", "JR", "GR"]
    assert Student.Year.labels == ["First year", "Third year", "Graduate"]
    assert Student.Year.names == ["FRESHMAN", "JUNIOR", "GRADUATE"]
    assert Student.Suit.choices == [(1, "Diamond"), (2, "Spade")]


def test_members_are_found_by_name_and_value() -> None:
    assert Student.Year["JUNIOR"] is Student.Year("JR") is Student.Year.JUNIOR


def test_a_value_or_a_member_is_contained() -> None:
    assert "JR" in Student.Year
    assert Student.Year.JUNIOR in Student.Year
    assert "XX" not in Student.Year


def test_labels_come_from_the_names() -> None:
    assert Vehicle.JET_SKI.label == "Jet Ski"
    assert Vehicle.choices == [("C", "Car"), ("J", "Jet Ski")]


def test_values_are_unique() -> None:
    with pytest.raises(ValueError, match="duplicate"):

        class Twice(models.TextChoices):
            A = "a"
            B = "a"


def test_the_functional_api() -> None:
    medal = models.TextChoices("Medal", "GOLD SILVER")
    assert medal.choices == [("GOLD", "Gold"), ("SILVER", "Silver")]
    place = models.IntegerChoices("Place", "FIRST SECOND")
    assert place.choices == [(1, "First"), (2, "Second")]


def test_an_empty_label() -> None:
    assert Answer.choices == [(None, "(Unknown)"), (0, "No"), (1, "Yes")]
    assert Answer.values == [None, 0, 1]
    assert Answer.names == ["__empty__", "NO", "YES"]


def test_integer_choices_are_integers() -> None:
    assert Student.Suit.SPADE == 2
    assert isinstance(Student.Suit.SPADE, int)
    assert isinstance(Student.Suit.SPADE, enum.Enum)


def test_a_plain_enumeration_may_have_no_labels() -> None:
    class Shape(models.TextChoices):
        ROUND = enum.auto()
        SQUARE = enum.auto()

    assert Shape.values == ["ROUND", "SQUARE"]
