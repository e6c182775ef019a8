"""What PostgreSQL adds to queries, indexes and constraints."""

from typing import Any

import pytest
from press import Article, Author
from vendors import only

from raystack_orm import models
from raystack_orm.models import F, OuterRef, Q, Value
from raystack_orm.models.functions import Lower, Upper
from raystack_orm.postgres.aggregates import ArrayAgg, BoolOr, Corr, JSONBAgg, RegrCount, StringAgg
from raystack_orm.postgres.constraints import ExclusionConstraint
from raystack_orm.postgres.expressions import ArraySubquery
from raystack_orm.postgres.fields import RangeOperators
from raystack_orm.postgres.functions import RandomUUID, TransactionNow
from raystack_orm.postgres.indexes import BloomIndex, BrinIndex, GinIndex, OpClass, SpGistIndex
from raystack_orm.postgres.search import TrigramDistance, TrigramSimilarity, TrigramWordSimilarity

pytestmark = only("postgresql")


@pytest.fixture(autouse=True)
def articles(db: str) -> None:
    """Ann wrote three articles, Bob none."""
    ann = Author.objects.create(name="Ann")
    Author.objects.create(name="Bob")
    for views, title in enumerate(("Hello", "World", "Hello, World")):
        Article.objects.create(title=title, views=views, author=ann)


def result(aggregate: Any) -> Any:
    return Article.objects.aggregate(x=aggregate)["x"]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (ArrayAgg("title", order_by="-views"), ["Hello, World", "World", "Hello"]),
        (ArrayAgg(F("views") + 1, order_by="views"), [1, 2, 3]),
        (ArrayAgg("views", filter=Q(views__gt=9), default=[]), []),
        (ArrayAgg("subtitle", distinct=True), [None]),
        (JSONBAgg("title", order_by=Upper("title")), ["Hello", "Hello, World", "World"]),
        (BoolOr(Q(views__gt=1)), True),
        (StringAgg("title", Value("; "), order_by="views"), "Hello; World; Hello, World"),
        (Corr("views", "views"), 1.0),
        (RegrCount("views", "views", filter=Q(views=9)), 0),
    ],
)
def test_aggregates(aggregate: Any, expected: Any) -> None:
    assert result(aggregate) == expected


def test_a_subquery_as_an_array() -> None:
    titles = Article.objects.filter(author=OuterRef("pk")).order_by("views").values("title")
    rows = Author.objects.annotate(titles=ArraySubquery(titles))
    assert [row.titles for row in rows] == [["Hello", "World", "Hello, World"], []]
    assert rows.filter(titles__contains=["World"]).get().name == "Ann"


def test_functions_of_the_server() -> None:
    rows = Article.objects.annotate(key=RandomUUID(), now=TransactionNow())
    assert len({row.key for row in rows}) == 3
    assert len({row.now for row in rows}) == 1


def test_how_similar_texts_are() -> None:
    rows = Article.objects.annotate(
        near=TrigramSimilarity("title", "helo"),
        far=TrigramDistance("title", "helo"),
        word=TrigramWordSimilarity("helo", "title"),
    ).order_by("-near")
    assert rows[0].title == "Hello"
    assert rows[0].near + rows[0].far == pytest.approx(1)
    assert rows[1].word == pytest.approx(rows[0].word)


def test_indexes_say_what_they_are() -> None:
    index = BloomIndex(fields=["a", "b"], name="x", length=80, columns=[2, 4])
    assert index.storage() == {"length": 80, "col1": 2, "col2": 4}
    path, _, kwargs = index.deconstruct()
    assert path == "raystack_orm.postgres.indexes.BloomIndex"
    assert index == type(index)(**kwargs)
    assert BrinIndex(fields=["a"], autosummarize=True).storage() == {"autosummarize": "on"}
    assert SpGistIndex(OpClass(Lower("a"), name="text_ops"), name="y").suffix == "spgist"
    for wrong in (
        lambda: BrinIndex(fields=["a"], pages_per_range=0),
        lambda: BloomIndex(fields=["a"], length=5000),
        lambda: OpClass("a", name="x); DROP TABLE y"),
    ):
        with pytest.raises(ValueError):
            wrong()
    assert GinIndex(fields=["a"], fastupdate=False).storage() == {"fastupdate": "off"}


def test_an_exclusion_constraint_says_what_it_is() -> None:
    made = ExclusionConstraint(
        name="apart",
        expressions=[("room", RangeOperators.EQUAL), ("time", RangeOperators.OVERLAPS)],
        condition=Q(cancelled=False),
        deferrable=models.Deferrable.DEFERRED,
    )
    path, args, kwargs = made.deconstruct()
    assert path == "raystack_orm.postgres.constraints.ExclusionConstraint"
    assert made == ExclusionConstraint(*args, **kwargs)
    for wrong in (
        {"expressions": []},
        {"expressions": ["room"]},
        {"index_type": "btree"},
        {"index_type": "hash"},
        {"condition": True},
    ):
        with pytest.raises(ValueError):
            ExclusionConstraint(**{"name": "x", "expressions": made.expressions, **wrong})
