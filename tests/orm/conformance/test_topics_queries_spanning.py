"""Lookups that span relationships: joins, multi-valued relations, F() across them.

https://docs.djangoproject.com/en/stable/topics/db/queries/#lookups-that-span-relationships
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Count, Exists, F, OuterRef, Q


class Paper(models.Model):
    name = models.CharField(max_length=20)
    owner = models.ForeignKey("Person", models.SET_NULL, null=True, related_name="owned")

    class Meta:
        app_label = "conf_spanning"


class Person(models.Model):
    name = models.CharField(max_length=20, null=True)

    class Meta:
        app_label = "conf_spanning"


class Story(models.Model):
    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="stories", related_query_name="story"
    )
    title = models.CharField(max_length=30)
    day = models.DateField()
    changed = models.DateField()
    likes = models.IntegerField(default=0)
    shares = models.IntegerField(default=0)
    writers = models.ManyToManyField(Person, related_name="stories")

    class Meta:
        app_label = "conf_spanning"


class Detail(models.Model):
    story = models.OneToOneField(Story, models.CASCADE)
    words = models.IntegerField()

    class Meta:
        app_label = "conf_spanning"


class Node(models.Model):
    name = models.CharField(max_length=5)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    friends = models.ManyToManyField("self")

    class Meta:
        app_label = "conf_spanning"


@pytest.fixture(autouse=True)
def papers(db: str) -> None:
    """Daily: Lennon in 2008 and 2009. Pop: 2008 and later Lennon. Empty: no stories."""
    ann, bob, nameless = (Person.objects.create(name=name) for name in ("ann", "bob", None))
    for name, owner, stories in (
        ("daily", ann, [("Lennon lives", 2008, [ann, bob]), ("Lennon again", 2009, [ann])]),
        ("pop", bob, [("Best albums", 2008, [nameless]), ("Lennon would", 2020, [])]),
        ("empty", None, []),
    ):
        paper = Paper.objects.create(name=name, owner=owner)
        for title, year, writers in stories:
            day = dt.date(year, 6, 1)
            story = Story.objects.create(
                paper=paper, title=title, day=day, changed=day + dt.timedelta(days=5), likes=year
            )
            story.writers.set(writers)
    Detail.objects.create(story=Story.objects.get(title="Lennon lives"), words=100)


def papers_of(*conditions: Any, **keywords: Any) -> list[str]:
    found = Paper.objects.filter(*conditions, **keywords)
    return sorted(found.values_list("name", flat=True))


def titles(**conditions: Any) -> list[str]:
    return sorted(Story.objects.filter(**conditions).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"paper__name": "daily"}, ["Lennon again", "Lennon lives"]),
        ({"paper__owner__name": "bob"}, ["Best albums", "Lennon would"]),
        ({"paper__owner__owned__name": "pop"}, ["Best albums", "Lennon would"]),
        ({"writers__name": "bob"}, ["Lennon lives"]),
        ({"writers__owned__name": "daily"}, ["Lennon again", "Lennon lives"]),
        ({"detail__words__gt": 50}, ["Lennon lives"]),
        ({"detail": None}, ["Best albums", "Lennon again", "Lennon would"]),
        ({"detail__isnull": False}, ["Lennon lives"]),
        ({"writers": None}, ["Lennon would"]),
        ({"writers__isnull": True}, ["Lennon would"]),
        ({"writers__name__isnull": True}, ["Best albums", "Lennon would"]),
        ({"writers__isnull": False, "writers__name__isnull": True}, ["Best albums"]),
        ({"writers__name": "zoe"}, []),
    ],
)
def test_paths_follow_relations_forwards_and_backwards(
    conditions: dict[str, Any], expected: list[str]
) -> None:
    assert titles(**conditions) == expected


def test_a_reverse_path_has_the_related_query_name() -> None:
    assert papers_of(story__title__contains="albums") == ["pop"]
    assert Person.objects.filter(owned__story__day__year=2020).get().name == "bob"
    for name in ("stories__title", "story_set__title"):
        with pytest.raises(FieldError):
            Paper.objects.filter(**{name: "x"})


def test_a_missing_row_in_between_is_like_a_row_of_nulls() -> None:
    assert papers_of(story__writers__name="ann") == ["daily", "daily"]
    assert papers_of(story__writers__name__isnull=True) == ["empty", "pop", "pop"]
    assert papers_of(story__isnull=True) == ["empty"]
    assert papers_of(owner__name=None) == ["empty"]


def test_conditions_of_one_filter_hold_for_one_related_row() -> None:
    assert papers_of(story__title__contains="Lennon", story__day__year=2008) == ["daily"]
    assert papers_of(Q(story__title__contains="Lennon"), Q(story__day__year=2008)) == ["daily"]
    assert papers_of(Q(story__title__contains="Lennon") & Q(story__day__year=2008)) == ["daily"]


def test_chained_filters_each_want_some_row() -> None:
    """And each joins on its own, so rows repeat."""
    found = Paper.objects.filter(story__title__contains="Lennon").filter(story__day__year=2008)
    assert sorted(paper.name for paper in found) == ["daily", "daily", "pop"]
    assert found.distinct().count() == 2


def test_a_row_repeats_for_each_related_row_that_fits() -> None:
    assert papers_of(story__title__contains="Lennon") == ["daily", "daily", "pop"]
    assert papers_of(story__likes__gt=0) == ["daily", "daily", "pop", "pop"]


def test_filters_on_single_valued_relations_share_their_join() -> None:
    found = Story.objects.filter(paper__name="daily").filter(paper__owner__name="ann")
    assert str(found.query).upper().count("JOIN") == 2


def excluded(*conditions: Any, **keywords: Any) -> list[str]:
    return sorted(Paper.objects.exclude(*conditions, **keywords).values_list("name", flat=True))


def test_exclude_leaves_out_every_object_with_a_related_row_that_fits() -> None:
    assert excluded(story__title__contains="albums") == ["daily", "empty"]
    assert excluded(story__day__year=2008) == ["empty"]
    assert excluded(story__writers__name="ann") == ["empty", "pop"]
    assert excluded(story__isnull=True) == ["daily", "pop"]
    assert excluded(story=None) == ["daily", "pop"]


def test_conditions_of_one_exclude_may_hold_for_different_rows() -> None:
    """Pop has a story with Lennon, and another one from 2008."""
    assert excluded(story__title__contains="Lennon", story__day__year=2008) == ["empty"]


def test_exclude_of_the_same_row_takes_a_subquery() -> None:
    both = Story.objects.filter(title__contains="Lennon", day__year=2008)
    assert excluded(story__in=both) == ["empty", "pop"]
    assert excluded(Exists(both.filter(paper=OuterRef("pk")))) == ["empty", "pop"]


def test_negated_q_over_a_relation_is_like_exclude() -> None:
    assert papers_of(~Q(story__title__contains="albums")) == ["daily", "empty"]
    assert papers_of(~Q(story__day__year=2009) & Q(owner__isnull=False)) == ["pop"]
    assert papers_of(~Q(owner__name="ann")) == ["empty", "pop"]


def test_or_over_relations_keeps_rows_without_relation() -> None:
    assert papers_of(Q(story__day__year=2009) | Q(name="empty")) == ["daily", "empty"]
    assert papers_of(Q(owner__name="bob") | Q(owner=None)) == ["empty", "pop"]


def test_filter_after_exclude_joins_anew() -> None:
    found = Paper.objects.exclude(story__day__year=2009).filter(story__day__year=2008)
    assert [paper.name for paper in found] == ["pop"]


def test_f_compares_with_columns_of_related_rows() -> None:
    assert papers_of(story__writers__name=F("owner__name")) == ["daily", "daily"]
    assert titles(likes__gt=F("shares") * 2, paper__name=F("paper__name")) == titles()
    assert titles(writers__name=F("paper__owner__name")) == ["Lennon again", "Lennon lives"]


def test_f_with_intervals() -> None:
    assert len(titles(changed__gt=F("day") + dt.timedelta(days=3))) == 4
    assert titles(changed__gt=F("day") + dt.timedelta(days=9)) == []
    assert len(titles(changed__lte=F("day") + dt.timedelta(days=5))) == 4


def test_transforms_in_expressions() -> None:
    assert len(titles(day__year=F("changed__year"))) == 4
    rows = Story.objects.aggregate(first=models.Min("day__year"))
    assert rows == {"first": 2008}
    years = Story.objects.values("day__year").annotate(top=models.Max("likes"))
    assert sorted((row["day__year"], row["top"]) for row in years) == [
        (2008, 2008),
        (2009, 2009),
        (2020, 2020),
    ]


def test_annotated_counts_and_filters_share_or_split_joins_by_their_order() -> None:
    def counts(found: Any) -> dict[str, int]:
        return dict(found.values_list("name", "n"))

    before = Paper.objects.filter(story__day__year=2008).annotate(n=Count("story"))
    after = Paper.objects.annotate(n=Count("story")).filter(story__day__year=2008)
    assert counts(before) == {"daily": 1, "pop": 1}
    assert counts(after) == {"daily": 2, "pop": 2}


def test_relations_to_oneself() -> None:
    root = Node.objects.create(name="root")
    left, right = (Node.objects.create(name=name, parent=root) for name in ("left", "right"))
    leaf = Node.objects.create(name="leaf", parent=left)
    left.friends.add(right)
    assert list(Node.objects.filter(parent__parent=root)) == [leaf]
    assert set(Node.objects.filter(parent__name="root")) == {left, right}
    assert list(Node.objects.filter(children__children=leaf)) == [root]
    assert list(Node.objects.filter(parent=None)) == [root]
    assert list(Node.objects.filter(parent__parent__parent__isnull=False)) == []
    assert list(Node.objects.filter(friends__name="left")) == [right]
    assert list(Node.objects.filter(children__friends=right)) == [root]
    assert set(Node.objects.exclude(children__name="leaf")) == {root, right, leaf}
    assert list(Node.objects.filter(name__gt=F("parent__name"))) == []
    assert set(Node.objects.filter(pk__in=Node.objects.values("parent"))) == {root, left}


def test_pk_is_a_shortcut_everywhere() -> None:
    paper = Paper.objects.get(name="daily")
    assert papers_of(pk=paper.pk) == papers_of(id__exact=paper.pk) == ["daily"]
    assert papers_of(pk__in=[paper.pk]) == ["daily"]
    assert len(titles(paper__pk=paper.pk)) == len(titles(paper__id=paper.pk)) == 2
    assert len(titles(paper__pk__in=[paper.pk])) == 2
    assert papers_of(pk__gt=0, pk__lte=paper.pk) == ["daily"]


def test_ordering_and_values_follow_paths_too() -> None:
    rows = Story.objects.order_by("-paper__owner__name", "title").values_list(
        "paper__owner__name", "title"
    )
    assert rows[0] == ("bob", "Best albums")
    assert rows.count() == 4
