"""Checked by test_typing.py: asynchronous code, as a user writes it."""
# pyright: strict

from collections.abc import AsyncIterator
from typing import Any, Self, assert_type

from raystack_orm import models, run_sync, transaction


class AuthorQuerySet(models.QuerySet["Author"]):
    def named(self) -> Self:
        return self.exclude(name="")


class Author(models.Model):
    name = models.CharField(max_length=100)
    articles: models.RelatedManager["Article"]

    objects = AuthorQuerySet.as_manager()


class Article(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="articles")


async def one() -> None:
    assert_type(await Article.objects.aget(pk=1), Article)
    assert_type(await Article.objects.afirst(), Article | None)
    assert_type(await Article.objects.alast(), Article | None)
    assert_type(await Article.objects.alatest("pk"), Article)
    assert_type(await Article.objects.aearliest("pk"), Article)
    assert_type(await Author.objects.named().aget(), Author)
    print((await Article.objects.afirst()).author)  # error: union-attr reportOptionalMemberAccess
    print(Article.objects.aget(pk=1).author)  # error: attr-defined reportAttributeAccessIssue


async def many() -> None:
    assert_type(await Article.objects.all(), list[Article])
    assert_type(await Author.objects.named()[:3], list[Author])
    assert_type(await Author.objects.values("name"), list[dict[str, Any]])
    assert_type(await Author.objects.values_list("name"), list[tuple[Any, ...]])
    assert_type(await Article.objects.ain_bulk(), dict[Any, Article])
    assert_type(Article.objects.aiterator(), AsyncIterator[Article])
    async for article in Article.objects.filter(pk=1):
        assert_type(article, Article)
    async for article in Article.objects.aiterator(chunk_size=5):
        assert_type(article, Article)
    async for values in Article.objects.values("pk"):
        assert_type(values, dict[str, Any])
    [_ async for _ in Article.objects]  # error: attr-defined reportGeneralTypeIssues


async def numbers() -> None:
    assert_type(await Article.objects.acount(), int)
    assert_type(await Article.objects.aexists(), bool)
    assert_type(await Article.objects.acontains(Article()), bool)
    assert_type(await Article.objects.aaggregate(n=models.Max("pk")), dict[str, Any])


async def writes(author: Author, article: Article) -> None:
    assert_type(await Author.objects.acreate(name="x"), Author)
    assert_type(await Author.objects.aget_or_create(name="x"), tuple[Author, bool])
    assert_type(await Author.objects.aupdate_or_create(name="x"), tuple[Author, bool])
    assert_type(await Author.objects.abulk_create([Author()]), list[Author])
    assert_type(await Author.objects.abulk_update([author], ["name"]), int)
    assert_type(await Author.objects.aupdate(name="x"), int)
    assert_type(await Author.objects.all().adelete(), tuple[int, dict[str, int]])
    assert_type(await author.adelete(), tuple[int, dict[str, int]])
    assert_type(await author.articles.acreate(), Article)
    assert_type(await author.articles.aget_or_create(), tuple[Article, bool])
    await author.articles.aadd(article)
    await author.asave(update_fields=["name"])
    await author.arefresh_from_db()
    await article.afetch("author")
    await models.aprefetch_related_objects([author], "articles")
    assert_type(await run_sync(Author.objects.get, pk=1), Author)
    await author.articles.aadd(author)  # error: arg-type reportArgumentType
    await author.asave(update_field="x")  # error: call-arg reportCallIssue


async def in_a_transaction() -> None:
    async with transaction.atomic():
        await Author.objects.acreate(name="x")


@transaction.atomic
async def decorated(name: str) -> Author:
    return await Author.objects.acreate(name=name)


async def calls() -> None:
    assert_type(await decorated("x"), Author)
    await decorated(3)  # error: arg-type reportArgumentType
