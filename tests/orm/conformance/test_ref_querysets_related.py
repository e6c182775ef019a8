"""select_related() and prefetch_related(), with Prefetch and prefetch_related_objects().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Prefetch, prefetch_related_objects
from raystack_orm.testing import assert_num_queries


class Town(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_related"


class Cook(models.Model):
    name = models.CharField(max_length=20)
    home = models.ForeignKey(Town, models.CASCADE, null=True)

    class Meta:
        app_label = "conf_related"


class Topping(models.Model):
    name = models.CharField(max_length=20)
    spicy = models.BooleanField(default=False)

    class Meta:
        app_label = "conf_related"
        ordering = ("name",)


class Pizza(models.Model):
    name = models.CharField(max_length=20)
    cook = models.ForeignKey(Cook, models.CASCADE, related_name="pizzas")
    taster = models.ForeignKey(Cook, models.CASCADE, null=True, related_name="tasted")
    toppings = models.ManyToManyField(Topping, related_name="pizzas")

    class Meta:
        app_label = "conf_related"
        ordering = ("name",)


class Recipe(models.Model):
    pizza = models.OneToOneField(Pizza, models.CASCADE, related_name="recipe")
    text = models.TextField()

    class Meta:
        app_label = "conf_related"


@pytest.fixture(autouse=True)
def pizzas(db: str) -> None:
    """Two pizzas of two cooks; one has a recipe and a taster."""
    town = Town.objects.create(name="bari")
    ann = Cook.objects.create(name="ann", home=town)
    bob = Cook.objects.create(name="bob")
    chili, ham, olive = (
        Topping.objects.create(name=name, spicy=name == "chili")
        for name in ("chili", "ham", "olive")
    )
    alpha = Pizza.objects.create(name="alpha", cook=ann, taster=bob)
    beta = Pizza.objects.create(name="beta", cook=bob)
    alpha.toppings.set([chili, ham])
    beta.toppings.set([ham, olive])
    Recipe.objects.create(pizza=alpha, text="bake")


def names(found: Any) -> list[str]:
    return [item.name for item in found]


@pytest.mark.parametrize(
    ("paths", "read", "expected"),
    [
        (["cook"], lambda pizza: pizza.cook.name, "ann"),
        (["cook__home"], lambda pizza: pizza.cook.home.name, "bari"),
        (["taster"], lambda pizza: pizza.taster.name, "bob"),
        (["cook", "taster"], lambda pizza: pizza.cook.name + pizza.taster.name, "annbob"),
        (["recipe"], lambda pizza: pizza.recipe.text, "bake"),
        (["taster__home"], lambda pizza: pizza.taster.home, None),
    ],
)
def test_related_objects_come_in_the_same_query(paths: list[str], read: Any, expected: Any) -> None:
    with assert_num_queries(1):
        pizza = Pizza.objects.select_related(*paths).get(name="alpha")
        assert read(pizza) == expected


def test_a_missing_related_object_is_none_without_a_query() -> None:
    with assert_num_queries(1):
        pizza = Pizza.objects.select_related("taster").get(name="beta")
        assert pizza.taster is None


def test_a_missing_reverse_one_to_one_is_known_without_a_query() -> None:
    with assert_num_queries(1):
        pizza = Pizza.objects.select_related("recipe").get(name="beta")
        with pytest.raises(Recipe.DoesNotExist):
            _ = pizza.recipe


def test_the_other_end_of_a_one_to_one_is_known_too() -> None:
    with assert_num_queries(1):
        pizza = Pizza.objects.select_related("recipe").get(name="alpha")
        assert pizza.recipe.pizza is pizza


def test_the_order_of_filter_and_select_related_does_not_matter() -> None:
    for found in (
        Pizza.objects.filter(name="alpha").select_related("cook"),
        Pizza.objects.select_related("cook").filter(name="alpha"),
    ):
        with assert_num_queries(1):
            assert found.get().cook.name == "ann"


def test_calls_add_up_and_none_clears_them() -> None:
    found = Pizza.objects.select_related("cook").select_related("taster")
    with assert_num_queries(1):
        pizza = found.get(name="alpha")
        assert (pizza.cook.name, pizza.taster.name) == ("ann", "bob")
    with assert_num_queries(2):
        assert found.select_related(None).get(name="alpha").cook.name == "ann"


@pytest.mark.parametrize("path", ["toppings", "nope", "name", "cook__nope", "cook__pizzas"])
def test_only_single_valued_relations_can_be_selected(path: str) -> None:
    with pytest.raises(FieldError):
        list(Pizza.objects.select_related(path))


@pytest.mark.parametrize(
    ("paths", "queries"),
    [
        (["toppings"], 2),
        (["cook"], 2),
        (["cook__home"], 3),
        (["toppings", "cook"], 3),
        (["recipe"], 2),
        (["toppings__pizzas"], 3),
        (["cook__pizzas__toppings"], 4),
        (["toppings", "toppings"], 2),
        (["cook", "cook__home"], 3),
    ],
)
def test_prefetch_takes_one_query_for_each_relation(paths: list[str], queries: int) -> None:
    with assert_num_queries(queries):
        list(Pizza.objects.prefetch_related(*paths))


def test_prefetched_relations_are_read_without_queries() -> None:
    pizzas = list(Pizza.objects.prefetch_related("toppings", "recipe", "cook__home"))
    with assert_num_queries(0):
        assert [names(pizza.toppings.all()) for pizza in pizzas] == [
            ["chili", "ham"],
            ["ham", "olive"],
        ]
        assert pizzas[0].recipe.text == "bake"
        assert pizzas[0].cook.home.name == "bari"
        assert pizzas[0].toppings.count() == 2
        assert pizzas[0].toppings.exists()
        assert len(pizzas[0].toppings.all()) == 2
        assert pizzas[0].toppings.all()[0].name == "chili"


def test_reverse_relations_are_prefetched_and_know_their_parent() -> None:
    cooks = list(Cook.objects.prefetch_related("pizzas").order_by("name"))
    with assert_num_queries(0):
        assert [names(cook.pizzas.all()) for cook in cooks] == [["alpha"], ["beta"]]
        assert cooks[0].pizzas.all()[0].cook is cooks[0]


def test_a_refinement_of_a_prefetched_relation_queries_again() -> None:
    pizza = Pizza.objects.prefetch_related("toppings").get(name="alpha")
    with assert_num_queries(1):
        assert names(pizza.toppings.filter(spicy=True)) == ["chili"]


def test_changing_the_relation_clears_what_was_prefetched() -> None:
    pizza = Pizza.objects.prefetch_related("toppings").get(name="alpha")
    pizza.toppings.add(Topping.objects.get(name="olive"))
    assert names(pizza.toppings.all()) == ["chili", "ham", "olive"]
    pizza.toppings.clear()
    assert names(pizza.toppings.all()) == []


def test_no_rows_means_no_further_queries() -> None:
    with assert_num_queries(1):
        list(Pizza.objects.filter(name="nope").prefetch_related("toppings"))


def test_prefetch_none_clears_the_list() -> None:
    with assert_num_queries(1):
        list(Pizza.objects.prefetch_related("toppings").prefetch_related(None))


@pytest.mark.parametrize("path", ["nope", "name", "cook__nope", "cook__name"])
def test_prefetching_what_is_no_relation_is_an_error(path: str) -> None:
    with pytest.raises((AttributeError, ValueError)):
        list(Pizza.objects.prefetch_related(path))


def test_prefetch_gives_a_relation_another_queryset() -> None:
    spicy = Prefetch("toppings", queryset=Topping.objects.filter(spicy=True))
    alpha, beta = Pizza.objects.prefetch_related(spicy)
    assert (names(alpha.toppings.all()), names(beta.toppings.all())) == (["chili"], [])


def test_prefetch_obeys_the_order_of_its_queryset() -> None:
    backwards = Prefetch("toppings", queryset=Topping.objects.order_by("-name"))
    assert names(Pizza.objects.prefetch_related(backwards)[0].toppings.all()) == ["ham", "chili"]


def test_to_attr_stores_a_list_and_leaves_the_manager_alone() -> None:
    spicy = Prefetch("toppings", Topping.objects.filter(spicy=True), to_attr="hot")
    alpha = Pizza.objects.prefetch_related(spicy, "toppings").get(name="alpha")
    with assert_num_queries(0):
        assert isinstance(alpha.hot, list)
        assert names(alpha.hot) == ["chili"]
        assert names(alpha.toppings.all()) == ["chili", "ham"]


def test_to_attr_of_a_single_relation_is_the_object() -> None:
    alpha = Pizza.objects.prefetch_related(Prefetch("cook", to_attr="maker")).get(name="alpha")
    with assert_num_queries(0):
        assert alpha.maker.name == "ann"


def test_further_lookups_go_through_to_attr() -> None:
    with assert_num_queries(3):
        alpha = Pizza.objects.prefetch_related(
            Prefetch("toppings", to_attr="parts"), "parts__pizzas"
        ).get(name="alpha")
        assert names(alpha.parts[1].pizzas.all()) == ["alpha", "beta"]


def test_one_lookup_with_two_querysets_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        list(
            Pizza.objects.prefetch_related("toppings", Prefetch("toppings", Topping.objects.all()))
        )


def test_a_prefetch_queryset_may_prefetch_and_select_itself() -> None:
    pizzas = Pizza.objects.select_related("cook").prefetch_related("toppings")
    with assert_num_queries(3):
        ann = Cook.objects.prefetch_related(Prefetch("pizzas", pizzas)).get(name="ann")
        pizza = ann.pizzas.all()[0]
        assert (pizza.cook.name, names(pizza.toppings.all())) == ("ann", ["chili", "ham"])


def test_a_sliced_prefetch_takes_so_many_for_each() -> None:
    first = Prefetch("toppings", Topping.objects.order_by("name")[:1], to_attr="first")
    with assert_num_queries(2):
        pizzas = list(Pizza.objects.prefetch_related(first))
    assert [names(pizza.first) for pizza in pizzas] == [["chili"], ["ham"]]


def test_prefetch_refuses_values_and_raw_is_no_queryset_of_rows() -> None:
    with pytest.raises(ValueError):
        Prefetch("toppings", queryset=Topping.objects.values("name"))


def test_prefetch_related_objects_works_on_instances() -> None:
    pizzas = list(Pizza.objects.all())
    with assert_num_queries(2):
        prefetch_related_objects(pizzas, "toppings", Prefetch("cook", to_attr="maker"))
    with assert_num_queries(0):
        assert names(pizzas[1].toppings.all()) == ["ham", "olive"]
        assert pizzas[1].maker.name == "bob"


def test_what_is_fetched_already_is_not_fetched_again() -> None:
    pizzas = list(Pizza.objects.prefetch_related("toppings"))
    with assert_num_queries(0):
        prefetch_related_objects(pizzas, "toppings")
        prefetch_related_objects([], "toppings")


def test_select_related_of_all_goes_before_defer() -> None:
    with assert_num_queries(1):
        pizza = Pizza.objects.defer("cook").select_related().order_by("name")[0]
        assert pizza.get_deferred_fields() == {"cook_id"}
        assert pizza.cook.name == "ann"
