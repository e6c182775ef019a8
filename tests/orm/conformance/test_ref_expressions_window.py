"""Window() with partitions, orders and frames, and the window functions.

https://docs.djangoproject.com/en/stable/ref/models/expressions/#window-functions
"""

import datetime as dt
from typing import Any

import pytest

from raystack_orm import FieldError, NotSupportedError, models
from raystack_orm.models import (
    Avg,
    Count,
    F,
    Max,
    Q,
    RowRange,
    Sum,
    ValueRange,
    Window,
    WindowFrameExclusion,
)
from raystack_orm.models.functions import (
    CumeDist,
    DenseRank,
    ExtractYear,
    FirstValue,
    Lag,
    LastValue,
    Lead,
    NthValue,
    Ntile,
    PercentRank,
    Rank,
    RowNumber,
    Upper,
)


class Film(models.Model):
    name = models.CharField(max_length=10)
    studio = models.CharField(max_length=10)
    rating = models.IntegerField()
    released = models.DateField()

    class Meta:
        app_label = "conf_window"


@pytest.fixture(autouse=True)
def films(db: str) -> None:
    """Three films of one studio, two of another; two ratings are equal."""
    for name, studio, rating, year in (
        ("a", "x", 10, 2001),
        ("b", "x", 20, 2002),
        ("c", "x", 20, 2003),
        ("d", "y", 40, 2004),
        ("e", "y", 50, 2005),
    ):
        Film.objects.create(name=name, studio=studio, rating=rating, released=dt.date(year, 1, 1))


def over(expression: Any, **arguments: Any) -> list[Any]:
    rows = Film.objects.annotate(value=Window(expression, **arguments)).order_by("name")
    return [row.value for row in rows]


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (RowNumber(), {"order_by": "name"}, [1, 2, 3, 4, 5]),
        (RowNumber(), {"order_by": "-name"}, [5, 4, 3, 2, 1]),
        (RowNumber(), {"order_by": F("name").desc()}, [5, 4, 3, 2, 1]),
        (RowNumber(), {"partition_by": "studio", "order_by": "name"}, [1, 2, 3, 1, 2]),
        (RowNumber(), {"partition_by": [F("studio")], "order_by": ["name"]}, [1, 2, 3, 1, 2]),
        (
            RowNumber(),
            {"partition_by": ["studio", "rating"], "order_by": ["-rating", "name"]},
            [1, 1, 2, 1, 1],
        ),
        (Rank(), {"order_by": "rating"}, [1, 2, 2, 4, 5]),
        (Rank(), {"order_by": "-rating"}, [5, 3, 3, 2, 1]),
        (DenseRank(), {"order_by": "rating"}, [1, 2, 2, 3, 4]),
        (PercentRank(), {"order_by": "rating"}, [0.0, 0.25, 0.25, 0.75, 1.0]),
        (CumeDist(), {"order_by": "rating"}, [0.2, 0.6, 0.6, 0.8, 1.0]),
        (Ntile(), {"order_by": "name"}, [1, 1, 1, 1, 1]),
        (Ntile(num_buckets=2), {"order_by": "name"}, [1, 1, 1, 2, 2]),
        (FirstValue("name"), {"order_by": "name"}, ["a"] * 5),
        (
            FirstValue("name"),
            {"partition_by": "studio", "order_by": "-name"},
            ["c", "c", "c", "e", "e"],
        ),
        (LastValue("name"), {"order_by": "name"}, ["a", "b", "c", "d", "e"]),
        (NthValue("name", nth=2), {"order_by": "name"}, [None, "b", "b", "b", "b"]),
        (Lag("name"), {"order_by": "name"}, [None, "a", "b", "c", "d"]),
        (Lag("rating", offset=2), {"order_by": "name"}, [None, None, 10, 20, 20]),
        (Lead("name"), {"order_by": "name"}, ["b", "c", "d", "e", None]),
        (Lead("rating", offset=2), {"order_by": "name"}, [20, 40, 50, None, None]),
        (Lead(F("rating") * 2), {"order_by": "name"}, [40, 40, 80, 100, None]),
        (Sum("rating"), {}, [140] * 5),
        (Sum("rating"), {"partition_by": "studio"}, [50, 50, 50, 90, 90]),
        (Sum("rating"), {"order_by": "name"}, [10, 30, 50, 90, 140]),
        (Sum("rating"), {"order_by": "rating"}, [10, 50, 50, 90, 140]),
        (Max("rating"), {"partition_by": "studio"}, [20, 20, 20, 50, 50]),
        (Count("pk"), {"partition_by": "studio", "order_by": "name"}, [1, 2, 3, 1, 2]),
        (Count("*"), {"partition_by": ExtractYear("released")}, [1] * 5),
        (Sum("rating"), {"partition_by": Upper("studio")}, [50, 50, 50, 90, 90]),
    ],
)
def test_window_functions(function: Any, arguments: Any, expected: list[Any]) -> None:
    assert over(function, **arguments) == expected


