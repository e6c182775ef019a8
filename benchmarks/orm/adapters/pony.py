"""Pony: a session for each operation, as its documentation asks."""

import datetime as dt
from typing import Any

from databases import Target
from interface import Adapter, Values
from pony.orm import (
    Database,
    PrimaryKey,
    Required,
    Set,
    avg,
    count,
    db_session,
    desc,
    max,  # noqa: A004 - Pony's own
    select,
)

db = Database()


class Author(db.Entity):
    _table_ = "author"
    id = PrimaryKey(int, auto=True)
    name = Required(str)
    email = Required(str)
    articles = Set("Article")
    notes = Set("Note")


class Tag(db.Entity):
    _table_ = "tag"
    id = PrimaryKey(int, auto=True)
    name = Required(str)
    articles = Set("Article", column="article_id")


class Article(db.Entity):
    _table_ = "article"
    id = PrimaryKey(int, auto=True)
    title = Required(str)
    body = Required(str, autostrip=False)
    views = Required(int)
    rating = Required(float)
    published = Required(bool)
    created = Required(dt.datetime)
    author = Required(Author, column="author_id")
    tags = Set(Tag, table="article_tags", column="tag_id")


class Note(db.Entity):
    _table_ = "note"
    id = PrimaryKey(int, auto=True)
    title = Required(str)
    body = Required(str, autostrip=False)
    views = Required(int)
    rating = Required(float)
    published = Required(bool)
    created = Required(dt.datetime)
    author = Required(Author, column="author_id")


@db.on_connect(provider="sqlite")
def set_pragmas(_database: Any, connection: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def entity_values(values: Values) -> Values:
    given = dict(values)
    given["author"] = given.pop("author_id")
    return given


class Peer(Adapter):
    def __init__(self, target: Target) -> None:
        if target.vendor == "sqlite":
            db.bind(provider="sqlite", filename=target.name)
        else:
            db.bind(provider="postgres", database=target.name, **target.server)
        db.generate_mapping(check_tables=False)

    @staticmethod
    def columns(article: Any) -> tuple[Any, ...]:
        names = ("id", "title", "body", "views", "rating", "published", "created")
        return (*(getattr(article, name) for name in names), article.author.id)

    @db_session
    def get(self, key: int) -> Any:
        return Article[key]

    @db_session
    def page(self, views: int) -> Any:
        found = select(a for a in Article if a.published and a.views <= views)
        return found.order_by(desc(Article.views))[:20].to_list()

    @db_session
    def everything(self) -> Any:
        return select(a for a in Article).order_by(Article.id)[:].to_list()

    @db_session
    def related(self) -> Any:
        articles = select(a for a in Article).order_by(Article.id).prefetch(Author)[:1000]
        return [(article.id, article.author.name) for article in articles]

    @db_session
    def tagged(self) -> Any:
        found = select(a for a in Article if a.id <= 100).order_by(Article.id)
        articles = found.prefetch(Article.tags, Tag)[:]
        return [(article.id, [tag.name for tag in article.tags]) for article in articles]

    @db_session
    def values(self) -> Any:
        rows = select((a.id, a.title, a.views) for a in Article).order_by(1)[:1000]
        return [{"id": key, "title": title, "views": views} for key, title, views in rows]

    @db_session
    def of_author(self, name: str) -> Any:
        found = select(a for a in Article if a.author.name == name)
        return found.order_by(Article.id)[:].to_list()

    @db_session
    def create(self, values: Values) -> None:
        Note(**entity_values(values))

    @db_session
    def create_each(self, rows: list[Values]) -> None:
        for values in rows:
            Note(**entity_values(values)).flush()

    @db_session
    def bulk(self, rows: list[Values]) -> None:
        for values in rows:
            Note(**entity_values(values))

    @db_session
    def change(self, key: int, views: int) -> None:
        Note[key].views = views

    @db_session
    def update(self, key: int, views: int) -> None:
        for note in select(n for n in Note if n.id == key):
            note.views = views

    @db_session
    def remove(self, key: int) -> None:
        Note[key].delete()

    @db_session
    def count(self, views: int) -> Any:
        return count(a for a in Article if a.views < views)

    @db_session
    def aggregate(self, views: int) -> Any:
        found = select((avg(a.rating), max(a.views)) for a in Article if a.views < views)
        return found.first()
