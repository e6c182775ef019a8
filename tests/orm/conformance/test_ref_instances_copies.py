"""Pickles and copies of instances, with what hangs on them.

https://docs.djangoproject.com/en/stable/ref/models/instances/#pickling-objects
"""

import copy
import pickle
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.testing import assert_num_queries


class Shop(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_copies"


class Item(models.Model):
    shop = models.ForeignKey(Shop, models.CASCADE)
    labels = models.ManyToManyField("Label")
    data = models.JSONField(default=dict)

    class Meta:
        app_label = "c1_copies"


class Label(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_copies"


class Special(Item):
    extra = models.CharField(max_length=20, default="x")

    class Meta:
        app_label = "c1_copies"


def by_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


COPIERS = pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy, by_pickle])


@pytest.fixture
def item(db: str) -> Item:
    made = Item.objects.create(shop=Shop.objects.create(name="a"), data={"n": [1]})
    made.labels.add(Label.objects.create(name="l"))
    return made


@COPIERS
def test_a_copy_is_equal_and_can_be_saved(item: Item, copier: Any) -> None:
    other = copier(Item.objects.get())
    assert other == item
    assert other is not item
    other.data = {"n": [2]}
    other.save()
    assert Item.objects.get().data == {"n": [2]}


@COPIERS
def test_related_objects_go_along(item: Item, copier: Any) -> None:
    other = copier(Item.objects.select_related("shop").get())
    with assert_num_queries(0):
        assert other.shop.name == "a"


@pytest.mark.parametrize("copier", [copy.copy, by_pickle])
def test_prefetched_objects_go_along(item: Item, copier: Any) -> None:
    other = copier(Item.objects.prefetch_related("labels").get())
    with assert_num_queries(0):
        assert [label.name for label in other.labels.all()] == ["l"]


@COPIERS
def test_annotations_go_along(item: Item, copier: Any) -> None:
    other = copier(Item.objects.annotate(n=models.Count("labels")).get())
    assert other.n == 1


@COPIERS
def test_children_with_tables(db: str, copier: Any) -> None:
    Special.objects.create(shop=Shop.objects.create(name="a"), extra="y")
    other = copier(Special.objects.get())
    with assert_num_queries(0):
        assert (other.extra, other.data) == ("y", {})


@pytest.mark.parametrize("copier", [copy.deepcopy, by_pickle])
def test_a_deep_copy_shares_nothing(item: Item, copier: Any) -> None:
    first = Item.objects.select_related("shop").get()
    other = copier(first)
    other.data["n"].append(2)
    other.shop.name = "changed"
    other._state.db = "elsewhere"
    assert first.data == {"n": [1]}
    assert first.shop.name == "a"
    assert first._state.db == "default"


def test_a_shallow_copy_has_a_cache_of_its_own(item: Item) -> None:
    first = Item.objects.select_related("shop").get()
    other = copy.copy(first)
    other.shop = Shop.objects.create(name="b")
    assert first.shop.name == "a"
    assert other.shop.name == "b"


def test_lists_of_objects_share_their_relations(item: Item) -> None:
    Item.objects.create(shop=item.shop)
    one, two = by_pickle(list(Item.objects.prefetch_related("shop").order_by("pk")))
    assert one.shop is two.shop


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_any_protocol(item: Item, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(item, protocol))
    assert (again, again.data) == (item, {"n": [1]})


def test_a_model_class_is_pickled_by_name() -> None:
    assert by_pickle(Item) is Item


def test_an_unsaved_object(db: str) -> None:
    again = by_pickle(Item(data={"x": 1}))
    assert (again.pk, again.data, again._state.adding) == (None, {"x": 1}, True)


def test_overriding_getstate(db: str) -> None:
    shop = Shop(name="a")
    state = shop.__getstate__()
    assert state["name"] == "a"
    assert state["_state"] is not shop._state


def test_querysets_are_pickled_with_their_result(item: Item) -> None:
    with assert_num_queries(1):
        again = by_pickle(Item.objects.filter(shop__name="a"))
    with assert_num_queries(0):
        assert list(again) == [item]


def test_a_pickled_query_can_be_run_again(item: Item) -> None:
    query = Item.objects.all()
    query.query = by_pickle(Item.objects.filter(shop__name="b").query)
    assert list(query) == []
