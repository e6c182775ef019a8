"""Schemas as requests: what the database would refuse is a 422 that names the field."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Form, HTTPException, Response
from fastapi.testclient import TestClient
from press import Article, Author, Everything

from raystack_orm import transaction
from raystack_orm.databases import run_sync
from raystack_orm.exceptions import FieldError

ArticleCreate: Any = Article.schema("create")
ArticleUpdate: Any = Article.schema("update")
ArticleRead: Any = Article.schema()
EverythingCreate: Any = Everything.schema("create")
EverythingRead: Any = Everything.schema()
AuthorCreate: Any = Author.schema("create")

app = FastAPI()


@app.post("/articles", response_model=ArticleRead)
def create_article(data: ArticleCreate) -> Any:
    return Article.objects.create(**data.model_dump())


@app.patch("/articles/{number}", response_model=ArticleRead)
async def update_article(number: str, data: ArticleUpdate) -> Any:
    article = await found(number)
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(article, name, value)
    await article.asave()
    return article


@app.get("/articles/{number}", response_model=ArticleRead)
async def show_article(number: str) -> Any:
    return await found(number)


async def found(number: str) -> Article:
    try:
        return await Article.objects.aget(pk=number)
    except (Article.DoesNotExist, ValueError):
        raise HTTPException(404) from None


@app.post("/everything", response_model=EverythingRead)
def create_everything(data: EverythingCreate) -> Any:
    with transaction.atomic():
        return Everything.objects.create(**data.model_dump())


@app.post("/form")
def take_form(data: Annotated[EverythingCreate, Form()]) -> Response:
    Everything.objects.create(**data.model_dump())
    return Response(status_code=201)


@app.post("/authors", status_code=201)
async def create_author(data: AuthorCreate) -> Any:
    return {"id": (await run_sync(Author.objects.create, **data.model_dump())).pk}


@pytest.fixture
def client(db: str) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def fields(answer: Any) -> list[str]:
    """Return the fields that a 422 names."""
    assert answer.status_code == 422, answer.text
    return [".".join(map(str, error["loc"][1:])) for error in answer.json()["detail"]]


JSON = {"content-type": "application/json"}
REFUSED = [
    ("whole", "2147483648"),
    ("whole", "-2147483649"),
    ("big", "9223372036854775808"),
    ("big", "-9223372036854775809"),
    ("big", "1e400"),
    ("big", "NaN"),
    ("big", '"٣"'),
    ("big", '"1_0"'),
    ("big", '" 1"'),
    ("big", "true"),
    ("big", "9" * 4000),
    ("small", "32768"),
    ("positive", "-1"),
    ("ratio", "NaN"),
    ("ratio", "-Infinity"),
    ("ratio", '"nan"'),
    ("ratio", "9" * 4000),
    ("price", "NaN"),
    ("price", "1e400"),
    ("price", '"1e999999999"'),
    ("price", "123456789.00"),
    ("price", '"1.234"'),
    ("text", r'"a\u0000b"'),
    ("text", r'"\ud800"'),
    ("slug", '"no slug"'),
    ("slug", '"' + "a" * 51 + '"'),
    ("link", '"javascript:alert(1)"'),
    ("day", '"2024-02-30"'),
    ("day", "1e400"),
    ("moment", '"2024-01-01T00:00:00"'),
    ("moment", '"0001-01-01T00:00:00+14:00"'),
    ("clock", '"25:00"'),
    ("clock", '"10:00+02:00"'),
    ("data", r'{"a": ["\ud800"]}'),
    ("data", r'{"\ud800": 1}'),
    ("data", r'["\u0000"]'),
    ("data", '{"a": NaN}'),
    ("data", "[" * 200 + "]" * 200),
]


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=lambda text: text[:24])
def test_a_value_that_a_database_would_refuse_is_a_422(
    client: TestClient, name: str, value: str
) -> None:
    """Never a 500, neither by the database nor by the answer that repeats the value."""
    answer = client.post("/everything", content=f'{{"{name}": {value}}}', headers=JSON)

    assert [field.partition(".")[0] for field in fields(answer)] == [name]


@pytest.mark.parametrize(
    "body", ["NaN", "[NaN]", r'"\ud800"', r'{"\ud800": NaN}', '{"x": NaN}', "null", "1e400"]
)
def test_a_body_of_another_form_is_a_422(client: TestClient, body: str) -> None:
    """Whatever it is: the answer can say it."""
    assert client.post("/articles", content=body, headers=JSON).status_code == 422


SQ_13 = ["9223372036854775808", "-9223372036854775809", "1e400", "NaN", "٣", "1_0", " 1"]


@pytest.mark.parametrize("value", SQ_13)
def test_sq_13_numbers_out_of_range_or_oddly_spelled(client: TestClient, value: str) -> None:
    """SQ-13: 404 in a path, 422 in a form or in JSON; never a 500."""
    path = client.get(f"/articles/{value}")
    form = client.post("/form", data={"big": value})
    texts = client.post("/everything", json={"big": value})

    assert path.status_code == 404
    assert fields(form) == ["big"]
    assert fields(texts) == ["big"]
    if value.isascii() and value not in {"1_0", " 1"}:  # which JSON cannot say, or says as 1
        number = client.post("/everything", content=f'{{"big": {value}}}', headers=JSON)
        assert fields(number) == ["big"]
        key = client.post(
            "/articles", content=f'{{"title": "x", "author_id": {value}}}', headers=JSON
        )
        assert fields(key) == ["author_id"]


def test_values_at_the_limits_are_stored(client: TestClient) -> None:
    """What is refused is what lies beyond."""
    given = {
        "big": -(2**63),
        "small": 32767,
        "price": "99999999.99",
        "text": "\N{SNOWMAN}",
        "day": "9999-12-31",
        "moment": "2024-01-01T02:00:00+02:00",
        "data": {"a": [1, None, "é"]},
    }

    answer = client.post("/everything", json=given)

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert {name: shown[name] for name in given if name != "moment"} == {
        name: value for name, value in given.items() if name != "moment"
    }
    assert dt.datetime.fromisoformat(shown["moment"]) == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def test_a_form_has_text_for_numbers(client: TestClient) -> None:
    """As browsers send it."""
    assert client.post("/form", data={"big": "-5", "price": "1.50"}).status_code == 201
    assert Everything.objects.get().price == 1.5


def test_validators_and_choices_of_the_field_run(client: TestClient) -> None:
    """With the field's own messages; empty text is refused unless the field may be blank."""
    author = Author.objects.create(name="Ann")

    wrong = client.post("/articles", json={"title": "", "status": "x", "author_id": author.pk})
    email = client.post("/authors", json={"name": "Ann", "email": "nobody"})
    blank = client.post("/authors", json={"name": "Ann", "email": ""})

    assert fields(wrong) == ["title", "status"]
    assert wrong.json()["detail"][1]["msg"] == "Value 'x' is not a valid choice."
    assert fields(email) == ["email"]
    assert blank.status_code == 201


