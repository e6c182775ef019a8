"""Creating instances, by hand and by ``from_db()``.

https://docs.djangoproject.com/en/stable/ref/models/instances/#creating-objects
"""

import uuid
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import DEFERRED
from raystack_orm.testing import assert_num_queries


class ShelfManager(models.Manager):
    def create_shelf(self, name: str) -> "Shelf":
        return self.create(name=name)


class Shelf(models.Model):
    name = models.CharField(max_length=50)
    note = models.TextField(default="")
    code = models.UUIDField(default=uuid.uuid4)

    objects = ShelfManager()

    class Meta:
        app_label = "c1_creating"

    @classmethod
    def named(cls, name: str) -> "Shelf":
        return cls(name=name)

    @property
    def title(self) -> str:
        return self.name.title()

    @title.setter
    def title(self, value: str) -> None:
        self.name = value.lower()


class Book(models.Model):
    title = models.CharField(max_length=50)
    pages = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, null=True)

    class Meta:
        app_label = "c1_creating"


class Remembering(models.Model):
    name = models.CharField(max_length=50)
    size = models.IntegerField(default=1)

    class Meta:
        app_label = "c1_creating"

    @classmethod
    def from_db(cls, db: str, field_names: Any, values: Any, *, fetch_mode: Any = None) -> Any:
        instance = super().from_db(db, field_names, values, fetch_mode=fetch_mode)
        instance.loaded = dict(zip(field_names, values, strict=True))
        instance.loaded_from = db
        return instance


def test_instantiating_does_not_touch_the_database(db: str) -> None:
    with assert_num_queries(0):
        shelf = Shelf(name="poems")
    assert shelf.pk is None
    assert shelf._state.adding is True
    assert shelf._state.db is None


def test_keyword_arguments_are_the_names_of_fields() -> None:
    assert Shelf(name="poems", note="old").note == "old"


def test_positional_arguments_are_in_the_order_of_the_fields() -> None:
    shelf = Shelf(7, "poems", "old")
    assert (shelf.pk, shelf.name, shelf.note) == (7, "poems", "old")


def test_too_many_positional_arguments_are_an_error() -> None:
    with pytest.raises(IndexError):
        Shelf(1, "a", "b", uuid.uuid4(), "more")


def test_the_same_field_by_position_and_by_name_is_an_error() -> None:
    with pytest.raises(TypeError):
        Shelf(1, "a", name="b")


def test_an_unknown_keyword_is_an_error() -> None:
    with pytest.raises(TypeError, match="nme"):
        Shelf(nme="poems")


def test_fields_left_out_take_their_defaults() -> None:
    assert Shelf(name="poems").note == ""
    assert isinstance(Shelf(name="poems").code, uuid.UUID)


def test_a_callable_default_is_called_for_each_instance() -> None:
    assert Shelf().code != Shelf().code


def test_a_field_without_a_default_is_an_empty_string_or_none() -> None:
    assert Shelf().name == ""
    assert Book(title="x").shelf_id is None


def test_a_related_object_or_its_key_may_be_given(db: str) -> None:
    shelf = Shelf.objects.create(name="poems")
    assert Book(shelf=shelf).shelf_id == shelf.pk
    assert Book(shelf_id=shelf.pk).shelf == shelf
    assert Book(shelf=None).shelf is None


def test_pk_is_accepted_for_the_primary_key() -> None:
    assert Shelf(pk=3).id == 3


def test_properties_with_a_setter_are_accepted() -> None:
    assert Shelf(title="POEMS").name == "poems"


def test_a_classmethod_or_a_manager_method_customises_creation(db: str) -> None:
    assert Shelf.named("poems").name == "poems"
    assert Shelf.objects.create_shelf("novels").pk is not None


def test_setting_an_attribute_does_not_convert_its_type(db: str) -> None:
    text = "550e8400-e29b-41d4-a716-446655440000"
    shelf = Shelf(name="poems")
    shelf.code = text  # type: ignore[assignment]
    shelf.save()
    assert shelf.code == text
    shelf.refresh_from_db()
    assert shelf.code == uuid.UUID(text)


def test_clean_fields_converts_the_type() -> None:
    book = Book(title="x", pages="12", shelf_id=1)
    book.clean_fields(exclude={"shelf"})
    assert book.pages == 12


def test_the_default_from_db_sets_the_state(db: str) -> None:
    names = [f.attname for f in Shelf._meta.concrete_fields]
    shelf = Shelf.from_db("default", names, [1, "poems", "", uuid.uuid4()])
    assert shelf.name == "poems"
    assert shelf._state.adding is False
    assert shelf._state.db == "default"


def test_from_db_defers_the_fields_that_are_missing() -> None:
    shelf = Shelf.from_db("default", ["id", "name"], [1, "poems"])
    assert shelf.get_deferred_fields() == {"note", "code"}


def test_from_db_takes_the_fetch_mode_over() -> None:
    shelf = Shelf.from_db("default", ["id"], [1], fetch_mode=models.FETCH_RAISE)
    assert shelf._state.fetch_mode is models.FETCH_RAISE


def test_an_instance_may_be_made_with_deferred_values() -> None:
    book = Book(1, "x", DEFERRED, True)
    assert book.get_deferred_fields() == {"pages"}


def test_an_overridden_from_db_records_what_was_loaded(db: str) -> None:
    Remembering.objects.create(name="ann", size=3)
    ann = Remembering.objects.get()
    assert ann.loaded == {"id": ann.pk, "name": "ann", "size": 3}
    assert ann.loaded_from == "default"


def test_an_overridden_from_db_gets_the_loaded_names_only(db: str) -> None:
    Remembering.objects.create(name="ann", size=3)
    assert set(Remembering.objects.only("name").get().loaded) == {"id", "name"}


def test_a_created_instance_does_not_come_from_the_database(db: str) -> None:
    created = Remembering.objects.create(name="ann")
    assert not hasattr(created, "loaded")
