"""The signals of models: when they are sent, and with what.

https://docs.djangoproject.com/en/stable/ref/signals/
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import signals
from raystack_orm.testing import isolate_apps


class Topping(models.Model):
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_signals"


class Pizza(models.Model):
    name = models.CharField(max_length=20, default="")
    toppings = models.ManyToManyField(Topping)

    class Meta:
        app_label = "c1_signals"


class Order(models.Model):
    pizza = models.ForeignKey(Pizza, models.CASCADE)

    class Meta:
        app_label = "c1_signals"


class Place(models.Model):
    class Meta:
        app_label = "c1_signals"


class Bar(Place):
    class Meta:
        app_label = "c1_signals"


@contextmanager
def heard(*names: str, sender: Any = None) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Collect the signals of these names that are sent inside."""
    found: list[tuple[str, dict[str, Any]]] = []
    receivers = []
    for name in names:

        def receiver(name: str = name, **kwargs: Any) -> None:
            if "kwargs" in kwargs:  # the constructor goes on to empty it
                kwargs["kwargs"] = dict(kwargs["kwargs"])
            found.append((name, kwargs))

        getattr(signals, name).connect(receiver, sender=sender)
        receivers.append(receiver)
    try:
        yield found
    finally:
        for name, receiver in zip(names, receivers, strict=True):
            getattr(signals, name).disconnect(receiver, sender=sender)


def test_pre_init_and_post_init() -> None:
    with heard("pre_init", "post_init", sender=Pizza) as found:
        pizza = Pizza(5, name="x")
    (first, before), (second, after) = found
    assert (first, second) == ("pre_init", "post_init")
    assert before["sender"] is after["sender"] is Pizza
    assert (list(before["args"]), before["kwargs"]) == ([5], {"name": "x"})
    assert after["instance"] is pizza


def test_loading_sends_init_signals_too(db: str) -> None:
    Pizza.objects.create()
    with heard("pre_init", "post_init", sender=Pizza) as found:
        list(Pizza.objects.all())
    assert [name for name, _ in found] == ["pre_init", "post_init"]


def test_saving_a_new_object(db: str) -> None:
    with heard("pre_save", "post_save", sender=Pizza) as found:
        pizza = Pizza.objects.create()
    (_, before), (_, after) = found
    for sent in (before, after):
        assert (sent["sender"], sent["instance"]) == (Pizza, pizza)
        assert (sent["raw"], sent["using"], sent["update_fields"]) == (False, "default", None)
    assert "created" not in before
    assert after["created"] is True


def test_saving_again(db: str) -> None:
    pizza = Pizza.objects.create()
    with heard("pre_save", "post_save", sender=Pizza) as found:
        pizza.save(update_fields=["name"])
    assert [sent["update_fields"] for _, sent in found] == [{"name"}, {"name"}]
    assert found[1][1]["created"] is False


def test_pre_save_may_change_what_is_saved(db: str) -> None:
    def receiver(instance: Pizza, **_: Any) -> None:
        instance.name = "changed"

    signals.pre_save.connect(receiver, sender=Pizza)
    try:
        Pizza.objects.create(name="x")
    finally:
        signals.pre_save.disconnect(receiver, sender=Pizza)
    assert Pizza.objects.get().name == "changed"


def test_a_skipped_save_sends_nothing(db: str) -> None:
    pizza = Pizza.objects.create()
    with heard("pre_save", "post_save", sender=Pizza) as found:
        pizza.save(update_fields=[])
    assert found == []


def test_a_receivers_error_stops_the_save(db: str) -> None:
    def receiver(**_: Any) -> None:
        raise RuntimeError

    signals.pre_save.connect(receiver, sender=Pizza)
    try:
        with pytest.raises(RuntimeError):
            Pizza.objects.create()
    finally:
        signals.pre_save.disconnect(receiver, sender=Pizza)
    assert Pizza.objects.count() == 0


def test_deleting_an_object(db: str) -> None:
    pizza = Pizza.objects.create()
    key = pizza.pk
    with heard("pre_delete", "post_delete", sender=Pizza) as found:
        pizza.delete()
    assert [name for name, _ in found] == ["pre_delete", "post_delete"]
    for _, sent in found:
        assert (sent["instance"], sent["using"], sent["origin"]) == (pizza, "default", pizza)
    assert key is not None


