"""Piccolo: its pool on PostgreSQL; on SQLite it opens a connection for each query."""

import sqlite3
from typing import Any

from databases import Target
from interface import Adapter, Values
from piccolo.columns import (
    M2M,
    Boolean,
    DoublePrecision,
    ForeignKey,
    Integer,
    LazyTableReference,
    Serial,
    Text,
    Timestamp,
    Varchar,
)
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.query.functions import Avg, Max
from piccolo.table import Table

BATCH = 4_000  # SQLite has 32,766 variables


class Author(Table):
    id = Serial(primary_key=True)
    name = Varchar(100)
    email = Varchar(200)


class Tag(Table):
    id = Serial(primary_key=True)
    name = Varchar(30)


class Article(Table):
    id = Serial(primary_key=True)
    title = Varchar(200)
    body = Text()
    views = Integer()
    rating = DoublePrecision()
    published = Boolean()
    created = Timestamp()
    author = ForeignKey(Author, db_column_name="author_id")
    tags = M2M(LazyTableReference("ArticleTag", module_path=__name__))


class ArticleTag(Table, tablename="article_tags"):
    id = Serial(primary_key=True)
    article = ForeignKey(Article, db_column_name="article_id")
    tag = ForeignKey(Tag, db_column_name="tag_id")


class Note(Table):
    id = Serial(primary_key=True)
    title = Varchar(200)
    body = Text()
    views = Integer()
    rating = DoublePrecision()
    published = Boolean()
    created = Timestamp()
    author = ForeignKey(Author, db_column_name="author_id")


class Connection(sqlite3.Connection):
    """A connection in the mode that all adapters share; the file is in WAL already."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous = NORMAL")


def note(values: Values) -> Note:
    given = dict(values)
    given["author"] = given.pop("author_id")
    return Note(**given)


class Peer(Adapter):
    asynchronous = True

    def __init__(self, target: Target) -> None:
        if target.vendor == "sqlite":
            self.engine = SQLiteEngine(target.name, factory=Connection)
            self.begin = {"transaction_type": TransactionType.immediate}
        else:
            self.engine = PostgresEngine({"database": target.name, **target.server})
            self.begin = {}
        for table in (Author, Tag, Article, ArticleTag, Note):
            table._meta.db = self.engine  # noqa: SLF001 - documented

    async def start(self) -> None:
        if isinstance(self.engine, PostgresEngine):
            await self.engine.start_connection_pool(min_size=1, max_size=1)

    @staticmethod
    def columns(article: Any) -> tuple[Any, ...]:
        names = ("id", "title", "body", "views", "rating", "published", "created", "author")
        return tuple(getattr(article, name) for name in names)

    async def get(self, key: int) -> Any:
        return await Article.objects().get(Article.id == key)

    async def page(self, views: int) -> Any:
        found = Article.objects().where(Article.published.eq(True), Article.views <= views)
        return await found.order_by(Article.views, ascending=False).limit(20)

    async def everything(self) -> Any:
        return await Article.objects().order_by(Article.id)

    async def related(self) -> Any:
        articles = await Article.objects(Article.author).order_by(Article.id).limit(1000)
        return [(article.id, article.author.name) for article in articles]

    async def tagged(self) -> Any:
        """Select all columns and the tags' keys and names: objects have no prefetched tags."""
        tags = Article.tags(Tag.id, Tag.name)
        query = Article.select(*Article.all_columns(), tags).where(Article.id <= 100)
        articles = await query.order_by(Article.id)
        return [(row["id"], [tag["name"] for tag in row["tags"]]) for row in articles]

    async def values(self) -> Any:
        query = Article.select(Article.id, Article.title, Article.views)
        return await query.order_by(Article.id).limit(1000)

    async def of_author(self, name: str) -> Any:
        found = Article.objects().where(Article.author.name == name)
        return await found.order_by(Article.id)

    async def create(self, values: Values) -> None:
        await note(values).save()

    async def create_each(self, rows: list[Values]) -> None:
        async with self.engine.transaction(**self.begin):
            for values in rows:
                await note(values).save()

    async def bulk(self, rows: list[Values]) -> None:
        notes = [note(values) for values in rows]
        async with self.engine.transaction(**self.begin):
            for start in range(0, len(notes), BATCH):
                await Note.insert(*notes[start : start + BATCH])

    async def change(self, key: int, views: int) -> None:
        found = await Note.objects().get(Note.id == key)
        found.views = views
        await found.save()

    async def update(self, key: int, views: int) -> None:
        await Note.update({Note.views: views}).where(Note.id == key)

    async def remove(self, key: int) -> None:
        await (await Note.objects().get(Note.id == key)).remove()

    async def count(self, views: int) -> Any:
        return await Article.count().where(Article.views < views)

    async def aggregate(self, views: int) -> Any:
        query = Article.select(Avg(Article.rating), Max(Article.views))
        found = await query.where(Article.views < views).first()
        return found["avg"], found["max"]
