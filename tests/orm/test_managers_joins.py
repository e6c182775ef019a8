"""Related managers and joins: which related row a condition on top of a manager speaks of."""

from typing import Any

import pytest
from relations import Group, Membership, Person

from raystack_orm import create_all, drop_all, models
from raystack_orm.configuration import Configuration, configured


class Runner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "races"


class Bib(models.Model):
    runner = models.OneToOneField(Runner, models.CASCADE, primary_key=True)

    class Meta:
        app_label = "races"


class Race(models.Model):
    name = models.CharField(max_length=20)
    runners = models.ManyToManyField(Runner, through="Entry", related_name="races")

    class Meta:
        app_label = "races"


class Start(models.Model):
    race = models.ForeignKey(Race, models.CASCADE)

    class Meta:
        app_label = "races"


class Entry(Start):
    """A through model that inherits one of its keys: they are in two tables."""

    runner = models.ForeignKey(Runner, models.CASCADE)

    class Meta:
        app_label = "races"


@pytest.fixture(scope="module")
def tables(database: Configuration) -> Any:
    with configured(database):
        create_all([Runner, Bib, Race, Start, Entry])
        yield
        drop_all([Runner, Bib, Race, Start, Entry])


@pytest.fixture
def chess(db: str) -> Group:
    """Ann leads chess and is a member of go; Bob the other way round."""
    ann, bob = (Person.objects.create(name=name) for name in ("Ann", "Bob"))
    chess, go = (Group.objects.create(name=name) for name in ("chess", "go"))
    for group, person, role in (
        (chess, ann, "lead"),
        (chess, bob, "member"),
        (go, ann, "member"),
        (go, bob, "lead"),
    ):
        Membership.objects.create(group=group, person=person, role=role)
    return chess


def test_a_filter_on_a_manager_speaks_of_its_row_between(chess: Group) -> None:
    """Bob leads, but another group: the membership that is asked is the one of this group."""
    assert [p.name for p in chess.members.filter(membership__role="lead")] == ["Ann"]
    ann = Person.objects.get(name="Ann")
    assert [g.name for g in ann.groups.filter(membership__role="lead")] == ["chess"]


def test_a_later_filter_may_find_another_row(chess: Group) -> None:
    """As everywhere, chained calls on a relation to many are independent."""
    members = chess.members.filter(membership__role="lead")

    assert [p.name for p in members.filter(membership__role="member")] == ["Ann"]


def test_prefetching_speaks_of_the_rows_that_its_queryset_joined(chess: Group) -> None:
    """An annotation over the table between belongs to the pair that is prefetched."""
    leading = models.Prefetch(
        "members",
        queryset=Person.objects.annotate(role=models.F("membership__role")).filter(role="lead"),
        to_attr="leaders",
    )

    groups = Group.objects.order_by("name").prefetch_related(leading)

    assert [[p.name for p in group.leaders] for group in groups] == [["Ann"], ["Bob"]]


def test_a_through_model_may_inherit_its_keys(tables: None, db: str) -> None:
    """Managers, filters and prefetching go over both of its tables, from either side."""
    ann, bob = (Runner.objects.create(name=name) for name in ("Ann", "Bob"))
    race = Race.objects.create(name="10 km")
    Entry.objects.create(race=race, runner=ann)
    Race.objects.create(name="42 km")

    assert list(race.runners.all()) == [ann]
    assert list(ann.races.all()) == [race]
    assert list(Runner.objects.filter(races__name="10 km")) == [ann]
    assert list(Race.objects.filter(runners=bob)) == []
    fetched = Race.objects.order_by("name").prefetch_related("runners")
    assert [list(one.runners.all()) for one in fetched] == [[ann], []]
    people = Runner.objects.prefetch_related("races")
    assert [list(one.races.all()) for one in people] == [[race], []]


def test_an_object_stands_for_its_key_that_is_a_relation(tables: None, db: str) -> None:
    """Where the primary key is a OneToOneField, filters on pk take the objects themselves."""
    bib = Bib.objects.create(runner=Runner.objects.create(name="Ann"))

    assert Bib.objects.get(pk=bib) == bib
    assert Bib.objects.filter(pk__in=Bib.objects.all()).count() == 1
    assert Runner.objects.filter(bib=bib).count() == 1
