"""Requests that do not fit: 422 for every input, as FastAPI answers where it can."""

import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel
from starlette.testclient import TestClient

from raystack import Kernel, Raystack


class Body(BaseModel):
    title: str


@pytest.fixture
def apps() -> list[FastAPI]:
    """The same endpoint in bare FastAPI and in Raystack."""
    made: list[FastAPI] = [FastAPI(), Raystack(Kernel(discover=False))]
    for app in made:

        @app.post("/")
        def endpoint(body: Body, page: int = Query(1)) -> None: ...

    return made


def test_the_answer_is_fastapis(apps: list[FastAPI]) -> None:
    plain, ours = (TestClient(app).post("/?page=x", json={"title": 7}) for app in apps)

    assert ours.status_code == plain.status_code == 422
    assert ours.json() == plain.json()


@pytest.mark.parametrize(
    "content",
    [b'{"title": NaN}', b'{"title": 1e400}', b'{"title": ["\\ud800"]}'],
    ids=["NaN", "1e400", "half a surrogate pair"],
)
def test_sq_13_input_that_json_cannot_hold_is_left_out(apps: list[FastAPI], content: bytes) -> None:
    """FastAPI fails to repeat it, with a 500."""
    answer = TestClient(apps[1]).post(
        "/", content=content, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json() == {
        "detail": [
            {
                "type": "string_type",
                "loc": ["body", "title"],
                "msg": "Input should be a valid string",
            }
        ]
    }
