"""What the pages and the API read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from raystack_orm import models

from .models import Author, Comment, Post, Tag, Tagging
from .pagination import Page, paginate


class Entry(NamedTuple):
    """A post with its tags; its author is at ``post.author``."""

    post: Post
    tags: list[Tag]


def entries(posts: Iterable[Post]) -> list[Entry]:
    """Add the tags to posts, with one query for all of them."""
    posts = list(posts)
    tags: defaultdict[int, list[Tag]] = defaultdict(list)
    found = Tagging.objects.filter(post_id__in=[post.id for post in posts])
    for tagging in found.select_related("tag").order_by("tag__name"):
        tags[tagging.post_id].append(tagging.tag)
    return [Entry(post, tags[post.id]) for post in posts]


def page_of_entries(
    posts: models.QuerySet[Post], number: int, size: int, *, clamp: bool = False
) -> Page[Entry]:
    """Take one page out of a QuerySet of posts, with authors and tags: three queries."""
    page = paginate(posts.select_related("author"), number, size, clamp=clamp)
    return page.holding(entries(page.items))


def searched(words: str) -> models.QuerySet[Post]:
    """Return the posts with these words in the title or the body, in any case."""
    either = models.Q(title__icontains=words) | models.Q(body__icontains=words)
    found: models.QuerySet[Post] = Post.objects.filter(either)
    return found


def counted_tags() -> list[tuple[Tag, int]]:
    """Return all tags, each with the number of its posts."""
    counts = Counter(Tagging.objects.values_list("tag_id", flat=True))
    tags = sorted(Tag.objects.all(), key=lambda tag: tag.name.casefold())
    return [(tag, counts[tag.id]) for tag in tags]


def counted_authors() -> list[tuple[Author, int]]:
    """Return all authors, each with the number of their posts."""
    counts = Counter(Post.objects.values_list("author_id", flat=True))
    return [(author, counts[author.id]) for author in Author.objects.all()]


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """Return the posts published just before and just after a post."""
    older = Post.objects.filter(published_at__lt=post.published_at)
    newer = Post.objects.filter(published_at__gt=post.published_at)
    return older.first(), newer.order_by("published_at", "id").first()


def said_before(post: Post, email: str, body: str) -> bool:
    """Say whether somebody has left the same comment there: a form that was sent twice."""
    found: bool = Comment.objects.filter(post=post, email=email, body=body).exists()
    return found
