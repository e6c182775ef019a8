"""Which manager answers for related objects, for validation and for deletion.

https://docs.djangoproject.com/en/stable/topics/db/managers/#base-managers
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import ValidationError, models
from raystack_orm.models import Prefetch
from raystack_orm.testing import assert_num_queries


class VisibleManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(visible=True)

    def loud(self) -> list[str]:
        return [item.name.upper() for item in self.order_by("name")]


class Album(models.Model):
    name = models.CharField(max_length=20)
    visible = models.BooleanField(default=True)

    objects = VisibleManager()
    everything = models.Manager()

    class Meta:
        app_label = "c1_managers_related"


class BaseVisible(models.Model):
    name = models.CharField(max_length=20)
    visible = models.BooleanField(default=True)

    objects = models.Manager()
    shown = VisibleManager()

    class Meta:
        app_label = "c1_managers_related"
        base_manager_name = "shown"


class Song(models.Model):
    name = models.CharField(max_length=20, default="")
    visible = models.BooleanField(default=True)
    album = models.ForeignKey(Album, models.CASCADE, related_name="songs")
    strict = models.ForeignKey(BaseVisible, models.CASCADE, null=True)
    also_on = models.ManyToManyField(Album, related_name="guests")

    objects = VisibleManager()
    everything = models.Manager()

    class Meta:
        app_label = "c1_managers_related"


@pytest.fixture
def album(db: str) -> Album:
    made = Album.objects.create(name="a")
    Song.everything.create(name="shown", album=made)
    Song.everything.create(name="hidden", album=made, visible=False)
    return made


def test_reverse_relations_use_the_default_manager(album: Album) -> None:
    assert [song.name for song in album.songs.all()] == ["shown"]
    assert album.songs.loud() == ["SHOWN"]
    assert album.songs.count() == 1


def test_many_to_many_uses_the_default_manager(album: Album) -> None:
    for song in Song.everything.all():
        song.also_on.add(album)
    assert [song.name for song in album.guests.all()] == ["shown"]
    assert album.guests.loud() == ["SHOWN"]
    assert album.guests(manager="everything").count() == 2


def test_another_manager_may_be_asked(album: Album) -> None:
    assert album.songs(manager="everything").count() == 2
    assert album.songs(manager="everything").create(name="new").album == album


def test_following_a_key_finds_hidden_objects(album: Album) -> None:
    Album.objects.update(visible=False)
    song = Song.objects.get(name="shown")
    assert song.album.name == "a"
    assert Song.objects.select_related("album").get(name="shown").album.name == "a"


def test_following_a_key_uses_base_manager_name(album: Album) -> None:
    strict = BaseVisible.objects.create(name="s", visible=False)
    Song.objects.filter(name="shown").update(strict=strict)
    song = Song.objects.get(name="shown")
    with pytest.raises(BaseVisible.DoesNotExist):
        song.strict  # noqa: B018 - reading it is what raises


def test_filters_over_relations_do_not_use_managers(album: Album) -> None:
    assert Album.objects.filter(songs__name="hidden").exists() is True
    assert Album.objects.filter(songs__isnull=False).count() == 2


def test_prefetching_takes_another_managers_queryset(album: Album) -> None:
    with assert_num_queries(2):
        (found,) = Album.objects.prefetch_related(
            Prefetch("songs", queryset=Song.everything.order_by("name"))
        )
        assert [song.name for song in found.songs.all()] == ["hidden", "shown"]


def test_cascades_find_hidden_objects(album: Album) -> None:
    assert album.delete()[1] == {
        "c1_managers_related.Song": 2,
        "c1_managers_related.Album": 1,
    }


def test_refresh_finds_hidden_objects(album: Album) -> None:
    hidden = Song.everything.get(name="hidden")
    hidden.refresh_from_db()
    assert hidden.visible is False


def test_saving_a_hidden_object_updates_it(album: Album) -> None:
    hidden = Song.everything.get(name="hidden")
    hidden.name = "changed"
    hidden.save()
    assert Song.everything.filter(name="changed", visible=False).count() == 1
    assert Song.everything.count() == 2


def test_unique_checks_ask_the_default_manager(album: Album) -> None:
    hidden, shown = Song.everything.order_by("name")
    Song(pk=hidden.pk, name="x", album=album).validate_unique()
    with pytest.raises(ValidationError):
        Song(pk=shown.pk, name="x", album=album).validate_unique()


def test_get_or_create_of_a_related_manager_sees_its_own(album: Album) -> None:
    made, created = album.songs.get_or_create(name="hidden")
    assert created is True
    assert made.visible is True


def test_update_and_delete_follow_the_manager(album: Album) -> None:
    assert album.songs.update(name="z") == 1
    assert album.songs.all().delete()[0] == 1
    assert Song.everything.count() == 1


def test_related_managers_are_of_the_managers_class(album: Album) -> None:
    assert isinstance(album.songs, VisibleManager)
    assert isinstance(album.guests, VisibleManager)
    assert isinstance(album.songs(manager="everything"), models.Manager)


def test_async_methods_follow_the_manager(album: Album, run: Callable[..., Any]) -> None:
    async def work() -> None:
        assert await album.songs.acount() == 1
        assert [song.name async for song in album.songs.all()] == ["shown"]
        assert await album.songs(manager="everything").acount() == 2

    run(work())
