"""Defining models: fields, relations with data, methods.

https://docs.djangoproject.com/en/stable/topics/db/models/
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.testing import isolate_apps


class Musician(models.Model):
    first_name = models.CharField(max_length=50)
    last_name = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_topic_models"

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def is_one_name(self) -> bool:
        return not self.last_name


class Group(models.Model):
    name = models.CharField(max_length=50)
    members = models.ManyToManyField(Musician, through="Membership")

    class Meta:
        app_label = "c1_topic_models"


class Membership(models.Model):
    musician = models.ForeignKey(Musician, on_delete=models.CASCADE)
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    joined = models.DateField()
    reason = models.CharField(max_length=50, default="")

    class Meta:
        app_label = "c1_topic_models"
        constraints = (
            models.UniqueConstraint(fields=["musician", "group"], name="c1_unique_member"),
        )


class Blog(models.Model):
    name = models.CharField(max_length=100)
    slug = models.TextField(default="")
    log: list[str] = []  # noqa: RUF012 - a test's notes

    class Meta:
        app_label = "c1_topic_models"

    def save(self, **kwargs: Any) -> None:
        if self.name == "Yoko Ono's blog":
            return
        self.slug = self.name.lower()
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and "name" in update_fields:
            kwargs["update_fields"] = {"slug"}.union(update_fields)
        super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self.log.append(self.name)
        return super().delete(*args, **kwargs)


DAY = dt.date(1962, 8, 16)


def test_a_table_with_an_id_is_made_for_a_model() -> None:
    assert [field.name for field in Musician._meta.fields] == ["id", "first_name", "last_name"]
    assert Musician._meta.db_table == "c1_topic_models_musician"


def test_exactly_one_field_is_the_primary_key() -> None:
    with isolate_apps():

        class Fruit(models.Model):
            name = models.CharField(max_length=5, primary_key=True)

            class Meta:
                app_label = "c1_topic_models"

    assert [f.name for f in Fruit._meta.fields if f.primary_key] == ["name"]


def test_methods_and_properties_work_on_rows(db: str) -> None:
    Musician.objects.create(first_name="Ringo", last_name="Starr")
    ringo = Musician.objects.get()
    assert (ringo.full_name, ringo.is_one_name(), str(ringo)) == (
        "Ringo Starr",
        False,
        "Ringo Starr",
    )


@pytest.fixture
def beatles(db: str) -> Group:
    ringo = Musician.objects.create(first_name="Ringo")
    paul = Musician.objects.create(first_name="Paul")
    group = Group.objects.create(name="The Beatles")
    Membership.objects.create(musician=ringo, group=group, joined=DAY, reason="drums")
    Membership.objects.create(musician=paul, group=group, joined=dt.date(1960, 8, 1))
    return group


def test_a_membership_relates_both_sides(beatles: Group) -> None:
    assert {m.first_name for m in beatles.members.all()} == {"Ringo", "Paul"}
    ringo = Musician.objects.get(first_name="Ringo")
    assert list(ringo.group_set.all()) == [beatles]


def test_add_create_and_set_take_through_defaults(beatles: Group) -> None:
    john = Musician.objects.create(first_name="John")
    beatles.members.add(john, through_defaults={"joined": DAY})
    beatles.members.create(first_name="George", through_defaults={"joined": DAY})
    assert beatles.members.count() == 4
    beatles.members.set([john], through_defaults={"joined": DAY})
    assert list(beatles.members.all()) == [john]


def test_remove_and_clear_delete_the_memberships(beatles: Group) -> None:
    ringo = Musician.objects.get(first_name="Ringo")
    beatles.members.remove(ringo)
    assert Membership.objects.count() == 1
    beatles.members.clear()
    assert Membership.objects.count() == 0


def test_queries_use_the_membership(beatles: Group) -> None:
    assert Group.objects.filter(members__first_name__startswith="Paul").get() == beatles
    found = Musician.objects.filter(group=beatles, membership__joined__gt=dt.date(1961, 1, 1))
    assert found.get().first_name == "Ringo"
    ringo = found.get()
    assert ringo.membership_set.get(group=beatles).reason == "drums"
    assert Membership.objects.get(group=beatles, musician=ringo).joined == DAY


def test_save_may_be_overridden(db: str) -> None:
    Blog(name="Yoko Ono's blog").save()
    assert Blog.objects.count() == 0
    blog = Blog.objects.create(name="New")
    assert blog.slug == "new"


def test_an_overridden_save_may_widen_update_fields(db: str) -> None:
    blog = Blog.objects.create(name="New")
    blog.name = "Old"
    blog.save(update_fields=["name"])
    assert Blog.objects.get().slug == "old"


def test_delete_may_be_overridden_but_bulk_deletes_do_not_call_it(db: str) -> None:
    Blog.log.clear()
    Blog.objects.create(name="a").delete()
    assert Blog.log == ["a"]
    Blog.objects.create(name="b")
    Blog.objects.all().delete()
    assert Blog.log == ["a"]


def test_bulk_writes_do_not_call_save(db: str) -> None:
    Blog.objects.bulk_create([Blog(name="Bulk")])
    assert Blog.objects.get().slug == ""
    Blog.objects.update(name="Other")
    assert Blog.objects.get().slug == ""


def test_names_of_fields_may_be_sql_words(db: str) -> None:
    with isolate_apps():

        class Select(models.Model):
            join = models.IntegerField(default=0)
            where = models.IntegerField(default=0)

            class Meta:
                app_label = "c1_topic_models"

    assert Select(join=1, where=2).join == 1


def test_a_class_attribute_that_is_no_field_is_left_alone() -> None:
    assert Blog.log is Blog(name="x").log
