"""Peewee, with its connection kept open: psycopg2, which it prefers."""

from typing import Any

from databases import Target
from interface import Adapter, Values
from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DatabaseProxy,
    DateTimeField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    SqliteDatabase,
    TextField,
    fn,
    prefetch,
)

PRAGMAS = {"journal_mode": "wal", "synchronous": "normal", "foreign_keys": 1}
BATCH = 4_000  # SQLite has 32,766 variables
proxy = DatabaseProxy()


class Base(Model):
    id = AutoField()

    class Meta:
        database = proxy


class Author(Base):
    name = CharField(max_length=100)
    email = CharField(max_length=200)


class Tag(Base):
    name = CharField(max_length=30)


class Content(Base):
    title = CharField(max_length=200)
    body = TextField()
    views = IntegerField()
    rating = DoubleField()
    published = BooleanField()
    created = DateTimeField()
    author = ForeignKeyField(Author, backref="+")


class Article(Content):
    pass


class ArticleTag(Base):
    article = ForeignKeyField(Article, backref="tag_links")
    tag = ForeignKeyField(Tag, backref="+")

    class Meta:
        table_name = "article_tags"


class Note(Content):
    pass


class Peer(Adapter):
    def __init__(self, target: Target) -> None:
        if target.vendor == "sqlite":
            self.database = SqliteDatabase(target.name, pragmas=PRAGMAS)
        else:
            self.database = PostgresqlDatabase(target.name, **target.server)
        proxy.initialize(self.database)
        self.database.connect()

    def get(self, key: int) -> Any:
        return Article.get_by_id(key)

    def page(self, views: int) -> Any:
        found = Article.select().where(Article.published, Article.views <= views)
        return list(found.order_by(Article.views.desc()).limit(20))

    def everything(self) -> Any:
        return list(Article.select().order_by(Article.id))

    def related(self) -> Any:
        query = Article.select(Article, Author).join(Author).order_by(Article.id).limit(1000)
        return [(article.id, article.author.name) for article in query]

    def tagged(self) -> Any:
        articles = Article.select().where(Article.id <= 100).order_by(Article.id)
        links = ArticleTag.select(ArticleTag, Tag).join(Tag)
        return [
            (article.id, [link.tag.name for link in article.tag_links])
            for article in prefetch(articles, links)
        ]

    def values(self) -> Any:
        query = Article.select(Article.id, Article.title, Article.views)
        return list(query.order_by(Article.id).limit(1000).dicts())

    def of_author(self, name: str) -> Any:
        found = Article.select().join(Author).where(Author.name == name)
        return list(found.order_by(Article.id))

    def create(self, values: Values) -> None:
        Note.create(**values)

    def create_each(self, rows: list[Values]) -> None:
        with self.database.atomic():
            for values in rows:
                Note.create(**values)

    def bulk(self, rows: list[Values]) -> None:
        with self.database.atomic():
            Note.bulk_create([Note(**values) for values in rows], batch_size=BATCH)

    def change(self, key: int, views: int) -> None:
        note = Note.get_by_id(key)
        note.views = views
        note.save()

    def update(self, key: int, views: int) -> None:
        Note.update(views=views).where(Note.id == key).execute()

    def remove(self, key: int) -> None:
        Note.get_by_id(key).delete_instance()

    def count(self, views: int) -> Any:
        return Article.select().where(Article.views < views).count()

    def aggregate(self, views: int) -> Any:
        query = Article.select(fn.AVG(Article.rating), fn.MAX(Article.views))
        return query.where(Article.views < views).scalar(as_tuple=True)
