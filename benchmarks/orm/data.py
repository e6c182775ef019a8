"""The tables and rows that all adapters read: the same DDL, so that nobody's types are cheaper."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

AUTHORS, TAGS, ARTICLES, TAGS_EACH = 500, 50, 10_000, 5
COLUMNS = ("id", "title", "body", "views", "rating", "published", "created", "author_id")
START = dt.datetime(2026, 1, 1, 12)  # noqa: DTZ001 - naive, as the columns are
KEY = {"sqlite": "integer PRIMARY KEY", "postgresql": "serial PRIMARY KEY"}
CONTENT = """
    id {key},
    title varchar(200) NOT NULL,
    body text NOT NULL,
    views integer NOT NULL,
    rating double precision NOT NULL,
    published boolean NOT NULL,
    created timestamp NOT NULL,
    author_id integer NOT NULL REFERENCES author (id)
"""
TABLES = (
    """CREATE TABLE author (
        id {key},
        name varchar(100) NOT NULL UNIQUE,
        email varchar(200) NOT NULL
    )""",
    "CREATE TABLE tag (id {key}, name varchar(30) NOT NULL UNIQUE)",
    f"CREATE TABLE article ({CONTENT})",
    f"CREATE TABLE note ({CONTENT})",
    """CREATE TABLE article_tags (
        id {key},
        article_id integer NOT NULL REFERENCES article (id),
        tag_id integer NOT NULL REFERENCES tag (id)
    )""",
    "CREATE INDEX article_author ON article (author_id)",
    "CREATE INDEX article_views ON article (views)",
    "CREATE INDEX note_author ON note (author_id)",
    "CREATE UNIQUE INDEX article_tags_both ON article_tags (article_id, tag_id)",
    "CREATE INDEX article_tags_tag ON article_tags (tag_id)",
)

Rows = Iterator[tuple[Any, ...]]


def ddl(vendor: str) -> Iterator[str]:
    """Return the statements that make the tables."""
    return (statement.format(key=KEY[vendor]) for statement in TABLES)


def content(number: int) -> dict[str, Any]:
    """Return the values of an article or note, but its key."""
    return {
        "title": f"Article {number:05}",
        "body": f"The body of number {number}. " * 8,
        "views": number * 7919 % 10_007,  # each another, and in no order
        "rating": number % 97 / 7,
        "published": number % 3 != 0,
        "created": START + dt.timedelta(minutes=number, microseconds=number),
        "author_id": number * 31 % AUTHORS + 1,
    }


def rows(vendor: str) -> Iterator[tuple[str, Rows]]:
    """Return the tables with their rows, in the order of their foreign keys."""
    authors = ((i, f"Author {i:03}", f"author{i}@example.com") for i in range(1, AUTHORS + 1))
    yield "author", authors
    yield "tag", ((i, f"tag {i:02}") for i in range(1, TAGS + 1))
    yield "article", stored(vendor, range(1, ARTICLES + 1))
    pairs = ((i, i * 7 % TAGS + 1 + k) for i in range(1, ARTICLES + 1) for k in range(TAGS_EACH))
    tagged = ((article, (tag - 1) % TAGS + 1) for article, tag in pairs)
    yield "article_tags", ((key, *pair) for key, pair in enumerate(tagged, start=1))


def stored(vendor: str, numbers: range) -> Rows:
    """Return rows with these keys; SQLite has text for times, in the form that all peers read."""
    for number in numbers:
        values = content(number)
        if vendor == "sqlite":
            values["created"] = values["created"].isoformat(" ", "microseconds")
        yield (number, *values.values())
