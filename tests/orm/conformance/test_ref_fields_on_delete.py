"""``on_delete``: what becomes of the objects that refer to a deleted one.

https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.ForeignKey.on_delete
"""

from typing import Any

import pytest
from vendors import only

from raystack_orm import IntegrityError, models, transaction
from raystack_orm.models import ProtectedError, RestrictedError
from raystack_orm.testing import assert_num_queries


def sentinel() -> "Owner":
    return Owner.objects.get_or_create(name="deleted")[0]


def first_owner() -> int:
    return Owner.objects.get(name="default").pk


class Owner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_on_delete"


class Cascading(models.Model):
    owner = models.ForeignKey(Owner, models.CASCADE, null=True)

    class Meta:
        app_label = "c1_on_delete"


class Below(models.Model):
    above = models.ForeignKey(Cascading, models.CASCADE)

    class Meta:
        app_label = "c1_on_delete"


class Protected(models.Model):
    owner = models.ForeignKey(Owner, models.PROTECT)

    class Meta:
        app_label = "c1_on_delete"


class SettingNull(models.Model):
    owner = models.ForeignKey(Owner, models.SET_NULL, null=True)

    class Meta:
        app_label = "c1_on_delete"


class SettingDefault(models.Model):
    owner = models.ForeignKey(Owner, models.SET_DEFAULT, default=first_owner)

    class Meta:
        app_label = "c1_on_delete"


class SettingValue(models.Model):
    owner = models.ForeignKey(Owner, models.SET(sentinel))

    class Meta:
        app_label = "c1_on_delete"


class SettingNone(models.Model):
    owner = models.ForeignKey(Owner, models.SET(None), null=True)

    class Meta:
        app_label = "c1_on_delete"


class Nothing(models.Model):
    owner = models.ForeignKey(Owner, models.DO_NOTHING, null=True)

    class Meta:
        app_label = "c1_on_delete"


class Artist(models.Model):
    name = models.CharField(max_length=10)

    class Meta:
        app_label = "c1_on_delete"


class Album(models.Model):
    artist = models.ForeignKey(Artist, models.CASCADE)

    class Meta:
        app_label = "c1_on_delete"


class Song(models.Model):
    artist = models.ForeignKey(Artist, models.CASCADE)
    album = models.ForeignKey(Album, models.RESTRICT)

    class Meta:
        app_label = "c1_on_delete"


class Root(models.Model):
    class Meta:
        app_label = "c1_on_delete"


class DatabaseCascade(models.Model):
    root = models.ForeignKey(Root, models.DB_CASCADE)

    class Meta:
        app_label = "c1_on_delete"


class DatabaseNull(models.Model):
    root = models.ForeignKey(Root, models.DB_SET_NULL, null=True)

    class Meta:
        app_label = "c1_on_delete"


class DatabaseDefault(models.Model):
    root = models.ForeignKey(Root, models.DB_SET_DEFAULT, db_default=models.Value(7))

    class Meta:
        app_label = "c1_on_delete"
        required_db_vendor = "postgresql"  # MariaDB has no SET DEFAULT


@pytest.fixture
def owner(db: str) -> Owner:
    return Owner.objects.create(name="ann")


def test_cascade_deletes_what_refers_at_any_depth(owner: Owner) -> None:
    Below.objects.create(above=Cascading.objects.create(owner=owner))
    Cascading.objects.create()
    deleted, per_model = owner.delete()
    assert deleted == 3
    assert per_model == {
        "c1_on_delete.Below": 1,
        "c1_on_delete.Cascading": 1,
        "c1_on_delete.Owner": 1,
    }
    assert Cascading.objects.count() == 1


def test_cascade_works_for_querysets(owner: Owner) -> None:
    Cascading.objects.create(owner=owner)
    assert Owner.objects.filter(name="ann").delete()[0] == 2


