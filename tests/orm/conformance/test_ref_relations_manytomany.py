"""The managers on both sides of a ManyToManyField.

https://docs.djangoproject.com/en/stable/ref/models/relations/
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models.signals import m2m_changed
from raystack_orm.testing import assert_num_queries, capture_queries


class Topping(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_rel_m2m"
        ordering = ("pk",)


class Pizza(models.Model):
    name = models.CharField(max_length=20, default="")
    toppings = models.ManyToManyField(Topping)

    class Meta:
        app_label = "c1_rel_m2m"
        ordering = ("pk",)


@pytest.fixture
def pizza(db: str) -> Pizza:
    return Pizza.objects.create(name="a")


@pytest.fixture
def toppings(db: str) -> list[Topping]:
    return [Topping.objects.create(name=name) for name in ("ham", "oil", "egg")]


def names(pizza: Pizza) -> list[str]:
    return [topping.name for topping in pizza.toppings.all()]


def test_methods_are_on_both_sides(pizza: Pizza, toppings: list[Topping]) -> None:
    toppings[0].pizza_set.add(pizza)
    assert list(pizza.toppings.all()) == [toppings[0]]
    toppings[0].pizza_set.clear()
    assert names(pizza) == []


def test_add_takes_objects_and_keys(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(toppings[0], toppings[1].pk)
    assert names(pizza) == ["ham", "oil"]


def test_adding_twice_adds_once(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(toppings[0])
    pizza.toppings.add(toppings[0], toppings[0])
    assert names(pizza) == ["ham"]


def test_add_inserts_in_one_query(pizza: Pizza, toppings: list[Topping]) -> None:
    with assert_num_queries(1):
        pizza.toppings.add(*toppings)


def test_adding_nothing_is_no_query(pizza: Pizza) -> None:
    with assert_num_queries(0):
        pizza.toppings.add()


def test_with_a_receiver_add_asks_what_is_there_first(
    pizza: Pizza, toppings: list[Topping]
) -> None:
    def receiver(**_: object) -> None: ...

    m2m_changed.connect(receiver, sender=Pizza.toppings.through)
    try:
        with assert_num_queries(2):
            pizza.toppings.add(*toppings)
    finally:
        m2m_changed.disconnect(receiver, sender=Pizza.toppings.through)


def test_other_models_are_refused(pizza: Pizza) -> None:
    with pytest.raises(TypeError):
        pizza.toppings.add(pizza)
    with pytest.raises(ValueError, match="Topping"):
        pizza.toppings.remove(pizza)


def test_unsaved_objects_are_refused(pizza: Pizza) -> None:
    with pytest.raises(ValueError, match="Topping"):
        pizza.toppings.add(Topping(name="x"))


def test_create_saves_and_relates(pizza: Pizza) -> None:
    with assert_num_queries(2):
        made = pizza.toppings.create(name="new")
    assert list(pizza.toppings.all()) == [made]


def test_get_or_create_relates_what_it_creates(pizza: Pizza, toppings: list[Topping]) -> None:
    made, created = pizza.toppings.get_or_create(name="new")
    assert created is True
    assert pizza.toppings.get_or_create(name="new") == (made, False)


def test_update_or_create(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(toppings[0])
    changed, created = pizza.toppings.update_or_create(name="ham", defaults={"name": "raw"})
    assert (changed, created) == (toppings[0], False)
    assert names(pizza) == ["raw"]


def test_remove_takes_objects_and_keys(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(*toppings)
    with assert_num_queries(1):
        pizza.toppings.remove(toppings[0], toppings[2].pk)
    assert names(pizza) == ["oil"]


def test_removing_what_is_not_related_is_no_error(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.remove(toppings[0])
    assert names(pizza) == []


def test_clear_keeps_the_objects(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(*toppings)
    with assert_num_queries(1):
        pizza.toppings.clear()
    assert Topping.objects.count() == 3


def test_set_changes_the_difference(pizza: Pizza, toppings: list[Topping]) -> None:
    ham, oil, egg = toppings
    pizza.toppings.set([ham, oil])
    kept = Pizza.toppings.through.objects.get(topping=oil).pk
    pizza.toppings.set([oil, egg.pk])
    assert names(pizza) == ["oil", "egg"]
    assert Pizza.toppings.through.objects.get(topping=oil).pk == kept


def test_set_of_the_same_only_looks(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.set(toppings)
    with assert_num_queries(1):
        pizza.toppings.set(toppings)


def test_set_with_clear_starts_anew(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.set(toppings)
    with capture_queries() as captured:
        pizza.toppings.set(toppings, clear=True)
    assert [query["sql"].split()[0] for query in captured.captured_queries] == ["DELETE", "INSERT"]
    assert len(names(pizza)) == 3


def test_set_takes_a_queryset(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.set(Topping.objects.filter(name="egg"))
    assert names(pizza) == ["egg"]


def test_changes_clear_the_prefetched_objects(pizza: Pizza, toppings: list[Topping]) -> None:
    loaded = Pizza.objects.prefetch_related("toppings").get()
    assert names(loaded) == []
    loaded.toppings.add(toppings[0])
    assert names(loaded) == ["ham"]
    loaded.toppings.set(toppings)
    assert len(names(loaded)) == 3
    loaded.toppings.clear()
    assert names(loaded) == []


def test_filters_across_both_sides(pizza: Pizza, toppings: list[Topping]) -> None:
    pizza.toppings.add(toppings[0])
    assert Pizza.objects.get(toppings__name="ham") == pizza
    assert Topping.objects.get(pizza__name="a") == toppings[0]
    assert Pizza.objects.get(toppings=toppings[0].pk) == pizza


def test_the_async_twins(pizza: Pizza, toppings: list[Topping], run: Callable[..., Any]) -> None:
    async def work() -> None:
        ham, oil, egg = toppings
        await pizza.toppings.aadd(ham, oil)
        await pizza.toppings.aremove(ham)
        assert [t async for t in pizza.toppings.all()] == [oil]
        await pizza.toppings.aset([oil, egg])
        made = await pizza.toppings.acreate(name="new")
        assert await pizza.toppings.aget_or_create(name="new") == (made, False)
        assert await pizza.toppings.acount() == 3
        await pizza.toppings.aclear()
        assert await pizza.toppings.aexists() is False
        await egg.pizza_set.aadd(pizza)
        assert await pizza.toppings.aget() == egg

    run(work())


@pytest.mark.parametrize("method", ["set", "add", "remove"])
def test_a_key_that_cannot_be_one_is_a_value_error(db: str, method: str) -> None:
    """Whichever method gets it."""
    pizza = Pizza.objects.create(name="Roma")

    with pytest.raises(ValueError, match="zz"):
        getattr(pizza.toppings, method)(*([["zz"]] if method == "set" else ["zz"]))
