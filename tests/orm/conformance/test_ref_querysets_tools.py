"""Q objects and FilteredRelation.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#query-related-tools
"""

import pickle
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Value
from raystack_orm.testing import assert_num_queries


class Restaurant(models.Model):
    name = models.CharField(max_length=20)
    stars = models.IntegerField(default=0)

    class Meta:
        app_label = "conf_tools"


class Dish(models.Model):
    name = models.CharField(max_length=20)
    vegetarian = models.BooleanField(default=False)
    price = models.IntegerField(default=1)
    restaurant = models.ForeignKey(Restaurant, models.CASCADE, related_name="dishes")
    chefs = models.ManyToManyField("Chef", related_name="dishes")

    class Meta:
        app_label = "conf_tools"


class Chef(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_tools"


@pytest.fixture(autouse=True)
def restaurants(db: str) -> None:
    """Anna serves both kinds, bodo meat, cafe nothing."""
    ann = Chef.objects.create(name="ann")
    for name, stars, dishes in (
        ("anna", 1, [("salad", True, 5), ("steak", False, 20)]),
        ("bodo", 2, [("ham", False, 10)]),
        ("cafe", 3, []),
    ):
        place = Restaurant.objects.create(name=name, stars=stars)
        for dish, vegetarian, price in dishes:
            made = Dish.objects.create(
                name=dish, vegetarian=vegetarian, price=price, restaurant=place
            )
            made.chefs.add(ann)


def names(found: Any) -> list[str]:
    return sorted(place.name for place in found)


def initials(condition: Any) -> str:
    return "".join(name[0] for name in names(Restaurant.objects.filter(condition)))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Q(stars=1), "a"),
        (Q(stars=1) | Q(stars=3), "ac"),
        (Q(stars__gt=1) & Q(stars__lt=3), "b"),
        (Q(stars__lte=2) ^ Q(stars__gte=2), "ac"),
        (Q(stars__lte=2) ^ Q(stars__gte=2) ^ Q(stars=2), "abc"),
        (~Q(stars=1), "bc"),
        (~(Q(stars=1) | Q(stars=2)), "c"),
        (~~Q(stars=1), "a"),
        (Q(stars=1, name="bodo"), ""),
        (Q(stars=1, name="bodo", _connector=Q.OR), "ab"),
        (Q(stars=1, _negated=True), "bc"),
        (Q(("stars", 1)), "a"),
        (Q(("stars", 1), ("name", "bodo"), _connector=Q.OR), "ab"),
        (Q(Q(stars=1) | Q(stars=2), name="bodo"), "b"),
        (Q(), "abc"),
        (~Q(), "abc"),
        (Q() | Q(stars=1), "a"),
        (Q() & Q(stars=1), "a"),
        (Q(name__in=["anna", "cafe"]) & ~Q(stars=3), "a"),
        (Q(dishes__vegetarian=True), "a"),
        (Q(dishes=None), "c"),
        (~Q(dishes__vegetarian=False), "c"),
        (Q(dishes__name="ham") | Q(stars=3), "bc"),
        (Q(stars=F("stars")), "abc"),
        (Q(stars__gt=F("dishes__price")), ""),
    ],
)
def test_q_objects_combine(condition: Q, expected: str) -> None:
    assert initials(condition) == expected


def test_q_combines_with_conditional_expressions() -> None:
    meaty = Exists(Dish.objects.filter(restaurant=OuterRef("pk"), vegetarian=False))
    assert initials(Q(stars=1) & meaty) == "a"
    assert initials(Q(stars=3) | meaty) == "abc"
    assert initials(meaty & Q(stars=2)) == "b"
    assert initials(Q(meaty, stars=2)) == "b"
    assert initials(~Q(meaty)) == "c"


@pytest.mark.parametrize("other", [1, "x", None, {"stars": 1}, object()])
def test_q_combines_with_conditions_only(other: Any) -> None:
    for combine in (
        lambda: Q(stars=1) | other,
        lambda: Q(stars=1) & other,
        lambda: Q(stars=1) ^ other,
    ):
        with pytest.raises(TypeError):
            combine()


def test_q_objects_are_compared_hashed_and_pickled_by_content() -> None:
    condition = Q(stars=1) & ~Q(name="x")
    assert condition == Q(stars=1) & ~Q(name="x")
    assert condition != Q(stars=1)
    assert hash(Q(stars=1)) == hash(Q(stars=1))
    assert pickle.loads(pickle.dumps(condition)) == condition


def test_the_order_of_keywords_does_not_matter() -> None:
    assert Q(a=1, b=2) == Q(b=2, a=1)


def test_combining_leaves_the_operands_alone() -> None:
    one, other = Q(stars=1), Q(stars=2)
    _ = one | other, one & other, ~one
    assert (one, other) == (Q(stars=1), Q(stars=2))


def test_q_objects_stand_before_keywords() -> None:
    assert names(Restaurant.objects.filter(Q(stars__lt=3), ~Q(stars=1), name="bodo")) == ["bodo"]


@pytest.mark.parametrize("method", ["get", "filter", "exclude"])
def test_the_keywords_of_q_are_no_conditions(db: str, method: str) -> None:
    with pytest.raises(TypeError, match="_connector"):
        getattr(Chef.objects, method)(name="x", _connector="OR")


def test_a_wrong_connector_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        Q(stars=1, _connector="AND; DROP TABLE x")


