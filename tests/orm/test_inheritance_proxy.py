"""Proxies: another class for the same rows."""

from typing import Any

import pytest
from family import Landmark, Place, Restaurant

from raystack_orm import create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured
from raystack_orm.testing import assert_num_queries, isolate_apps


@pytest.fixture(scope="module")
def tables(database: Configuration) -> Any:
    with configured(database):
        create_all([Place])
        yield
        drop_all([Place])


@pytest.fixture
def stored(tables: None, db: str) -> str:
    return db


def test_a_proxy_is_another_class_for_the_same_rows(stored: str) -> None:
    """What is saved as one is found as the other."""
    place = Place.objects.create(name="Town hall")

    landmark = Landmark.objects.get(pk=place.pk)

    assert type(landmark) is Landmark
    assert landmark.sign() == "* Town hall *"
    assert landmark == place
    assert hash(landmark) == hash(place)
    landmark.name = "Old town hall"
    with assert_num_queries(1):
        landmark.save()
    place.refresh_from_db()
    assert place.name == "Old town hall"
    Landmark.objects.create(name="Bridge")
    assert Place.objects.named("Bridge").count() == 1


def test_a_proxy_has_an_order_of_its_own(stored: str) -> None:
    """Its Meta is its own, but for the table."""
    for name in ("a", "b"):
        Place.objects.create(name=name)

    assert [place.name for place in Landmark.objects.all()] == ["b", "a"]
    assert [place.name for place in Place.objects.all()] == ["a", "b"]


def test_what_a_proxy_is() -> None:
    """_meta says what it stands for."""
    meta = Landmark._meta
    assert (meta.proxy, meta.proxy_for_model, meta.concrete_model) == (True, Place, Place)
    assert meta.db_table == Place._meta.db_table
    assert meta.table is Place._meta.table
    assert meta.pk is Place._meta.pk
    assert list(meta.local_fields) == []
    assert [field.name for field in meta.fields] == ["id", "name", "address"]
    assert meta.parents == {Place: None}
    assert not meta.can_migrate("default")
    assert meta.label == "family.Landmark"
    assert isinstance(Landmark.objects, type(Place.objects))
    assert Landmark.objects.model is Landmark


def test_a_proxys_exceptions_are_those_of_its_model() -> None:
    """Who catches Place.DoesNotExist catches Landmark's."""
    assert issubclass(Landmark.DoesNotExist, Place.DoesNotExist)
    assert issubclass(Landmark.MultipleObjectsReturned, Place.MultipleObjectsReturned)
    assert issubclass(Landmark.NotUpdated, Place.NotUpdated)
    assert Landmark.DoesNotExist is not Place.DoesNotExist


def test_relations_to_a_proxy_belong_to_what_it_stands_for() -> None:
    """Both have the way back."""
    with isolate_apps():

        class Town(models.Model):
            pass

        class City(Town):
            class Meta:
                proxy = True

        class Mayor(models.Model):
            city = models.ForeignKey(City, models.CASCADE)

    assert "mayor" in Town._meta.names
    assert "mayor" in City._meta.names
    assert Mayor._meta.get_field("city").related_model is City


def test_a_proxy_stands_for_exactly_one_model() -> None:
    """It has no columns of its own, and neither of several tables."""
    with isolate_apps():

        class One(models.Model):
            pass

        class Two(models.Model):
            pass

        class Fields(models.Model):
            name = models.CharField(max_length=10)

            class Meta:
                abstract = True

        class Methods(models.Model):
            class Meta:
                abstract = True

        with pytest.raises(TypeError, match="has no non-abstract model base class"):
            type("P", (Methods,), {"__module__": __name__, "Meta": proxy_meta()})
        with pytest.raises(TypeError, match="more than one non-abstract model base class"):
            type(One)("P", (One, Two), {"__module__": __name__, "Meta": proxy_meta()})
        with pytest.raises(TypeError, match="inherits fields from the abstract Fields"):
            type(One)("P", (Fields, One), {"__module__": __name__, "Meta": proxy_meta()})
        type(One)("P", (Methods, One), {"__module__": __name__, "Meta": proxy_meta()})


def proxy_meta() -> type:
    return type("Meta", (), {"proxy": True})


def test_a_proxy_of_a_child_is_a_child() -> None:
    """It has the parents' fields too."""
    with isolate_apps():

        class Eatery(Restaurant):
            class Meta:
                proxy = True

    assert "serves_pizza" in {field.name for field in Eatery._meta.fields}
    assert Eatery._meta.concrete_model is Restaurant
    assert Eatery._meta.all_parents == (Restaurant, Place)
