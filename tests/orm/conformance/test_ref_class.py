"""The class of a model and its exceptions.

https://docs.djangoproject.com/en/stable/ref/models/class/
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import MultipleObjectsReturned, ObjectDoesNotExist, models
from raystack_orm.exceptions import DatabaseError, ObjectNotUpdated


class Person(models.Model):
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "c1_class"


class Pet(models.Model):
    name = models.CharField(max_length=50)
    people = models.Manager()

    class Meta:
        app_label = "c1_class"


class Loner(models.Model):
    class Meta:
        app_label = "c1_class"


def test_every_model_has_its_own_does_not_exist(db: str) -> None:
    assert Person.DoesNotExist is not Pet.DoesNotExist
    assert issubclass(Person.DoesNotExist, ObjectDoesNotExist)
    with pytest.raises(Person.DoesNotExist):
        Person.objects.get(name="nobody")


def test_another_models_exception_does_not_catch_it(db: str) -> None:
    with pytest.raises(ObjectDoesNotExist) as caught:
        Person.objects.get(name="nobody")
    assert not isinstance(caught.value, Pet.DoesNotExist)


def test_every_model_has_its_own_multiple_objects_returned(db: str) -> None:
    Person.objects.create(name="ann")
    Person.objects.create(name="ann")
    assert issubclass(Person.MultipleObjectsReturned, MultipleObjectsReturned)
    assert Person.MultipleObjectsReturned is not Pet.MultipleObjectsReturned
    with pytest.raises(Person.MultipleObjectsReturned):
        Person.objects.get(name="ann")


def test_not_updated_is_a_database_error() -> None:
    assert issubclass(Person.NotUpdated, ObjectNotUpdated)
    assert issubclass(Person.NotUpdated, DatabaseError)


@pytest.mark.parametrize("options", [{"force_update": True}, {"update_fields": ["name"]}])
def test_not_updated_is_raised_when_a_forced_update_changes_no_row(
    db: str, options: dict[str, Any]
) -> None:
    person = Person.objects.create(name="ann")
    Person.objects.all().delete()
    with pytest.raises(Person.NotUpdated):
        person.save(**options)


def test_exceptions_know_the_class_they_belong_to() -> None:
    assert Person.DoesNotExist.__name__ == "DoesNotExist"
    assert Person.DoesNotExist.__qualname__ == "Person.DoesNotExist"


def test_a_model_without_a_manager_gets_objects() -> None:
    assert isinstance(Person.objects, models.Manager)


def test_a_model_with_a_manager_of_its_own_has_no_objects() -> None:
    assert not hasattr(Pet, "objects")
    assert Pet._default_manager.name == "people"


def test_a_manager_is_reached_by_the_class_alone(db: str) -> None:
    with pytest.raises(AttributeError):
        Person(name="ann").objects  # noqa: B018 - reading it is what is refused


def test_aget_raises_the_models_exception(db: str, run: Callable[..., Any]) -> None:
    with pytest.raises(Person.DoesNotExist):
        run(Person.objects.aget(name="nobody"))


def test_a_model_needs_no_fields(db: str) -> None:
    assert Loner.objects.create().pk is not None
