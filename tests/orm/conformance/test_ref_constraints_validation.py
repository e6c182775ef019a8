"""Validating constraints before saving: relations, functions, parents, messages.

https://docs.djangoproject.com/en/stable/ref/models/constraints/#validate
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import IntegrityError, ValidationError, models, transaction
from raystack_orm.models import CheckConstraint, F, Q, UniqueConstraint, Value
from raystack_orm.models.functions import Length, Lower, Upper
from raystack_orm.testing import assert_num_queries


class Team(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_validation"


class Player(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, null=True)
    number = models.IntegerField(default=0)
    name = models.CharField(max_length=20, default="x")
    start = models.DateField(null=True)
    end = models.DateField(null=True)

    class Meta:
        app_label = "c1_validation"
        constraints = (
            UniqueConstraint(
                fields=["team", "number"],
                name="c1_v_number",
                violation_error_message="Number taken.",
                violation_error_code="taken",
            ),
            CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="c1_v_end"),
            CheckConstraint(
                condition=models.lookups.GreaterThan(Length("name"), Value(0)), name="c1_v_name"
            ),
        )


class Captain(Player):
    title = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_validation"
        constraints = (UniqueConstraint(fields=["title"], name="c1_v_title"),)


class Account(models.Model):
    owner = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, null=True)
    active = models.BooleanField(default=True)

    class Meta:
        app_label = "c1_validation"
        constraints = (
            UniqueConstraint(
                Lower("owner"),
                name="c1_v_owner",
                condition=Q(active=True, kind="main"),
                violation_error_message="One main account per owner.",
            ),
        )


class Square(models.Model):
    side = models.IntegerField()
    name = models.CharField(max_length=20, default="x")
    area: Any = models.GeneratedField(
        expression=F("side") * F("side"), output_field=models.IntegerField(), db_persist=True
    )
    loud: Any = models.GeneratedField(
        expression=Upper("name"), output_field=models.CharField(max_length=20), db_persist=True
    )

    class Meta:
        app_label = "c1_validation"
        constraints = (
            UniqueConstraint(fields=["area"], name="c1_v_area"),
            UniqueConstraint(fields=["loud", "side"], name="c1_v_loud"),
        )


@pytest.fixture
def team(db: str) -> Team:
    return Team.objects.create(name="a")


def codes(instance: models.Model, **options: Any) -> list[Any]:
    try:
        instance.validate_constraints(**options)
    except ValidationError as error:
        return [found.code for errors in error.error_dict.values() for found in errors]
    return []


def test_a_code_and_a_message_of_its_own(team: Team) -> None:
    Player.objects.create(team=team, number=1)
    with pytest.raises(ValidationError) as caught:
        Player(team=team, number=1).validate_constraints()
    assert caught.value.messages == ["Number taken."]
    assert codes(Player(team=team, number=1)) == ["taken"]


def test_unique_over_a_relation(team: Team) -> None:
    other = Team.objects.create(name="b")
    Player.objects.create(team=team, number=1)
    assert codes(Player(team=other, number=1)) == []
    assert codes(Player(team_id=team.pk, number=1)) == ["taken"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Player.objects.create(team=team, number=1)


def test_nulls_are_distinct(team: Team) -> None:
    Player.objects.create(number=1)
    assert codes(Player(number=1)) == []
    Player.objects.create(number=1)


@pytest.mark.parametrize("excluded", [{"team"}, {"number"}])
def test_excluded_fields_leave_the_constraint_out(team: Team, excluded: set[str]) -> None:
    Player.objects.create(team=team, number=1)
    assert codes(Player(team=team, number=1), exclude=excluded) == []


def test_a_saved_object_may_keep_its_values(team: Team) -> None:
    player = Player.objects.create(team=team, number=1)
    assert codes(player) == []
    other = Player.objects.create(team=team, number=2)
    other.number = 1
    assert codes(other) == ["taken"]


def test_a_check_that_compares_two_fields(db: str) -> None:
    first, last = dt.date(2024, 1, 1), dt.date(2024, 2, 1)
    assert codes(Player(start=first, end=last)) == []
    assert codes(Player(start=last, end=first)) == [None]
    with pytest.raises(IntegrityError), transaction.atomic():
        Player.objects.create(start=last, end=first)


def test_a_check_that_is_unknown_passes(db: str) -> None:
    assert codes(Player(end=dt.date(2024, 1, 1))) == []
    Player.objects.create(end=dt.date(2024, 1, 1))


def test_a_check_may_be_a_boolean_expression(db: str) -> None:
    assert codes(Player(name="")) == [None]
    with pytest.raises(IntegrityError), transaction.atomic():
        Player.objects.create(name="")


def test_the_default_message_names_the_constraint(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Player(name="").validate_constraints()
    assert "c1_v_name" in caught.value.messages[0]


def test_a_child_is_checked_by_its_parents_constraints_too(team: Team) -> None:
    Player.objects.create(team=team, number=1)
    Captain.objects.create(title="first", number=5)
    assert sorted(codes(Captain(team=team, number=1, title="first"))) == ["taken", "unique"]


def test_a_child_does_not_clash_with_its_own_parent_row(team: Team) -> None:
    captain = Captain.objects.create(team=team, number=1, title="x")
    assert codes(captain) == []


def test_a_condition_and_an_expression(db: str) -> None:
    Account.objects.create(owner="Ann", kind="main")
    assert codes(Account(owner="ANN", kind="main")) == [None]
    assert codes(Account(owner="ANN", kind="side")) == []
    assert codes(Account(owner="ANN", kind="main", active=False)) == []
    assert codes(Account(owner="ANN", kind=None)) == []
    assert codes(Account(owner="ANN", kind="main"), exclude={"active"}) == []


def test_an_existing_row_outside_of_the_condition_does_not_count(db: str) -> None:
    Account.objects.create(owner="Ann", kind="side")
    assert codes(Account(owner="Ann", kind="main")) == []


def test_a_unique_constraint_is_one_query_and_a_check_one_in_a_savepoint(team: Team) -> None:
    with assert_num_queries(1 + 3 + 3):
        Player(team=team, number=1).validate_constraints()


def test_full_clean_puts_them_with_the_other_errors(team: Team) -> None:
    Player.objects.create(team=team, number=1)
    with pytest.raises(ValidationError) as caught:
        Player(team=team, number=1, name="x" * 21).full_clean(exclude={"start", "end"})
    assert set(caught.value.error_dict) == {"name", "__all__"}


def test_generated_fields_are_computed_of_the_instances_own_values(db: str) -> None:
    stored = Square.objects.create(side=3, name="a")
    stored.validate_constraints()
    Square(side=4, name="A").validate_constraints()
    with pytest.raises(ValidationError) as caught:
        Square(side=-3, name="b").validate_constraints()
    assert set(caught.value.message_dict) == {"area"}
    with pytest.raises(ValidationError) as caught:
        Square(side=3, name="A").validate_constraints()
    assert set(caught.value.message_dict) == {"area", "__all__"}
    Square(side=3, name="A").validate_constraints(exclude={"side"})


class Product(models.Model):
    name = models.CharField(max_length=20, null=True)
    lower = models.GeneratedField(
        expression=Lower("name"), output_field=models.CharField(max_length=20), db_persist=True
    )

    class Meta:
        app_label = "c1_validation"


def test_unique_generated_values_are_computed_for_each_instance(db: str) -> None:
    Product.objects.create(name="Box")
    unique = UniqueConstraint(fields=["lower"], name="c1_v_lower")
    unique.validate(Product, Product(name="Case"))
    with pytest.raises(ValidationError):
        unique.validate(Product, Product(name="BOX"))
    unique.validate(Product, Product(name="BAG"))
    unique.validate(Product, Product(name="BOX"), exclude={"name"})


def test_unique_expressions_of_nulls_that_are_not_distinct(db: str) -> None:
    unique = UniqueConstraint(Lower("kind"), name="c1_v_kind", nulls_distinct=False)
    Account.objects.create(owner="ann", kind=None)
    with pytest.raises(ValidationError):
        unique.validate(Account, Account(owner="bob", kind=None))
    unique.validate(Account, Account(owner="bob", kind="x"))


class Review(models.Model):
    stars = models.SmallIntegerField()
    state = models.CharField(max_length=10)
    author = models.CharField(max_length=9)
    middle = models.GeneratedField(
        expression=models.Case(models.When(stars__in=(2, 3), then=1), default=0),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        app_label = "c1_validation"
        constraints = (
            CheckConstraint(condition=Q(stars__range=(1, 5)), name="c1_v_stars"),
            CheckConstraint(condition=Q(state__in=("draft", "paid")), name="c1_v_state"),
            CheckConstraint(condition=Q(stars__range=(F("stars"), 9)), name="c1_v_nine"),
            UniqueConstraint(fields=["author"], condition=Q(stars__in=(4, 5)), name="c1_v_best"),
        )


def test_conditions_with_pairs_of_values_are_validated(db: str) -> None:
    """A pair on the right side of a condition is no condition, whatever field is left out."""
    Review.objects.create(stars=5, state="paid", author="Ann")

    with pytest.raises(ValidationError) as caught:
        Review(stars=9, state="lost", author="").full_clean()
    assert caught.value.message_dict.keys() == {"author", "__all__"}
    assert len(caught.value.message_dict["__all__"]) == 2
    with pytest.raises(ValidationError) as caught:
        Review(stars=4, state="paid", author="Ann").validate_constraints(exclude={"state"})
    assert caught.value.message_dict.keys() == {"__all__"}
    Review(stars=3, state="paid", author="Ann").validate_constraints(exclude={"state"})
    Review(stars=9, state="paid", author="Eve").validate_constraints(exclude={"stars"})


def test_a_generated_field_reads_the_fields_of_its_conditions() -> None:
    """And not the values that they compare with."""
    stars = Review._meta.get_field("stars")
    middle: Any = Review._meta.get_field("middle")

    assert middle.referenced_fields == {stars}
