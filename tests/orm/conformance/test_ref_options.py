"""The options of ``Meta``.

https://docs.djangoproject.com/en/stable/ref/models/options/
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import IntegrityError, models, transaction
from raystack_orm.models import F
from raystack_orm.testing import isolate_apps


class Plain(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_options"


class MusicAlbum(models.Model):
    order = models.IntegerField(default=0, db_column="select")

    class Meta:
        app_label = "c1_options"
        db_table = "c1-order by"
        db_table_comment = "Records"
        verbose_name = "record"
        permissions = (("can_play", "Can play records"),)
        default_permissions = ("add",)


class Story(models.Model):
    day = models.DateField()
    priority = models.IntegerField(default=0)
    author = models.CharField(max_length=20, null=True)
    plain = models.ForeignKey(Plain, on_delete=models.CASCADE, null=True)

    class Meta:
        app_label = "c1_options"
        get_latest_by = "day"
        ordering = ("-day", F("author").asc(nulls_last=True))
        verbose_name_plural = "stories"
        default_related_name = "%(app_label)s_stories"


class Note(models.Model):
    plain = models.ForeignKey(Plain, on_delete=models.CASCADE)
    name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_options"
        default_related_name = "notes"


class Ride(models.Model):
    driver = models.CharField(max_length=20)
    place = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_options"
        unique_together = ("driver", "place")


class Shown(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(shown=True)


class Managed(models.Model):
    shown = models.BooleanField(default=True)

    objects = models.Manager()
    visible = Shown()

    class Meta:
        app_label = "c1_options"
        default_manager_name = "visible"
        base_manager_name = "visible"


class Window(models.Model):
    """A view of somebody else's table."""

    name = models.CharField(max_length=20)

    class Meta:
        app_label = "c1_options"
        db_table = "c1_options_plain"
        managed = False


class Adult(models.Model):
    age = models.IntegerField()
    first_name = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "c1_options"
        indexes = (
            models.Index(fields=["age", "first_name"]),
            models.Index(fields=["first_name"], name="c1_first_idx"),
        )
        constraints = (models.CheckConstraint(condition=models.Q(age__gte=18), name="c1_age_18"),)


def day(number: int) -> dt.date:
    return dt.date(2024, 1, number)


def test_an_abstract_model_has_no_manager_and_no_instances() -> None:
    with isolate_apps():

        class Base(models.Model):
            class Meta:
                app_label = "c1_options"
                abstract = True

    assert Base._meta.abstract is True
    assert not hasattr(Base, "objects")
    with pytest.raises(TypeError):
        Base()


def test_labels() -> None:
    assert MusicAlbum._meta.app_label == "c1_options"
    assert MusicAlbum._meta.label == "c1_options.MusicAlbum"
    assert MusicAlbum._meta.label_lower == "c1_options.musicalbum"
    assert MusicAlbum._meta.object_name == "MusicAlbum"
    assert MusicAlbum._meta.model_name == "musicalbum"


def test_the_table_is_named_for_app_and_model() -> None:
    assert Plain._meta.db_table == "c1_options_plain"


def test_db_table_may_hold_reserved_words_and_hyphens(db: str) -> None:
    MusicAlbum.objects.create(order=3)
    assert MusicAlbum._meta.db_table == "c1-order by"
    assert MusicAlbum.objects.filter(order=3).order_by("order").update(order=4) == 1
    assert MusicAlbum.objects.get().order == 4


def test_db_table_comment() -> None:
    assert MusicAlbum._meta.db_table_comment == "Records"
    assert Plain._meta.db_table_comment == ""


def test_verbose_names() -> None:
    assert MusicAlbum._meta.verbose_name == "record"
    assert MusicAlbum._meta.verbose_name_plural == "records"
    assert Story._meta.verbose_name == "story"
    assert Story._meta.verbose_name_plural == "stories"


def test_verbose_name_is_the_class_name_in_words() -> None:
    with isolate_apps():

        class CamelCaseName(models.Model):
            class Meta:
                app_label = "c1_options"

    assert CamelCaseName._meta.verbose_name == "camel case name"
    assert CamelCaseName._meta.verbose_name_plural == "camel case names"


def test_permissions() -> None:
    assert list(MusicAlbum._meta.permissions) == [("can_play", "Can play records")]
    assert tuple(MusicAlbum._meta.default_permissions) == ("add",)
    assert tuple(Plain._meta.default_permissions) == ("add", "change", "delete", "view")


def test_default_related_name_is_accessor_and_query_name(db: str) -> None:
    plain = Plain.objects.create(name="a")
    Note.objects.create(plain=plain, name="x")
    assert plain.notes.get().name == "x"
    assert Plain.objects.get(notes__name="x") == plain
    assert not hasattr(plain, "note_set")


def test_default_related_name_may_hold_the_labels(db: str) -> None:
    plain = Plain.objects.create(name="a")
    Story.objects.create(day=day(1), plain=plain)
    assert plain.c1_options_stories.count() == 1


def test_unique_together_may_be_a_single_list(db: str) -> None:
    assert [tuple(names) for names in Ride._meta.unique_together] == [("driver", "place")]
    Ride.objects.create(driver="a", place="b")
    Ride.objects.create(driver="a", place="c")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ride.objects.create(driver="a", place="b")


def test_unique_together_has_its_error_code(db: str) -> None:
    Ride.objects.create(driver="a", place="b")
    with pytest.raises(Exception, match=r".") as caught:
        Ride(driver="a", place="b").full_clean()
    assert caught.value.error_dict["__all__"][0].code == "unique_together"


def test_manager_names(db: str) -> None:
    hidden = Managed.objects.create(shown=False)
    assert Managed._default_manager.name == "visible"
    assert Managed._base_manager.name == "visible"
    with pytest.raises(Managed.DoesNotExist):
        hidden.refresh_from_db()


def test_an_unmanaged_model_reads_and_writes_like_any_other(db: str) -> None:
    Plain.objects.create(name="a")
    window = Window.objects.get(name="a")
    window.name = "b"
    window.save()
    assert Plain.objects.get().name == "b"
    assert Window._meta.managed is False
    assert Window._meta.pk.name == "id"


def test_indexes_without_a_name_are_given_one() -> None:
    first, second = Adult._meta.indexes
    assert second.name == "c1_first_idx"
    assert first.name
    assert len(first.name) <= 30


def test_constraints_are_in_the_database(db: str) -> None:
    Adult.objects.create(age=18)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adult.objects.create(age=17)


def test_defaults_of_the_options() -> None:
    meta = Plain._meta
    assert (meta.abstract, meta.proxy, meta.managed, meta.select_on_save) == (
        False,
        False,
        True,
        False,
    )
    assert tuple(meta.ordering) == ()
    assert meta.get_latest_by is None
    assert meta.required_db_vendor is None
    assert meta.swapped is None


def test_an_unknown_option_is_an_error() -> None:
    with isolate_apps(), pytest.raises(TypeError, match="orderng"):

        class Wrong(models.Model):
            class Meta:
                app_label = "c1_options"
                orderng = ("name",)
