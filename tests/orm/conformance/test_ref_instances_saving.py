"""Saving and deleting instances: which statements run, and what they return.

https://docs.djangoproject.com/en/stable/ref/models/instances/#saving-objects
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import IntegrityError, models, transaction
from raystack_orm.testing import capture_queries


class Product(models.Model):
    name = models.CharField(max_length=50)
    sold = models.IntegerField(default=0)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "c1_saving"


class Keyed(models.Model):
    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_saving"


class Named(models.Model):
    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_saving"


class Careful(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_saving"
        select_on_save = True


class CarefulChild(Named):
    """Asks first for its parent's row, too."""

    note = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_saving"
        select_on_save = True


class HastyChild(Careful):
    """Has a parent that asks, and does not inherit that."""

    note = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_saving"


def statements(work: Callable[[], object]) -> list[str]:
    with capture_queries() as captured:
        work()
    return [query["sql"].split()[0] for query in captured.captured_queries]


def test_the_key_is_set_by_the_first_save(db: str) -> None:
    product = Product(name="cheese")
    assert product.id is None
    product.save()
    assert product.id is not None
    assert product.pk == product.id
    assert product._state.adding is False
    assert product._state.db == "default"


def test_pk_is_an_alias_that_can_be_set() -> None:
    named = Named(code="a")
    named.pk = "b"
    assert named.code == "b"
    assert Named._meta.pk.name == "code"


def test_an_explicit_key_is_kept(db: str) -> None:
    product = Product(id=3000, name="cheese")
    product.save()
    assert product.id == 3000


def test_an_explicit_key_that_is_taken_overwrites_the_row(db: str) -> None:
    Product(id=3000, name="cheese").save()
    Product(id=3000, name="bread").save()
    assert Product.objects.get(pk=3000).name == "bread"


def test_without_a_key_a_save_inserts(db: str) -> None:
    assert statements(Product(name="cheese").save) == ["INSERT"]


def test_a_saved_object_is_updated(db: str) -> None:
    product = Product.objects.create(name="cheese")
    assert statements(product.save) == ["UPDATE"]


def test_with_a_key_that_has_no_row_an_update_is_tried_first(db: str) -> None:
    assert statements(Product(pk=3000, name="cheese").save) == ["UPDATE", "INSERT"]
    assert statements(Named(code="a").save) == ["UPDATE", "INSERT"]


def test_a_new_object_whose_key_has_a_default_is_inserted_at_once(db: str) -> None:
    assert statements(Keyed(name="a").save) == ["INSERT"]


def test_a_given_key_whose_field_has_a_default_is_inserted_too(db: str) -> None:
    keyed = Keyed(key=uuid.uuid4(), name="a")
    assert statements(keyed.save) == ["INSERT"]
    assert statements(keyed.save) == ["UPDATE"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Keyed(key=keyed.key, name="b").save()


def test_create_forces_the_insert(db: str) -> None:
    assert statements(lambda: Named.objects.create(code="a")) == ["INSERT"]


def test_select_on_save_asks_before_it_updates(db: str) -> None:
    careful = Careful.objects.create(name="a")
    assert statements(careful.save) == ["SELECT", "UPDATE"]
    assert statements(Careful(pk=3000, name="b").save) == ["SELECT", "INSERT"]


def test_select_on_save_is_the_childs_and_counts_for_the_tables_of_its_parents(db: str) -> None:
    child = CarefulChild.objects.create(code="a")
    assert statements(child.save) == ["SELECT", "UPDATE", "SELECT", "UPDATE"]
    assert statements(CarefulChild(code="b").save) == ["SELECT", "INSERT", "INSERT"]
    hasty = HastyChild.objects.create(name="a")
    assert statements(hasty.save) == ["UPDATE", "UPDATE"]


def test_force_insert_does_not_update(db: str) -> None:
    Named.objects.create(code="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Named(code="a").save(force_insert=True)


def test_force_update_does_not_insert(db: str) -> None:
    with pytest.raises(Named.NotUpdated), transaction.atomic():
        Named(code="a").save(force_update=True)
    assert not Named.objects.exists()


def test_force_update_needs_a_key(db: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Product(name="a").save(force_update=True)


@pytest.mark.parametrize("options", [{"force_update": True}, {"update_fields": ["name"]}])
def test_inserting_and_updating_at_once_is_an_error(db: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Product(name="a").save(force_insert=True, **options)


def test_save_takes_keywords_only(db: str) -> None:
    with pytest.raises(TypeError):
        Product(name="a").save(True)