def test_an_average_over_a_partition() -> None:
    found = over(Avg("rating"), partition_by=F("studio"))
    assert [float(value) for value in found] == pytest.approx([50 / 3] * 3 + [45.0] * 2, abs=0.01)


@pytest.mark.parametrize("function", [Lag, Lead])
def test_lag_and_lead_have_a_default(db: str, function: Any) -> None:
    if db == "mysql":
        pytest.skip("MariaDB has no default for LAG and LEAD")
    found = over(function("rating", default=0), order_by="name")
    assert 0 in found
    assert None not in found


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (RowRange(), [140] * 5),
        (RowRange(start=None, end=None), [140] * 5),
        (RowRange(start=None, end=0), [10, 30, 50, 90, 140]),
        (RowRange(start=0, end=None), [140, 130, 110, 90, 50]),
        (RowRange(start=-1, end=0), [10, 30, 40, 60, 90]),
        (RowRange(start=-1, end=1), [30, 50, 80, 110, 90]),
        (RowRange(start=0, end=0), [10, 20, 20, 40, 50]),
        (RowRange(start=0, end=2), [50, 80, 110, 90, 50]),
        (RowRange(start=1, end=2), [40, 60, 90, 50, None]),
        (RowRange(start=-2, end=-1), [None, 10, 30, 40, 60]),
        (RowRange(start=-99, end=99), [140] * 5),
    ],
)
def test_row_frames(frame: Any, expected: list[Any]) -> None:
    assert over(Sum("rating"), order_by="name", frame=frame) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (ValueRange(), [140] * 5),
        (ValueRange(start=None, end=0), [10, 50, 50, 90, 140]),
        (ValueRange(start=0, end=0), [10, 40, 40, 40, 50]),
        (ValueRange(start=0, end=None), [140, 130, 130, 90, 50]),
    ],
)
def test_value_frames_include_peers(frame: Any, expected: list[int]) -> None:
    assert over(Sum("rating"), order_by="rating", frame=frame) == expected


def test_value_frames_over_a_distance(db: str) -> None:
    frame = ValueRange(start=-10, end=10)
    if db == "postgresql":
        with pytest.raises(NotSupportedError):
            over(Sum("rating"), order_by="rating", frame=frame)
        return
    assert over(Sum("rating"), order_by="rating", frame=frame) == [50, 50, 50, 90, 90]


@pytest.mark.parametrize(
    ("exclusion", "expected"),
    [
        (WindowFrameExclusion.CURRENT_ROW, [130, 120, 120, 100, 90]),
        (WindowFrameExclusion.GROUP, [130, 100, 100, 100, 90]),
        (WindowFrameExclusion.TIES, [140, 120, 120, 140, 140]),
        (WindowFrameExclusion.NO_OTHERS, [140] * 5),
    ],
)
def test_rows_can_be_excluded_from_a_frame(db: str, exclusion: Any, expected: list[int]) -> None:
    frame = RowRange(exclusion=exclusion)
    if db == "mysql":
        with pytest.raises(NotSupportedError):
            over(Sum("rating"), order_by="rating", frame=frame)
        return
    assert over(Sum("rating"), order_by="rating", frame=frame) == expected


def test_an_exclusion_must_be_one_of_the_four() -> None:
    with pytest.raises(TypeError):
        RowRange(exclusion="TIES; DROP TABLE x")


@pytest.mark.parametrize(("start", "end"), [("a", None), (2, 1), (None, "b"), (0, -1)])
def test_a_frame_wants_numbers_in_order(start: Any, end: Any) -> None:
    with pytest.raises(ValueError):
        over(Sum("rating"), order_by="name", frame=RowRange(start=start, end=end))


def test_a_value_frame_goes_from_before_to_after() -> None:
    for start, end in ((1, 2), (-2, -1)):
        with pytest.raises(ValueError):
            over(Sum("rating"), order_by="rating", frame=ValueRange(start=start, end=end))


