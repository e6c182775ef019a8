"""Oxyde: its pool in Rust, with the pragmas that it sets by itself (WAL, synchronous NORMAL)."""

import datetime as dt
from typing import Any

from databases import Target
from interface import Adapter, Values
from oxyde import Avg, Field, Max, Model, db
from oxyde.db import PoolSettings, transaction

BATCH = 4_000  # SQLite has 32,766 variables
ONE = PoolSettings(min_connections=1, max_connections=1)


class Author(Model):
    id: int | None = Field(default=None, db_pk=True)
    name: str
    email: str

    class Meta:
        is_table = True
        table_name = "author"


class Tag(Model):
    id: int | None = Field(default=None, db_pk=True)
    name: str

    class Meta:
        is_table = True
        table_name = "tag"


class Article(Model):
    id: int | None = Field(default=None, db_pk=True)
    title: str
    body: str
    views: int
    rating: float
    published: bool
    created: dt.datetime
    author: Author | None = Field(default=None, db_on_delete="CASCADE")
    tags: list[Tag] = Field(default=[], db_m2m=True, db_through="ArticleTag")

    class Meta:
        is_table = True
        table_name = "article"


class ArticleTag(Model):
    id: int | None = Field(default=None, db_pk=True)
    article: Article | None = Field(default=None, db_on_delete="CASCADE")
    tag: Tag | None = Field(default=None, db_on_delete="CASCADE")

    class Meta:
        is_table = True
        table_name = "article_tags"


class Note(Model):
    id: int | None = Field(default=None, db_pk=True)
    title: str
    body: str
    views: int
    rating: float
    published: bool
    created: dt.datetime
    author: Author | None = Field(default=None, db_on_delete="CASCADE")

    class Meta:
        is_table = True
        table_name = "note"


class Peer(Adapter):
    asynchronous = True

    def __init__(self, target: Target) -> None:
        self.url = target.url(target.vendor)

    async def start(self) -> None:
        await db.init(default=self.url, settings=ONE)

    async def get(self, key: int) -> Any:
        return await Article.objects.get(id=key)

    async def page(self, views: int) -> Any:
        found = Article.objects.filter(published=True, views__lte=views)
        return await found.order_by("-views").limit(20).all()

    async def everything(self) -> Any:
        return await Article.objects.order_by("id").all()

    async def related(self) -> Any:
        articles = await Article.objects.join("author").order_by("id").limit(1000).all()
        return [(article.id, article.author.name) for article in articles]

    async def tagged(self) -> Any:
        found = Article.objects.filter(id__lte=100).order_by("id")
        articles = await found.prefetch("tags").all()
        return [(article.id, [tag.name for tag in article.tags]) for article in articles]

    async def values(self) -> Any:
        return await Article.objects.order_by("id").limit(1000).values("id", "title", "views").all()

    async def of_author(self, name: str) -> Any:
        return await Article.objects.filter(author__name=name).order_by("id").all()

    async def create(self, values: Values) -> None:
        await Note.objects.create(**values)

    async def create_each(self, rows: list[Values]) -> None:
        async with transaction.atomic():
            for values in rows:
                await Note.objects.create(**values)

    async def bulk(self, rows: list[Values]) -> None:
        async with transaction.atomic():
            await Note.objects.bulk_create([Note(**v) for v in rows], batch_size=BATCH)

    async def change(self, key: int, views: int) -> None:
        note = await Note.objects.get(id=key)
        note.views = views
        await note.save()

    async def update(self, key: int, views: int) -> None:
        await Note.objects.filter(id=key).update(views=views)

    async def remove(self, key: int) -> None:
        await (await Note.objects.get(id=key)).delete()

    async def count(self, views: int) -> Any:
        return await Article.objects.filter(views__lt=views).count()

    async def aggregate(self, views: int) -> Any:
        found = Article.objects.filter(views__lt=views)
        aggregated = found.annotate(average=Avg("rating"), most=Max("views"))
        rows = await aggregated.values("average", "most").all()
        return rows[0]["average"], rows[0]["most"]
