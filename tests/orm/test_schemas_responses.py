"""Schemas as responses: they read what is loaded, and OpenAPI has stable names for them."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from press import Article, Author, Comment, Everything, Tag
from pydantic import BaseModel

from raystack_orm import models
from raystack_orm.exceptions import FieldError, FieldFetchBlocked
from raystack_orm.registry import Registry
from raystack_orm.testing import assert_num_queries

apps = Registry()


class Word(models.Model):
    """A model whose fields have names that other things have too."""

    schema = models.CharField("The schema", max_length=20, help_text="Where it is.")
    json = models.JSONField(default=dict)
    code = models.SlugField(unique=True, db_default="x")
    kind = models.IntegerField(choices={1: "One", 2: "Two"}, null=True)

    class Meta:
        app_label = "words"
        apps = apps

    @property
    def shout(self) -> str:
        """In capitals."""
        return self.schema.upper()


WordRead: Any = Word._meta.schema(properties=["shout"])
ArticleRead: Any = Article.schema()
ArticleDeep: Any = Article.schema(depth=1)

app = FastAPI()


@app.get("/sync", response_model=list[ArticleRead])
def show_sync() -> Any:
    return list(Article.objects.all())


@app.get("/async", response_model=list[ArticleRead])
async def show_async() -> Any:
    return [article async for article in Article.objects.all()]


@app.get("/deep", response_model=list[ArticleDeep])
async def show_deep() -> Any:
    articles = Article.objects.select_related("author", "editor").prefetch_related("tags")
    return [article async for article in articles]


@app.post("/articles", response_model=ArticleRead)
async def create(data: Article.schema("create")) -> Any:  # type: ignore[valid-type]  # made here
    return data


@app.patch("/articles")
async def update(data: Article.schema("update")) -> Any:  # type: ignore[valid-type]  # made here
    return data


@pytest.fixture
def article(db: str) -> Article:
    author = Author.objects.create(name="Ann")
    made = Article.objects.create(title="On joins", author=author)
    made.tags.add(Tag.objects.create(name="sql"))
    return made


@pytest.fixture
def client(article: Article) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def test_a_relation_is_its_key(client: TestClient, article: Article) -> None:
    """From sync and async endpoints; relations to many are left out, they would be queries."""
    expected = {
        "id": article.pk,
        "title": "On joins",
        "subtitle": None,
        "status": "d",
        "views": 0,
        "published_at": None,
        "author_id": article.author_id,
        "editor_id": None,
    }

    assert client.get("/sync").json() == [expected]
    assert client.get("/async").json() == [expected]


def test_a_depth_has_objects(client: TestClient, article: Article) -> None:
    """They are loaded with the query."""
    [shown] = client.get("/deep").json()

    assert shown["author"] == {"id": article.author_id, "name": "Ann", "email": ""}
    assert shown["editor"] is None
    assert [tag["name"] for tag in shown["tags"]] == ["sql"]
    assert "author_id" not in shown


def test_what_is_not_loaded_is_an_error(article: Article) -> None:
    """No query is made for it, and the error says what to do."""
    deferred = Article.objects.defer("title").get()
    plain = Article.objects.get()

    with assert_num_queries(0):
        with pytest.raises(FieldFetchBlocked, match=r"press\.Article\.title is not loaded"):
            ArticleRead.model_validate(deferred)
        with pytest.raises(FieldFetchBlocked, match=r'select_related\("author"\)'):
            ArticleDeep.model_validate(plain)
        with pytest.raises(FieldFetchBlocked, match=r'prefetch_related\("tags"\)'):
            Article.schema(include=["tags"]).model_validate(plain)


def test_relations_to_many_are_there_when_they_are_asked_for(article: Article) -> None:
    """Forward and back: keys, or objects with a depth."""
    comment = Comment.objects.create(article=article, author="bob")
    loaded = Article.objects.prefetch_related("tags", "comments").get()

    keys = Article.schema(include=["tags", "comments"]).model_validate(loaded)
    deep = Article.schema(include=["title", "comments"], depth=1).model_validate(loaded)

    assert keys.model_dump() == {
        "comments": [comment.pk],
        "tags": [tag.pk for tag in article.tags.all()],
    }
    assert [one["author"] for one in deep.model_dump()["comments"]] == ["bob"]


def test_every_kind_of_value_is_shown(db: str) -> None:
    """As JSON says it."""
    key = uuid.uuid4()
    Everything.objects.create(key=key, price=Decimal("1.50"), data={"a": [1]}, ratio=0.5)

    shown = Everything.schema().model_validate(Everything.objects.get()).model_dump(mode="json")

    assert (shown["key"], shown["price"], shown["data"]) == (str(key), "1.50", {"a": [1]})


def test_names_of_fields_may_be_those_of_other_things() -> None:
    """Article.schema yields to a field called so; _meta.schema() is always there."""
    assert not callable(Word.schema)
    word = Word(id=1, schema="public", json={"a": 1}, code="c", kind=1)

    shown = WordRead.model_validate(word)

    assert shown.model_dump(exclude={"id"}) == {
        "schema": "public",
        "json": {"a": 1},
        "code": "c",
        "kind": 1,
        "shout": "PUBLIC",
    }


def test_json_schema_says_what_the_field_says() -> None:
    """Lengths, ranges, choices, patterns, defaults, titles, descriptions."""
    found = Word._meta.schema("create").model_json_schema()
    properties = found["properties"]

    assert properties["schema"] == {
        "title": "The schema",
        "description": "Where it is.",
        "type": "string",
        "maxLength": 20,
    }
    assert properties["kind"]["enum"] == [1, 2, None]
    assert properties["kind"]["maximum"] == 2**31 - 1
    assert properties["code"]["pattern"] == "^[-a-zA-Z0-9_]+$"
    assert found["required"] == ["schema"]
    assert Article.schema("create").model_json_schema()["properties"]["views"]["default"] == 0
    assert "required" not in Article.schema("update").model_json_schema()
    assert WordRead.model_json_schema()["properties"]["shout"]["description"] == "In capitals."


def test_openapi_has_a_stable_name_for_each() -> None:
    """No two schemas of a model are called the same."""
    names = set(app.openapi()["components"]["schemas"])

    assert names >= {
        "ArticleRead",
        "ArticleReadDepth1",
        "ArticleCreate",
        "ArticleUpdate",
        "AuthorRead",
    }
    assert Article.schema(exclude=["views"]).__name__ == "ArticleRead_without_views"
    assert Article.schema(name="Teaser", include=["title"]).__name__ == "Teaser"


def test_the_same_arguments_give_the_same_schema() -> None:
    """Whatever their order."""
    one = Article.schema("create", include=["title", "views"])

    assert one is Article.schema("create", include=("views", "title"))
    assert one is not Article.schema("create")
    assert issubclass(one, BaseModel)


def test_a_mistake_is_told_with_the_nearest_name() -> None:
    """Names of fields, of properties, and of the kind."""
    with pytest.raises(FieldError, match=r"'titel', which is no field\. Did you mean \"title\"\?"):
        Article.schema(include=["titel"])
    with pytest.raises(FieldError, match=r"has no property 'shuot'\. Did you mean \"shout\"\?"):
        Word._meta.schema(properties=["shuot"])
    with pytest.raises(ValueError, match=r"read, create and update\. Did you mean \"update\"\?"):
        Article.schema("updat")  # type: ignore[arg-type]  # the mistake
    with pytest.raises(FieldError, match="it is of many objects"):
        Article.schema("create", include=["tags"])


def test_a_depth_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"schema\(depth=-1\): the depth is 0 or more"):
        Article.schema(depth=-1)
