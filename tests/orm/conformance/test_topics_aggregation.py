"""Aggregation: over a QuerySet, for each item, over joins, with filter, order_by and values.

https://docs.djangoproject.com/en/stable/topics/db/aggregation/
"""

from typing import Any

import pytest

from raystack_orm import FieldError, models
from raystack_orm.models import Avg, Count, F, Max, Min, OuterRef, Q, Subquery, Sum, Value
from raystack_orm.models.functions import Coalesce, Length
from raystack_orm.testing import assert_num_queries


class Author(models.Model):
    name = models.CharField(max_length=20)
    age = models.IntegerField()

    class Meta:
        app_label = "conf_aggregation"


class Publisher(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "conf_aggregation"


class Book(models.Model):
    name = models.CharField(max_length=20)
    pages = models.IntegerField()
    price = models.FloatField()
    rating = models.FloatField()
    authors = models.ManyToManyField(Author)
    publisher = models.ForeignKey(Publisher, models.CASCADE)

    class Meta:
        app_label = "conf_aggregation"


class Store(models.Model):
    name = models.CharField(max_length=20)
    books = models.ManyToManyField(Book)

    class Meta:
        app_label = "conf_aggregation"


class Note(models.Model):
    text = models.CharField(max_length=20)
    score = models.IntegerField()

    class Meta:
        app_label = "conf_aggregation"
        ordering = ("score",)


@pytest.fixture(autouse=True)
def books(db: str) -> None:
    """X publishes a and b, y publishes c, z nothing; ann wrote all, bob c; two stores."""
    ann, bob, cat = (
        Author.objects.create(name=name, age=age)
        for name, age in (("ann", 30), ("bob", 40), ("cat", 50))
    )
    publishers = {name: Publisher.objects.create(name=name) for name in "xyz"}
    made = {}
    for name, pages, price, rating, publisher, authors in (
        ("a", 100, 10.0, 2.0, "x", [ann]),
        ("b", 200, 20.0, 4.0, "x", [ann]),
        ("c", 300, 60.0, 5.0, "y", [ann, bob]),
    ):
        made[name] = Book.objects.create(
            name=name, pages=pages, price=price, rating=rating, publisher=publishers[publisher]
        )
        made[name].authors.set(authors)
    Store.objects.create(name="one").books.set([made["a"], made["b"]])
    Store.objects.create(name="two").books.set([made["b"], made["c"]])
    assert cat.pk


def pairs(found: Any, name: str) -> dict[str, Any]:
    return {row.name: getattr(row, name) for row in found}


@pytest.mark.parametrize(
    ("arguments", "keywords", "expected"),
    [
        ((Avg("price"),), {}, {"price__avg": 30.0}),
        ((Max("price"), Min("price")), {}, {"price__max": 60.0, "price__min": 10.0}),
        ((), {"average": Avg("price")}, {"average": 30.0}),
        ((), {"n": Count("pk")}, {"n": 3}),
        ((), {"gap": Max("price") - Avg("price")}, {"gap": 30.0}),
        ((), {"per": Sum(F("price") / F("pages"))}, None),
        ((), {"cheap": Count("pk", filter=Q(price__lt=50))}, {"cheap": 2}),
        ((Sum("publisher__book__pages"),), {}, {"publisher__book__pages__sum": 900}),
        ((Max("authors__age"),), {}, {"authors__age__max": 40}),
        ((), {"most": Max(Length("name"))}, {"most": 1}),
    ],
)
def test_aggregates_over_a_queryset(
    arguments: Any, keywords: Any, expected: dict[str, Any] | None
) -> None:
    with assert_num_queries(1):
        found = Book.objects.aggregate(*arguments, **keywords)
    if expected is None:
        assert found["per"] == pytest.approx(0.4)
    else:
        assert found == expected


def test_aggregates_of_a_filtered_queryset() -> None:
    assert Book.objects.filter(publisher__name="x").aggregate(Sum("pages")) == {"pages__sum": 300}
    assert Book.objects.filter(name__startswith="q").aggregate(Sum("pages")) == {"pages__sum": None}
    assert Book.objects.filter(authors__name="bob").aggregate(n=Count("pk")) == {"n": 1}


def test_annotate_summarises_for_each_item() -> None:
    assert pairs(Book.objects.annotate(n=Count("authors")), "n") == {"a": 1, "b": 1, "c": 2}
    assert pairs(Publisher.objects.annotate(n=Count("book")), "n") == {"x": 2, "y": 1, "z": 0}
    book = Book.objects.annotate(Count("authors"))[0]
    assert book.authors__count == 1


def test_two_annotations_over_joins_multiply() -> None:
    """As joins are used, not subqueries; distinct helps for Count."""
    both = Book.objects.annotate(Count("authors"), Count("store"))
    assert pairs(both, "authors__count") == {"a": 1, "b": 2, "c": 2}
    distinct = Book.objects.annotate(
        a=Count("authors", distinct=True), s=Count("store", distinct=True)
    )
    assert pairs(distinct, "a") == {"a": 1, "b": 1, "c": 2}
    assert pairs(distinct, "s") == {"a": 1, "b": 2, "c": 1}


def test_aggregates_follow_paths() -> None:
    stores = Store.objects.annotate(low=Min("books__price"), high=Max("books__price"))
    assert pairs(stores, "low") == {"one": 10.0, "two": 20.0}
    assert pairs(stores, "high") == {"one": 20.0, "two": 60.0}
    assert Store.objects.aggregate(old=Max("books__authors__age")) == {"old": 40}
    oldest = Publisher.objects.annotate(old=Max("book__authors__age"))
    assert pairs(oldest, "old") == {"x": 30, "y": 40, "z": None}
    pages = Author.objects.annotate(total=Sum("book__pages"))
    assert pairs(pages, "total") == {"ann": 600, "bob": 300, "cat": None}
    assert Author.objects.aggregate(mean=Avg("book__rating")) == {"mean": 4.0}


def test_filter_before_annotate_narrows_what_is_counted() -> None:
    found = Publisher.objects.filter(book__rating__gt=3).annotate(n=Count("book"))
    assert pairs(found, "n") == {"x": 1, "y": 1}


def test_filter_after_annotate_counts_everything() -> None:
    found = Publisher.objects.annotate(n=Count("book", distinct=True)).filter(book__rating__gt=3)
    assert pairs(found, "n") == {"x": 2, "y": 1}


def test_filter_in_the_aggregate_keeps_every_item() -> None:
    found = Publisher.objects.annotate(
        good=Count("book", filter=Q(book__rating__gt=3)),
        bad=Count("book", filter=Q(book__rating__lte=3)),
    )
    assert pairs(found, "good") == {"x": 1, "y": 1, "z": 0}
    assert pairs(found, "bad") == {"x": 1, "y": 0, "z": 0}


def test_filter_on_annotations() -> None:
    assert set(pairs(Book.objects.annotate(n=Count("authors")).filter(n__gt=1), "n")) == {"c"}
    assert set(pairs(Publisher.objects.annotate(n=Count("book")).exclude(n=0), "n")) == {"x", "y"}
    several = Publisher.objects.annotate(n=Count("book")).filter(Q(n=0) | Q(name="y"))
    assert pairs(several, "n") == {"y": 1, "z": 0}
    own = Publisher.objects.annotate(n=Count("book"), top=Max("book__rating"))
    assert pairs(own.filter(n__lt=F("top")), "n") == {"x": 2, "y": 1}


def test_conditions_on_aggregates_and_columns_mix() -> None:
    found = Publisher.objects.annotate(n=Count("book")).filter(n__gt=0, name__gt="x")
    assert pairs(found, "n") == {"y": 1}


def test_order_by_annotations() -> None:
    found = Publisher.objects.annotate(n=Count("book")).order_by("-n")
    assert [row.name for row in found] == ["x", "y", "z"]
    with pytest.raises(FieldError):
        list(Publisher.objects.order_by(Count("book").desc()))


def rows(found: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) for row in found)


