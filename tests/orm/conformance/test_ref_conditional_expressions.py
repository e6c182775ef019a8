"""When() and Case(): conditional expressions, updates and aggregation.

https://docs.djangoproject.com/en/stable/ref/models/conditional-expressions/
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from raystack_orm.models.functions import Concat, Upper
from raystack_orm.models.lookups import Exact, GreaterThan, LessThan, LessThanOrEqual
from raystack_orm.testing import assert_num_queries


class Member(models.Model):
    name = models.CharField(max_length=20)
    joined = models.DateField()
    plan = models.CharField(max_length=1, default="R")
    points = models.IntegerField(null=True)

    class Meta:
        app_label = "conf_conditional"
        ordering = ("name",)


class Visit(models.Model):
    member = models.ForeignKey(Member, models.CASCADE, related_name="visits")
    minutes = models.IntegerField()

    class Meta:
        app_label = "conf_conditional"


@pytest.fixture(autouse=True)
def members(db: str) -> None:
    """Three members with a regular, gold and platinum plan; ann has two visits, bob one."""
    for name, plan, year, points, visits in (
        ("ann", "R", 2020, 10, [5, 15]),
        ("bob", "G", 2015, 20, [30]),
        ("cat", "P", 2010, None, []),
    ):
        member = Member.objects.create(
            name=name, plan=plan, joined=dt.date(year, 1, 1), points=points
        )
        for minutes in visits:
            Visit.objects.create(member=member, minutes=minutes)


DISCOUNT = Case(
    When(plan="G", then=Value("5%")), When(plan="P", then=Value("10%")), default=Value("0")
)


def column(expression: Any) -> list[Any]:
    return list(Member.objects.annotate(value=expression).values_list("value", flat=True))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (DISCOUNT, ["0", "5%", "10%"]),
        (Case(When(plan="G", then=Value(1))), [None, 1, None]),
        (Case(When(plan="G", then=1), default=0), [0, 1, 0]),
        (Case(When(plan="G", then="name"), default="plan"), ["R", "bob", "P"]),
        (Case(When(plan="G", then=F("points")), default=Value(0)), [0, 20, 0]),
        (Case(default=Value(7)), [7, 7, 7]),
        (Case(When(Q(plan="R") | Q(plan="P"), then=Value(1)), default=Value(2)), [1, 2, 1]),
        (Case(When(~Q(plan="R"), then=Value(1)), default=Value(2)), [2, 1, 1]),
        (Case(When(Q(plan="R"), name="ann", then=Value(1)), default=Value(2)), [1, 2, 2]),
        (Case(When(joined__lte=dt.date(2016, 1, 1), then=Value("old"))), [None, "old", "old"]),
        (Case(When(joined__year__gt=2012, then=Value("new"))), ["new", "new", None]),
        (Case(When(points__gt=F("id") - F("id"), then=Value(1)), default=Value(0)), [1, 1, 0]),
        (Case(When(points=None, then=Value(-1)), default="points"), [10, 20, -1]),
        (Case(When(points__isnull=False, then=F("points") * 2)), [20, 40, None]),
        (
            Case(When(plan__in=["G", "P"], then=Value(True)), default=Value(False)),
            [False, True, True],
        ),
        (Case(When(plan__in=[], then=Value(1)), default=Value(2)), [2, 2, 2]),
        (Case(When(~Q(plan__in=[]), then=Value(1)), default=Value(2)), [1, 1, 1]),
        (Case(When(GreaterThan(F("points"), 15), then=Value("much"))), [None, "much", None]),
        (Case(When(plan="R", then=Upper("name")), default="name"), ["ANN", "bob", "cat"]),
        (Upper(Case(When(plan="R", then="name"), default=Value("x"))), ["ANN", "X", "X"]),
        (
            Concat("name", Case(When(plan="R", then=Value("!")), default=Value(""))),
            ["ann!", "bob", "cat"],
        ),
        (
            Case(
                When(plan="R", then=Case(When(name="ann", then=Value("in")))), default=Value("out")
            ),
            ["in", "out", "out"],
        ),
        (Case(When(plan="R", then=Value(1)), When(plan="R", then=Value(2))), [1, None, None]),
        (
            Case(When(plan="R", then=None), default=Value(1), output_field=IntegerField()),
            [None, 1, 1],
        ),
        (Case(When(plan="R", then=Value(1)), default=Value(2)) + 10, [11, 12, 12]),
    ],
)
def test_the_first_condition_that_holds_gives_the_value(
    expression: Any, expected: list[Any]
) -> None:
    assert column(expression) == expected


def test_conditions_may_look_over_relations() -> None:
    rows = Member.objects.annotate(
        long=Case(When(visits__minutes__gte=15, then=Value(1)), default=Value(0))
    ).order_by("name", "long")
    assert [(row.name, row.long) for row in rows] == [
        ("ann", 0),
        ("ann", 1),
        ("bob", 1),
        ("cat", 0),
    ]


def test_a_subquery_may_be_the_condition() -> None:
    visited = Exists(Visit.objects.filter(member=OuterRef("pk")))
    assert column(Case(When(visited, then=Value("yes")), default=Value("no"))) == [
        "yes",
        "yes",
        "no",
    ]
    both = When(Q(plan="R") & visited, then=Value("yes"))
    assert column(Case(both, default=Value("no"))) == ["yes", "no", "no"]


def test_filter_order_and_group_by_a_case() -> None:
    annotated = Member.objects.annotate(discount=DISCOUNT)
    assert [row.name for row in annotated.filter(discount="5%")] == ["bob"]
    assert [row.name for row in annotated.exclude(discount__contains="%")] == ["ann"]
    order = Case(When(plan="P", then=0), When(plan="R", then=1), default=2)
    assert [row.name for row in Member.objects.order_by(order)] == ["cat", "ann", "bob"]
    assert [row.name for row in Member.objects.order_by(order.desc())] == ["bob", "ann", "cat"]
    rows = Member.objects.order_by().values(
        old=Case(When(joined__year__lt=2018, then=Value(1)), default=Value(0))
    )
    assert sorted(rows.annotate(n=Count("pk")).values_list("old", "n")) == [(0, 1), (1, 2)]


def test_the_right_side_of_a_filter() -> None:
    cut = Case(When(plan="G", then=dt.date(2016, 1, 1)), default=dt.date(2012, 1, 1))
    assert [row.name for row in Member.objects.filter(joined__lte=cut)] == ["bob", "cat"]


def test_a_conditional_update_is_one_query() -> None:
    with assert_num_queries(1):
        Member.objects.update(
            plan=Case(
                When(joined__year__lte=2010, then=Value("P")),
                When(joined__year__lte=2015, then=Value("R")),
                default=Value("G"),
            )
        )
    assert list(Member.objects.values_list("plan", flat=True)) == ["G", "R", "P"]


def test_saving_and_creating_with_a_case() -> None:
    member = Member.objects.get(name="ann")
    member.points = Case(When(plan="R", then=F("points") + 5), default=Value(0))
    member.save()
    assert Member.objects.get(name="ann").points == 15


def test_conditional_aggregation() -> None:
    assert Member.objects.aggregate(
        regular=Count("pk", filter=Q(plan="R")),
        gold=Count("pk", filter=Q(plan="G")),
        summed=Sum(Case(When(plan="R", then=1), default=0)),
        counted=Count(Case(When(plan__in=["G", "P"], then=1), output_field=IntegerField())),
        points=Sum("points", filter=Q(joined__year__gt=2016)),
    ) == {"regular": 1, "gold": 1, "summed": 1, "counted": 2, "points": 10}


def test_a_case_around_an_aggregate() -> None:
    busy = Case(When(n__gt=1, then=Value("busy")), default=Value("calm"))
    rows = Member.objects.annotate(n=Count("visits")).annotate(state=busy)
    assert [row.state for row in rows] == ["busy", "calm", "calm"]
    direct = Case(When(plan="R", then=Count("visits")), default=Value(0))
    assert column(direct) == [2, 0, 0]


def test_case_is_a_condition_when_it_is_boolean() -> None:
    chosen = Case(
        When(plan="R", then=Q(name="ann")),
        default=Q(name="cat"),
        output_field=models.BooleanField(),
    )
    assert [row.name for row in Member.objects.filter(chosen)] == ["ann", "cat"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: When(then=Value(1)),
        lambda: When("plan", then=Value(1)),
        lambda: When(F("plan"), then=Value(1)),
        lambda: When(Value("x"), then=Value(1)),
        lambda: Case(Value(1)),
        lambda: Case("plan"),
        lambda: Case(When(plan="R", then=1), Q(plan="R")),
    ],
)
def test_when_wants_a_condition_and_case_wants_when(make: Any) -> None:
    with pytest.raises(TypeError):
        make()


def test_an_empty_q_is_no_condition() -> None:
    with pytest.raises(ValueError):
        When(Q(), then=Value(1))


def test_unknown_fields_and_mixed_types_are_field_errors() -> None:
    with pytest.raises(FieldError):
        column(Case(When(nope=1, then=Value(1))))
    with pytest.raises(FieldError):
        column(Case(When(plan="R", then=Value(1)), default=Value("text")))


def test_mixed_types_can_be_named() -> None:
    mixed = Case(
        When(plan="R", then="name"), default=Value("none"), output_field=CharField(max_length=20)
    )
    assert column(mixed) == ["ann", "none", "none"]


def test_cases_are_compared_by_content_and_reused() -> None:
    assert Case(When(a=1, then=2)) == Case(When(a=1, then=2))
    assert When(a=1, then=2) != When(a=1, then=3)
    assert column(DISCOUNT) == column(DISCOUNT)


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-03"])
def test_a_condition_takes_text_for_a_date(db: str, day: str) -> None:
    Member.objects.all().delete()
    for number in (1, 2, 3):
        Member.objects.create(name=str(number), joined=dt.date(2026, 1, number), points=number)
    later = Member.objects.filter(GreaterThan(F("joined"), day)).order_by("name")
    assert [member.name for member in later] == (["3"] if day == "2026-01-02" else [])
    assert Member.objects.filter(Exact(F("joined"), day)).get().name == day[-1]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (GreaterThan(F("points"), 1.5), "23"),
        (LessThan(F("points"), 1.5), "1"),
        (LessThanOrEqual(F("points"), 2.0), "12"),
        (Exact(F("points"), 2.4), ""),
    ],
)
def test_a_fraction_stays_one_beside_whole_numbers(db: str, condition: Any, expected: str) -> None:
    Member.objects.all().delete()
    for number in (1, 2, 3):
        Member.objects.create(name=str(number), joined=dt.date(2026, 1, number), points=number)
    found = Member.objects.annotate(fits=condition).order_by("name")
    assert "".join(member.name for member in found if member.fits) == expected
    assert "".join(member.name for member in found.filter(condition)) == expected
