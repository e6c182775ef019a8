"""Methods of a QuerySet used together: what each sees of the others.

https://docs.djangoproject.com/en/stable/ref/models/querysets/
"""

from typing import Any

import pytest

from raystack_orm import models
from raystack_orm.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from raystack_orm.models.functions import Coalesce, Concat, Length, Lower, RowNumber
from raystack_orm.testing import assert_num_queries


class Club(models.Model):
    name = models.CharField(max_length=20)
    city = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_together"
        ordering = ("name",)


class Player(models.Model):
    name = models.CharField(max_length=20)
    club = models.ForeignKey(Club, models.CASCADE, null=True, related_name="players")
    goals = models.IntegerField(default=0)
    skills = models.ManyToManyField("Skill", related_name="players", through="Training")
    mentor = models.ForeignKey("self", models.SET_NULL, null=True, related_name="pupils")

    class Meta:
        app_label = "conf_together"
        ordering = ("name",)


class Skill(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_together"
        ordering = ("name",)


class Training(models.Model):
    player = models.ForeignKey(Player, models.CASCADE)
    skill = models.ForeignKey(Skill, models.CASCADE)
    hours = models.IntegerField()

    class Meta:
        app_label = "conf_together"


@pytest.fixture(autouse=True)
def players(db: str) -> None:
    """Two clubs with players a, b, c and d; e without a club; trainings of a, b and d."""
    ajax, boca = (Club.objects.create(name=n, city=c) for n, c in (("ajax", "x"), ("boca", "y")))
    made = {
        name: Player.objects.create(name=name, club=club, goals=goals)
        for name, club, goals in (
            ("a", ajax, 5),
            ("b", ajax, 3),
            ("c", boca, 5),
            ("d", boca, 0),
            ("e", None, 7),
        )
    }
    Player.objects.filter(name__in="bc").update(mentor=made["a"])
    dive, pass_ = (Skill.objects.create(name=name) for name in ("dive", "pass"))
    for name, skill, hours in (("a", dive, 1), ("a", pass_, 4), ("b", pass_, 2), ("d", dive, 9)):
        Training.objects.create(player=made[name], skill=skill, hours=hours)


def names(found: Any) -> str:
    return "".join(player.name for player in found)


CASES: dict[str, tuple[Any, str]] = {
    "filter over m2m and its through": (
        lambda q: q.filter(skills__name="pass", training__hours__gt=3),
        "a",
    ),
    "through model sees the same row": (
        lambda q: q.filter(training__skill__name="pass", training__hours=1),
        "",
    ),
    "exclude over m2m": (lambda q: q.exclude(skills__name="dive"), "bce"),
    "exclude over two hops": (lambda q: q.exclude(club__players__goals=0), "abe"),
    "exclude nullable fk": (lambda q: q.exclude(club__city="x"), "cde"),
    "filter not null fk": (lambda q: q.filter(club__isnull=False).exclude(club__city="x"), "cd"),
    "or of fk and m2m": (lambda q: q.filter(Q(club=None) | Q(skills__name="dive")), "ade"),
    "negated or": (lambda q: q.filter(~(Q(club=None) | Q(skills__name="dive"))), "bc"),
    "negated and": (lambda q: q.filter(~Q(goals=5, club__city="x")), "bcde"),
    "double negation over m2m": (lambda q: q.exclude(~Q(skills__name="pass")), "ab"),
    "self relation": (lambda q: q.filter(mentor__name="a"), "bc"),
    "reverse self relation": (lambda q: q.filter(pupils__goals__gt=4), "a"),
    "self relation compared by F": (lambda q: q.filter(goals=F("mentor__goals")), "c"),
    "exclude compared by F": (lambda q: q.exclude(goals=F("mentor__goals")), "b"),
    "annotate then exclude": (
        lambda q: q.annotate(n=Count("skills")).exclude(n=0),
        "abd",
    ),
    "annotate twice over one path": (
        lambda q: q.annotate(n=Count("training"), h=Sum("training__hours")).filter(n=2, h=5),
        "a",
    ),
    "filter on relation then aggregate": (
        lambda q: q.filter(training__hours__gt=1).annotate(n=Count("training")).filter(n=1),
        "abd",
    ),
    "aggregate compared with column": (
        lambda q: q.annotate(h=Sum("training__hours")).filter(h__gte=F("goals")),
        "ad",
    ),
    "coalesced aggregate": (
        lambda q: q.annotate(h=Coalesce(Sum("training__hours"), 0)).filter(h=0),
        "ce",
    ),
    "exists and aggregate": (
        lambda q: q.annotate(n=Count("skills")).filter(
            Exists(Training.objects.filter(player=OuterRef("pk"), hours__gt=3)), n__gt=1
        ),
        "a",
    ),
    "in of a values query with aggregate": (
        lambda q: q.filter(
            pk__in=Training.objects.values("player")
            .annotate(n=Count("pk"))
            .filter(n=2)
            .values("player")
        ),
        "a",
    ),
    "in of a filtered relation": (
        lambda q: q.filter(club__in=Club.objects.filter(players__goals=3)),
        "ab",
    ),
    "case in filter": (
        lambda q: q.annotate(k=Case(When(goals__gt=4, then=Value(1)), default=Value(0))).filter(
            k=1
        ),
        "ace",
    ),
    "distinct after m2m": (lambda q: q.filter(skills__isnull=False).distinct(), "abd"),
    "window filtered": (
        lambda q: q.annotate(
            r=Window(RowNumber(), partition_by="club", order_by=["-goals", "name"])
        ).filter(r=1, club__isnull=False),
        "ac",
    ),
    "combined querysets": (
        lambda q: q.filter(club__city="x") | q.filter(skills__name="dive"),
        "aabd",  # a twice: once for each of its skills
    ),
    "combined with and": (lambda q: q.filter(goals=5) & q.filter(club__city="x"), "a"),
    "alias then order": (
        lambda q: q.alias(k=Concat("club__city", "name")).order_by("-k")[:2],
        "cd",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_methods_together(case: str) -> None:
    refine, expected = CASES[case]
    found = refine(Player.objects.all())
    with assert_num_queries(1):
        text = names(found)
    assert "".join(sorted(text)) == expected
    assert found.count() == len(found)
    assert found.exists() is bool(expected)


def test_count_and_len_agree_with_annotations_slices_and_distinct() -> None:
    for found in (
        Player.objects.annotate(n=Count("skills"))[1:3],
        Player.objects.order_by().values("goals").distinct(),
        Player.objects.values("goals").annotate(n=Count("pk")),
        Player.objects.filter(skills__isnull=False).distinct()[:2],
        Player.objects.select_related("club").order_by("club__name"),
        Player.objects.annotate(n=Count("skills")).order_by().values("n").distinct(),
    ):
        assert found.count() == len(found)


def test_only_annotate_and_select_related_in_one_query() -> None:
    found = (
        Player.objects.select_related("club")
        .only("name", "club__name")
        .annotate(n=Count("skills"))
        .filter(club__city="x")
    )
    with assert_num_queries(1):
        assert [(p.name, p.club.name, p.n) for p in found] == [("a", "ajax", 2), ("b", "ajax", 1)]
    assert found[0].get_deferred_fields() == {"goals", "mentor_id"}


def test_values_annotate_filter_order_and_slice() -> None:
    rows = (
        Player.objects.filter(club__isnull=False)
        .values("club__name")
        .annotate(total=Sum("goals"), best=Max("goals"))
        .filter(total__gt=5)
        .order_by("-total")
    )
    assert list(rows) == [{"club__name": "ajax", "total": 8, "best": 5}]
    assert rows[0]["total"] == 8


def test_a_subquery_of_a_sliced_ordered_queryset() -> None:
    best = Player.objects.filter(club=OuterRef("pk")).order_by("-goals", "name")
    found = Club.objects.annotate(
        best=Subquery(best.values("name")[:1]), second=Subquery(best.values("name")[1:2])
    )
    assert [(c.best, c.second) for c in found] == [("a", "b"), ("c", "d")]


def test_prefetch_of_annotated_ordered_filtered_rows() -> None:
    trained = Player.objects.annotate(n=Count("skills")).filter(n__gt=0).order_by("-n")
    clubs = Club.objects.prefetch_related(Prefetch("players", trained, to_attr="trained"))
    with assert_num_queries(2):
        assert [[(p.name, p.n) for p in club.trained] for club in clubs] == [
            [("a", 2), ("b", 1)],
            [("d", 1)],
        ]


def test_update_of_annotated_and_related_filters() -> None:
    assert Player.objects.annotate(n=Count("skills")).filter(n=0).update(goals=100) == 2
    assert Player.objects.filter(skills__name="dive").update(goals=F("goals") + 1) == 2
    assert list(Player.objects.values_list("goals", flat=True)) == [6, 3, 100, 1, 100]


def test_delete_of_annotated_and_related_filters() -> None:
    deleted = Player.objects.annotate(n=Count("skills")).filter(n=0).delete()
    assert deleted[1]["conf_together.Player"] == 2
    Player.objects.filter(training__skill__name="pass").delete()
    assert names(Player.objects.all()) == "d"


def test_union_of_annotated_values_counts_and_orders() -> None:
    one = Player.objects.order_by().values_list("name", Length("name"))
    two = Club.objects.order_by().values_list("name", Length("name"))
    assert one.union(two).count() == 7
    assert one.union(two).order_by("name")[0] == ("a", 1)


def test_aggregate_after_everything() -> None:
    found = Player.objects.annotate(n=Count("skills")).filter(goals__gt=0).order_by("name")[:3]
    assert found.aggregate(Sum("n"), Max("goals")) == {"n__sum": 3, "goals__max": 5}
    assert Player.objects.filter(skills__name="dive").aggregate(Sum("goals")) == {"goals__sum": 5}


def test_dates_values_and_flat_lists_can_be_reused_as_conditions() -> None:
    goals = Player.objects.filter(club__city="y").values_list("goals", flat=True)
    assert names(Player.objects.filter(goals__in=goals)) == "acd"
    assert names(Player.objects.filter(goals__in=list(goals))) == "acd"


def test_the_same_alias_name_means_the_last_definition() -> None:
    found = Player.objects.annotate(x=Value(1)).annotate(x=F("goals") + 1).filter(x=8)
    assert names(found) == "e"


def test_reverse_of_annotated_order_and_last() -> None:
    found = Player.objects.annotate(low=Lower("name")).order_by("goals", "-low")
    assert names(found) == "dbcae"
    assert names(found.reverse()) == "eacbd"
    assert found.last().name == "e"
    assert found[1:3][0].name == "b"


def test_in_bulk_get_and_contains_after_refinements() -> None:
    found = Player.objects.annotate(n=Count("skills")).filter(club__city="x")
    a = Player.objects.get(name="a")
    assert found.in_bulk([a.pk])[a.pk].n == 2
    assert found.get(n=2) == a
    assert found.contains(a)
    assert not found.filter(n=1).contains(a)
