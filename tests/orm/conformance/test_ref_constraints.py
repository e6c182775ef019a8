"""Constraints: what the database refuses, and what validation says before.

https://docs.djangoproject.com/en/stable/ref/models/constraints/
"""

import datetime as dt
from typing import Any

import pytest
from vendors import only

from raystack_orm import IntegrityError, ValidationError, models, transaction
from raystack_orm.exceptions import NON_FIELD_ERRORS
from raystack_orm.models import CheckConstraint, Deferrable, F, Q, UniqueConstraint
from raystack_orm.models.functions import Lower


class Adult(models.Model):
    age = models.IntegerField(null=True)
    low = models.IntegerField(default=0)
    high = models.IntegerField(default=10)
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_constraints"
        constraints = (
            CheckConstraint(
                condition=Q(age__gte=18),
                name="c1_adult_age",
                violation_error_code="young",
                violation_error_message="Too young for %(name)s.",
            ),
            CheckConstraint(condition=Q(low__lt=F("high")), name="c1_low_high"),
            CheckConstraint(condition=~Q(name="admin") | Q(age__gt=30), name="c1_admin"),
        )


class Booking(models.Model):
    room = models.IntegerField()
    date = models.DateField()
    guest = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_constraints"
        constraints = (UniqueConstraint(fields=["room", "date"], name="c1_booking"),)


class Draft(models.Model):
    user = models.CharField(max_length=20)
    status = models.CharField(max_length=10)

    class Meta:
        app_label = "c1_constraints"
        constraints = (
            UniqueConstraint(fields=["user"], condition=Q(status="DRAFT"), name="c1_draft_user"),
        )


class Named(models.Model):
    name = models.CharField(max_length=20)
    category = models.CharField(max_length=20, default="")
    code = models.IntegerField(null=True)

    class Meta:
        app_label = "c1_constraints"
        constraints = (
            UniqueConstraint(Lower("name").desc(), "category", name="c1_lower_name"),
            UniqueConstraint(fields=["code"], name="c1_code", violation_error_message="Taken."),
        )


class Place(models.Model):
    order = models.IntegerField()

    class Meta:
        app_label = "c1_constraints"
        required_db_vendor = "postgresql"
        constraints = (
            UniqueConstraint(fields=["order"], name="c1_order", deferrable=Deferrable.DEFERRED),
        )


class Nulls(models.Model):
    ordering = models.IntegerField(null=True)
    note = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_constraints"
        required_db_vendor = "postgresql"
        constraints = (
            UniqueConstraint(fields=["ordering"], name="c1_nulls", nulls_distinct=False),
            UniqueConstraint(
                fields=["ordering", "id"],
                name="c1_covering",
                include=["note"],
                opclasses=["int4_ops", "int8_ops"],
            ),
        )


class Base(models.Model):
    age = models.IntegerField()

    class Meta:
        app_label = "c1_constraints"
        abstract = True
        constraints = (
            CheckConstraint(condition=Q(age__gte=18), name="%(app_label)s_%(class)s_is_adult"),
        )


class Heir(Base):
    class Meta(Base.Meta):
        app_label = "c1_constraints"


DAY = dt.date(2024, 1, 1)


def errors_of(instance: models.Model, **options: Any) -> dict[str, list[str | None]]:
    with pytest.raises(ValidationError) as caught:
        instance.validate_constraints(**options)
    return {name: [e.code for e in found] for name, found in caught.value.error_dict.items()}


@pytest.mark.parametrize(
    "values", [{"age": 17}, {"low": 10, "high": 10}, {"name": "admin", "age": 20}]
)
def test_a_check_is_kept_by_the_database(db: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Adult.objects.create(**values)
    made = Adult.objects.create(age=40)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adult.objects.filter(pk=made.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"age": 18}, {"age": None}, {"low": 9}, {"name": "admin", "age": 31}]
)
def test_what_fits_a_check_is_stored_and_valid(db: str, values: dict[str, Any]) -> None:
    Adult(**values).validate_constraints()
    Adult.objects.create(**values)


