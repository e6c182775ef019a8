"""Filling the tables with the seed: what is there already stays as it is."""

from raystack_orm import transaction

from . import seed
from .models import Author, Comment, Post, Tag


def fill() -> dict[str, int]:
    """Add what the seed has and the tables have not, all or nothing.

    Returns:
        How many rows of each kind were added.
    """
    with transaction.atomic():
        return {
            "authors": _add_authors(),
            "tags": _add_tags(),
            "posts": _add_posts(),
            "comments": _add_comments(),
        }


def _add_authors() -> int:
    known = {author.slug for author in Author.objects.all()}
    new = [author for author in seed.authors() if author["slug"] not in known]
    for author in new:
        Author.objects.create(**author)
    return len(new)


def _add_tags() -> int:
    known = {tag.slug for tag in Tag.objects.all()}
    new = {slug: name for slug, name in seed.tags().items() if slug not in known}
    for slug, name in new.items():
        Tag.objects.create(slug=slug, name=name)
    return len(new)


def _add_posts() -> int:
    known = {post.slug for post in Post.objects.all()}
    authors = {author.slug: author for author in Author.objects.all()}
    tags = {tag.slug: tag for tag in Tag.objects.all()}
    new = [post for post in seed.posts() if post.slug not in known]
    for each in new:
        values = each._asdict() | {"author": authors[each.author]}
        names = values.pop("tags")
        post = Post.objects.create(**values)
        post.tags.set([tags[name] for name in names])
    return len(new)


def _add_comments() -> int:
    known = {(c.post_id, c.email, c.body) for c in Comment.objects.all()}
    posts = {post.slug: post for post in Post.objects.all()}
    added = 0
    for each in seed.comments():
        post = posts[each.post]
        if (post.id, each.email, each.body) not in known:
            Comment.objects.create(**each._asdict() | {"post": post})
            added += 1
    return added
