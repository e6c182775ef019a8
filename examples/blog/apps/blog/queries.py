"""What the pages and the API read: each list with as many queries, however long it is."""

from raystack_orm import models
from raystack_orm.models.functions import Lower

from .models import Author, Comment, Post, Tag


def whole_posts() -> models.QuerySet[Post]:
    """Return all posts, each loaded with its author and its tags: two queries for any number."""
    return Post.objects.select_related("author").prefetch_related("tags")


def searched(words: str) -> models.QuerySet[Post]:
    """Return the posts with these words in the title or the body, in any case."""
    either = models.Q(title__icontains=words) | models.Q(body__icontains=words)
    return whole_posts().filter(either)


def counted_tags() -> models.QuerySet[Tag]:
    """Return all tags, each with the number of its posts as ``post_count``."""
    return Tag.objects.annotate(post_count=models.Count("posts")).order_by(Lower("name"))


def counted_authors() -> models.QuerySet[Author]:
    """Return all authors, each with the number of their posts as ``post_count``."""
    return Author.objects.annotate(post_count=models.Count("posts"))


async def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """Return the posts published just before and just after a post."""
    older = Post.objects.filter(published_at__lt=post.published_at)
    newer = Post.objects.filter(published_at__gt=post.published_at)
    return await older.afirst(), await newer.order_by("published_at", "id").afirst()


async def said_before(post: Post, email: str, body: str) -> bool:
    """Say whether somebody has left the same comment there: a form that was sent twice."""
    return await Comment.objects.filter(post=post, email=email, body=body).aexists()
