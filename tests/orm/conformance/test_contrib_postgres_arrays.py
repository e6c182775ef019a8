"""ArrayField, on PostgreSQL.

https://docs.djangoproject.com/en/stable/ref/contrib/postgres/fields/#arrayfield
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from vendors import only

from raystack_orm import ValidationError, models
from raystack_orm.models import F, Value
from raystack_orm.models.functions import Lower
from raystack_orm.postgres.fields import ArrayField, HStoreField

pytestmark = only("postgresql")


class Post(models.Model):
    name = models.CharField(max_length=20, default="")
    tags = ArrayField(models.CharField(max_length=20), blank=True, default=list)

    class Meta:
        app_label = "c1_arrays"
        required_db_vendor = "postgresql"
        ordering = ("pk",)


class Board(models.Model):
    rows = ArrayField(ArrayField(models.IntegerField(), size=3), size=2, null=True)
    days = ArrayField(models.DateField(), null=True)
    prices = ArrayField(models.DecimalField(max_digits=5, decimal_places=2), null=True)
    maybe = ArrayField(models.IntegerField(null=True), null=True)

    class Meta:
        app_label = "c1_arrays"
        required_db_vendor = "postgresql"


@pytest.fixture
def posts(db: str) -> list[Post]:
    return [
        Post.objects.create(name="First", tags=["thoughts", "django"]),
        Post.objects.create(name="Second", tags=["thoughts"]),
        Post.objects.create(name="Third", tags=["tutorial", "django"]),
    ]


def names(**lookups: Any) -> list[str]:
    return [post.name for post in Post.objects.filter(**lookups)]


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"tags": ["thoughts"]}, ["Second"]),
        ({"tags__contains": ["thoughts"]}, ["First", "Second"]),
        ({"tags__contains": ["django", "thoughts"]}, ["First"]),
        ({"tags__contained_by": ["thoughts", "django"]}, ["First", "Second"]),
        ({"tags__overlap": ["thoughts", "tutorial"]}, ["First", "Second", "Third"]),
        ({"tags__overlap": ["nothing"]}, []),
        ({"tags__len": 1}, ["Second"]),
        ({"tags__len__gt": 1}, ["First", "Third"]),
        ({"tags__0": "thoughts"}, ["First", "Second"]),
        ({"tags__1__iexact": "Django"}, ["First", "Third"]),
        ({"tags__276": "javascript"}, []),
        ({"tags__0_1": ["thoughts"]}, ["First", "Second"]),
        ({"tags__0_2__contains": ["django"]}, ["First", "Third"]),
        ({"tags__in": [["thoughts"], ["x"]]}, ["Second"]),
        ({"tags__gt": ["thoughts"]}, ["First", "Third"]),
    ],
)
def test_lookups(posts: list[Post], lookups: dict[str, Any], expected: list[str]) -> None:
    assert names(**lookups) == expected


def test_overlap_takes_a_queryset(posts: list[Post]) -> None:
    inner = Post.objects.filter(name="Second").values_list("tags")
    assert names(tags__overlap=inner) == ["First", "Second"]


def test_an_empty_array_has_no_length(db: str) -> None:
    Post.objects.create(name="Empty")
    assert names(tags__len=0) == ["Empty"]
    assert names(tags=[]) == ["Empty"]


def test_elements_and_slices_can_be_annotated(posts: list[Post]) -> None:
    found = Post.objects.annotate(first=F("tags__0")).values_list("first", flat=True)
    assert list(found) == ["thoughts", "thoughts", "tutorial"]


def test_values_come_back_as_lists(posts: list[Post]) -> None:
    assert Post.objects.get(name="First").tags == ["thoughts", "django"]


def test_arrays_nest_and_hold_other_types(db: str) -> None:
    Board.objects.create(
        rows=[[1, 2, 3], [4, 5, 6]],
        days=[dt.date(2024, 1, 1)],
        prices=[Decimal("1.50")],
        maybe=[1, None],
    )
    board = Board.objects.get()
    assert board.rows == [[1, 2, 3], [4, 5, 6]]
    assert board.days == [dt.date(2024, 1, 1)]
    assert board.prices == [Decimal("1.50")]
    assert board.maybe == [1, None]
    assert Board.objects.filter(rows__0__1=2).exists()


def test_updates(posts: list[Post]) -> None:
    Post.objects.filter(name="First").update(tags=["new"])
    assert names(tags=["new"]) == ["First"]


def test_each_element_is_validated(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Post(name="x", tags=["ok", "a" * 21]).clean_fields()
    assert [error.code for error in caught.value.error_dict["tags"]] == ["item_invalid"]


def test_nested_arrays_have_equal_lengths(db: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Board._meta.get_field("rows").clean([[1, 2], [3]], None)
    assert "nested_array_mismatch" in [error.code for error in caught.value.error_list]


def test_an_array_takes_a_tuple_and_a_default(db: str) -> None:
    Post.objects.create(name="x", tags=("a", "b"))
    assert Post.objects.get().tags == ["a", "b"]
    assert Post().tags == []
    assert Post().tags is not Post().tags


def test_a_field_knows_its_base_and_size(db: str) -> None:
    field = Board._meta.get_field("rows")
    assert isinstance(field.base_field, ArrayField)
    assert (field.size, field.base_field.size) == (2, 3)


def test_text_is_read_as_json(db: str) -> None:
    field = ArrayField(models.CharField(max_length=1))
    assert field.to_python('["a", "b"]') == ["a", "b"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (F("tags")[:1], [["thoughts"], ["thoughts"], ["tutorial"]]),
        (F("tags")[1:], [["django"], [], ["django"]]),
        (F("tags")[1], [["django"], [], ["django"]]),
        (F("tags")[:2][1:2], [["django"], [], ["django"]]),
    ],
)
def test_slices_of_f_are_arrays(posts: list[Post], part: Any, expected: list[Any]) -> None:
    assert list(Post.objects.annotate(part=part).values_list("part", flat=True)) == expected


def test_a_slice_can_be_saved_and_compared(posts: list[Post]) -> None:
    short = Post.objects.annotate(first=F("tags")[:1]).filter(tags__len=F("first__len"))
    assert [post.name for post in short] == ["Second"]
    Post.objects.filter(name="First").update(tags=F("tags")[1:])
    assert Post.objects.get(name="First").tags == ["django"]


@pytest.mark.parametrize(
    ("lookups", "expected"),
    [
        ({"tags": [Lower(Value("THOUGHTS"))]}, ["Second"]),
        ({"tags__contains": ["thoughts", Lower(Value("DJANGO"))]}, ["First"]),
        ({"tags__contained_by": [Value("thoughts"), "x"]}, ["Second"]),
        ({"tags__overlap": [Lower(Value("TUTORIAL"))]}, ["Third"]),
        ({"tags__in": [F("tags")]}, ["First", "Second", "Third"]),
    ],
)
def test_items_of_the_right_side_may_be_expressions(
    posts: list[Post], lookups: dict[str, Any], expected: list[str]
) -> None:
    assert names(**lookups) == expected


def test_overlap_takes_the_values_of_a_queryset(posts: list[Post]) -> None:
    some = Post.objects.filter(name__in=["First", "Third"])  # PostgreSQL wants equal lengths
    assert names(tags__overlap=some.values_list("tags")) == ["First", "Second", "Third"]
    assert names(tags__overlap=Post.objects.none().values("tags")) == []
    Post.objects.create(name="tutorial")
    assert names(tags__overlap=Post.objects.values_list("name", flat=True)) == ["Third"]


class Colored(models.Model):
    colors = ArrayField(
        models.CharField(max_length=5),
        choices=[("Warm", [(("red", "gold"), "Sunset")])],
        default=list,
    )

    class Meta:
        app_label = "c1_arrays"
        required_db_vendor = "postgresql"


def test_display_of_an_array_that_is_no_choice_is_text(db: str) -> None:
    assert Colored(colors=("red", "gold")).get_colors_display() == "Sunset"
    assert Colored(colors=["blue"]).get_colors_display() == "['blue']"


class Sizes(models.Model):
    small = ArrayField(models.IntegerField())
    big = ArrayField(models.BigIntegerField())

    class Meta:
        app_label = "c1_arrays"
        required_db_vendor = "postgresql"


def test_arrays_of_other_columns_are_compared_as_the_left_side(db: str) -> None:
    made = Sizes.objects.create(small=[1, 2], big=[1, 2])
    inner = Sizes.objects.values("small")
    for conditions in (
        {"big": F("small")},
        {"small": F("big")},
        {"big__contains": F("small")},
        {"big__contained_by": inner[:1]},
        {"big__overlap": inner},
    ):
        assert Sizes.objects.get(**conditions) == made


class Tagged(models.Model):
    stores = ArrayField(HStoreField())

    class Meta:
        app_label = "c1_arrays"
        required_db_vendor = "postgresql"


def test_an_array_of_mappings_comes_back(db: str) -> None:
    given = [{"a": "1", "b": None}, {}]
    made = Tagged.objects.create(stores=given)
    assert Tagged.objects.get(stores=given).stores == given
    assert Tagged.objects.values_list("stores", "stores__0", "stores__0__a").get() == (
        given, given[0], "1",
    )  # fmt: skip
    made.refresh_from_db()
    assert made.stores == given
