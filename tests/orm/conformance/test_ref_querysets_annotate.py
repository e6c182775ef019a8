"""annotate() and alias().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#annotate
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import (
    Avg,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from raystack_orm.models.functions import Concat, Length, Lower, Upper
from raystack_orm.testing import assert_num_queries


class Baker(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_annotate"


class Cake(models.Model):
    name = models.CharField(max_length=20)
    price = models.IntegerField()
    slices = models.IntegerField(default=8)
    baker = models.ForeignKey(Baker, models.CASCADE)
    toppings = models.ManyToManyField("Topping", related_name="cakes")

    class Meta:
        app_label = "conf_annotate"


class Topping(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_annotate"


@pytest.fixture(autouse=True)
def cakes(db: str) -> None:
    """Ada bakes two cakes with toppings, Ben one without, Cy none."""
    ada, ben, _ = (Baker.objects.create(name=name) for name in ("ada", "ben", "cy"))
    cherry, cream = (Topping.objects.create(name=name) for name in ("cherry", "cream"))
    apple = Cake.objects.create(name="apple", price=10, baker=ada)
    berry = Cake.objects.create(name="berry", price=30, slices=10, baker=ada)
    Cake.objects.create(name="cocoa", price=20, slices=4, baker=ben)
    apple.toppings.set([cherry])
    berry.toppings.set([cherry, cream])


def column(found: Any, name: str) -> list[Any]:
    return [getattr(row, name) for row in found]


def test_a_keyword_names_the_annotation() -> None:
    bakers = Baker.objects.annotate(cakes=Count("cake")).order_by("name")
    assert column(bakers, "cakes") == [2, 1, 0]


@pytest.mark.parametrize(
    ("aggregate", "alias", "expected"),
    [
        (Count("cake"), "cake__count", [2, 1, 0]),
        (Sum("cake__price"), "cake__price__sum", [40, 20, None]),
        (Max("cake__price"), "cake__price__max", [30, 20, None]),
        (Avg("cake__price"), "cake__price__avg", [20, 20, None]),
        (Count("cake__toppings"), "cake__toppings__count", [3, 0, 0]),
    ],
)
def test_an_anonymous_aggregate_names_itself(
    aggregate: Any, alias: str, expected: list[Any]
) -> None:
    assert column(Baker.objects.annotate(aggregate).order_by("name"), alias) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Value(7), [7, 7, 7]),
        (Value("x"), ["x", "x", "x"]),
        (F("price"), [10, 30, 20]),
        (F("baker__name"), ["ada", "ada", "ben"]),
        (F("price") + F("slices"), [18, 40, 24]),
        (F("price") * 2 - 1, [19, 59, 39]),
        (Q(price__gt=15), [False, True, True]),
        (~Q(price__gt=15), [True, False, False]),
        (Q(price__gt=15) & Q(baker__name="ada"), [False, True, False]),
        (Lower(Upper("name")), ["apple", "berry", "cocoa"]),
        (Length("baker__name"), [3, 3, 3]),
        (Concat("name", Value("!")), ["apple!", "berry!", "cocoa!"]),
        (Case(When(price=10, then=Value("low")), default=Value("high")), ["low", "high", "high"]),
        (ExpressionWrapper(F("price") + 1, models.IntegerField()), [11, 31, 21]),
        (Count("toppings"), [1, 2, 0]),
    ],
)
def test_each_row_carries_the_value(expression: Any, expected: list[Any]) -> None:
    found = column(Cake.objects.annotate(value=expression).order_by("name"), "value")
    assert found == expected


def test_a_subquery_or_its_existence_is_a_value_too() -> None:
    topped = Exists(Topping.objects.filter(cakes=OuterRef("pk")))
    baker = Subquery(Baker.objects.filter(pk=OuterRef("baker")).values("name"))
    found = Cake.objects.annotate(topped=topped, by=baker).order_by("name")
    assert column(found, "topped") == [True, True, False]
    assert column(found, "by") == ["ada", "ada", "ben"]


def test_annotations_build_on_each_other() -> None:
    cake = Cake.objects.annotate(double=F("price") * 2).annotate(more=F("double") + 1).get(price=10)
    assert (cake.double, cake.more) == (20, 21)


def test_annotations_of_one_call_see_those_before_them() -> None:
    cake = Cake.objects.annotate(double=F("price") * 2, more=F("double") + 1).get(price=10)
    assert cake.more == 21


def test_an_annotation_can_be_filtered_ordered_and_excluded() -> None:
    bakers = Baker.objects.annotate(total=Sum("cake__price"))
    assert column(bakers.filter(total__gt=20), "name") == ["ada"]
    assert column(bakers.filter(total__isnull=True), "name") == ["cy"]
    assert column(bakers.exclude(total=20).filter(total__isnull=False), "name") == ["ada"]
    assert column(bakers.filter(total__gte=20).order_by("total"), "name") == ["ben", "ada"]
    assert column(bakers.filter(total=F("cake__price")), "name") == ["ben"]


def test_a_later_annotation_of_the_same_name_replaces_the_first() -> None:
    cake = Cake.objects.annotate(extra=Value(1)).annotate(extra=Value(2)).first()
    assert cake is not None
    assert cake.extra == 2


def test_an_annotation_takes_lookups_and_transforms_of_its_type() -> None:
    shouted = Cake.objects.annotate(loud=Upper("name"))
    assert shouted.get(loud__startswith="BE").name == "berry"
    assert shouted.filter(loud__in=["APPLE", "COCOA"]).count() == 2


def test_annotating_takes_one_query_however_many_there_are() -> None:
    with assert_num_queries(1):
        list(Baker.objects.annotate(n=Count("cake"), total=Sum("cake__price"), low=Lower("name")))


def test_count_keeps_the_number_of_annotated_rows() -> None:
    assert Baker.objects.annotate(Count("cake")).count() == 3
    assert Baker.objects.annotate(cakes=Count("cake")).filter(cakes__gt=0).count() == 2


@pytest.mark.parametrize("alias", ["name", "price", "baker", "baker_id", "id", "toppings"])
def test_an_annotation_may_not_hide_a_field(alias: str) -> None:
    with pytest.raises(ValueError):
        Cake.objects.annotate(**{alias: Value(1)})


def test_an_anonymous_argument_may_not_meet_its_name_again() -> None:
    with pytest.raises(ValueError):
        Cake.objects.annotate(Count("toppings"), toppings__count=Value(1))


@pytest.mark.parametrize(
    "expression", [F("price") + 1, Count(F("price") + 1), Value(1), Lower("name")]
)
def test_only_an_aggregate_of_one_field_can_be_anonymous(expression: Any) -> None:
    with pytest.raises(TypeError):
        Cake.objects.annotate(expression)


@pytest.mark.parametrize("value", ["text", 5, None, object()])
def test_an_annotation_must_be_an_expression(value: object) -> None:
    with pytest.raises(TypeError):
        Cake.objects.annotate(wrong=value)


@pytest.mark.parametrize("alias", ["a b", "a;b", 'a"b', "a--b", "a/*b", "a'b", "a[b"])
def test_an_alias_carrying_sql_is_refused(alias: str) -> None:
    with pytest.raises(ValueError):
        Cake.objects.annotate(**{alias: Value(1)})


@pytest.mark.parametrize("name", ["nope", "baker__nope", "name__nope__nope"])
def test_an_unknown_field_in_an_expression_is_a_field_error(name: str) -> None:
    with pytest.raises(FieldError):
        Cake.objects.annotate(value=F(name))
    with pytest.raises(FieldError):
        Cake.objects.annotate(value=Count(name))


def test_mixed_types_need_an_output_field() -> None:
    with pytest.raises(FieldError):
        list(Cake.objects.annotate(mixed=F("price") + F("name")))


def test_an_alias_is_usable_but_not_selected() -> None:
    cake = Cake.objects.alias(double=F("price") * 2).get(double=60)
    assert cake.name == "berry"
    assert not hasattr(cake, "double")


def test_an_alias_serves_filter_exclude_order_by_annotate_and_update() -> None:
    doubled = Cake.objects.alias(double=F("price") * 2)
    assert column(doubled.exclude(double__gt=40).order_by("-double"), "name") == ["cocoa", "apple"]
    assert doubled.annotate(more=F("double") + 1).get(price=10).more == 21
    assert doubled.filter(double=20).update(price=F("double")) == 1
    assert Cake.objects.get(name="apple").price == 20


def test_an_aliased_aggregate_filters_groups() -> None:
    bakers = Baker.objects.alias(cakes=Count("cake")).filter(cakes__gt=1)
    assert column(bakers, "name") == ["ada"]


def test_an_alias_is_promoted_by_annotating_it() -> None:
    promoted = Baker.objects.alias(cakes=Count("cake")).annotate(cakes=F("cakes"))
    assert column(promoted.order_by("name"), "cakes") == [2, 1, 0]
    assert promoted.aggregate(Sum("cakes")) == {"cakes__sum": 3}


def test_an_alias_must_be_promoted_for_aggregate_and_values() -> None:
    aliased = Baker.objects.alias(cakes=Count("cake"))
    with pytest.raises(FieldError):
        aliased.aggregate(Sum("cakes"))
    with pytest.raises(FieldError):
        list(aliased.values("cakes"))


def test_an_alias_obeys_the_rules_of_annotations() -> None:
    with pytest.raises(ValueError):
        Cake.objects.alias(name=Value(1))
    with pytest.raises(TypeError):
        Cake.objects.alias(wrong="text")
