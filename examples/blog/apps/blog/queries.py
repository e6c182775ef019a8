"""What the pages and the API read: posts together with their author and tags."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from raystack_orm import models

from .models import Author, Comment, Post, Tag, Tagging
from .pagination import Page, paginate


class Entry(NamedTuple):
    """A post with what is shown beside it."""

    post: Post
    author: Author
    tags: list[Tag]


def entries(posts: Iterable[Post]) -> list[Entry]:
    """Add authors and tags to posts: three queries, however many posts there are."""
    posts = list(posts)
    authors = {a.id: a for a in Author.objects.filter(id__in={p.author_id for p in posts})}
    tags = tags_of(posts)
    return [Entry(post, authors[post.author_id], tags[post.id]) for post in posts]


def tags_of(posts: list[Post]) -> dict[int, list[Tag]]:
    """Return the tags of posts by the posts' ids, each list in the order of the names."""
    pairs = [
        (t.post_id, t.tag_id) for t in Tagging.objects.filter(post_id__in=[p.id for p in posts])
    ]
    tags = Tag.objects.filter(id__in={tag_id for _, tag_id in pairs}).order_by("name")
    place = {tag.id: (index, tag) for index, tag in enumerate(tags)}
    found: dict[int, list[tuple[int, Tag]]] = defaultdict(list)
    for post_id, tag_id in pairs:
        found[post_id].append(place[tag_id])
    return defaultdict(
        list, {post_id: [tag for _, tag in sorted(ts)] for post_id, ts in found.items()}
    )


def page_of_entries(posts: Any, number: int, size: int, *, clamp: bool = False) -> Page[Entry]:
    """Take one page out of a QuerySet of posts."""
    page: Page[Post] = paginate(posts, number, size, clamp=clamp)
    return page.holding(entries(page.items))


def tagged(tag: Tag) -> Any:
    """Return the posts that have a tag."""
    return Post.objects.filter(taggings__tag=tag)


def searched(words: str) -> Any:
    """Return the posts with these words in the title or the body, in any case."""
    return Post.objects.filter(models.Q(title__icontains=words) | models.Q(body__icontains=words))


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """Return the posts published just before and just after a post."""
    older = Post.objects.filter(published_at__lt=post.published_at).first()
    newer = (
        Post.objects.filter(published_at__gt=post.published_at)
        .order_by("published_at", "id")
        .first()
    )
    return older, newer


def said_before(post: Post, email: str, body: str) -> bool:
    """Say whether somebody has left the same comment there: a form that was sent twice."""
    return Comment.objects.filter(post=post, email=email, body=body).exists()