def test_a_check_is_validated_with_its_code_and_message(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Adult(age=17).validate_constraints()
    assert caught.value.message_dict == {NON_FIELD_ERRORS: ["Too young for c1_adult_age."]}
    assert errors_of(Adult(age=17)) == {NON_FIELD_ERRORS: ["young"]}


def test_a_check_without_a_code_has_none(db: str) -> None:
    assert errors_of(Adult(low=11)) == {NON_FIELD_ERRORS: [None]}


def test_all_violated_constraints_are_reported(db: str) -> None:
    assert len(errors_of(Adult(age=17, low=11, name="admin"))[NON_FIELD_ERRORS]) == 3


@pytest.mark.parametrize("excluded", ["low", "high"])
def test_a_check_of_an_excluded_field_is_ignored(db: str, excluded: str) -> None:
    Adult(low=11).validate_constraints(exclude={excluded})


def test_the_constraints_own_validate(db: str) -> None:
    constraint = Adult._meta.constraints[0]
    constraint.validate(Adult, Adult(age=18))
    constraint.validate(Adult, Adult(age=1), exclude={"age"})
    with pytest.raises(ValidationError):
        constraint.validate(Adult, Adult(age=1))


def test_unique_over_two_fields(db: str) -> None:
    Booking.objects.create(room=1, date=DAY)
    Booking.objects.create(room=2, date=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(room=1, date=DAY)


def test_unique_over_two_fields_has_unique_togethers_code(db: str) -> None:
    Booking.objects.create(room=1, date=DAY)
    assert errors_of(Booking(room=1, date=DAY)) == {NON_FIELD_ERRORS: ["unique_together"]}
    Booking(room=1, date=DAY).validate_constraints(exclude={"room"})


def test_unique_ignores_the_object_itself(db: str) -> None:
    Booking.objects.create(room=1, date=DAY).validate_constraints()


def test_unique_over_one_field_belongs_to_the_field(db: str) -> None:
    Named.objects.create(name="a", code=1)
    with pytest.raises(ValidationError) as caught:
        Named(name="b", code=1).validate_constraints()
    assert caught.value.message_dict == {NON_FIELD_ERRORS: ["Taken."]}


def test_unique_lets_nulls_be(db: str) -> None:
    Named.objects.create(name="a")
    Named(name="b").validate_constraints()
    Named.objects.create(name="b")


def test_unique_under_a_condition(db: str) -> None:
    if db == "mysql":
        pytest.skip("MariaDB has no partial indexes")
    Draft.objects.create(user="ann", status="DRAFT")
    Draft.objects.create(user="ann", status="DONE")
    Draft.objects.create(user="ann", status="DONE")
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user="ann", status="DRAFT")
    assert errors_of(Draft(user="ann", status="DRAFT")) == {NON_FIELD_ERRORS: [None]}
    Draft(user="ann", status="DONE").validate_constraints()
    Draft(user="ann", status="DRAFT").validate_constraints(exclude={"status"})


def test_unique_over_an_expression(db: str) -> None:
    if db == "mysql":
        pytest.skip("MariaDB has no indexes over expressions")
    Named.objects.create(name="Ann")
    with pytest.raises(IntegrityError), transaction.atomic():
        Named.objects.create(name="ANN")
    assert errors_of(Named(name="aNN")) == {NON_FIELD_ERRORS: [None]}
    Named(name="aNN", category="x").validate_constraints()
    Named(name="aNN").validate_constraints(exclude={"name"})


@only("postgresql")
def test_a_deferred_constraint_waits_for_the_end(committed_db: str) -> None:
    one, two = Place.objects.create(order=1), Place.objects.create(order=2)
    with transaction.atomic():
        Place.objects.filter(pk=one.pk).update(order=2)
        Place.objects.filter(pk=two.pk).update(order=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.update(order=7)


@only("postgresql")
def test_nulls_may_be_equal(db: str) -> None:
    Nulls.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Nulls.objects.create()
    assert errors_of(Nulls()) == {"ordering": ["unique"]}


def test_names_of_abstract_models_hold_label_and_class(db: str) -> None:
    assert [c.name for c in Heir._meta.constraints] == ["c1_constraints_heir_is_adult"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Heir.objects.create(age=17)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: UniqueConstraint(fields=["a"], name=""),
        lambda: UniqueConstraint(name="x"),
        lambda: UniqueConstraint(Lower("a"), fields=["a"], name="x"),
        lambda: UniqueConstraint(Lower("a"), name="x", deferrable=Deferrable.DEFERRED),
        lambda: UniqueConstraint(
            fields=["a"], name="x", condition=Q(a=1), deferrable=Deferrable.DEFERRED
        ),
        lambda: UniqueConstraint(
            fields=["a"], name="x", include=["b"], deferrable=Deferrable.DEFERRED
        ),
        lambda: UniqueConstraint(Lower("a"), name="x", opclasses=["text_ops"]),
        lambda: UniqueConstraint(fields=["a"], name="x", opclasses=["text_ops", "x"]),
    ],
)
def test_contradicting_arguments_are_an_error(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: CheckConstraint(condition="age", name="x"),
        lambda: UniqueConstraint(fields=["a"], name="x", condition="a"),
        lambda: UniqueConstraint(fields=["a"], name="x", deferrable="later"),
        lambda: UniqueConstraint(fields=["a"], name="x", include="b"),
        lambda: UniqueConstraint(fields=["a"], name="x", nulls_distinct="no"),
        lambda: CheckConstraint(Q(a=1), name="x"),
    ],
)
def test_arguments_of_a_wrong_type_are_an_error(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        wrong()


def test_constraints_compare_and_deconstruct() -> None:
    one = CheckConstraint(condition=Q(age__gte=18), name="x")
    assert one == CheckConstraint(condition=Q(age__gte=18), name="x")
    assert one != CheckConstraint(condition=Q(age__gte=19), name="x")
    _, args, kwargs = one.deconstruct()
    assert (tuple(args), kwargs) == ((), {"condition": Q(age__gte=18), "name": "x"})
    assert one.clone() == one
