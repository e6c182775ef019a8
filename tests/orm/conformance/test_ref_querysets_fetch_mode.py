"""fetch_mode(): what happens when a relation or deferred field is first used.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#fetch-mode
"""

import pickle

import pytest

from raystack_orm import FieldFetchBlocked, models
from raystack_orm.models import FETCH_ONE, FETCH_PEERS, FETCH_RAISE
from raystack_orm.testing import assert_num_queries


class Country(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_fetch"


class City(models.Model):
    name = models.CharField(max_length=20)
    history = models.TextField(default="old")
    country = models.ForeignKey(Country, models.CASCADE, related_name="cities")
    twin = models.ForeignKey("self", models.SET_NULL, null=True)

    class Meta:
        app_label = "conf_fetch"
        ordering = ("name",)


class Mayor(models.Model):
    city = models.OneToOneField(City, models.CASCADE, related_name="mayor")
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_fetch"


@pytest.fixture(autouse=True)
def cities(db: str) -> None:
    """Three cities of two countries, one with a mayor."""
    north, south = (Country.objects.create(name=name) for name in ("north", "south"))
    a = City.objects.create(name="a", country=north)
    City.objects.create(name="b", country=south, twin=a)
    City.objects.create(name="c", country=south)
    Mayor.objects.create(city=a, name="ann")


def test_fetch_one_queries_for_each_object() -> None:
    cities = list(City.objects.fetch_mode(FETCH_ONE))
    with assert_num_queries(3):
        assert [city.country.name for city in cities] == ["north", "south", "south"]


def test_fetch_peers_queries_once_for_all() -> None:
    cities = list(City.objects.fetch_mode(FETCH_PEERS))
    with assert_num_queries(1):
        assert [city.country.name for city in cities] == ["north", "south", "south"]


def test_fetch_peers_reaches_deferred_fields() -> None:
    cities = list(City.objects.fetch_mode(FETCH_PEERS).defer("history"))
    with assert_num_queries(1):
        assert [city.history for city in cities] == ["old"] * 3


def test_fetch_peers_reaches_reverse_one_to_ones() -> None:
    cities = list(City.objects.fetch_mode(FETCH_PEERS))
    with assert_num_queries(1):
        assert cities[0].mayor.name == "ann"
        with pytest.raises(Mayor.DoesNotExist):
            _ = cities[1].mayor


def test_fetch_peers_passes_on_to_what_was_fetched() -> None:
    mayors = Mayor.objects.fetch_mode(FETCH_PEERS)
    with assert_num_queries(3):
        assert [mayor.city.country.name for mayor in mayors] == ["north"]


def test_fetch_raise_forbids_queries() -> None:
    city = City.objects.fetch_mode(FETCH_RAISE).defer("history").get(name="a")
    for name in ("country", "history", "mayor"):
        with assert_num_queries(0), pytest.raises(FieldFetchBlocked):
            getattr(city, name)


def test_fetch_raise_lets_loaded_relations_pass() -> None:
    city = City.objects.fetch_mode(FETCH_RAISE).select_related("country").get(name="a")
    with assert_num_queries(0):
        assert city.country.name == "north"
    prefetched = City.objects.fetch_mode(FETCH_RAISE).prefetch_related("country").get(name="b")
    with assert_num_queries(0):
        assert prefetched.country.name == "south"


def test_a_null_relation_needs_no_query_in_any_mode() -> None:
    for mode in (FETCH_ONE, FETCH_PEERS, FETCH_RAISE):
        city = City.objects.fetch_mode(mode).get(name="a")
        with assert_num_queries(0):
            assert city.twin is None


def test_managers_may_still_query_under_fetch_raise() -> None:
    country = Country.objects.fetch_mode(FETCH_RAISE).get(name="south")
    with assert_num_queries(1):
        assert [city.name for city in country.cities.all()] == ["b", "c"]


def test_the_last_call_decides_and_clones_keep_it() -> None:
    found = City.objects.fetch_mode(FETCH_RAISE).fetch_mode(FETCH_ONE).filter(name="a")
    assert found.get().country.name == "north"
    blocked = City.objects.fetch_mode(FETCH_RAISE).filter(name="a").order_by("pk")
    with pytest.raises(FieldFetchBlocked):
        _ = blocked[0].country


def test_the_mode_is_on_the_state_of_the_object() -> None:
    city = City.objects.fetch_mode(FETCH_PEERS).get(name="a")
    assert city._state.fetch_mode is FETCH_PEERS


def test_a_missing_peer_is_no_trouble() -> None:
    cities = list(City.objects.fetch_mode(FETCH_PEERS))
    del cities[1:]
    with assert_num_queries(1):
        assert cities[0].country.name == "north"


def test_pickled_objects_keep_working() -> None:
    cities = pickle.loads(pickle.dumps(list(City.objects.fetch_mode(FETCH_PEERS))))
    assert [city.country.name for city in cities] == ["north", "south", "south"]


def test_related_objects_inherit_the_mode() -> None:
    cities = City.objects.fetch_mode(FETCH_RAISE).select_related("twin")
    b = cities.get(name="b")
    with pytest.raises(FieldFetchBlocked):
        _ = b.twin.country
