"""What the API takes and gives. The comment form is checked by the same rules."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from .models import Comment, Post
from .pagination import Page

T = TypeVar("T")


def _without_nul(text: str) -> str:
    if "\0" in text:  # PostgreSQL cannot store it
        raise ValueError("the text contains a NUL character")
    return text


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the moment lies outside of the years 1 to 9999") from None


def _line(max_length: int) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


def _left_out() -> Any:
    """Stand for a field that was not sent: it is not read then, and null is no value for it."""


Storable = AfterValidator(_without_nul)
Title = Annotated[str, _line(400), Storable]
Summary = Annotated[str, _line(400), Storable]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
PostBody = Annotated[str, _line(100_000), Storable]
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Tags = Annotated[list[Slug], Field(max_length=10)]
Name = Annotated[str, _line(80), Storable]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
    ),
    Storable,
]
CommentBody = Annotated[str, _line(4_000), Storable]


class Input(BaseModel):
    """What a client sends: an unknown field is an error rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class PostIn(Input):
    """A post, whole."""

    title: Title
    slug: Slug
    summary: Summary
    body: PostBody
    author: Slug = Field(description="The author's slug.")
    tags: Tags = Field(default=[], description="The slugs of tags that exist.")
    published_at: Moment | None = Field(default=None, description="By default now, or unchanged.")


class PostPatch(Input):
    """What is to change of a post; what is left out stays as it is."""

    title: Title = Field(default_factory=_left_out)
    slug: Slug = Field(default_factory=_left_out)
    summary: Summary = Field(default_factory=_left_out)
    body: PostBody = Field(default_factory=_left_out)
    author: Slug = Field(default_factory=_left_out)
    tags: Tags = Field(default_factory=_left_out)
    published_at: Moment = Field(default_factory=_left_out)


class CommentIn(Input):
    """A comment, whole."""

    name: Name
    email: Email
    body: CommentBody


class CommentPatch(Input):
    """What is to change of a comment; what is left out stays as it is."""

    name: Name = Field(default_factory=_left_out)
    email: Email = Field(default_factory=_left_out)
    body: CommentBody = Field(default_factory=_left_out)


class AuthorOut(BaseModel):
    """An author."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    slug: str
    bio: str


class TagOut(BaseModel):
    """A tag."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    slug: str


class PostOut(BaseModel):
    """A post with its author and tags."""

    id: int
    title: str
    slug: str
    summary: str
    body: str
    published_at: datetime
    author: AuthorOut
    tags: list[TagOut]

    @classmethod
    def of(cls, post: Post) -> Self:
        """Make it of a post whose author and tags are loaded."""
        return cls(
            id=post.id,
            title=post.title,
            slug=post.slug,
            summary=post.summary,
            body=post.body,
            published_at=post.published_at,
            author=AuthorOut.model_validate(post.author),
            tags=[TagOut.model_validate(tag) for tag in post.tags.all()],
        )


class CommentOut(BaseModel):
    """A comment, without the e-mail address, which is not shown to anybody."""

    id: int
    post_id: int
    name: str
    body: str
    created_at: datetime

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """Make it of a comment."""
        return cls(
            id=comment.id,
            post_id=comment.post_id,
            name=comment.name,
            body=comment.body,
            created_at=comment.created_at,
        )


class PageOut(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    page: int
    pages: int
    per_page: int
    total: int

    @classmethod
    def of(cls, page: Page[Any], items: list[T]) -> Self:
        """Make it of a page, with its items as they are sent."""
        return cls(
            items=items, page=page.number, pages=page.pages, per_page=page.size, total=page.total
        )


class Problem(BaseModel):
    """Why a request was not fulfilled."""

    detail: str