def test_protect_refuses(owner: Owner) -> None:
    kept = Protected.objects.create(owner=owner)
    with pytest.raises(ProtectedError) as caught:
        owner.delete()
    assert set(caught.value.protected_objects) == {kept}
    assert issubclass(ProtectedError, IntegrityError)
    assert Owner.objects.count() == 1


def test_protect_refuses_below_a_cascade_too(owner: Owner) -> None:
    Cascading.objects.create(owner=owner)
    Protected.objects.create(owner=owner)
    with pytest.raises(ProtectedError):
        Owner.objects.all().delete()
    assert Cascading.objects.count() == 1


def test_restrict_refuses(db: str) -> None:
    artist = Artist.objects.create(name="a")
    album = Album.objects.create(artist=artist)
    song = Song.objects.create(artist=artist, album=album)
    with pytest.raises(RestrictedError) as caught:
        album.delete()
    assert set(caught.value.restricted_objects) == {song}
    assert issubclass(RestrictedError, IntegrityError)


def test_restrict_allows_what_a_cascade_deletes_too(db: str) -> None:
    artist = Artist.objects.create(name="a")
    Song.objects.create(artist=artist, album=Album.objects.create(artist=artist))
    assert artist.delete()[0] == 3


def test_restrict_refuses_when_another_artists_song_refers(db: str) -> None:
    one, two = Artist.objects.create(name="a"), Artist.objects.create(name="b")
    album = Album.objects.create(artist=one)
    Song.objects.create(artist=two, album=album)
    with pytest.raises(RestrictedError):
        one.delete()


def test_set_null(owner: Owner) -> None:
    made = SettingNull.objects.create(owner=owner)
    assert owner.delete() == (1, {"c1_on_delete.Owner": 1})
    made.refresh_from_db()
    assert made.owner is None


def test_set_default(owner: Owner) -> None:
    default = Owner.objects.create(name="default")
    made = SettingDefault.objects.create(owner=owner)
    owner.delete()
    made.refresh_from_db()
    assert made.owner == default


def test_set_takes_a_callable(owner: Owner) -> None:
    made = SettingValue.objects.create(owner=owner)
    owner.delete()
    made.refresh_from_db()
    assert made.owner.name == "deleted"


def test_set_takes_a_value(owner: Owner) -> None:
    made = SettingNone.objects.create(owner=owner)
    owner.delete()
    made.refresh_from_db()
    assert made.owner is None


def test_do_nothing_leaves_it_to_the_database(committed_db: str) -> None:
    owner = Owner.objects.create(name="ann")
    Nothing.objects.create(owner=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        owner.delete()
    assert Owner.objects.count() == 1


def test_database_cascade(db: str) -> None:
    root = Root.objects.create()
    DatabaseCascade.objects.create(root=root)
    with assert_num_queries(1):
        assert root.delete() == (1, {"c1_on_delete.Root": 1})
    assert DatabaseCascade.objects.count() == 0


def test_database_set_null(db: str) -> None:
    root = Root.objects.create()
    made = DatabaseNull.objects.create(root=root)
    root.delete()
    made.refresh_from_db()
    assert made.root_id is None


@only("postgresql")
def test_database_set_default(db: str) -> None:
    Root.objects.create(pk=7)
    root = Root.objects.create(pk=8)
    made = DatabaseDefault.objects.create(root=root)
    root.delete()
    made.refresh_from_db()
    assert made.root_id == 7


def test_models_without_references_are_deleted_in_one_query(db: str) -> None:
    for _ in range(3):
        Below.objects.create(above=Cascading.objects.create())
    with assert_num_queries(1):
        assert Below.objects.all().delete() == (3, {"c1_on_delete.Below": 3})


def test_nothing_to_delete_is_no_error(db: str) -> None:
    assert Below.objects.none().delete()[0] == 0
    assert Below.objects.filter(pk=1).delete() == (0, {})


def test_set_null_wants_a_field_that_may_be_null() -> None:
    field: Any = models.ForeignKey(Owner, models.SET_NULL, null=True)
    assert field.null is True
    assert field.remote_field.on_delete is models.SET_NULL
