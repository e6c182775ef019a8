"""Subquery(), OuterRef() and Exists().

https://docs.djangoproject.com/en/stable/ref/models/expressions/#subquery-expressions
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, OperationalError, ProgrammingError, models
from raystack_orm.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from raystack_orm.models.functions import Coalesce, Lower
from raystack_orm.testing import assert_num_queries


class Thread(models.Model):
    title = models.CharField(max_length=20)
    length = models.IntegerField(default=0)

    class Meta:
        app_label = "conf_subquery"
        ordering = ("title",)


class Message(models.Model):
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    writer = models.CharField(max_length=20)
    size = models.IntegerField()
    sent = models.DateField()

    class Meta:
        app_label = "conf_subquery"


class Heart(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="hearts")

    class Meta:
        app_label = "conf_subquery"


@pytest.fixture(autouse=True)
def threads(db: str) -> None:
    """Thread a has three messages, b one, c none; the last message of a has a heart."""
    for title, messages in (("a", [("ann", 5), ("bob", 3), ("ann", 9)]), ("b", [("bob", 7)])):
        thread = Thread.objects.create(title=title)
        for day, (writer, size) in enumerate(messages, 1):
            message = Message.objects.create(
                thread=thread, writer=writer, size=size, sent=dt.date(2026, 1, day)
            )
    Thread.objects.create(title="c")
    Heart.objects.create(message=Message.objects.get(size=9))
    assert message.pk


NEWEST = "-sent"


def newest() -> Any:
    return Message.objects.filter(thread=OuterRef("pk")).order_by(NEWEST)


def titles(found: Any) -> str:
    return "".join(sorted(thread.title for thread in found))


def test_a_subquery_annotates_a_column_of_another_table() -> None:
    found = Thread.objects.annotate(last=Subquery(newest().values("writer")[:1]))
    with assert_num_queries(1):
        assert [thread.last for thread in found] == ["ann", "bob", None]


def test_a_queryset_in_an_annotation_is_a_subquery() -> None:
    found = Thread.objects.annotate(last=newest().values("size")[:1])
    assert [thread.last for thread in found] == [9, 7, None]


def test_a_subquery_filters_orders_and_updates() -> None:
    last = Subquery(newest().values("size")[:1])
    assert titles(Thread.objects.annotate(last=last).filter(last__gt=8)) == "a"
    ordered = Thread.objects.order_by(last.asc(nulls_first=True))
    assert [thread.title for thread in ordered] == ["c", "b", "a"]
    Thread.objects.update(length=Coalesce(last, 0))
    assert list(Thread.objects.values_list("length", flat=True)) == [9, 7, 0]


def test_a_subquery_is_the_right_side_of_a_lookup() -> None:
    biggest = Message.objects.filter(thread=OuterRef("thread")).order_by("-size").values("size")
    found = Message.objects.filter(size=Subquery(biggest[:1]))
    assert sorted(found.values_list("size", flat=True)) == [7, 9]
    assert Message.objects.filter(size__lt=Subquery(biggest[:1])).count() == 2


def test_a_plain_queryset_is_a_right_side_too() -> None:
    bob = Message.objects.filter(writer="bob").values("thread")
    assert titles(Thread.objects.filter(pk__in=bob)) == "ab"
    assert titles(Thread.objects.exclude(pk__in=bob)) == "c"
    assert titles(Thread.objects.filter(messages__in=Message.objects.filter(size=7))) == "b"


def test_the_type_is_that_of_the_selected_column_unless_given() -> None:
    last = newest()
    row = Thread.objects.annotate(
        day=Subquery(last.values("sent")[:1]),
        text=Subquery(last.values("writer")[:1], output_field=models.CharField()),
    ).first()
    assert (row.day, row.text) == (dt.date(2026, 1, 3), "ann")


def test_an_aggregate_in_a_subquery_groups_by_the_outer_key() -> None:
    sizes = (
        Message.objects.filter(thread=OuterRef("pk"))
        .order_by()
        .values("thread")
        .annotate(total=Sum("size"))
        .values("total")
    )
    found = Thread.objects.annotate(total=Subquery(sizes))
    assert [thread.total for thread in found] == [17, 7, None]


def test_a_func_is_an_aggregate_without_grouping() -> None:
    total = newest().order_by().annotate(total=Func(F("size"), function="SUM")).values("total")
    assert [thread.total for thread in Thread.objects.annotate(total=Subquery(total))] == [
        17,
        7,
        None,
    ]


def test_a_subquery_may_be_aggregated_over() -> None:
    found = Thread.objects.annotate(last=Subquery(newest().values("size")[:1]))
    assert found.aggregate(Sum("last"), Max("last")) == {"last__sum": 16, "last__max": 9}


def test_outer_ref_in_expressions() -> None:
    bigger = Message.objects.filter(
        thread=OuterRef("thread"), size__gt=OuterRef("size") + 1
    ).values("pk")
    assert Message.objects.filter(Exists(bigger)).count() == 2
    assert (
        Message.objects.annotate(
            low=Subquery(
                Message.objects.filter(writer=Lower(OuterRef("writer"))).values("size")[:1]
            )
        ).count()
        == 4
    )


def test_outer_ref_reaches_over_relations_and_transforms() -> None:
    same = Message.objects.filter(
        thread__title=OuterRef("thread__title"), sent__year=OuterRef("sent__year")
    ).exclude(pk=OuterRef("pk"))
    assert Message.objects.filter(Exists(same)).count() == 3


def test_outer_refs_of_outer_refs_reach_further_out() -> None:
    hearted = Heart.objects.filter(message=OuterRef("pk"), message__thread=OuterRef(OuterRef("pk")))
    messages = Message.objects.filter(thread=OuterRef("pk")).filter(Exists(hearted))
    assert titles(Thread.objects.filter(Exists(messages))) == "a"


def test_a_query_with_an_outer_ref_cannot_run_by_itself() -> None:
    with pytest.raises(ValueError):
        list(newest())


def test_an_outer_ref_to_nothing_is_a_field_error() -> None:
    with pytest.raises(FieldError):
        list(Thread.objects.filter(Exists(Message.objects.filter(thread=OuterRef("nope")))))


def test_exists_is_true_or_false() -> None:
    found = Thread.objects.annotate(any=Exists(newest()))
    assert [thread.any for thread in found] == [True, True, False]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (lambda: Exists(newest()), "ab"),
        (lambda: ~Exists(newest()), "c"),
        (lambda: Exists(newest().filter(writer="ann")), "a"),
        (lambda: Exists(newest()) & Q(title="a"), "a"),
        (lambda: Q(title="c") | Exists(newest().filter(size=7)), "bc"),
        (lambda: Exists(newest().filter(size=7)) | Exists(newest().filter(size=9)), "ab"),
        (lambda: ~Exists(newest().filter(size=7)) & ~Exists(newest().filter(size=9)), "c"),
        (lambda: Exists(newest().filter(size=7)) ^ Exists(newest()), "a"),
        (lambda: Exists(Message.objects.none()), ""),
        (lambda: ~Exists(Message.objects.none()), "abc"),
        (lambda: Q(pk__in=newest().values("thread")), "ab"),
        (lambda: Exists(Message.objects.filter(writer="zoe")), ""),
        (lambda: Exists(newest()[1:2]), "a"),
    ],
)
def test_exists_is_a_condition(condition: Any, expected: str) -> None:
    assert titles(Thread.objects.filter(condition())) == expected


def test_exists_can_be_compared_with_a_value() -> None:
    found = Thread.objects.annotate(any=Exists(newest()))
    assert titles(found.filter(any=False)) == "c"
    assert titles(found.exclude(any=False)) == "ab"


def test_exists_in_case_order_and_aggregate() -> None:
    found = Thread.objects.annotate(
        state=Case(When(Exists(newest()), then=Value("busy")), default=Value("idle"))
    )
    assert [thread.state for thread in found] == ["busy", "busy", "idle"]
    assert [thread.title for thread in Thread.objects.order_by(Exists(newest()), "-title")] == [
        "c",
        "b",
        "a",
    ]
    assert Thread.objects.aggregate(n=Count("pk", filter=Exists(newest()))) == {"n": 2}


def test_exists_runs_within_the_one_query() -> None:
    with assert_num_queries(1):
        list(Thread.objects.filter(Exists(newest())))
    sql = str(Thread.objects.filter(Exists(newest())).query).upper()
    assert "EXISTS" in sql


def test_one_subquery_object_serves_many_queries() -> None:
    exists = Exists(newest())
    assert titles(Thread.objects.filter(exists)) == "ab"
    assert titles(Thread.objects.exclude(exists)) == "c"
    assert titles(Thread.objects.filter(exists)) == "ab"


def test_a_subquery_of_the_same_table_keeps_its_rows_apart() -> None:
    later = Message.objects.filter(thread=OuterRef("thread"), sent__gt=OuterRef("sent"))
    latest = Message.objects.filter(~Exists(later)).order_by("size")
    assert [message.size for message in latest] == [7, 9]


def test_subqueries_stand_in_values_and_aggregates_of_groups() -> None:
    rows = (
        Message.objects.values("writer")
        .annotate(
            title=Subquery(
                Thread.objects.filter(messages__writer=OuterRef("writer")).values("title")[:1]
            ),
            n=Count("pk"),
        )
        .order_by("writer")
    )
    assert list(rows) == [
        {"writer": "ann", "title": "a", "n": 2},
        {"writer": "bob", "title": "a", "n": 2},
    ]


@pytest.mark.parametrize("queryset", [Message.objects.all(), Message.objects.only("pk", "size")])
def test_a_subquery_of_objects_is_refused(queryset: Any, db: str) -> None:
    """It returns several columns where one is wanted: which, nobody said."""
    error = ProgrammingError if db == "postgresql" else OperationalError

    several = Subquery(queryset, output_field=models.IntegerField())
    for ask in (
        lambda: list(Thread.objects.annotate(one=several)),
        lambda: list(Thread.objects.filter(pk=several)),
        lambda: list(Thread.objects.filter(pk__in=several)),
        lambda: list(Thread.objects.order_by(several)),
    ):
        with pytest.raises(error, match=r'choose it with values\("pk"\)'):
            ask()
    assert Thread.objects.annotate(one=Exists(queryset)).count() == Thread.objects.count()


@pytest.mark.parametrize("names", [(), ("writer", "size")])
def test_a_subquery_of_several_columns_needs_an_output_field(names: tuple[str, ...]) -> None:
    inner = Message.objects.values(*names) if names else Message.objects.all()
    with pytest.raises(FieldError):
        list(Thread.objects.annotate(x=Subquery(inner[:1])))
    with pytest.raises(FieldError):
        list(Thread.objects.filter(length__gt=Subquery(inner[:1])))