def test_an_update_changes_what_was_sent(client: TestClient) -> None:
    """All is optional, and null is not the same as nothing."""
    author = Author.objects.create(name="Ann")
    article = Article.objects.create(title="Old", subtitle="s", author=author, views=3)

    answer = client.patch(f"/articles/{article.pk}", json={"title": "New", "subtitle": None})

    assert answer.status_code == 200, answer.text
    article.refresh_from_db()
    assert (article.title, article.subtitle, article.views) == ("New", None, 3)
    assert fields(client.patch(f"/articles/{article.pk}", json={"views": None})) == ["views"]


def test_what_nobody_may_set_is_not_in_it(client: TestClient) -> None:
    """Primary keys, and what is not editable: sent along, they change nothing."""
    author = Author.objects.create(name="Ann")

    answer = client.post("/articles", json={"id": 77, "title": "x", "author_id": author.pk})

    assert answer.json()["id"] != 77
    assert not {"id", "tags"} & set(ArticleCreate.model_fields)
    assert not {"key", "created", "changed"} & set(EverythingCreate.model_fields)
    assert not {"key", "created", "changed"} & set(Everything.schema("update").model_fields)
    with pytest.raises(FieldError, match=r"press\.Everything\.created cannot be in a schema to"):
        Everything.schema("create", include=["created"])