def test_values_before_annotate_groups() -> None:
    assert rows(Author.objects.values("name").annotate(top=Max("book__rating"))) == [
        ("ann", 5.0),
        ("bob", 5.0),
        ("cat", None),
    ]
    by_publisher = Book.objects.values("publisher__name").annotate(n=Count("pk"), top=Max("price"))
    assert rows(by_publisher) == [("x", 2, 20.0), ("y", 1, 60.0)]
    by_two = Book.objects.values("publisher__name", "rating").annotate(n=Count("pk"))
    assert len(rows(by_two)) == 3


def test_values_after_annotate_choose_columns_of_each_item() -> None:
    found = Author.objects.annotate(n=Count("book")).values("name", "n")
    assert rows(found) == [("ann", 3), ("bob", 1), ("cat", 0)]


def test_authors_of_one_name_are_one_group() -> None:
    Author.objects.create(name="ann", age=60)
    grouped = Author.objects.values("name").annotate(n=Count("pk"), age=Max("age"))
    assert rows(grouped) == [("ann", 2, 60), ("bob", 1, 40), ("cat", 1, 50)]
    assert len(Author.objects.annotate(n=Count("pk")).values("name", "n")) == 4


def test_an_order_by_column_takes_part_in_the_group() -> None:
    Note.objects.create(text="x", score=1)
    Note.objects.create(text="x", score=2)
    assert rows(Note.objects.values("text").annotate(n=Count("pk"))) == [("x", 2)]
    ordered = Note.objects.values("text").annotate(n=Count("pk")).order_by("score")
    assert rows(ordered) == [("x", 1), ("x", 1)]
    cleared = ordered.order_by()
    assert rows(cleared) == [("x", 2)]


