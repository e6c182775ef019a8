"""All of the API."""

from fastapi import APIRouter

from ..models import Author, Tag
from ..schemas import AuthorOut, TagOut
from . import comments, posts

router = APIRouter()
router.include_router(posts.router)
router.include_router(comments.router)


@router.get("/authors", name="authors", tags=["authors and tags"])
def list_authors() -> list[AuthorOut]:
    """List the authors: their slugs are what a post wants."""
    return [AuthorOut.model_validate(author) for author in Author.objects.all()]


@router.get("/tags", name="tags", tags=["authors and tags"])
def list_tags() -> list[TagOut]:
    """List the tags: their slugs are what a post wants."""
    return [TagOut.model_validate(tag) for tag in Tag.objects.all()]
