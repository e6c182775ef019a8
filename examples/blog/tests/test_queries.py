"""A page asks the database the same number of times, however much there is to show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apps.blog.models import Author, Comment, Post, Tag

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=[3, 30], ids=["3 posts", "30 posts"])
def posts(request: pytest.FixtureRequest, db: None) -> list[Post]:
    """Posts, each with an author and two tags of its own, and comments on the first."""
    made = []
    for number in range(request.param):
        author = Author.objects.create(name=f"Author {number}", slug=f"author-{number}", bio="Bio.")
        post = Post.objects.create(
            title=f"Post {number}",
            slug=f"post-{number}",
            summary="A summary.",
            body="Some text.",
            published_at=BEGIN + timedelta(days=number),
            author=author,
        )
        names = (f"own-{number}", f"other-{number}")
        post.tags.set([Tag.objects.create(name=name, slug=name) for name in names])
        made.append(post)
    shared = Tag.objects.create(name="shared", slug="shared")
    shared.posts.set(made)
    Comment.objects.bulk_create(
        Comment(post=made[0], name="Ann", email="a@example.org", body=f"{n}", created_at=BEGIN)
        for n in range(len(made))
    )
    return made


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 3),  # how many, the posts with their authors, their tags
        ("/tags", 1),
        ("/tags/shared", 4),  # the tag, then a list
        ("/authors", 1),
        ("/authors/author-1", 4),
        ("/search?q=text", 3),
        ("/posts/post-0", 5),  # the post, its tags, the one before, the one after, the comments
        ("/api/posts?per_page=100", 3),
        ("/api/posts?per_page=100&tag=shared", 3),
        ("/api/comments?per_page=100", 2),
    ],
)
def test_a_page_asks_a_constant_number_of_times(
    address: str, queries: int, posts: list[Post], client: Any, assert_num_queries: Any
) -> None:
    with assert_num_queries(queries):
        page = client.get(address)

    assert page.status_code == 200
