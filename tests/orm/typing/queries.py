"""Checked by test_typing.py: QuerySets and what they give, as a user's code sees them."""
# pyright: strict

import datetime as dt
from collections.abc import Iterator
from typing import Any, Self, TypeVar, assert_type

from raystack_orm import models

M = TypeVar("M", bound=models.Model)


class Author(models.Model):
    name = models.CharField(max_length=100)


class ArticleQuerySet(models.QuerySet["Article"]):
    def popular(self) -> Self:
        return self.filter(views__gt=100)


class Article(models.Model):
    title = models.CharField(max_length=200)
    views = models.PositiveIntegerField(default=0)
    day = models.DateField(null=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)

    objects = ArticleQuerySet.as_manager()


def one() -> None:
    assert_type(Author.objects.get(pk=1), Author)
    assert_type(Author.objects.first(), Author | None)
    assert_type(Author.objects.last(), Author | None)
    assert_type(Author.objects.latest("name"), Author)
    assert_type(Author.objects.earliest("name"), Author)
    assert_type(Author.objects.all()[0], Author)
    print(Author.objects.first().name)  # error: union-attr reportOptionalMemberAccess
    print(Author.objects.get().nothing)  # error: attr-defined reportAttributeAccessIssue


def many() -> None:
    assert_type(Author.objects.filter(name="x"), models.QuerySet[Author])
    assert_type(Author.objects.all()[:3], models.QuerySet[Author])
    assert_type(Author.objects.all() | Author.objects.none(), models.QuerySet[Author])
    assert_type(Author.objects.all().union(Author.objects.all()), models.QuerySet[Author])
    assert_type(Author.objects.in_bulk([1]), dict[Any, Author])
    assert_type(Author.objects.iterator(), Iterator[Author])
    assert_type(list(Author.objects.raw("SELECT 1")), list[Author])
    assert_type(Author.objects.raw("SELECT 1")[0], Author)
    assert_type(len(Author.objects.all()), int)
    for author in Author.objects.order_by("name").iterator(chunk_size=10):
        assert_type(author, Author)
    for author in Author.objects.filter(name="x").exclude(pk=3):
        assert_type(author, Author)
    list(Author.objects)  # error: call-overload reportArgumentType


def of_a_class_of_its_own() -> None:
    """Each method that narrows keeps the class."""
    articles = Article.objects.popular()
    assert_type(articles, ArticleQuerySet)
    assert_type(articles.filter(views=1).exclude(views=2).order_by("title"), ArticleQuerySet)
    assert_type(articles.all().reverse().distinct().using("default"), ArticleQuerySet)
    assert_type(articles.select_related("author").prefetch_related("author"), ArticleQuerySet)
    assert_type(articles.annotate(n=models.Count("author")).alias(m=models.F("n")), ArticleQuerySet)
    assert_type(articles.defer("title").only("views").none(), ArticleQuerySet)
    assert_type(articles.select_for_update(nowait=True), ArticleQuerySet)
    assert_type(articles.fetch_mode(models.FETCH_RAISE), ArticleQuerySet)
    assert_type(articles.prefetch_related(models.Prefetch("author", to_attr="x")), ArticleQuerySet)
    assert_type(articles[:10], ArticleQuerySet)
    assert_type(articles & articles, ArticleQuerySet)
    assert_type(articles.get(), Article)
    articles.unpopular()  # error: attr-defined reportAttributeAccessIssue


def other_rows() -> None:
    """values() and values_list() change what comes out, and nothing else."""
    assert_type(Article.objects.values("title"), models.QuerySet[Article, dict[str, Any]])
    assert_type(Article.objects.values("title").first(), dict[str, Any] | None)
    assert_type(Article.objects.values("title").filter(views=1).get(), dict[str, Any])
    for values in Article.objects.values("title").order_by("title"):
        assert_type(values["title"], Any)
    for title, views in Article.objects.values_list("title", "views"):
        assert_type(title, Any)
        assert_type(views, Any)
    assert_type(list(Article.objects.values_list("title")), list[tuple[Any, ...]])
    assert_type(list(Article.objects.values_list("title", flat=True)), list[Any])
    for row in Article.objects.values_list("title", named=True):
        assert_type(row.title, Any)
    assert_type(Article.objects.dates("day", "month").first(), dt.date | None)
    assert_type(list(Article.objects.datetimes("day", "month")), list[dt.datetime])
    print(Article.objects.values("day").get().day)  # error: attr-defined reportAttributeAccessIssue


def numbers() -> None:
    assert_type(Author.objects.count(), int)
    assert_type(Author.objects.exists(), bool)
    assert_type(Author.objects.contains(Author()), bool)
    assert_type(Author.objects.aggregate(n=models.Count("pk")), dict[str, Any])
    assert_type(Author.objects.explain(), str)
    assert_type(str(Author.objects.all().query), str)


def writes() -> None:
    assert_type(Author.objects.create(name="x"), Author)
    assert_type(Author.objects.get_or_create(name="x"), tuple[Author, bool])
    assert_type(Author.objects.update_or_create({"name": "y"}, name="x"), tuple[Author, bool])
    assert_type(Author.objects.bulk_create([Author()]), list[Author])
    assert_type(Author.objects.bulk_update([Author()], ["name"]), int)
    assert_type(Author.objects.update(name="x"), int)
    assert_type(Author.objects.all().delete(), tuple[int, dict[str, int]])
    assert_type(Author().delete(), tuple[int, dict[str, int]])
    Author.objects.delete()  # error: attr-defined reportAttributeAccessIssue
    Author.objects.bulk_create([Article()])  # error: list-item reportArgumentType


def of_any_model(model: type[M]) -> M:
    """A function over models."""
    assert_type(model.objects.filter(pk=1), models.QuerySet[M])
    return model.objects.get(pk=1)


assert_type(of_any_model(Author), Author)
