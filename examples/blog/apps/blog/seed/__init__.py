"""What the command ``seed`` fills the blog with, read from the files beside this module.

``authors.toml`` and ``tags.toml`` are lists; ``posts/`` has a file for each post, TOML between two
lines of ``+++`` and then the body; ``comments/`` has the comments by post. No date depends on
today.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent


class SeedPost(NamedTuple):
    """A post as its file has it."""

    slug: str
    title: str
    summary: str
    body: str
    published_at: datetime
    author: str
    tags: list[str]


class SeedComment(NamedTuple):
    """A comment as its file has it."""

    post: str
    name: str
    email: str
    body: str
    created_at: datetime


def authors() -> list[dict[str, str]]:
    """Return name, slug and bio of each author."""
    found: list[dict[str, str]] = _toml("authors.toml")["author"]
    return found


def tags() -> dict[str, str]:
    """Return the names of the tags by their slugs."""
    return _toml("tags.toml")


def posts() -> list[SeedPost]:
    """Return the posts, oldest first."""
    found = [_post(path) for path in (FOLDER / "posts").glob("*.md")]
    return sorted(found, key=lambda post: post.published_at)


def comments() -> list[SeedComment]:
    """Return the comments, oldest first."""
    published = {post.slug: post.published_at for post in posts()}
    found = [c for path in (FOLDER / "comments").glob("*.toml") for c in _comments(path, published)]
    return sorted(found, key=lambda comment: (comment.created_at, comment.post))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _post(path: Path) -> SeedPost:
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    data = tomllib.loads(head)
    return SeedPost(
        slug=path.stem,
        title=data["title"],
        summary=data["summary"],
        body=body.strip(),
        published_at=data["published"],
        author=data["author"],
        tags=data["tags"],
    )


def _comments(path: Path, published: dict[str, datetime]) -> Iterator[SeedComment]:
    for post, rows in _toml(f"comments/{path.name}").items():
        for index, (hours, name, body) in enumerate(rows):
            # Nobody writes on the hour: the minutes differ, and stay the same in every run.
            moment = published[post] + timedelta(hours=hours, minutes=(index * 17 + len(body)) % 60)
            yield SeedComment(post, name, _address(name), body, moment)


def _address(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(re.findall('[a-z]+', plain)) or 'reader'}@example.org"
