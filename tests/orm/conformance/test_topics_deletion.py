"""Deleting: in which order, how many statements, through which relations.

https://docs.djangoproject.com/en/stable/topics/db/queries/#deleting-objects
"""

from collections.abc import Callable
from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import signals
from raystack_orm.testing import assert_num_queries, capture_queries


class Owner(models.Model):
    name = models.CharField(max_length=10, default="")

    class Meta:
        app_label = "c1_deletion"


class House(models.Model):
    owner = models.ForeignKey(Owner, models.CASCADE)

    class Meta:
        app_label = "c1_deletion"


class Room(models.Model):
    house = models.ForeignKey(House, models.CASCADE)

    class Meta:
        app_label = "c1_deletion"


class Key(models.Model):
    room = models.ForeignKey(Room, models.SET_NULL, null=True)
    spare = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="spares")

    class Meta:
        app_label = "c1_deletion"


class Tree(models.Model):
    parent = models.ForeignKey("self", models.CASCADE, null=True)

    class Meta:
        app_label = "c1_deletion"


class Left(models.Model):
    right = models.ForeignKey("Right", models.CASCADE, null=True)

    class Meta:
        app_label = "c1_deletion"


class Right(models.Model):
    left = models.ForeignKey(Left, models.CASCADE, null=True)

    class Meta:
        app_label = "c1_deletion"


class Tag(models.Model):
    houses = models.ManyToManyField(House)

    class Meta:
        app_label = "c1_deletion"


class Profile(models.Model):
    owner = models.OneToOneField(Owner, models.CASCADE)

    class Meta:
        app_label = "c1_deletion"


def verbs(work: Callable[[], object]) -> list[str]:
    with capture_queries() as captured:
        work()
    return [query["sql"].split()[0] for query in captured.captured_queries]


def build() -> Owner:
    owner = Owner.objects.create()
    for _ in range(2):
        house = House.objects.create(owner=owner)
        room = Room.objects.create(house=house)
        Key.objects.create(room=room, spare=room)
    return owner


def test_a_model_without_relations_is_deleted_at_once(db: str) -> None:
    key = Key.objects.create()
    assert verbs(key.delete) == ["DELETE"]


def test_a_queryset_without_relations_is_deleted_at_once(db: str) -> None:
    Key.objects.create()
    Key.objects.create()
    assert verbs(Key.objects.all().delete) == ["DELETE"]


def test_leaves_are_deleted_without_being_loaded(db: str) -> None:
    owner = Owner.objects.create()
    Profile.objects.create(owner=owner)
    assert verbs(owner.delete) == ["SELECT", "DELETE", "DELETE"]


def test_children_go_before_their_parents(db: str) -> None:
    owner = build()
    deleted, per_model = owner.delete()
    assert per_model == {
        "c1_deletion.Room": 2,
        "c1_deletion.House": 2,
        "c1_deletion.Owner": 1,
    }
    assert deleted == 5
    assert Key.objects.filter(room=None, spare=None).count() == 2


def test_receivers_make_leaves_be_loaded(db: str) -> None:
    def receiver(**_: Any) -> None: ...

    owner = Owner.objects.create()
    Profile.objects.create(owner=owner)
    signals.post_delete.connect(receiver, sender=Profile)
    try:
        assert verbs(owner.delete)[:2] == ["SELECT", "SELECT"]
    finally:
        signals.post_delete.disconnect(receiver, sender=Profile)


def test_a_tree_is_deleted_to_its_leaves(db: str) -> None:
    root = Tree.objects.create()
    child = Tree.objects.create(parent=root)
    Tree.objects.create(parent=child)
    other = Tree.objects.create()
    assert root.delete() == (3, {"c1_deletion.Tree": 3})
    assert Tree.objects.get() == other


def test_circles_are_deleted(db: str) -> None:
    left = Left.objects.create()
    right = Right.objects.create(left=left)
    left.right = right
    left.save()
    assert left.delete()[0] == 2
    assert Right.objects.count() == 0


def test_an_object_that_refers_to_itself(db: str) -> None:
    tree = Tree.objects.create()
    tree.parent = tree
    tree.save()
    assert tree.delete() == (1, {"c1_deletion.Tree": 1})


def test_rows_of_many_to_many_are_counted(db: str) -> None:
    tag = Tag.objects.create()
    house = House.objects.create(owner=Owner.objects.create())
    tag.houses.add(house)
    assert tag.delete() == (2, {"c1_deletion.Tag_houses": 1, "c1_deletion.Tag": 1})
    assert House.objects.count() == 1


def test_one_to_one_cascades(db: str) -> None:
    owner = Owner.objects.create()
    Profile.objects.create(owner=owner)
    assert owner.delete()[1] == {"c1_deletion.Profile": 1, "c1_deletion.Owner": 1}


def test_objects_at_hand_lose_their_key(db: str) -> None:
    owner = Owner.objects.create(name="a")
    owner.delete()
    assert (owner.pk, owner.name) == (None, "a")


def test_delete_of_a_sliced_queryset_is_refused(db: str) -> None:
    with pytest.raises(TypeError):
        Owner.objects.all()[:1].delete()


def test_delete_after_values_is_refused(db: str) -> None:
    with pytest.raises(TypeError):
        Owner.objects.values("name").delete()


def test_delete_after_distinct_fields_is_refused(db: str) -> None:
    with pytest.raises(TypeError):
        Owner.objects.distinct("name").delete()


def test_delete_with_joins_and_subqueries(db: str) -> None:
    owner = build()
    build()
    assert House.objects.filter(owner=owner, room__isnull=False).delete()[0] == 4
    assert Room.objects.filter(house__owner__in=Owner.objects.all()).delete()[0] == 2
    assert Key.objects.exclude(room__house__owner=owner).delete()[0] == 4


def test_delete_clears_the_result_of_the_queryset(db: str) -> None:
    Owner.objects.create()
    query = Owner.objects.all()
    assert len(query) == 1
    query.delete()
    assert len(query) == 0


def test_a_manager_has_no_delete(db: str) -> None:
    with pytest.raises(AttributeError):
        Owner.objects.delete()


def test_deleting_many_is_done_in_batches(db: str) -> None:
    owner = Owner.objects.create()
    House.objects.bulk_create([House(owner=owner) for _ in range(1200)])
    deleted, _ = owner.delete()
    assert deleted == 1201
    assert House.objects.count() == 0


def test_a_copy_of_an_object(db: str) -> None:
    owner = Owner.objects.create(name="a")
    owner.pk = None
    owner._state.adding = True
    owner.save()
    assert Owner.objects.filter(name="a").count() == 2


def test_adelete_of_a_queryset(db: str, run: Callable[..., Any]) -> None:
    build()
    assert run(Owner.objects.all().adelete())[0] == 5
    with assert_num_queries(1):
        assert Owner.objects.count() == 0
