"""QuerySets on one table: conditions, order, slices, values, writing.

https://docs.djangoproject.com/en/stable/ref/models/querysets/
"""

import datetime as dt
from typing import Any

import pytest
from press import Article, Author

from raystack_orm import FieldError, connections
from raystack_orm.models import F, Q
from raystack_orm.testing import assert_num_queries


@pytest.fixture
def articles(db: str) -> list[Article]:
    """Five articles of one author."""
    author = Author.objects.create(name="Ann")
    return [
        Article.objects.create(
            title=title,
            subtitle=subtitle,
            views=views,
            author=author,
            published_at=dt.datetime(2026, month, 28, 23, 30, tzinfo=dt.UTC),
        )
        for title, subtitle, views, month in (
            ("Alpha", None, 10, 1),
            ("beta", "second", 20, 2),
            ("Gamma", "third", 20, 3),
            ("delta 50%_x", None, 40, 4),
            ("Epsilon 500x", "Fifth", 500, 12),
        )
    ]


def titles(found: Any) -> list[str]:
    return sorted(article.title.split()[0].lower() for article in found)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"title": "Alpha"}, ["alpha"]),
        ({"title__exact": "alpha"}, []),
        ({"title__iexact": "ALPHA"}, ["alpha"]),
        ({"title__icontains": "TA"}, ["beta", "delta"]),
        ({"title__startswith": "Gam"}, ["gamma"]),
        ({"title__istartswith": "BE"}, ["beta"]),
        ({"title__endswith": "500x"}, ["epsilon"]),
        ({"title__iendswith": "MMA"}, ["gamma"]),
        ({"title__in": ["Alpha", "beta", None, "beta"]}, ["alpha", "beta"]),
        ({"title__in": []}, []),
        ({"views__gt": 20}, ["delta", "epsilon"]),
        ({"views__gte": 20, "views__lt": 500}, ["beta", "delta", "gamma"]),
        ({"views__lte": 10}, ["alpha"]),
        ({"views__range": (10, 20)}, ["alpha", "beta", "gamma"]),
        ({"views__icontains": "0%"}, []),
        ({"views__startswith": 2}, ["beta", "gamma"]),
        ({"subtitle": None}, ["alpha", "delta"]),
        ({"subtitle__isnull": False}, ["beta", "epsilon", "gamma"]),
        ({"published_at__year": 2026, "published_at__month__gte": 4}, ["delta", "epsilon"]),
        ({"published_at__day": 28, "published_at__hour": 23, "published_at__month": 1}, ["alpha"]),
        ({"published_at__date": dt.date(2026, 2, 28)}, ["beta"]),
        ({"published_at__date__lt": "2026-02-01"}, ["alpha"]),
    ],
)
def test_lookups(articles: list[Article], conditions: dict[str, Any], expected: list[str]) -> None:
    """Each lookup compares as Django documents it."""
    if connections["default"].vendor == "mysql" and conditions == {"title__exact": "alpha"}:
        expected = ["alpha"]  # its collation decides, and that ignores case
    assert titles(Article.objects.filter(**conditions)) == expected
    everything = {"alpha", "beta", "delta", "epsilon", "gamma"}
    assert titles(Article.objects.exclude(**conditions)) == sorted(everything - set(expected))


def test_sq_09_wildcards_in_a_value_are_letters(articles: list[Article]) -> None:
    """SQ-09: contains="50%_" finds 50%_x and not 500x."""
    assert titles(Article.objects.filter(title__contains="50%_")) == ["delta"]
    assert titles(Article.objects.filter(title__contains="!")) == []
    assert titles(Article.objects.filter(title__startswith="%")) == []


def test_conditions_are_combined(articles: list[Article]) -> None:
    """Q objects with and, or and not; keywords beside them have to fit as well."""
    found = Article.objects.filter(Q(views=20) | ~Q(subtitle=None), title__icontains="a")

    assert titles(found) == ["beta", "gamma"]
    assert titles(Article.objects.filter(~(Q(views=20) & Q(title="beta")))) == [
        "alpha",
        "delta",
        "epsilon",
        "gamma",
    ]
    assert titles(Article.objects.filter(~Q(subtitle="third"))) == [
        "alpha",
        "beta",
        "delta",
        "epsilon",
    ]


def test_fields_are_compared_with_each_other(articles: list[Article]) -> None:
    """F() stands for the value of the same row."""
    Article.objects.filter(title="beta").update(subtitle=F("title"))

    assert titles(Article.objects.filter(subtitle=F("title"))) == ["beta"]
    assert titles(Article.objects.exclude(subtitle=F("title"))) == [
        "alpha",
        "delta",
        "epsilon",
        "gamma",
    ]
    assert titles(Article.objects.filter(views__gt=F("id") * 0 + 30)) == ["delta", "epsilon"]


def test_order(articles: list[Article]) -> None:
    """Several keys, either direction, reversed, and none."""
    ordered = Article.objects.order_by("-views", "title")

    assert [article.views for article in ordered] == [500, 40, 20, 20, 10]
    assert [article.title[0] for article in ordered[2:4]] in (["G", "b"], ["b", "G"])
    assert [article.views for article in ordered.reverse()] == [10, 20, 20, 40, 500]
    assert ordered.ordered is True
    assert Article.objects.order_by().ordered is False
    assert Article.objects.order_by(F("views").desc())[0].views == 500
    assert len(Article.objects.order_by("?")) == 5


