"""Validating instances: ``full_clean()`` and its four steps.

https://docs.djangoproject.com/en/stable/ref/models/instances/#validating-objects
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import ValidationError, models
from raystack_orm.exceptions import NON_FIELD_ERRORS
from raystack_orm.testing import assert_num_queries


class Room(models.Model):
    name = models.CharField(max_length=10, unique=True)
    floor = models.IntegerField(default=0)
    number = models.IntegerField(null=True, blank=True)
    kind = models.CharField(max_length=1, choices={"s": "Small", "l": "Large"}, default="s")
    mail = models.EmailField(blank=True)
    state = models.CharField(max_length=10, default="open")
    since = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "c1_validating"
        unique_together = (("floor", "number"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(floor__lt=100), name="c1_low"),
            models.UniqueConstraint(fields=["mail", "since"], name="c1_mail_since"),
        )

    def clean(self) -> None:
        if self.state == "closed" and self.since is not None:
            raise ValidationError("A closed room has no date.", code="closed")
        if self.state == "new":
            self.since = dt.date(2024, 1, 1)
        if self.state == "both":
            raise ValidationError(
                {
                    "name": ValidationError("Missing.", code="required"),
                    "floor": ValidationError("Wrong.", code="invalid"),
                }
            )
        if self.state == "one":
            raise ValidationError({"since": "Not here."})


class Entry(models.Model):
    slug = models.CharField(max_length=20, unique_for_date="day")
    month_slug = models.CharField(max_length=20, unique_for_month="day", default="")
    year_slug = models.CharField(max_length=20, unique_for_year="day", default="")
    day = models.DateField()

    class Meta:
        app_label = "c1_validating"


class Steps(models.Model):
    name = models.CharField(max_length=5)

    class Meta:
        app_label = "c1_validating"

    def clean_fields(self, exclude: Any = None) -> None:
        self.calls = ["clean_fields"]
        super().clean_fields(exclude)

    def clean(self) -> None:
        self.calls.append("clean")

    def validate_unique(self, exclude: Any = None) -> None:
        self.calls.append("validate_unique")

    def validate_constraints(self, exclude: Any = None) -> None:
        self.calls.append("validate_constraints")


class Child(Room):
    age = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_validating"


def errors_of(room: models.Model, **options: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        room.full_clean(**options)
    return {name: [e.code for e in found] for name, found in caught.value.error_dict.items()}


def test_full_clean_takes_the_four_steps_in_order() -> None:
    steps = Steps(name="x")
    steps.full_clean()
    assert steps.calls == ["clean_fields", "clean", "validate_unique", "validate_constraints"]


def test_two_steps_may_be_left_out() -> None:
    steps = Steps(name="x")
    steps.full_clean(validate_unique=False, validate_constraints=False)
    assert steps.calls == ["clean_fields", "clean"]


def test_a_valid_object_passes_silently(db: str) -> None:
    assert Room(name="a").full_clean() is None


def test_errors_of_all_steps_come_together(db: str) -> None:
    Room.objects.create(name="a", floor=1, number=2)
    assert errors_of(Room(name="a", floor=1, number=2, kind="x")) == {
        "kind": ["invalid_choice"],
        "name": ["unique"],
        NON_FIELD_ERRORS: ["unique_together"],
    }


def test_message_dict_has_the_messages_of_each_field() -> None:
    with pytest.raises(ValidationError) as caught:
        Room(name="").clean_fields()
    assert list(caught.value.message_dict) == ["name"]
    assert all(isinstance(text, str) for text in caught.value.message_dict["name"])


def test_saving_does_not_clean(db: str) -> None:
    room = Room(name="", kind="x", state="new")
    room.save()
    assert room.since is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": ""}, {"name": ["blank"]}),
        ({"name": None}, {"name": ["null"]}),
        ({"name": "a" * 11}, {"name": ["max_length"]}),
        ({"floor": "high"}, {"floor": ["invalid"]}),
        ({"kind": "x"}, {"kind": ["invalid_choice"]}),
        ({"mail": "nobody"}, {"mail": ["invalid"]}),
        ({"since": "someday"}, {"since": ["invalid"]}),
        ({"since": "2024-02-30"}, {"since": ["invalid_date"]}),
    ],
)
def test_each_field_is_cleaned(db: str, values: dict[str, Any], expected: Any) -> None:
    assert errors_of(Room(**{"name": "a", **values})) == expected


def test_exclude_leaves_fields_out(db: str) -> None:
    Room(name="a" * 11, kind="x").full_clean(exclude={"name", "kind"})


def test_clean_fields_takes_a_set_to_exclude() -> None:
    Room(name="").clean_fields(exclude={"name"})
    with pytest.raises(ValidationError):
        Room(name="").clean_fields()


def test_a_blank_field_with_an_empty_value_is_not_validated() -> None:
    Room(name="a", mail="").clean_fields()


def test_clean_may_change_attributes(db: str) -> None:
    room = Room(name="a", state="new")
    room.full_clean()
    assert room.since == dt.date(2024, 1, 1)


def test_an_error_with_a_string_belongs_to_the_whole_object(db: str) -> None:
    assert errors_of(Room(name="a", state="closed", since=dt.date(2024, 1, 1))) == {
        NON_FIELD_ERRORS: ["closed"]
    }


def test_an_error_with_a_dictionary_belongs_to_its_fields(db: str) -> None:
    assert errors_of(Room(name="a", state="both")) == {"name": ["required"], "floor": ["invalid"]}
    assert list(errors_of(Room(name="a", state="one"))) == ["since"]


def test_uniqueness_ignores_the_object_itself(db: str) -> None:
    room = Room.objects.create(name="a", floor=1, number=2)
    room.full_clean()


def test_uniqueness_of_a_saved_object_looks_at_the_others(db: str) -> None:
    Room.objects.create(name="a")
    room = Room.objects.create(name="b")
    room.name = "a"
    assert errors_of(room) == {"name": ["unique"]}


def test_fields_with_errors_are_not_asked_for_uniqueness(db: str) -> None:
    Room.objects.create(name="a" * 10, floor=1)
    assert errors_of(Room(name="a" * 11, floor=1)) == {"name": ["max_length"]}


def test_validate_unique_excludes_fields(db: str) -> None:
    Room.objects.create(name="a")
    Room(name="a").validate_unique(exclude={"name"})
    with pytest.raises(ValidationError):
        Room(name="a").validate_unique()


def test_excluding_one_field_leaves_its_unique_together_out(db: str) -> None:
    Room.objects.create(name="a", floor=1, number=2)
    with pytest.raises(ValidationError):
        Room(name="b", floor=1, number=2).validate_unique()
    Room(name="b", floor=1, number=2).validate_unique(exclude={"number"})


def test_null_in_unique_together_is_equal_to_nothing(db: str) -> None:
    Room.objects.create(name="a", floor=1)
    Room(name="b", floor=1).validate_unique()


def test_constraints_of_meta_are_not_validate_uniques_business(db: str) -> None:
    day = dt.date(2024, 1, 1)
    Room.objects.create(name="a", mail="a@b.example", since=day)
    other = Room(name="b", mail="a@b.example", since=day)
    other.validate_unique()
    with pytest.raises(ValidationError):
        other.validate_constraints()


def test_check_constraints_are_validated(db: str) -> None:
    assert list(errors_of(Room(name="a", floor=100))) == [NON_FIELD_ERRORS]


def test_constraints_leave_excluded_fields_alone(db: str) -> None:
    Room(name="a", floor=100).validate_constraints(exclude={"floor"})


def test_validate_constraints_may_be_switched_off(db: str) -> None:
    Room(name="a", floor=100).full_clean(validate_constraints=False)


def test_validate_unique_may_be_switched_off(db: str) -> None:
    Room.objects.create(name="a")
    Room(name="a").full_clean(validate_unique=False)


def test_a_child_is_checked_against_its_parents_table(db: str) -> None:
    Room.objects.create(name="a")
    assert errors_of(Child(name="a")) == {"name": ["unique"]}


def test_a_childs_parents_constraints_are_checked(db: str) -> None:
    assert list(errors_of(Child(name="a", floor=100))) == [NON_FIELD_ERRORS]


def test_unique_for_date(db: str) -> None:
    Entry.objects.create(slug="a", day=dt.date(2024, 1, 1), month_slug="m", year_slug="y")
    same = Entry(slug="a", day=dt.date(2024, 1, 1), month_slug="n", year_slug="z")
    assert errors_of(same) == {"slug": ["unique_for_date"]}
    Entry(slug="a", day=dt.date(2024, 1, 2), month_slug="n", year_slug="z").full_clean()


def test_unique_for_month_and_year(db: str) -> None:
    Entry.objects.create(slug="a", day=dt.date(2024, 1, 1), month_slug="m", year_slug="y")
    assert errors_of(Entry(slug="b", day=dt.date(2024, 1, 9), month_slug="m", year_slug="z")) == {
        "month_slug": ["unique_for_date"]
    }
    assert errors_of(Entry(slug="b", day=dt.date(2024, 9, 9), month_slug="m", year_slug="y")) == {
        "year_slug": ["unique_for_date"]
    }
    Entry(slug="b", day=dt.date(2025, 9, 9), month_slug="m", year_slug="y").full_clean()


def test_a_primary_key_that_is_taken_is_an_error_for_a_new_object(db: str) -> None:
    room = Room.objects.create(name="a")
    assert errors_of(Room(pk=room.pk, name="b")) == {"id": ["unique"]}


def test_validation_asks_once_per_unique_check(db: str) -> None:
    with assert_num_queries(2):  # name; floor and number together
        Room(name="a", number=1).validate_unique()
