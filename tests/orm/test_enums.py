"""Choices: enumerations with labels, as Django documents them."""

import copy
import datetime as dt
import enum
import pickle
from collections import UserString
from typing import Any

import pytest

from raystack_orm import ValidationError, models


class Suit(models.IntegerChoices):
    DIAMOND = 1, "Diamond!"
    SPADE = 2
    BIG_HEART = 3


class YearInSchool(models.TextChoices):
    FRESHMAN = "FR", "Freshman"
    SOPHOMORE = "SO"
    JUNIOR = enum.auto()

    __empty__ = "(Unknown)"


class MoonLandings(dt.date, models.Choices):
    APOLLO_11 = 1969, 7, 20, "Apollo 11 (Eagle)"
    APOLLO_12 = 1969, 11, 19


def test_labels_are_given_or_made_of_names() -> None:
    """Underscores become spaces."""
    assert Suit.choices == [(1, "Diamond!"), (2, "Spade"), (3, "Big Heart")]
    assert Suit.labels == ["Diamond!", "Spade", "Big Heart"]
    assert Suit.values == [1, 2, 3]
    assert Suit.names == ["DIAMOND", "SPADE", "BIG_HEART"]
    assert Suit.SPADE.label == "Spade"


def test_members_are_their_values() -> None:
    """str() is the value, as templates and columns need it."""
    assert Suit.SPADE == 2
    assert str(Suit.SPADE) == "2"
    assert repr(Suit.SPADE) == "Suit.SPADE"
    assert f"{YearInSchool.FRESHMAN}" == "FR"
    assert YearInSchool.JUNIOR == "JUNIOR"
    assert 2 in Suit
    assert 9 not in Suit
    assert Suit.SPADE in Suit
    assert Suit(1) is Suit.DIAMOND
    assert Suit["SPADE"] is Suit.SPADE


def test_the_empty_label_comes_first() -> None:
    """__empty__ is the label of None."""
    assert YearInSchool.choices[0] == (None, "(Unknown)")
    assert YearInSchool.names[0] == "__empty__"
    assert YearInSchool.values[0] is None
    assert YearInSchool.labels[0] == "(Unknown)"


def test_other_types_may_be_mixed_in() -> None:
    """The label is the last of what the type takes."""
    assert dt.date(1969, 7, 20) == MoonLandings.APOLLO_11
    assert MoonLandings.labels == ["Apollo 11 (Eagle)", "Apollo 12"]


def test_the_functional_way() -> None:
    """Names alone are enough."""
    medal: Any = models.TextChoices("Medal", "GOLD SILVER BRONZE")
    place: Any = models.IntegerChoices("Place", "FIRST SECOND")

    assert medal.choices == [("GOLD", "Gold"), ("SILVER", "Silver"), ("BRONZE", "Bronze")]
    assert place.values == [1, 2]


def test_equal_values_are_an_error() -> None:
    """No two members are one."""
    with pytest.raises(ValueError, match="duplicate"):

        class Twice(models.TextChoices):
            A = "a"
            B = "a"


def test_members_are_copied_and_pickled_as_themselves() -> None:
    """There is one of each."""
    assert pickle.loads(pickle.dumps(Suit.SPADE)) is Suit.SPADE
    assert copy.deepcopy(Suit.SPADE) is Suit.SPADE


PAIRS = [("a", "A"), ("b", "B")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (PAIRS, PAIRS),
        ({"a": "A", "b": "B"}, PAIRS),
        (lambda: PAIRS, PAIRS),
        ({"g": {"a": "A"}}, [("g", [("a", "A")])]),
        ([("g", [("a", "A")]), ("b", "B")], [("g", [("a", "A")]), ("b", "B")]),
        (Suit, Suit.choices),
        (None, None),
    ],
)
def test_choices_in_every_form(given: Any, expected: Any) -> None:
    """Pairs, groups, mappings, callables, enumerations."""
    field: Any = models.CharField(max_length=5, choices=given)

    assert field.choices == expected
    assert field.clone().choices == expected


def test_a_form_gets_a_blank_choice_first() -> None:
    """Unless one of the choices is blank itself."""
    field = models.CharField(max_length=5, choices=PAIRS)

    assert field.get_choices() == [("", "---------"), *PAIRS]
    assert field.get_choices(include_blank=False) == PAIRS
    assert models.CharField(choices=[("", "None"), *PAIRS]).get_choices()[0] == ("", "None")


def test_choices_that_are_none_are_found_by_check() -> None:
    """fields.E004, fields.E005 and fields.E009."""
    for given, expected in (
        ({"a", "b"}, "fields.E004"),
        (["ab"], "fields.E005"),
        ([("abcdef", "x")], "fields.E009"),
    ):
        field: Any = models.CharField(max_length=5, choices=given)
        assert [message.id for message in field.check()] == [expected]


def test_a_value_is_one_of_the_choices() -> None:
    """Members count as their values."""
    field = models.IntegerField(choices=Suit)

    assert field.clean(Suit.SPADE, None) == 2
    with pytest.raises(ValidationError) as caught:
        field.clean(9, None)
    assert caught.value.code == "invalid_choice"


def test_a_label_may_be_a_text_that_is_made_when_it_is_read() -> None:
    """Translations that wait for the reader's language act as texts without being ``str``."""

    class Lazy(UserString):
        pass

    class Size(models.IntegerChoices):
        SMALL = 1, Lazy("small")

    assert Size.SMALL.label == "small"
    assert Size(1) is Size.SMALL