def test_the_default_order_takes_no_part_in_the_group() -> None:
    Note.objects.create(text="x", score=1)
    Note.objects.create(text="x", score=2)
    found = Note.objects.values("text").annotate(n=Count("pk"))
    assert list(found) == [{"text": "x", "n": 2}]
    assert not found.ordered


def test_annotations_are_aggregated_again() -> None:
    found = Book.objects.annotate(n=Count("authors"))
    assert found.aggregate(Avg("n"), Sum("n")) == {
        "n__avg": pytest.approx(4 / 3, abs=0.001),
        "n__sum": 4,
    }
    assert Publisher.objects.annotate(n=Count("book")).aggregate(Max("n")) == {"n__max": 2}
    grouped = Book.objects.values("publisher").annotate(total=Sum("pages"))
    assert grouped.aggregate(Max("total")) == {"total__max": 300}
    assert Book.objects.distinct().aggregate(n=Count("pk")) == {"n": 3}
    assert Book.objects.order_by("-pages")[:2].aggregate(Sum("pages")) == {"pages__sum": 500}


def test_aggregating_on_empty_groups() -> None:
    nothing = Publisher.objects.annotate(total=Sum("book__pages"), n=Count("book"))
    assert pairs(nothing, "total") == {"x": 300, "y": 300, "z": None}
    filled = Publisher.objects.annotate(total=Sum("book__pages", default=0))
    assert pairs(filled, "total") == {"x": 300, "y": 300, "z": 0}
    coalesced = Publisher.objects.annotate(total=Coalesce(Sum("book__pages"), Value(-1)))
    assert pairs(coalesced, "total")["z"] == -1
    assert Book.objects.none().aggregate(total=Sum("pages", default=0)) == {"total": 0}


def test_expressions_of_aggregates() -> None:
    found = Publisher.objects.annotate(mean=Sum("book__pages") / Count("book", distinct=True))
    assert pairs(found.filter(name__lt="z"), "mean") == {"x": 150, "y": 300}
    product = Publisher.objects.annotate(value=Sum(F("book__price") * F("book__rating")))
    assert pairs(product, "value")["x"] == 100.0


def test_count_of_groups_and_distinct_values() -> None:
    assert Book.objects.values("publisher").annotate(n=Count("pk")).count() == 2
    assert Book.objects.values("publisher").distinct().count() == 2
    assert Book.objects.aggregate(n=Count("publisher", distinct=True)) == {"n": 2}


def test_select_related_with_annotations() -> None:
    with assert_num_queries(1):
        found = Book.objects.select_related("publisher").annotate(n=Count("authors"))
        assert {book.publisher.name: book.n for book in found} == {"x": 1, "y": 2}


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(FieldError):
        Book.objects.annotate(x=Count("nope"))
    with pytest.raises(FieldError):
        Book.objects.annotate(n=Count("authors")).annotate(x=Sum("n"))
    with pytest.raises(TypeError):
        Book.objects.aggregate(x="pages")


def test_rows_of_two_joins_are_multiplied_whatever_is_selected() -> None:
    both = Book.objects.annotate(authors_n=Count("authors"), stores_n=Count("store"))
    assert pairs(both, "stores_n") == {"a": 1, "b": 2, "c": 2}
    assert dict(both.values_list("name", "stores_n")) == {"a": 1, "b": 2, "c": 2}
    assert both.filter(name="c", stores_n=2).count() == 1
    assert both.aggregate(total=Sum("stores_n")) == {"total": 5}
    later = Book.objects.alias(n=Count("authors")).annotate(stores_n=Count("store"))
    assert pairs(later, "stores_n") == {"a": 1, "b": 2, "c": 2}


def test_an_annotation_of_related_rows_makes_a_row_of_each() -> None:
    each = Book.objects.annotate(author=F("authors__name"))
    assert each.count() == len(each) == 4
    assert list(each.values_list("name", flat=True).order_by("name")) == ["a", "b", "c", "c"]
    assert Book.objects.alias(author=F("authors__name")).count() == 4
    assert each.aggregate(n=Count("pk")) == {"n": 4}


def test_rows_are_not_counted_for_an_aggregate_that_is_not_used() -> None:
    assert Book.objects.annotate(n=Count("authors")).count() == 3
    assert list(Book.objects.annotate(n=Count("authors")).values_list("name").order_by("name")) == [
        ("a",),
        ("b",),
        ("c",),
    ]


def test_values_that_leave_an_annotation_out_do_not_group_by_it() -> None:
    each = Book.objects.annotate(author=F("authors__name")).annotate(n=Count("store"))
    assert sorted(each.values_list("name", "n")) == [("a", 1), ("b", 2), ("c", 2)]
    names = Author.objects.filter(pk=OuterRef("authors")).values("name")[:1]
    one = Book.objects.annotate(author=Subquery(names)).annotate(n=Count("store"))
    assert sorted(one.values_list("name", "n")) == [("a", 1), ("b", 2), ("c", 2)]
    assert one.values("name", "n").count() == 3
    assert len(one.values_list("name", "n", "author")) == 4
