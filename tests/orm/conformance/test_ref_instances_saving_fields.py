"""Saving some fields, children of other models, and deleting.

https://docs.djangoproject.com/en/stable/ref/models/instances/#saving-objects
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import DatabaseError, IntegrityError, models, transaction
from raystack_orm.models import F
from raystack_orm.testing import assert_num_queries, capture_queries


class Product(models.Model):
    name = models.CharField(max_length=50)
    sold = models.IntegerField(default=0)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "c1_saving_fields"


class Named(models.Model):
    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_saving_fields"


class Place(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_saving_fields"


class Restaurant(Place):
    stars = models.IntegerField(default=0)

    class Meta:
        app_label = "c1_saving_fields"


class Owner(models.Model):
    class Meta:
        app_label = "c1_saving_fields"


class Thing(models.Model):
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE)

    class Meta:
        app_label = "c1_saving_fields"


def statements(work: Callable[[], object]) -> list[str]:
    with capture_queries() as captured:
        work()
    return [query["sql"].split()[0] for query in captured.captured_queries]


def test_an_f_expression_counts_in_the_database(db: str) -> None:
    product = Product.objects.create(name="cheese", sold=10)
    Product.objects.update(sold=20)
    product.sold = F("sold") + 1
    product.save()
    product.refresh_from_db()
    assert product.sold == 21


def test_update_fields_saves_those_alone(db: str) -> None:
    product = Product.objects.create(name="cheese", sold=1)
    product.name, product.sold = "bread", 2
    with assert_num_queries(1):
        product.save(update_fields=["name"])
    found = Product.objects.get()
    assert (found.name, found.sold) == ("bread", 1)


@pytest.mark.parametrize("given", [("name",), {"name"}, {"name": 1}, frozenset({"name"})])
def test_update_fields_is_any_iterable_of_strings(db: str, given: Any) -> None:
    product = Product.objects.create(name="cheese")
    product.name = "bread"
    product.save(update_fields=given)
    assert Product.objects.get().name == "bread"


def test_empty_update_fields_skip_the_save(db: str) -> None:
    product = Product.objects.create(name="cheese")
    with assert_num_queries(0):
        product.save(update_fields=[])


def test_update_fields_of_none_saves_all(db: str) -> None:
    product = Product.objects.create(name="cheese")
    product.sold = 3
    product.save(update_fields=None)
    assert Product.objects.get().sold == 3


@pytest.mark.parametrize("name", ["nmae", "id"])
def test_update_fields_names_fields_that_can_be_updated(db: str, name: str) -> None:
    product = Product.objects.create(name="cheese")
    with pytest.raises(ValueError, match=name):
        product.save(update_fields=[name])


def test_update_fields_leaves_pre_save_of_the_others_out(db: str) -> None:
    product = Product.objects.create(name="cheese")
    before = product.changed
    product.save(update_fields=["name"])
    assert product.changed == before
    product.save(update_fields=["changed"])
    assert product.changed > before


def test_deferred_fields_are_not_saved(db: str) -> None:
    Product.objects.create(name="cheese", sold=1)
    product = Product.objects.only("name").get()
    Product.objects.update(sold=5)
    product.name = "bread"
    product.save()
    found = Product.objects.get()
    assert (found.name, found.sold) == ("bread", 5)


def test_a_deferred_field_that_was_assigned_is_saved(db: str) -> None:
    Product.objects.create(name="cheese", sold=1)
    product = Product.objects.only("name").get()
    product.sold = 7
    product.save()
    assert Product.objects.get().sold == 7


def test_a_child_is_written_to_both_tables(db: str) -> None:
    assert statements(Restaurant(name="Bob's", stars=1).save)[:1] == ["INSERT"]
    restaurant = Restaurant.objects.get()
    assert restaurant.place_ptr_id == restaurant.pk
    assert statements(restaurant.save) == ["UPDATE", "UPDATE"]


def test_force_insert_names_the_parents_that_are_inserted_too(db: str) -> None:
    assert statements(lambda: Restaurant(pk=3000, name="a").save(force_insert=(models.Model,))) == [
        "INSERT",
        "INSERT",
    ]
    Place.objects.create(pk=4000, name="b")
    with pytest.raises(IntegrityError), transaction.atomic():
        Restaurant(pk=4000, name="c").save(force_insert=(Place,))


def test_force_insert_alone_forces_only_the_childs_row(db: str) -> None:
    place = Place.objects.create(name="a")
    Restaurant(place_ptr=place, name="b").save(force_insert=True)
    assert Place.objects.get().name == "b"


@pytest.mark.parametrize("wrong", [(Product,), ("Place",), [Place]])
def test_force_insert_takes_parents_alone(db: str, wrong: Any) -> None:
    restaurant = Restaurant(name="a")
    with pytest.raises(TypeError):
        restaurant.save(force_insert=wrong)


def test_an_unsaved_related_object_is_an_error(db: str) -> None:
    with pytest.raises(ValueError, match="owner"):
        Thing(owner=Owner()).save()


def test_a_related_object_saved_after_it_was_assigned_gives_its_key(db: str) -> None:
    owner = Owner()
    thing = Thing(owner=owner)
    owner.save()
    thing.save()
    assert thing.owner_id == owner.pk


def test_a_failed_save_leaves_the_object_new(db: str) -> None:
    Named.objects.create(code="a")
    named = Named(code="a")
    with pytest.raises(DatabaseError), transaction.atomic():
        named.save(force_insert=True)
    assert named._state.adding is True


def test_asave(db: str, run: Callable[..., Any]) -> None:
    product = Product(name="cheese")
    run(product.asave())
    product.name, product.sold = "bread", 2
    run(product.asave(update_fields=["name"]))
    assert Product.objects.get(pk=product.pk).sold == 0
    with pytest.raises(Named.NotUpdated):
        run(Named(code="a").asave(force_update=True))


def test_delete_reports_what_was_deleted(db: str) -> None:
    product = Product.objects.create(name="cheese")
    assert product.delete() == (1, {"c1_saving_fields.Product": 1})


def test_a_deleted_object_keeps_its_data_but_its_key(db: str) -> None:
    product = Product.objects.create(name="cheese")
    product.delete()
    assert (product.pk, product.name) == (None, "cheese")


def test_deletes_cascade_and_are_counted(db: str) -> None:
    owner = Owner.objects.create()
    Thing.objects.create(owner=owner)
    Thing.objects.create(owner=owner)
    assert owner.delete() == (3, {"c1_saving_fields.Thing": 2, "c1_saving_fields.Owner": 1})


def test_an_unsaved_object_cannot_be_deleted(db: str) -> None:
    with pytest.raises(ValueError, match="Product"):
        Product(name="a").delete()


def test_deleting_twice_deletes_nothing(db: str) -> None:
    product = Product.objects.create(name="cheese")
    again = Product.objects.get()
    product.delete()
    assert again.delete()[0] == 0


def test_deleting_a_child_deletes_its_parent(db: str) -> None:
    restaurant = Restaurant.objects.create(name="a")
    assert restaurant.delete() == (
        2,
        {"c1_saving_fields.Restaurant": 1, "c1_saving_fields.Place": 1},
    )


def test_keep_parents_deletes_the_childs_row_alone(db: str) -> None:
    restaurant = Restaurant.objects.create(name="a")
    assert restaurant.delete(keep_parents=True) == (1, {"c1_saving_fields.Restaurant": 1})
    assert Place.objects.get().name == "a"


def test_adelete(db: str, run: Callable[..., Any]) -> None:
    product = Product.objects.create(name="cheese")
    assert run(product.adelete()) == (1, {"c1_saving_fields.Product": 1})