def test_slices_become_limits(articles: list[Article], db: str) -> None:
    """A slice is a query of its own; slices of slices count from their start."""
    ordered = Article.objects.order_by("pk")

    assert [a.pk for a in ordered[1:3]] == [a.pk for a in articles[1:3]]
    assert [a.pk for a in ordered[1:][1:3]] == [a.pk for a in articles[2:4]]
    assert ordered[0].pk == articles[0].pk
    assert [a.pk for a in ordered[3:]] == [a.pk for a in articles[3:]]
    assert list(ordered[2:2]) == []
    assert ordered[1:4].count() == 3
    assert ordered[4:].exists() is True
    assert ordered[5:].exists() is False
    with pytest.raises(ValueError, match="Negative indexing is not supported"):
        _ = ordered[-1]
    with pytest.raises(IndexError):
        _ = ordered[17]
    with pytest.raises(TypeError, match="Cannot filter a query once a slice has been taken"):
        ordered[:2].filter(views=1)


def test_getting_one(articles: list[Article]) -> None:
    """get() wants exactly one; first() and last() take what there is."""
    assert Article.objects.get(title="Alpha") == articles[0]
    with pytest.raises(Article.DoesNotExist, match="get\\(title=...\\): there is no such Article"):
        Article.objects.get(title="none")
    with pytest.raises(Article.MultipleObjectsReturned, match="there are 2 of Article"):
        Article.objects.get(views=20)
    assert Article.objects.first() == articles[0]
    assert Article.objects.last() == articles[-1]
    assert Article.objects.order_by("-views").first() == articles[-1]
    assert Article.objects.filter(views=0).first() is None


def test_values(articles: list[Article]) -> None:
    """Dictionaries, tuples, or single values; over relations too."""
    found = Article.objects.filter(views=10)

    assert list(found.values("title", "author__name")) == [
        {"title": "Alpha", "author__name": "Ann"}
    ]
    assert list(found.values_list("views", "title")) == [(10, "Alpha")]
    assert list(found.values_list("title", flat=True)) == ["Alpha"]
    assert set(found.values()[0]) == {field.attname for field in Article._meta.fields}
    assert list(Article.objects.values_list("views", flat=True).distinct().order_by("views")) == [
        10,
        20,
        40,
        500,
    ]
    with pytest.raises(TypeError, match="'flat' is not valid"):
        found.values_list("title", "views", flat=True)


def test_counting_and_asking(articles: list[Article]) -> None:
    """count() and exists() ask the database; len() and bool() load the results once."""
    found = Article.objects.filter(views=20)

    with assert_num_queries(2):
        assert found.count() == 2
        assert found.exists() is True
    with assert_num_queries(1):
        assert len(found) == 2
        assert bool(found) is True
    with assert_num_queries(1):
        assert Article.objects.contains(articles[0]) is True
    with assert_num_queries(0):
        assert list(Article.objects.none()) == []
        assert Article.objects.none().count() == 0
        assert list(Article.objects.filter(pk__in=[])) == []
        assert Article.objects.filter(pk__in=[]).exists() is False


def test_in_bulk(articles: list[Article]) -> None:
    """Objects by key, whatever order the keys are in."""
    keys = [articles[2].pk, articles[0].pk, 0]

    assert Article.objects.in_bulk(keys) == {a.pk: a for a in (articles[0], articles[2])}
    with pytest.raises(ValueError, match="needs a unique field"):
        Article.objects.in_bulk(["Alpha"], field_name="title")


def test_update_and_delete_say_how_many(articles: list[Article]) -> None:
    """Both return the number of rows."""
    assert Article.objects.filter(views=20).update(views=F("views") + 1, status="p") == 2
    assert Article.objects.filter(views=21, status="p").count() == 2
    assert Article.objects.filter(views=21).delete() == (2, {"press.Article": 2})
    assert Article.objects.filter(author__name="Ann", views__gt=0).update(views=1) == 3
    with pytest.raises(TypeError, match="Cannot update a query once a slice has been taken"):
        Article.objects.all()[:2].update(views=1)


def test_get_or_create_and_update_or_create(db: str) -> None:
    """The second call finds what the first created."""
    author, created = Author.objects.get_or_create(name="Ann", defaults={"email": "a@b.ch"})
    again, created_again = Author.objects.get_or_create(name="Ann")
    changed, created_third = Author.objects.update_or_create(
        name="Ann", defaults={"email": "new@b.ch"}
    )

    assert (created, created_again, created_third) == (True, False, False)
    assert author == again == changed
    assert Author.objects.get().email == "new@b.ch"


def test_bulk_create_sets_the_keys_in_order(db: str) -> None:
    """Few statements, and each instance gets the key of its own row."""
    authors = [Author(name=f"author {number}") for number in range(700)]

    with assert_num_queries(1):
        Author.objects.bulk_create(authors)

    found = Author.objects.in_bulk()
    assert all(found[author.pk].name == author.name for author in authors)
    assert len(found) == 700


def test_a_custom_manager_narrows_and_adds(articles: list[Article]) -> None:
    """A manager's own methods stand beside the QuerySet's."""
    assert titles(Article.objects.popular()) == ["epsilon"]
    with pytest.raises(AttributeError, match="isn't accessible via Article instances"):
        _ = articles[0].objects


def test_a_queryset_is_asked_once(articles: list[Article]) -> None:
    """Its results stay; all() asks anew."""
    found = Article.objects.filter(views=20)

    with assert_num_queries(1):
        assert len(list(found)) == len(found) == 2
        assert found[1] in found
    with assert_num_queries(1):
        list(found.all())


def test_an_unknown_name_lists_the_nearest() -> None:
    """The whole message, as a user sees it."""
    with pytest.raises(FieldError) as caught:
        Article.objects.filter(titel="x")

    assert str(caught.value) == (
        'filter(titel=...): Article has no field "titel". Did you mean "title"?\n'
        "  Fields of Article: author, awards, comments, editor, id, published_at, status, "
        "subtitle, tags, title, views."
    )