def test_an_unknown_name_in_q_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        Restaurant.objects.filter(Q(nope=1))


def vegetarian(**conditions: Any) -> Any:
    return Restaurant.objects.annotate(
        green=FilteredRelation("dishes", condition=Q(dishes__vegetarian=True, **conditions))
    )


def test_a_filtered_relation_joins_only_rows_that_fit() -> None:
    assert names(vegetarian().filter(green__name="salad")) == ["anna"]
    assert names(vegetarian().filter(green__name="steak")) == []
    assert names(vegetarian().filter(green__isnull=True)) == ["bodo", "cafe"]


def test_a_filtered_relation_can_be_counted() -> None:
    counted = vegetarian().annotate(n=Count("green")).order_by("name")
    assert list(counted.values_list("name", "n")) == [("anna", 1), ("bodo", 0), ("cafe", 0)]


def test_a_filtered_relation_can_be_referred_to() -> None:
    rows = vegetarian().annotate(dish=F("green__name")).order_by("name")
    assert list(rows.values_list("name", "dish")) == [
        ("anna", "salad"),
        ("bodo", None),
        ("cafe", None),
    ]
    assert list(vegetarian().order_by("name").values_list("green__price", flat=True)) == [
        5,
        None,
        None,
    ]


def test_a_filtered_relation_without_use_is_not_joined() -> None:
    assert "JOIN" not in str(vegetarian().query).upper()


def test_conditions_of_a_filtered_relation_may_be_compound() -> None:
    cheap = Restaurant.objects.annotate(
        cheap=FilteredRelation(
            "dishes", condition=Q(dishes__price__lt=15) & ~Q(dishes__name="salad")
        )
    )
    assert names(cheap.filter(cheap__isnull=False)) == ["bodo"]


def test_a_condition_may_refer_to_the_outer_row() -> None:
    found = Restaurant.objects.annotate(
        own=FilteredRelation("dishes", condition=Q(dishes__price__gt=F("stars") * 6))
    )
    assert names(found.filter(own__isnull=False)) == ["anna"]


def test_a_filtered_relation_without_condition_is_the_relation() -> None:
    found = Restaurant.objects.annotate(every=FilteredRelation("dishes"))
    assert names(found.filter(every__name="ham")) == ["bodo"]


def test_a_filtered_relation_may_be_nested_in_paths() -> None:
    chefs = Chef.objects.annotate(
        green=FilteredRelation("dishes", condition=Q(dishes__vegetarian=True))
    )
    places = chefs.filter(green__isnull=False).values_list("green__restaurant__name", flat=True)
    assert list(places) == ["anna"]


def test_a_filtered_relation_of_a_foreign_key_can_be_selected() -> None:
    """The join is the relation's own: inner, as the key is never NULL."""
    dishes = Dish.objects.annotate(
        starred=FilteredRelation("restaurant", condition=Q(restaurant__stars__gt=1))
    ).select_related("starred")
    with assert_num_queries(1):
        assert {dish.name: dish.starred.name for dish in dishes} == {"ham": "bodo"}


@pytest.mark.parametrize(
    ("relation", "condition"),
    [
        ("", Q()),
        ("dishes", "vegetarian"),
        ("dishes", Value(True)),
    ],
)
def test_a_filtered_relation_wants_a_name_and_a_q(relation: str, condition: Any) -> None:
    with pytest.raises(ValueError):
        FilteredRelation(relation, condition=condition)


def test_an_alias_of_a_filtered_relation_needs_a_keyword() -> None:
    with pytest.raises((TypeError, ValueError)):
        Restaurant.objects.annotate(FilteredRelation("dishes"))


def test_the_condition_stays_on_the_relation() -> None:
    with pytest.raises((ValueError, FieldError)):
        list(
            Restaurant.objects.annotate(
                odd=FilteredRelation("dishes", condition=Q(dishes__restaurant__dishes__price=1))
            ).filter(odd__name="x")
        )


def test_an_unknown_relation_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        list(Restaurant.objects.annotate(x=FilteredRelation("nope")).filter(x__name="y"))


@pytest.mark.parametrize("name", ["name", "dishes__name", "dishes__nope", "dishes__isnull"])
def test_a_filtered_relation_is_of_a_relation(name: str) -> None:
    with pytest.raises(ValueError, match="FilteredRelation"):
        Restaurant.objects.annotate(x=FilteredRelation(name)).count()


def test_expressions_in_the_condition_stay_on_the_relation_too() -> None:
    far = Q(dishes__name=F("dishes__restaurant__name"))
    with pytest.raises(ValueError, match="nested relations"):
        Restaurant.objects.annotate(x=FilteredRelation("dishes", condition=far)).count()


def test_what_a_filtered_relation_loads_knows_where_it_came_from() -> None:
    found = Restaurant.objects.annotate(every=FilteredRelation("dishes")).select_related("every")
    with assert_num_queries(1):
        for restaurant in found.filter(every__isnull=False):
            assert restaurant.every.restaurant is restaurant


def test_q_objects_with_views_of_dictionaries_are_equal_and_hashable() -> None:
    assert Q(pk__in={1: "a"}.keys()) == Q(pk__in={1: "b"}.keys())
    assert hash(Q(pk__in={1: "a"}.keys())) == hash(Q(pk__in={1: "b"}.keys()))
