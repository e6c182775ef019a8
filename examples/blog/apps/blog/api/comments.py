"""Comments as JSON."""

from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Response

from raystack import reverse
from raystack_orm import IntegrityError

from ..models import Comment, Post
from ..pagination import paginate
from ..queries import said_before
from ..schemas import CommentIn, CommentOut, CommentPatch, PageOut
from .errors import CONFLICT, FORBIDDEN, NOT_FOUND, find
from .posts import PageNumber, PerPage

router = APIRouter(tags=["comments"])


@router.get("/comments", name="comments")
async def list_comments(page: PageNumber = 1, per_page: PerPage = 20) -> PageOut[CommentOut]:
    """List all comments, newest first."""
    found = await paginate(Comment.objects.order_by("-created_at", "-id"), page, per_page)
    return PageOut.of(found, [CommentOut.of(comment) for comment in found.items])


@router.get("/posts/{post_id}/comments", name="post_comments", responses=NOT_FOUND)
async def list_post_comments(
    post_id: int, page: PageNumber = 1, per_page: PerPage = 20
) -> PageOut[CommentOut]:
    """List the comments of a post, oldest first."""
    post = await find(Post.objects.all(), post_id)
    found = await paginate(post.comments.all(), page, per_page)
    return PageOut.of(found, [CommentOut.of(comment) for comment in found.items])


@router.post(
    "/posts/{post_id}/comments",
    name="create_comment",
    status_code=201,
    responses={**FORBIDDEN, **NOT_FOUND, **CONFLICT},
)
async def create_comment(post_id: int, data: CommentIn, response: Response) -> CommentOut:
    """Comment on a post."""
    post = await find(Post.objects.all(), post_id)
    if await said_before(post, data.email, data.body):
        raise HTTPException(409, "This comment is there already.")
    values = {"post": post, "created_at": datetime.now(UTC), **data.model_dump()}
    try:
        comment = await Comment.objects.acreate(**values)
    except IntegrityError:  # the post was deleted meanwhile
        raise HTTPException(404, f"There is no post {post_id}.") from None
    response.headers["Location"] = reverse("api:comment", comment_id=comment.id)
    return CommentOut.of(comment)


@router.get("/comments/{comment_id}", name="comment", responses=NOT_FOUND)
async def get_comment(comment_id: int) -> CommentOut:
    """Return one comment."""
    return CommentOut.of(await find(Comment.objects.all(), comment_id))


@router.put("/comments/{comment_id}", name="replace_comment", responses={**FORBIDDEN, **NOT_FOUND})
async def replace_comment(comment_id: int, data: CommentIn) -> CommentOut:
    """Replace a comment; its post and its time stay."""
    return await _change(comment_id, data.model_dump())


@router.patch("/comments/{comment_id}", name="change_comment", responses={**FORBIDDEN, **NOT_FOUND})
async def change_comment(comment_id: int, data: CommentPatch) -> CommentOut:
    """Change some of a comment."""
    return await _change(comment_id, data.model_dump(exclude_unset=True))


@router.delete(
    "/comments/{comment_id}",
    name="delete_comment",
    status_code=204,
    responses={**FORBIDDEN, **NOT_FOUND},
)
async def delete_comment(comment_id: int) -> None:
    """Delete a comment."""
    comment = await find(Comment.objects.all(), comment_id)
    await comment.adelete()


async def _change(comment_id: int, values: dict[str, str]) -> CommentOut:
    comment = await find(Comment.objects.all(), comment_id)
    for name, value in values.items():
        setattr(comment, name, value)
    await comment.asave()
    return CommentOut.of(comment)