def test_deleting_a_queryset_sends_signals_for_each(db: str) -> None:
    for _ in range(3):
        Pizza.objects.create()
    query = Pizza.objects.all()
    with heard("pre_delete", "post_delete", sender=Pizza) as found:
        query.delete()
    assert len(found) == 6
    assert all(isinstance(sent["origin"], models.QuerySet) for _, sent in found)


def test_a_cascade_sends_signals_with_the_origin(db: str) -> None:
    pizza = Pizza.objects.create()
    order = Order.objects.create(pizza=pizza)
    with heard("pre_delete", sender=Order) as found:
        pizza.delete()
    ((_, sent),) = found
    assert sent["instance"].pizza_id == order.pizza_id
    assert sent["origin"] is pizza


def test_bulk_writes_send_no_signals(db: str) -> None:
    with heard("pre_save", "post_save", sender=Pizza) as found:
        Pizza.objects.bulk_create([Pizza(), Pizza()])
        Pizza.objects.update(name="x")
        Pizza.objects.bulk_update(Pizza.objects.all(), ["name"])
    assert found == []


def test_a_childs_save_sends_its_own_signals_alone(db: str) -> None:
    with heard("pre_save", "post_save") as found:
        Bar.objects.create()
    assert [sent["sender"] for _, sent in found] == [Bar, Bar]


@pytest.fixture
def pizza(db: str) -> Pizza:
    return Pizza.objects.create()


@pytest.fixture
def topping(db: str) -> Topping:
    return Topping.objects.create()


def test_m2m_changed_on_add(pizza: Pizza, topping: Topping) -> None:
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        pizza.toppings.add(topping)
    assert [sent["action"] for _, sent in found] == ["pre_add", "post_add"]
    sent = found[0][1]
    assert (sent["sender"], sent["instance"]) == (Pizza.toppings.through, pizza)
    assert (sent["reverse"], sent["model"], sent["pk_set"]) == (False, Topping, {topping.pk})
    assert sent["using"] == "default"


def test_m2m_changed_from_the_other_side(pizza: Pizza, topping: Topping) -> None:
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        topping.pizza_set.add(pizza)
    sent = found[0][1]
    assert (sent["instance"], sent["reverse"], sent["model"]) == (topping, True, Pizza)


def test_m2m_changed_leaves_out_what_is_there(pizza: Pizza, topping: Topping) -> None:
    pizza.toppings.add(topping)
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        pizza.toppings.add(topping)
    assert [sent["pk_set"] for _, sent in found] == [set(), set()]


def test_m2m_changed_on_remove(pizza: Pizza, topping: Topping) -> None:
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        pizza.toppings.remove(topping)
    assert [sent["action"] for _, sent in found] == ["pre_remove", "post_remove"]
    assert found[0][1]["pk_set"] == {topping.pk}


def test_m2m_changed_on_clear(pizza: Pizza, topping: Topping) -> None:
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        pizza.toppings.clear()
    assert [sent["action"] for _, sent in found] == ["pre_clear", "post_clear"]
    assert found[0][1]["pk_set"] is None


def test_m2m_changed_on_set(pizza: Pizza, topping: Topping) -> None:
    pizza.toppings.add(Topping.objects.create())
    with heard("m2m_changed", sender=Pizza.toppings.through) as found:
        pizza.toppings.set([topping])
    assert [sent["action"] for _, sent in found] == [
        "pre_remove",
        "post_remove",
        "pre_add",
        "post_add",
    ]


def test_class_prepared() -> None:
    with heard("class_prepared") as found, isolate_apps():

        class Fresh(models.Model):
            class Meta:
                app_label = "c1_signals"

    assert [sent["sender"] for _, sent in found] == [Fresh]


def test_signals_reach_receivers_from_async_code(db: str, run: Callable[..., Any]) -> None:
    with heard("pre_save", "post_save", "pre_delete", sender=Pizza) as found:
        pizza = run(Pizza.objects.acreate())
        run(pizza.adelete())
    assert [name for name, _ in found] == ["pre_save", "post_save", "pre_delete"]