def test_frames_know_their_type() -> None:
    assert RowRange.frame_type == "ROWS"
    assert ValueRange.frame_type == "RANGE"


def names(found: Any) -> str:
    return "".join(sorted(film.name for film in found))


def test_windows_can_be_filtered_in_an_outer_query() -> None:
    ranked = Film.objects.annotate(
        rank=Window(RowNumber(), partition_by="studio", order_by="-rating"),
        total=Window(Sum("rating"), partition_by="studio"),
    )
    assert names(ranked.filter(rank=1)) in {"be", "ce"}
    assert names(ranked.filter(rank=1, studio="y")) == "e"
    assert names(ranked.filter(Q(rank=2) & Q(total__gt=60))) == "d"
    assert names(ranked.exclude(total=90)) == "abc"
    assert ranked.filter(rank__lte=2).count() == 4
    assert list(ranked.filter(rank=1, studio="y").values_list("name", "total")) == [("e", 90)]


def test_or_with_a_window_cannot_be_used_over_groups() -> None:
    found = Film.objects.annotate(rank=Window(Rank(), order_by="rating"), n=Count("pk"))
    with pytest.raises(NotImplementedError):
        list(found.filter(Q(rank=1) | Q(name="a")))


def test_windows_can_be_ordered_by_and_computed_with() -> None:
    share = F("rating") * 100 / Window(Sum("rating"), partition_by="studio")
    found = Film.objects.annotate(share=share).order_by(
        Window(RowNumber(), order_by="-rating"), "name"
    )
    assert [film.name for film in found][:2] == ["e", "d"]
    assert int(found[0].share) == 55


def test_windows_over_groups() -> None:
    rows = (
        Film.objects.values("studio")
        .annotate(total=Sum("rating"))
        .annotate(rank=Window(Rank(), order_by=F("total").desc()))
        .order_by("studio")
    )
    assert list(rows.values_list("studio", "total", "rank")) == [("x", 50, 2), ("y", 90, 1)]


def test_an_aggregate_over_a_window_goes_through_a_subquery() -> None:
    found = Film.objects.annotate(rank=Window(Rank(), order_by="rating"))
    assert found.aggregate(Max("rank")) == {"rank__max": 5}


def test_windows_cannot_change_data() -> None:
    with pytest.raises(FieldError):
        Film.objects.update(rating=Window(Max("rating")))


def test_a_window_wants_a_compatible_function_and_expressions() -> None:
    with pytest.raises(ValueError):
        Window(Upper("name"))
    with pytest.raises((ValueError, TypeError)):
        Window(RowNumber(), order_by=5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ntile(num_buckets=0),
        lambda: NthValue("name", nth=0),
        lambda: NthValue("name", nth=-1),
        lambda: NthValue(None),
        lambda: Lag("name", offset=0),
        lambda: Lead("name", offset=-1),
        lambda: Lag(None),
    ],
)
def test_arguments_of_window_functions_are_checked(make: Any) -> None:
    with pytest.raises(ValueError):
        make()


class Doubled(Window):
    template = "(%(expression)s OVER (%(window)s) * 2)"


class Negated(Window):
    def as_sql(self, compiler: Any, connection: Any, template: str | None = None) -> Any:
        return super().as_sql(compiler, connection, template=f"-({Window.template})")


def test_a_template_of_ones_own_is_written() -> None:
    assert Window.template == "%(expression)s OVER (%(window)s)"
    highest = {"expression": Max("rating"), "partition_by": "studio"}
    found = Film.objects.annotate(
        doubled=Doubled(**highest), negated=Negated(**highest), more=Doubled(**highest) + 1
    ).order_by("name")
    assert list(found.values_list("doubled", "negated", "more")) == [
        *[(40, -20, 41)] * 3,
        *[(100, -50, 101)] * 2,
    ]


def test_order_and_frame_stand_in_a_template_of_ones_own() -> None:
    two = Doubled(
        Sum("rating", filter=Q(rating__gt=10)),
        partition_by=["studio"],
        order_by=[F("rating").asc(nulls_last=True), "name"],
        frame=RowRange(start=-1, end=0),
    )
    found = Film.objects.annotate(two=two).order_by("name").values_list("two", flat=True)
    assert list(found) == [None, 40, 80, 80, 180]


def test_an_aggregate_over_a_window_is_computed_for_each_row() -> None:
    over = Window(Max("rating"))
    assert (over.contains_aggregate, over.contains_over_clause) == (False, True)
