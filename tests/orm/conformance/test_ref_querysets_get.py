"""get(), create(), get_or_create() and update_or_create().

https://docs.djangoproject.com/en/stable/ref/models/querysets/#get
"""

from typing import Any

import pytest

from raystack_orm import (
    FieldError,
    IntegrityError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    models,
    transaction,
)
from raystack_orm.models import F, Q
from raystack_orm.testing import assert_num_queries


class Band(models.Model):
    name = models.CharField(max_length=20, unique=True)
    country = models.CharField(max_length=20, default="fi")
    members = models.IntegerField(default=4)

    class Meta:
        app_label = "conf_get"
        ordering = ("name",)


class Album(models.Model):
    band = models.ForeignKey(Band, models.CASCADE, related_name="albums")
    title = models.CharField(max_length=20)
    sold = models.IntegerField(default=0)
    fans = models.ManyToManyField("Fan", related_name="albums")

    class Meta:
        app_label = "conf_get"


class Fan(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_get"


@pytest.fixture(autouse=True)
def bands(db: str) -> None:
    """Two bands of one country."""
    Band.objects.create(name="abba", country="se")
    Band.objects.create(name="roxette", country="se", members=2)


@pytest.mark.parametrize(
    ("args", "conditions"),
    [
        ((), {"name": "abba"}),
        ((), {"name": "abba", "country": "se"}),
        ((Q(name="abba") | Q(name="nobody"),), {}),
        ((Q(country="se"),), {"members__gt": 2}),
    ],
)
def test_get_returns_the_one_that_fits(args: Any, conditions: dict[str, Any]) -> None:
    with assert_num_queries(1):
        assert Band.objects.get(*args, **conditions).name == "abba"


def test_get_without_arguments_wants_a_queryset_of_one() -> None:
    assert Band.objects.filter(name="abba").get().name == "abba"
    assert Band.objects.values_list("name", flat=True).get(members=2) == "roxette"
    assert Band.objects.order_by("name")[1:2].get().name == "roxette"


def test_get_of_nothing_does_not_exist() -> None:
    with pytest.raises(Band.DoesNotExist):
        Band.objects.get(name="nobody")
    with pytest.raises(ObjectDoesNotExist):
        Band.objects.get(name="nobody")
    assert not issubclass(Band.DoesNotExist, Album.DoesNotExist)


def test_get_of_several_is_an_error() -> None:
    with pytest.raises(Band.MultipleObjectsReturned):
        Band.objects.get(country="se")
    with pytest.raises(MultipleObjectsReturned):
        Band.objects.get()


def test_get_with_unknown_name_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        Band.objects.get(nam="abba")


def test_create_makes_saves_and_returns_the_object() -> None:
    with assert_num_queries(1):
        band = Band.objects.create(name="sunrise", members=3)
    assert band.pk
    assert not band._state.adding
    assert Band.objects.get(pk=band.pk).members == 3


def test_create_forces_an_insert() -> None:
    """So a primary key that exists already is an error, never an update."""
    taken = Band.objects.get(name="abba").pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Band.objects.create(pk=taken, name="other")
    assert Band.objects.get(pk=taken).name == "abba"


def test_create_with_an_unknown_name_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Band.objects.create(nam="x")


def test_get_or_create_finds_in_one_query() -> None:
    with assert_num_queries(1):
        band, created = Band.objects.get_or_create(name="abba", defaults={"members": 9})
    assert (band.members, created) == (4, False)


def test_get_or_create_creates_from_lookups_and_defaults() -> None:
    band, created = Band.objects.get_or_create(name="neu", defaults={"members": 2})
    assert created
    assert (band.name, band.members, band.country) == ("neu", 2, "fi")
    assert Band.objects.get(name="neu").members == 2


def test_get_or_create_creates_inside_a_savepoint() -> None:
    with assert_num_queries(4):  # SELECT, SAVEPOINT, INSERT, RELEASE
        Band.objects.get_or_create(name="neu")


def test_get_or_create_calls_callable_defaults() -> None:
    band, _ = Band.objects.get_or_create(name="neu", defaults={"members": lambda: 7})
    assert band.members == 7


def test_get_or_create_leaves_lookups_with_underscores_out_of_the_new_object() -> None:
    band, created = Band.objects.get_or_create(name__iexact="NEU", defaults={"name": "neu"})
    assert created
    assert band.name == "neu"
    assert Band.objects.get_or_create(name__exact="neu")[1] is False


def test_get_or_create_uses_the_filters_to_look_only() -> None:
    found = Band.objects.filter(Q(country="se") | Q(country="no"))
    assert found.get_or_create(name="abba")[1] is False
    band, created = found.get_or_create(name="aha", defaults={"country": "no"})
    assert (created, band.country) == (True, "no")


def test_get_or_create_of_several_is_an_error() -> None:
    with pytest.raises(MultipleObjectsReturned):
        Band.objects.get_or_create(country="se")


def test_get_or_create_reports_a_broken_constraint_and_the_transaction_goes_on() -> None:
    with pytest.raises(IntegrityError):
        Band.objects.get_or_create(name="abba", country="dk")
    assert Band.objects.count() == 2


def test_get_or_create_with_unknown_names_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        Band.objects.get_or_create(nam="neu")
    with pytest.raises(FieldError):
        Band.objects.get_or_create(name="neu", defaults={"nope": 1})


def test_get_or_create_through_relations() -> None:
    abba = Band.objects.get(name="abba")
    album, created = abba.albums.get_or_create(title="arrival", defaults={"sold": 3})
    assert (created, album.band, album.sold) == (True, abba, 3)
    assert abba.albums.get_or_create(title="arrival")[1] is False
    fan, created = album.fans.get_or_create(name="eve")
    assert created
    assert list(album.fans.all()) == [fan]


def test_a_many_to_many_manager_creates_what_exists_elsewhere_again() -> None:
    """The lookup sees the related rows alone."""
    abba = Band.objects.get(name="abba")
    first, second = abba.albums.create(title="one"), abba.albums.create(title="two")
    first.fans.create(name="eve")
    assert second.fans.get_or_create(name="eve")[1] is True
    assert Fan.objects.count() == 2


def test_update_or_create_updates_what_it_finds() -> None:
    band, created = Band.objects.update_or_create(name="abba", defaults={"members": 5})
    assert (created, band.members, band.country) == (False, 5, "se")
    assert Band.objects.get(name="abba").members == 5


def test_update_or_create_creates_with_defaults() -> None:
    band, created = Band.objects.update_or_create(name="neu", defaults={"members": 5})
    assert (created, band.members) == (True, 5)


def test_create_defaults_replace_defaults_when_creating() -> None:
    arguments = {"defaults": {"members": 5}, "create_defaults": {"members": 6, "country": "de"}}
    band, created = Band.objects.update_or_create(name="neu", **arguments)
    assert (created, band.members, band.country) == (True, 6, "de")
    band, created = Band.objects.update_or_create(name="neu", **arguments)
    assert (created, band.members, band.country) == (False, 5, "de")


def test_update_or_create_calls_callables_and_takes_expressions() -> None:
    Band.objects.update_or_create(name="abba", defaults={"members": lambda: 8})
    assert Band.objects.get(name="abba").members == 8
    Band.objects.update_or_create(name="abba", defaults={"members": F("members") + 1})
    assert Band.objects.get(name="abba").members == 9


def test_update_or_create_writes_only_the_given_fields() -> None:
    band, _ = Band.objects.defer("country").update_or_create(name="abba", defaults={"members": 1})
    assert "country" in band.get_deferred_fields()


def test_update_or_create_runs_these_queries() -> None:
    with assert_num_queries(4):  # SAVEPOINT, SELECT, UPDATE, RELEASE
        Band.objects.update_or_create(name="abba", defaults={"members": 5})
    with assert_num_queries(6):  # SAVEPOINT, SELECT, SAVEPOINT, INSERT, RELEASE, RELEASE
        Band.objects.update_or_create(name="neu", defaults={"members": 5})


def test_update_or_create_of_several_is_an_error() -> None:
    with pytest.raises(MultipleObjectsReturned):
        Band.objects.update_or_create(country="se", defaults={"members": 1})


def test_update_or_create_with_unknown_default_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        Band.objects.update_or_create(name="neu", defaults={"nope": 1})


def test_update_or_create_sets_any_attribute_of_a_row_that_exists() -> None:
    band, created = Band.objects.update_or_create(name="abba", defaults={"nope": 1})
    assert (band.nope, created) == (1, False)  # type: ignore[attr-defined]  # set just now
    with pytest.raises(TypeError):
        Band.objects.update_or_create(name="abba", defaults={"albums": []})


def test_update_or_create_through_relations() -> None:
    abba = Band.objects.get(name="abba")
    assert abba.albums.update_or_create(title="waterloo", defaults={"sold": 1})[1] is True
    album, created = abba.albums.update_or_create(title="waterloo", defaults={"sold": 2})
    assert (created, album.sold, album.band_id) == (False, 2, abba.pk)
    assert album.fans.update_or_create(name="eve", defaults={"name": "eva"})[1] is True
    assert album.fans.get().name == "eva"


def test_a_field_named_defaults_is_looked_up_with_exact() -> None:
    with pytest.raises(FieldError):
        Band.objects.get_or_create(defaults__exact="x", name="abba")
