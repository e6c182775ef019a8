"""Lookups on relations, and isnull, in and comparisons that are special for them.

https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Count, F, Max, Q, Sum
from raystack_orm.models.lookups import GreaterThan, LessThan
from raystack_orm.testing import assert_num_queries


class Label(models.Model):
    code = models.CharField(max_length=5, primary_key=True)

    class Meta:
        app_label = "conf_relation_lookups"


class Artist(models.Model):
    name = models.CharField(max_length=20, unique=True)
    label = models.ForeignKey(Label, models.SET_NULL, null=True)

    class Meta:
        app_label = "conf_relation_lookups"


class Track(models.Model):
    name = models.CharField(max_length=20)
    artist = models.ForeignKey(
        Artist, models.CASCADE, to_field="name", related_name="tracks", db_column="by"
    )
    guests = models.ManyToManyField(Artist, related_name="guest_tracks")

    class Meta:
        app_label = "conf_relation_lookups"
        ordering = ("name",)


class Lyrics(models.Model):
    track = models.OneToOneField(Track, models.CASCADE, primary_key=True)
    text = models.TextField()

    class Meta:
        app_label = "conf_relation_lookups"


@pytest.fixture(autouse=True)
def tracks(db: str) -> None:
    """Artists x (of a label) and y; tracks a and b of x, c of y; guests; lyrics of a."""
    x = Artist.objects.create(name="x", label=Label.objects.create(code="L1"))
    y = Artist.objects.create(name="y")
    for name, artist, guests in (("a", x, [y]), ("b", x, [x, y]), ("c", y, [])):
        Track.objects.create(name=name, artist=artist).guests.set(guests)
    Lyrics.objects.create(track=Track.objects.get(name="a"), text="la")


def artist(name: str) -> Artist:
    return Artist.objects.get(name=name)


def names(*args: Any, **conditions: Any) -> str:
    found = Track.objects.filter(*args, **conditions).distinct()
    return "".join(track.name for track in found)


def test_a_key_to_another_field_is_compared_by_that_field() -> None:
    x = artist("x")
    for conditions in (
        {"artist": x},
        {"artist": "x"},
        {"artist_id": "x"},
        {"artist__name": "x"},
        {"artist__pk": x.pk},
        {"artist__id": x.pk},
        {"artist__in": [x]},
        {"artist__in": ["x"]},
        {"artist__in": Artist.objects.filter(name="x")},
        {"artist__in": Artist.objects.filter(name="x").values("name")},
    ):
        assert names(**conditions) == "ab", conditions


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"artist__gt": "x"}, "c"),
        ({"artist__gte": "x"}, "abc"),
        ({"artist__lt": "y"}, "ab"),
        ({"artist__lte": "y"}, "abc"),
        ({"artist__isnull": True}, ""),
        ({"artist__isnull": False}, "abc"),
        ({"artist__label": "L1"}, "ab"),
        ({"artist__label__isnull": True}, "c"),
        ({"artist__label__in": ["L1", "L2"]}, "ab"),
        ({"artist__label__code__startswith": "L"}, "ab"),
        ({"guests__isnull": True}, "c"),
        ({"guests__isnull": False}, "ab"),
        ({"guests": None}, "c"),
        ({"guests__name": "y"}, "ab"),
        ({"guests__label": "L1"}, "b"),
        ({"lyrics__isnull": True}, "bc"),
        ({"lyrics__isnull": False}, "a"),
        ({"lyrics": None}, "bc"),
        ({"lyrics__text": "la"}, "a"),
        ({"artist__guest_tracks__name": "a"}, "c"),
        ({"artist__tracks__guests__name": "x"}, "ab"),
        ({"artist__in": []}, ""),
    ],
)
def test_relations_have_these_lookups(conditions: dict[str, Any], expected: str) -> None:
    assert names(**conditions) == expected


@pytest.mark.parametrize(
    "lookup", ["contains", "startswith", "regex", "year", "range", "iexact", "has_key", "nope"]
)
def test_a_relation_takes_no_other_lookup(lookup: str) -> None:
    with pytest.raises(FieldError):
        list(Track.objects.filter(**{f"artist__{lookup}": "x"}))
    with pytest.raises(FieldError):
        list(Track.objects.filter(**{f"guests__{lookup}": "x"}))


def test_many_to_many_takes_instances_keys_and_querysets() -> None:
    x, y = artist("x"), artist("y")
    for conditions in (
        {"guests": x},
        {"guests": x.pk},
        {"guests__pk": x.pk},
        {"guests__in": [x]},
        {"guests__in": [x.pk]},
        {"guests__in": Artist.objects.filter(name="x")},
    ):
        assert names(**conditions) == "b", conditions
    assert names(guests__in=[x, y]) == "ab"
    assert names(Q(guests=x) & Q(guests=y)) == ""
    assert "".join(t.name for t in Track.objects.filter(guests=x).filter(guests=y)) == "b"


def test_reverse_relations_take_instances_and_keys() -> None:
    a = Track.objects.get(name="a")
    for conditions in ({"tracks": a}, {"tracks": a.pk}, {"tracks__in": [a]}, {"tracks__pk": a.pk}):
        assert Artist.objects.get(**conditions).name == "x", conditions
    assert Artist.objects.get(guest_tracks=a).name == "y"
    assert Label.objects.get(artist__tracks=a).code == "L1"
    assert Track.objects.get(lyrics=a.lyrics).name == "a"
    assert Lyrics.objects.get(track=a).pk == a.pk


def test_a_filter_on_the_key_itself_needs_no_join() -> None:
    for conditions in (
        {"artist": "x"},
        {"artist_id": "x"},
        {"artist__name": "x"},
        {"artist__isnull": False},
        {"artist__in": ["x"]},
    ):
        sql = str(Track.objects.filter(**conditions).query).upper()
        assert "JOIN" not in sql, conditions
    assert "JOIN" not in str(Artist.objects.filter(label__code="L1").query).upper()


def test_f_compares_relations() -> None:
    assert names(artist=F("artist")) == "abc"
    assert names(guests=F("artist__id")) == "b"
    assert names(artist__label=F("guests__label")) == "b"


def test_in_with_none_inside_is_left_out() -> None:
    assert [a.name for a in Artist.objects.filter(label__in=["L1", None])] == ["x"]
    assert Artist.objects.filter(label__in=[None]).count() == 0


def test_a_subquery_with_null_makes_not_in_unknown() -> None:
    """Three-valued logic: exclude NULLs from the subquery, as the page says."""
    labels = Artist.objects.values("label")
    assert Label.objects.exclude(code__in=labels.filter(label__isnull=False)).count() == 0
    Label.objects.create(code="L2")
    assert Label.objects.exclude(code__in=labels.filter(label__isnull=False)).get().code == "L2"


def test_lookups_over_aggregates_filter_groups() -> None:
    counted = Artist.objects.annotate(n=Count("tracks"))
    assert counted.get(GreaterThan(F("n"), 1)).name == "x"
    assert counted.get(n__lt=2).name == "y"
    assert Artist.objects.filter(LessThan(F("pk"), 0)).count() == 0
    assert counted.filter(n__gt=1).aggregate(Sum("n"), Max("n")) == {"n__sum": 2, "n__max": 2}


def test_the_primary_key_of_a_one_to_one_child_is_its_parents() -> None:
    a = Track.objects.get(name="a")
    assert Lyrics.objects.get(pk=a.pk).track_id == a.pk
    with assert_num_queries(1):
        assert Lyrics.objects.select_related("track__artist").get().track.artist.name == "x"
    assert Lyrics.objects.filter(track__artist__label="L1").exists()
    assert Lyrics.objects.order_by("track").values_list("track__name", flat=True)[0] == "a"
