"""Posts as JSON."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from raystack import reverse
from raystack_orm import IntegrityError, models, transaction

from ..models import Author, Post, Tag
from ..pagination import paginate
from ..queries import searched, whole_posts
from ..schemas import PageOut, PostIn, PostOut, PostPatch, Storable
from .errors import CONFLICT, FORBIDDEN, NOT_FOUND, find, unknown

router = APIRouter(tags=["posts"])

PageNumber = Annotated[int, Query(ge=1, description="From 1; beyond the last one it is empty.")]
PerPage = Annotated[int, Query(ge=1, le=100)]
Words = Annotated[str, Query(max_length=100, description="In the title or the body."), Storable]
TagSlug = Annotated[str, Query(description="Those with this tag."), Storable]
AuthorSlug = Annotated[str, Query(description="Those of this author."), Storable]


@router.get("/posts", name="posts")
async def list_posts(
    page: PageNumber = 1,
    per_page: PerPage = 20,
    q: Words = "",
    tag: TagSlug = "",
    author: AuthorSlug = "",
) -> PageOut[PostOut]:
    """List the posts, newest first."""
    posts = searched(q) if q else whole_posts()
    if tag:
        posts = posts.filter(tags__slug=tag)
    if author:
        posts = posts.filter(author__slug=author)
    found = await paginate(posts, page, per_page)
    return PageOut.of(found, [PostOut.of(post) for post in found.items])


@router.post("/posts", name="create_post", status_code=201, responses={**FORBIDDEN, **CONFLICT})
async def create_post(data: PostIn, response: Response) -> PostOut:
    """Publish a post."""
    post = await _save(Post(), data.model_dump())
    response.headers["Location"] = reverse("api:post", post_id=post.id)
    return await _out(post)


@router.get("/posts/{post_id}", name="post", responses=NOT_FOUND)
async def get_post(post_id: int) -> PostOut:
    """Return one post."""
    return PostOut.of(await find(whole_posts(), post_id))


@router.put(
    "/posts/{post_id}", name="replace_post", responses={**FORBIDDEN, **NOT_FOUND, **CONFLICT}
)
async def replace_post(post_id: int, data: PostIn) -> PostOut:
    """Replace a post, its tags included."""
    return await _out(await _save(await find(Post.objects.all(), post_id), data.model_dump()))


@router.patch(
    "/posts/{post_id}", name="change_post", responses={**FORBIDDEN, **NOT_FOUND, **CONFLICT}
)
async def change_post(post_id: int, data: PostPatch) -> PostOut:
    """Change some of a post."""
    return await _out(
        await _save(await find(Post.objects.all(), post_id), data.model_dump(exclude_unset=True))
    )


@router.delete(
    "/posts/{post_id}", name="delete_post", status_code=204, responses={**FORBIDDEN, **NOT_FOUND}
)
async def delete_post(post_id: int) -> None:
    """Delete a post together with its comments."""
    post = await find(Post.objects.all(), post_id)
    await post.adelete()


async def _out(post: Post) -> PostOut:
    await models.aprefetch_related_objects([post], "author", "tags")
    return PostOut.of(post)


async def _save(post: Post, values: dict[str, Any]) -> Post:
    tags = await _tags(values.pop("tags")) if "tags" in values else None
    if "author" in values:
        values["author"] = await _author(values["author"])
    if values.get("published_at", ...) is None:
        values["published_at"] = datetime.now(UTC) if post.pk is None else post.published_at
    for name, value in values.items():
        setattr(post, name, value)
    try:
        async with transaction.atomic():
            await post.asave()
            if tags is not None:
                await post.tags.aset(tags)
    except IntegrityError:
        raise HTTPException(409, await _conflict(post)) from None
    return post


async def _conflict(post: Post) -> str:
    if await Post.objects.filter(slug=post.slug).exclude(pk=post.pk).aexists():
        return f'The slug "{post.slug}" is taken by another post.'
    return "Its author or one of its tags was deleted meanwhile."


async def _author(slug: str) -> Author:
    author = await Author.objects.filter(slug=slug).afirst()
    if author is None:
        raise unknown("author", slug, [known.slug async for known in Author.objects.all()])
    return author


async def _tags(slugs: list[str]) -> list[Tag]:
    found = {tag.slug: tag async for tag in Tag.objects.all()}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise unknown("tags", ", ".join(missing), list(found))
    return [found[slug] for slug in dict.fromkeys(slugs)]
