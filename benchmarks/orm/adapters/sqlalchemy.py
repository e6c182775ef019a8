"""SQLAlchemy's ORM: a session for each operation, from a pool."""

import datetime as dt
from typing import Any

from databases import Target
from interface import Adapter, Values
from sqlalchemy import Column, ForeignKey, Table, create_engine, event, func, insert, select, update
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    declared_attr,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)


class Base(DeclarativeBase):
    pass


article_tags = Table(
    "article_tags",
    Base.metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Content:
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    views: Mapped[int]
    rating: Mapped[float]
    published: Mapped[bool]
    created: Mapped[dt.datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))

    @declared_attr
    @classmethod
    def author(cls) -> Mapped[Author]:
        return relationship()


class Article(Content, Base):
    __tablename__ = "article"
    tags: Mapped[list[Tag]] = relationship(secondary=article_tags)


class Note(Content, Base):
    __tablename__ = "note"


def set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


class Peer(Adapter):
    def __init__(self, target: Target) -> None:
        sqlite = target.vendor == "sqlite"
        engine = create_engine(target.url("sqlite" if sqlite else "postgresql+psycopg"))
        if sqlite:
            event.listen(engine, "connect", set_pragmas)
        self.session = sessionmaker(engine, expire_on_commit=False)

    def get(self, key: int) -> Any:
        with self.session() as session:
            return session.get(Article, key)

    def page(self, views: int) -> Any:
        found = select(Article).where(Article.published, Article.views <= views)
        with self.session() as session:
            return session.scalars(found.order_by(Article.views.desc()).limit(20)).all()

    def everything(self) -> Any:
        with self.session() as session:
            return session.scalars(select(Article).order_by(Article.id)).all()

    def related(self) -> Any:
        joined = joinedload(Article.author, innerjoin=True)
        query = select(Article).options(joined).order_by(Article.id).limit(1000)
        with self.session() as session:
            return [(article.id, article.author.name) for article in session.scalars(query)]

    def tagged(self) -> Any:
        query = select(Article).where(Article.id <= 100).order_by(Article.id)
        with self.session() as session:
            articles = session.scalars(query.options(selectinload(Article.tags)))
            return [(article.id, [tag.name for tag in article.tags]) for article in articles]

    def values(self) -> Any:
        query = select(Article.id, Article.title, Article.views).order_by(Article.id).limit(1000)
        with self.session() as session:
            return session.execute(query).mappings().all()

    def of_author(self, name: str) -> Any:
        query = select(Article).join(Article.author).where(Author.name == name)
        with self.session() as session:
            return session.scalars(query.order_by(Article.id)).all()

    def create(self, values: Values) -> None:
        with self.session.begin() as session:
            session.add(Note(**values))

    def create_each(self, rows: list[Values]) -> None:
        with self.session.begin() as session:
            for values in rows:
                session.add(Note(**values))
                session.flush()

    def bulk(self, rows: list[Values]) -> None:
        with self.session.begin() as session:
            returning = insert(Note).returning(Note, sort_by_parameter_order=True)
            session.scalars(returning, rows).all()

    def change(self, key: int, views: int) -> None:
        with self.session.begin() as session:
            session.get_one(Note, key).views = views

    def update(self, key: int, views: int) -> None:
        with self.session.begin() as session:
            session.execute(update(Note).where(Note.id == key).values(views=views))

    def remove(self, key: int) -> None:
        with self.session.begin() as session:
            session.delete(session.get_one(Note, key))

    def count(self, views: int) -> Any:
        query = select(func.count(Article.id)).where(Article.views < views)
        with self.session() as session:
            return session.scalar(query)

    def aggregate(self, views: int) -> Any:
        query = select(func.avg(Article.rating), func.max(Article.views))
        with self.session() as session:
            return tuple(session.execute(query.where(Article.views < views)).one())
