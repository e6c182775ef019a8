"""The pages of the blog."""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from raystack import reverse
from raystack_orm import models
from raystack_templates import render_template

from .forms import CommentForm
from .models import Author, Comment, Post, Tag
from .pagination import page_number, paginate
from .queries import (
    counted_authors,
    counted_tags,
    neighbours,
    said_before,
    searched,
    whole_posts,
)

PAGE_SIZE = 12  # fills rows of two and of three
INDEX_SIZE = PAGE_SIZE + 1  # with a post that leads
LONGEST_QUERY = 100

# The endpoints are `async def`: they await the ORM, and no thread waits for the database. Templates
# cannot await, so what they show is loaded before.
router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

M = TypeVar("M", bound=models.Model)

PageNumber = Annotated[str, Query(alias="page")]


@router.get("/", name="index")
async def index(number: PageNumber = "1") -> Response:
    """Show all posts, newest first."""
    page = await paginate(whole_posts(), page_number(number), INDEX_SIZE, clamp=True)
    empty = "Fill the blog with: python manage.py seed"
    return render_template("blog/list.html", {"page": page, "heading": "", "empty": empty})


@router.get("/tags", name="tags")
async def tags() -> Response:
    """Show all tags with the number of their posts."""
    return render_template("blog/tags.html", {"tags": await counted_tags()})


@router.get("/tags/{slug}", name="tag")
async def tag(slug: str, number: PageNumber = "1") -> Response:
    """Show the posts that have a tag."""
    found = await _one(Tag.objects.all(), slug)
    page = await paginate(
        whole_posts().filter(tags=found), page_number(number), PAGE_SIZE, clamp=True
    )
    empty = "No post has this tag."
    context = {"page": page, "kicker": "Tag", "heading": found.name, "empty": empty}
    return render_template("blog/list.html", context)


@router.get("/authors", name="authors")
async def authors() -> Response:
    """Show everybody who writes here."""
    return render_template("blog/authors.html", {"authors": await counted_authors()})


@router.get("/authors/{slug}", name="author")
async def author(slug: str, number: PageNumber = "1") -> Response:
    """Show the posts of an author."""
    found = await _one(Author.objects.all(), slug)
    posts = whole_posts().filter(author=found)
    page = await paginate(posts, page_number(number), PAGE_SIZE, clamp=True)
    context = {
        "page": page,
        "kicker": "Author",
        "heading": found.name,
        "author": found,
        "empty": f"{found.name} has not written anything so far.",
    }
    return render_template("blog/list.html", context)


@router.get("/search", name="search")
async def search(q: str = "", number: PageNumber = "1") -> Response:
    """Show the posts with certain words in them."""
    words = q.replace("\0", "").strip()[:LONGEST_QUERY]
    posts = searched(words) if words else whole_posts().none()
    page = await paginate(posts, page_number(number), PAGE_SIZE, clamp=True)
    return render_template("blog/search.html", {"q": words, "page": page})


@router.get("/posts/{slug}", name="detail")
async def detail(request: Request, slug: str) -> Response:
    """Show a post with its comments and the form for another one."""
    return await _show(
        await _one(whole_posts(), slug), CommentForm(), notice=request.session.pop("notice", None)
    )


@router.post("/posts/{slug}", name="comment")
async def comment(
    request: Request,
    slug: str,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
) -> Response:
    """Take a comment; or show the form again, with what was typed and what is wrong."""
    post = await _one(whole_posts(), slug)
    form = CommentForm.bound({"name": name, "email": email, "body": body})
    if form.comment and await said_before(post, form.comment.email, form.comment.body):
        form = form.refused("body", "You have posted this comment already.")
    if form.comment is None:
        return await _show(post, form, status_code=422)
    await Comment.objects.acreate(
        post=post, created_at=datetime.now(UTC), **form.comment.model_dump()
    )
    request.session["notice"] = f"Thank you, {form.comment.name}. Your comment is below."
    address = reverse("blog:detail", slug=post.slug)
    return RedirectResponse(f"{address}#comments", status_code=303)


async def _one(rows: models.QuerySet[M], slug: str) -> M:
    storable = "\0" not in slug  # PostgreSQL cannot even compare with it
    found = await rows.filter(slug=slug).afirst() if storable else None
    if found is None:
        raise HTTPException(404)
    return found


async def _show(
    post: Post, form: CommentForm, *, notice: str | None = None, status_code: int = 200
) -> Response:
    older, newer = await neighbours(post)
    context = {
        "post": post,
        "comments": await post.comments.all(),
        "form": form,
        "notice": notice,
        "older": older,
        "newer": newer,
    }
    return render_template("blog/detail.html", context, status_code=status_code)
