"""Checked by mypy in test_typing.py: what a user's code sees, with no plugin."""

import datetime as dt
from decimal import Decimal
from typing import Any, assert_type
from uuid import UUID

from raystack_orm import models


class Author(models.Model):
    name = models.CharField(max_length=100)


class Tag(models.Model):
    name = models.CharField(max_length=100)


class ArticleManager(models.Manager["Article"]):
    def popular(self) -> "models.QuerySet[Article]":
        return self.filter(views__gt=100)


class Article(models.Model):
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, null=True)
    slug = models.SlugField()
    views = models.PositiveIntegerField(default=0, help_text="How often it was read.")
    rating = models.FloatField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    hidden = models.BooleanField(default=False)
    key = models.UUIDField()
    day = models.DateField(null=True)
    published_at = models.DateTimeField(auto_now_add=True)
    data = models.JSONField(null=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    editor = models.ForeignKey(Author, on_delete=models.SET_NULL, null=True, related_name="edited")
    tags = models.ManyToManyField(Tag)

    objects = ArticleManager()


def reads(article: Article) -> None:
    assert_type(article.title, str)
    assert_type(article.subtitle, str | None)
    assert_type(article.slug, str)
    assert_type(article.views, int)
    assert_type(article.rating, float | None)
    assert_type(article.price, Decimal)
    assert_type(article.hidden, bool)
    assert_type(article.key, UUID)
    assert_type(article.day, dt.date | None)
    assert_type(article.published_at, dt.datetime)
    assert_type(article.data, Any)
    assert_type(article.id, Any)
    assert_type(article.author, Author)
    assert_type(article.author.name, str)
    assert_type(article.editor, Author | None)
    assert_type(article.tags.get(), Tag)


def writes(article: Article) -> None:
    article.title = "x"
    article.subtitle = None
    article.title = None  # error: Incompatible types in assignment
    article.views = "many"  # error: Incompatible types in assignment
    article.author = Tag()  # error: Incompatible types in assignment
    print(article.nothing)  # error: "Article" has no attribute "nothing"


def queries() -> None:
    assert_type(Author.objects.get(pk=1), Author)
    assert_type(Author.objects.first(), Author | None)
    assert_type(Author.objects.filter(name="x"), models.QuerySet[Author])
    assert_type(Author.objects.create(name="x"), Author)
    assert_type(Author.objects.get_or_create(name="x"), tuple[Author, bool])
    assert_type(Author.objects.bulk_create([Author()]), list[Author])
    assert_type(Author.objects.in_bulk([1]), dict[Any, Author])
    assert_type(Author.objects.count(), int)
    assert_type(Article.objects.popular().exclude(title="x").order_by("title")[0], Article)
    assert_type(Article.objects.all()[:3], models.QuerySet[Article])
    for article in Article.objects.filter(views=1):
        assert_type(article, Article)
    list(Author.objects)  # error: No overload variant of "list" matches argument type
