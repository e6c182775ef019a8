"""The pages of the blog."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from raystack import reverse
from raystack_templates import render_template

from .forms import CommentForm
from .models import Author, Comment, Post, Tag
from .pagination import page_number
from .queries import (
    counted_authors,
    counted_tags,
    entries,
    neighbours,
    page_of_entries,
    said_before,
    searched,
)

PAGE_SIZE = 12  # fills rows of two and of three
INDEX_SIZE = PAGE_SIZE + 1  # with a post that leads
LONGEST_QUERY = 100

# The endpoints are `def`: FastAPI runs them in threads, where the ORM's plain methods belong.
router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

PageNumber = Annotated[str, Query(alias="page")]


@router.get("/", name="index")
def index(number: PageNumber = "1") -> Response:
    """Show all posts, newest first."""
    page = page_of_entries(Post.objects.all(), page_number(number), INDEX_SIZE, clamp=True)
    empty = "Fill the blog with: python manage.py seed"
    return render_template("blog/list.html", {"page": page, "heading": "", "empty": empty})


@router.get("/tags", name="tags")
def tags() -> Response:
    """Show all tags with the number of their posts."""
    return render_template("blog/tags.html", {"tags": counted_tags()})


@router.get("/tags/{slug}", name="tag")
def tag(slug: str, number: PageNumber = "1") -> Response:
    """Show the posts that have a tag."""
    found = _one(Tag, slug)
    page = page_of_entries(
        Post.objects.filter(tags=found), page_number(number), PAGE_SIZE, clamp=True
    )
    empty = "No post has this tag."
    context = {"page": page, "kicker": "Tag", "heading": found.name, "empty": empty}
    return render_template("blog/list.html", context)


@router.get("/authors", name="authors")
def authors() -> Response:
    """Show everybody who writes here."""
    return render_template("blog/authors.html", {"authors": counted_authors()})


@router.get("/authors/{slug}", name="author")
def author(slug: str, number: PageNumber = "1") -> Response:
    """Show the posts of an author."""
    found = _one(Author, slug)
    posts = Post.objects.filter(author=found)
    page = page_of_entries(posts, page_number(number), PAGE_SIZE, clamp=True)
    context = {
        "page": page,
        "kicker": "Author",
        "heading": found.name,
        "author": found,
        "empty": f"{found.name} has not written anything so far.",
    }
    return render_template("blog/list.html", context)


@router.get("/search", name="search")
def search(q: str = "", number: PageNumber = "1") -> Response:
    """Show the posts with certain words in them."""
    words = q.replace("\0", "").strip()[:LONGEST_QUERY]
    posts = searched(words) if words else Post.objects.none()
    page = page_of_entries(posts, page_number(number), PAGE_SIZE, clamp=True)
    return render_template("blog/search.html", {"q": words, "page": page})


@router.get("/posts/{slug}", name="detail")
def detail(request: Request, slug: str) -> Response:
    """Show a post with its comments and the form for another one."""
    return _show(_one(Post, slug), CommentForm(), notice=request.session.pop("notice", None))


@router.post("/posts/{slug}", name="comment")
def comment(
    request: Request,
    slug: str,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
) -> Response:
    """Take a comment; or show the form again, with what was typed and what is wrong."""
    post = _one(Post, slug)
    form = CommentForm.bound({"name": name, "email": email, "body": body})
    if form.comment and said_before(post, form.comment.email, form.comment.body):
        form = form.refused("body", "You have posted this comment already.")
    if form.comment is None:
        return _show(post, form, status_code=422)
    Comment.objects.create(post=post, created_at=datetime.now(UTC), **form.comment.model_dump())
    request.session["notice"] = f"Thank you, {form.comment.name}. Your comment is below."
    address = reverse("blog:detail", slug=post.slug)
    return RedirectResponse(f"{address}#comments", status_code=303)


def _one(model: type[Any], slug: str) -> Any:
    storable = "\0" not in slug  # PostgreSQL cannot even compare with it
    found = model.objects.filter(slug=slug).first() if storable else None
    if found is None:
        raise HTTPException(404)
    return found


def _show(
    post: Post, form: CommentForm, *, notice: str | None = None, status_code: int = 200
) -> Response:
    older, newer = neighbours(post)
    context = {
        "entry": entries([post])[0],
        "comments": list(Comment.objects.filter(post=post)),
        "form": form,
        "notice": notice,
        "older": older,
        "newer": newer,
    }
    return render_template("blog/detail.html", context, status_code=status_code)
