"""Database access optimization: how many queries a piece of code runs, and basic search.

https://docs.djangoproject.com/en/stable/topics/db/optimization/
https://docs.djangoproject.com/en/stable/topics/db/search/
"""

import pytest

from raystack_orm import models
from raystack_orm.models import Count, F, prefetch_related_objects
from raystack_orm.testing import assert_num_queries


class Group(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_optimized_queries"


class User(models.Model):
    username = models.CharField(max_length=30, unique=True)
    bio = models.TextField(default="long")
    boss = models.ForeignKey("self", models.SET_NULL, null=True)
    groups = models.ManyToManyField(Group, related_name="members")

    class Meta:
        app_label = "conf_optimized_queries"
        ordering = ("username",)


@pytest.fixture(autouse=True)
def users(db: str) -> None:
    """Five users in one group, four of them below the first."""
    group = Group.objects.create(name="all")
    boss = None
    for name in ("ann", "bob", "cat", "dan", "eve"):
        user = User.objects.create(username=name, boss=boss)
        user.groups.add(group)
        boss = boss or user


def test_only_what_is_called_queries_again() -> None:
    """An attribute is cached, a call of ``all()`` is not."""
    user = User.objects.get(username="bob")
    with assert_num_queries(1):
        assert user.boss is user.boss
    with assert_num_queries(2):
        list(user.groups.all())
        list(user.groups.all())


def test_a_loop_over_a_relation_costs_what_is_asked_for() -> None:
    with assert_num_queries(1):
        names = [user.boss and user.boss.username for user in User.objects.select_related("boss")]
    with assert_num_queries(2):
        again = [user.boss and user.boss.username for user in User.objects.prefetch_related("boss")]
    assert names == again == [None, "ann", "ann", "ann", "ann"]
    with assert_num_queries(2):
        for user in User.objects.prefetch_related("groups"):
            assert [group.name for group in user.groups.all()] == ["all"]


def test_fetching_peers_takes_one_query_for_all() -> None:
    with assert_num_queries(2):
        for user in User.objects.fetch_mode(models.FETCH_PEERS).exclude(boss=None):
            assert user.boss.username == "ann"
    with assert_num_queries(5):
        for user in User.objects.fetch_mode(models.FETCH_ONE).exclude(boss=None):
            assert user.boss.username == "ann"


def test_fetching_peers_loads_deferred_fields_too() -> None:
    with assert_num_queries(2):
        for user in User.objects.fetch_mode(models.FETCH_PEERS).defer("bio"):
            assert user.bio == "long"
    with assert_num_queries(6):
        for user in User.objects.fetch_mode(models.FETCH_ONE).defer("bio"):
            assert user.bio == "long"


def test_prefetching_afterwards() -> None:
    users = list(User.objects.all())
    with assert_num_queries(1):
        prefetch_related_objects(users, "groups")
    with assert_num_queries(0):
        assert all(user.groups.all()[0].name == "all" for user in users)


def test_one_evaluated_queryset_answers_everything() -> None:
    group, current = Group.objects.get(), User.objects.get(username="cat")
    with assert_num_queries(1):
        members = group.members.all()
        assert members
        assert current in members
        assert len(members) - 1 == 4
        assert members[0].username == "ann"


def test_asking_for_less_costs_a_query_each() -> None:
    group, current = Group.objects.get(), User.objects.get(username="cat")
    with assert_num_queries(3):
        assert group.members.exists()
        assert group.members.contains(current)
        assert group.members.count() == 5


def test_values_make_no_instances() -> None:
    with assert_num_queries(1):
        assert list(User.objects.values_list("username", flat=True))[:2] == ["ann", "bob"]


def test_a_foreign_keys_value_is_on_the_object() -> None:
    user = User.objects.get(username="bob")
    with assert_num_queries(0):
        assert user.boss_id
    with assert_num_queries(1):
        assert user.boss.pk == user.boss_id


def test_bulk_operations_take_one_query() -> None:
    with assert_num_queries(1):
        made = User.objects.bulk_create([User(username=f"u{number}") for number in range(20)])
    with assert_num_queries(1):
        User.objects.filter(username__startswith="u").update(bio="short")
    for user in made:
        user.bio = user.username
    with assert_num_queries(1):
        User.objects.bulk_update(made, ["bio"])


def test_many_to_many_rows_in_bulk() -> None:
    group = Group.objects.create(name="few")
    ann, bob = User.objects.filter(username__in=["ann", "bob"])
    with assert_num_queries(1):  # the database skips who is in already
        group.members.add(ann, bob)
    with assert_num_queries(1):
        group.members.remove(ann, bob)
    through = User.groups.through
    with assert_num_queries(1):
        through.objects.bulk_create(
            [through(user=ann, group=group), through(user=bob, group=group)], ignore_conflicts=True
        )
    assert group.members.count() == 2


def test_work_in_the_database_is_one_query() -> None:
    with assert_num_queries(1):
        counted = Group.objects.annotate(n=Count("members")).get()
        assert counted.n == 5
    with assert_num_queries(1):
        User.objects.filter(boss__isnull=False).update(bio=F("username"))


def test_iterator_keeps_nothing() -> None:
    found = User.objects.all()
    with assert_num_queries(2):
        list(found.iterator())
        list(found.iterator())


@pytest.mark.parametrize(
    ("lookup", "term", "expected"),
    [
        ("contains", "Terry", ["Terry Gilliam", "Terry Jones"]),
        ("icontains", "terry", ["Terry Gilliam", "Terry Jones"]),
        ("istartswith", "TERRY g", ["Terry Gilliam"]),
        ("iregex", r"^t.*(gil|jon)", ["Terry Gilliam", "Terry Jones"]),
        ("contains", "Michael", []),
    ],
)
def test_standard_textual_queries(lookup: str, term: str, expected: list[str]) -> None:
    for name in ("Terry Gilliam", "Terry Jones", "John Cleese"):
        User.objects.create(username=name)
    found = User.objects.filter(**{f"username__{lookup}": term})
    assert [user.username for user in found] == expected
