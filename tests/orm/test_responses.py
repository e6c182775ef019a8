"""Errors of the database that an endpoint does not catch, as answers to requests.

The ids are those of the project's list of cases.
"""

import logging
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from press import Article, Author, Award, Everything
from requests_app import make_application
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from raystack_orm import DeadlockError, FieldError, OperationalError, UnavailableError, responses
from raystack_orm.configuration import Configuration, configured
from raystack_orm.testing import CaptureQueries

LOG = "raystack_orm.requests"


@pytest.fixture
def client(committed_db: str, database: Configuration) -> Iterator[TestClient]:
    """A client of the application; two articles of Ann's are stored."""
    author = Author.objects.create(name="Ann")
    for title in ("b", "a"):
        Article.objects.create(title=title, author=author)
    with configured(database):
        app = make_application()  # from now on the ORM follows its kernel's settings
        with configured(database), TestClient(app, raise_server_exceptions=False) as client:
            yield client


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the messages of the log of requests, each of which has the whole error."""
    records = [record for record in caplog.records if record.name == LOG]
    assert all(record.exc_info for record in records)
    return [record.getMessage() for record in records]


@pytest.mark.parametrize("path", ["/articles", "/articles-async"])
@pytest.mark.parametrize(
    "sort",
    ["title;DROP TABLE press_article--", "-(select 1)", "title)--", "titel", "author__x", "", "-"],
)
def test_sq_01_sorting_by_what_is_no_field_is_a_400(
    client: TestClient, caplog: pytest.LogCaptureFixture, path: str, sort: str
) -> None:
    """SQ-01: the parameter is named, nothing of the model is told, it is logged once."""
    answer = client.get(path, params={"sort": sort})

    assert answer.status_code == 400
    assert answer.json() == {
        "detail": 'The parameter "sort" names a field that cannot be used here.'
    }
    assert logged(caplog) == [f"GET {path} is answered with 400"]
    assert client.get(path, params={"sort": "title"}).json() == ["a", "b"]
    assert client.get(path, params={"sort": "-title"}).json() == ["b", "a"]


def test_a_field_that_the_application_misspells_stays_a_500(client: TestClient) -> None:
    """The client can do nothing about it, whatever it sends."""
    assert client.get("/broken").status_code == 500
    assert client.get("/broken", params={"sort": "title"}).status_code == 500


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1;drop", 422),
        ("limit=1.5", 422),
        (f"limit={2**62}", 200),
        ("limit=0", 200),
    ],
)
def test_sq_12_limits_of_a_request(client: TestClient, query: str, status: int) -> None:
    """SQ-12: never a 500."""
    assert client.get(f"/articles?{query}").status_code == status


def test_sq_15_what_an_endpoint_does_not_take_reaches_no_query(client: TestClient) -> None:
    """SQ-15: the query string is no filter language; the answer and the SQL are those without."""
    with CaptureQueries() as captured:
        answers = [
            client.get(f"/articles-async{query}")
            for query in (
                "",
                "?author__email__startswith=a",
                "?author__password__startswith=argon2",
            )
        ]

    assert [answer.json() for answer in answers] == [["b", "a"]] * 3
    assert len({query.sql for query in captured.queries}) == 1


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_sq_13_a_number_that_fits_no_column_is_a_400(client: TestClient, number: int) -> None:
    """SQ-13: in a query it fits no row, and stored it does not fit."""
    assert client.get(f"/authors/{number}").json() is None
    assert client.post("/numbers", params={"value": number}).status_code == 400
    assert Everything.objects.count() == 0


def test_da_11_a_broken_constraint_is_a_409(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """DA-11: an orphan, a parent that is in use, a duplicate; no SQL is told."""
    Award.objects.create(article=Article.objects.get(title="a"), name="first")
    pk = Author.objects.get().pk

    answers = [
        client.post("/awards", params={"article": 999_999}),
        client.delete("/articles"),
        client.post("/authors", params={"name": "Bob", "pk": pk}),
    ]

    detail = "That conflicts with what is stored: something is taken, missing, or still in use."
    assert [answer.status_code for answer in answers] == [409] * 3
    assert [answer.json() for answer in answers] == [{"detail": detail}] * 3
    assert len(logged(caplog)) == 3
    assert (Author.objects.count(), Article.objects.count(), Award.objects.count()) == (1, 2, 1)


def failing(error: Exception) -> FastAPI:
    """Return an application without the kernel, whose only endpoint fails."""
    app = FastAPI(exception_handlers=responses.exception_handlers())

    @app.get("/")
    async def fail() -> None:
        raise error

    return app


@pytest.mark.parametrize("error", [UnavailableError("secret"), DeadlockError("secret")])
def test_what_may_work_later_is_a_503_that_says_when(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """In any FastAPI application: the handlers are a plain mapping."""
    answer = TestClient(failing(error)).get("/")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "secret" not in answer.text
    [record] = [record for record in caplog.records if record.name == LOG]
    assert record.levelno == logging.ERROR


@pytest.mark.parametrize("error", [OperationalError("no such table"), FieldError("no field x")])
def test_other_errors_stay_the_applications(error: Exception) -> None:
    """A missing table does not come by waiting."""
    with pytest.raises(type(error)):
        TestClient(failing(error)).get("/")


def test_the_answer_is_shown_as_the_application_shows_that_status() -> None:
    """A project with pages for errors has one for these."""
    app = failing(UnavailableError("down"))

    @app.exception_handler(HTTPException)
    def page(request: object, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse(f"Page {error.status_code}", error.status_code, error.headers)

    answer = TestClient(app).get("/")

    assert (answer.text, answer.headers["retry-after"]) == ("Page 503", "5")
