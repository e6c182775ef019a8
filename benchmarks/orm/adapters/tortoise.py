"""Tortoise: asyncpg's pool on PostgreSQL, one connection of aiosqlite on SQLite."""

from typing import Any

from databases import Target
from interface import Adapter, Values
from tortoise import Tortoise, fields
from tortoise.functions import Avg, Max
from tortoise.models import Model
from tortoise.transactions import in_transaction

OPTIONS = {"sqlite": "synchronous=NORMAL", "postgresql": "minsize=1&maxsize=1"}


class Author(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=200)

    class Meta:
        table = "author"


class Tag(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=30)

    class Meta:
        table = "tag"


class Article(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    views = fields.IntField()
    rating = fields.FloatField()
    published = fields.BooleanField()
    created = fields.DatetimeField()
    author: Any = fields.ForeignKeyField("models.Author", related_name=False)
    tags: Any = fields.ManyToManyField(
        "models.Tag", through="article_tags", forward_key="tag_id", backward_key="article_id"
    )

    class Meta:
        table = "article"


class Note(Model):
    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=200)
    body = fields.TextField()
    views = fields.IntField()
    rating = fields.FloatField()
    published = fields.BooleanField()
    created = fields.DatetimeField()
    author: Any = fields.ForeignKeyField("models.Author", related_name=False)

    class Meta:
        table = "note"


class Peer(Adapter):
    asynchronous = True

    def __init__(self, target: Target) -> None:
        scheme = "sqlite" if target.vendor == "sqlite" else "asyncpg"
        self.url = f"{target.url(scheme)}?{OPTIONS[target.vendor]}"

    async def start(self) -> None:
        await Tortoise.init(
            db_url=self.url,
            modules={"models": [__name__]},
            use_tz=False,
            _enable_global_fallback=True,
        )

    async def get(self, key: int) -> Any:
        return await Article.get(id=key)

    async def page(self, views: int) -> Any:
        found = Article.filter(published=True, views__lte=views)
        return await found.order_by("-views").limit(20)

    async def everything(self) -> Any:
        return await Article.all().order_by("id")

    async def related(self) -> Any:
        articles = await Article.all().select_related("author").order_by("id").limit(1000)
        return [(article.id, article.author.name) for article in articles]

    async def tagged(self) -> Any:
        articles = await Article.filter(id__lte=100).order_by("id").prefetch_related("tags")
        return [(article.id, [tag.name for tag in article.tags]) for article in articles]

    async def values(self) -> Any:
        return await Article.all().order_by("id").limit(1000).values("id", "title", "views")

    async def of_author(self, name: str) -> Any:
        return await Article.filter(author__name=name).order_by("id")

    async def create(self, values: Values) -> None:
        await Note.create(**values)

    async def create_each(self, rows: list[Values]) -> None:
        async with in_transaction():
            for values in rows:
                await Note.create(**values)

    async def bulk(self, rows: list[Values]) -> None:
        await Note.bulk_create([Note(**values) for values in rows])

    async def change(self, key: int, views: int) -> None:
        note = await Note.get(id=key)
        note.views = views
        await note.save()

    async def update(self, key: int, views: int) -> None:
        await Note.filter(id=key).update(views=views)

    async def remove(self, key: int) -> None:
        await (await Note.get(id=key)).delete()

    async def count(self, views: int) -> Any:
        return await Article.filter(views__lt=views).count()

    async def aggregate(self, views: int) -> Any:
        found = Article.filter(views__lt=views)
        aggregated = found.annotate(average=Avg("rating"), most=Max("views"))
        return (await aggregated.values_list("average", "most"))[0]
