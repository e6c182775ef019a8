"""The JSON API of the example blog, on a real server: every verb and every status."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from blog_project import serving_blog_on

COMMENT = {"name": "Ann", "email": "ann@example.org", "body": "I agree."}
NOT_IDS = [0, -1, 999_999, 2**63 - 1, 2**63, -(2**63) - 1, 10**40]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx2.Client]:
    with (
        serving_blog_on(request.param, tmp_path_factory.mktemp("api")) as server,
        httpx2.Client(base_url=f"{server.url}/api") as client,
    ):
        yield client


def post_data(slug: str, **values: Any) -> dict[str, Any]:
    """Return a valid post."""
    return {
        "title": "A post",
        "slug": slug,
        "summary": "Made by a test.",
        "body": "Some text.",
        "author": "nina-petrovic",
        "tags": ["testing", "python"],
    } | values


def create(api: httpx2.Client, slug: str, **values: Any) -> dict[str, Any]:
    """Create a post and return it."""
    answer = api.post("/posts", json=post_data(slug, **values))
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def wrong(answer: httpx2.Response) -> list[list[Any]]:
    """Return the places of the errors of a 422."""
    assert answer.status_code == 422, answer.text
    return [error["loc"] for error in answer.json()["detail"]]


def test_posts_are_listed_in_pages(api: httpx2.Client) -> None:
    """A page says where it stands among how many."""
    page = api.get("/posts", params={"page": 2, "per_page": 10}).json()

    assert len(page["items"]) == 10
    assert {key: page[key] for key in ("page", "per_page")} == {"page": 2, "per_page": 10}
    assert page["pages"] == -(-page["total"] // 10)
    assert set(page["items"][0]) == {
        "id",
        "title",
        "slug",
        "summary",
        "body",
        "published_at",
        "author",
        "tags",
    }
    dates = [post["published_at"] for post in page["items"]]
    assert dates == sorted(dates, reverse=True)


def test_a_page_beyond_the_end_is_empty(api: httpx2.Client) -> None:
    """RX-04: however far beyond it lies."""
    for number in (99, 10**18, 2**63, 10**30):
        answer = api.get("/posts", params={"page": number})
        assert answer.status_code == 200
        assert answer.json()["items"] == []


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=1.5", "per_page=0", "per_page=101", "page="]
)
def test_a_page_that_is_none_is_a_422(api: httpx2.Client, query: str) -> None:
    """Unlike the pages for people, the API says what is wrong."""
    field = query.partition("=")[0]

    assert wrong(api.get(f"/posts?{query}")) == [["query", field]]
    assert wrong(api.get(f"/comments?{query}")) == [["query", field]]


def test_posts_can_be_filtered(api: httpx2.Client) -> None:
    """By words, by tag, by author, and by several of these."""
    trains = api.get("/posts", params={"tag": "trains"}).json()
    both = api.get("/posts", params={"q": "cucumber", "author": "beatriz-figueiredo"}).json()
    none = api.get("/posts", params={"tag": "trains", "author": "nina-petrovic"}).json()

    assert [p["slug"] for p in trains["items"]] == [
        "the-night-train-to-vienna",
        "porto-to-lisbon-the-slow-way",
    ]
    assert [p["slug"] for p in both["items"]] == ["the-night-train-to-vienna"]
    assert none["items"] == []
    assert none["pages"] == 1


def test_sq_15_other_parameters_reach_no_column(api: httpx2.Client) -> None:
    """SQ-15: the query string is no filter language; the answer is that without it."""
    plain = api.get("/comments").content

    assert api.get("/comments?email__startswith=a&post__author__name=x").content == plain
    assert b"@example.org" not in plain


def test_a_post_lives_from_creation_to_deletion(api: httpx2.Client) -> None:
    """POST, GET, PUT, PATCH, DELETE on one post."""
    answer = api.post("/posts", json=post_data("a-life"))
    assert answer.status_code == 201
    post = answer.json()
    assert answer.headers["location"] == f"/api/posts/{post['id']}"
    assert post["author"]["name"] == "Nina Petrović"
    assert [tag["slug"] for tag in post["tags"]] == ["python", "testing"]
    assert post["published_at"].endswith("Z")
    path = f"/posts/{post['id']}"
    assert api.get(path).json() == post

    moment = "2020-02-29T12:00:00+02:00"
    data = post_data("a-life", title="New", tags=["web"], published_at=moment)
    replaced = api.put(path, json=data)
    assert replaced.status_code == 200
    assert replaced.json()["title"] == "New"
    assert [tag["slug"] for tag in replaced.json()["tags"]] == ["web"]
    assert replaced.json()["published_at"] == "2020-02-29T10:00:00Z"

    changed = api.patch(path, json={"summary": "Changed."})
    assert changed.json() == replaced.json() | {"summary": "Changed."}
    assert api.patch(path, json={"tags": []}).json()["tags"] == []
    assert api.patch(path, json={}).json()["summary"] == "Changed."
    assert api.get(path).json() == changed.json() | {"tags": []}

    deleted = api.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api.get(path).status_code == 404


def test_a_put_without_a_date_keeps_it(api: httpx2.Client) -> None:
    """Replacing the text does not publish the post again."""
    post = create(api, "kept", published_at="2021-05-05T05:05:05Z")

    replaced = api.put(f"/posts/{post['id']}", json=post_data("kept", title="Other"))

    assert replaced.json()["published_at"] == "2021-05-05T05:05:05Z"


def test_deleting_a_post_deletes_its_comments(api: httpx2.Client) -> None:
    """on_delete=CASCADE."""
    post = create(api, "with-comment")
    comment = api.post(f"/posts/{post['id']}/comments", json=COMMENT).json()

    assert api.delete(f"/posts/{post['id']}").status_code == 204

    assert api.get(f"/comments/{comment['id']}").status_code == 404


def test_a_taken_slug_is_a_409(api: httpx2.Client) -> None:
    """For POST, PUT and PATCH, and nothing changes."""
    one, other = create(api, "taken"), create(api, "free")
    expected = {"detail": 'The slug "taken" is taken by another post.'}
    path = f"/posts/{other['id']}"

    answers = [
        api.post("/posts", json=post_data("taken")),
        api.put(path, json=post_data("taken", title="Changed", tags=[])),
        api.patch(path, json={"slug": "taken"}),
    ]

    assert [(a.status_code, a.json()) for a in answers] == [(409, expected)] * 3
    assert api.get(path).json() == other
    assert api.put(f"/posts/{one['id']}", json=post_data("taken")).status_code == 200


@pytest.mark.parametrize("number", NOT_IDS)
def test_sq_13_an_id_that_nothing_has_is_a_404(api: httpx2.Client, number: int) -> None:
    """SQ-13: however large; for every verb."""
    for path, data in ((f"/posts/{number}", post_data("nobody")), (f"/comments/{number}", COMMENT)):
        kind = path.split("/")[1].removesuffix("s")
        for method, body in (("GET", None), ("PUT", data), ("PATCH", {}), ("DELETE", None)):
            answer = api.request(method, path, json=body) if body is not None else None
            answer = answer or api.request(method, path)
            assert answer.status_code == 404, (method, path)
            assert answer.json() == {"detail": f"There is no {kind} {number}."}
    assert api.get(f"/posts/{number}/comments").status_code == 404
    assert api.post(f"/posts/{number}/comments", json=COMMENT).status_code == 404


@pytest.mark.parametrize("name", ["q", "tag", "author"])
def test_a_nul_in_a_filter_is_a_422(api: httpx2.Client, name: str) -> None:
    """PostgreSQL can neither store nor compare one."""
    assert wrong(api.get("/posts", params={name: "a\0b"})) == [["query", name]]


@pytest.mark.parametrize("text", ["x", "1e400", "NaN", "1.5", "%00"])
def test_an_id_that_is_no_number_is_a_422(api: httpx2.Client, text: str) -> None:
    """The place of the error is the path."""
    assert wrong(api.get(f"/posts/{text}")) == [["path", "post_id"]]
    assert wrong(api.delete(f"/comments/{text}")) == [["path", "comment_id"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 401),
        ("title", None),
        ("title", 5),
        ("title", "a\0b"),
        ("slug", "Not A Slug"),
        ("slug", "a--b"),
        ("slug", "ü"),
        ("slug", "x" * 81),
        ("body", []),
        ("body", "x" * 100_001),
        ("author", "nobody"),
        ("tags", ["no-such-tag"]),
        ("tags", ["web"] * 11),
        ("tags", "web"),
        ("published_at", "yesterday"),
        ("published_at", "2020-01-01T00:00:00"),
        ("published_at", "9999-12-31T23:59:59-12:00"),
        ("published_at", "0001-01-01T00:00:00+12:00"),
        ("id", 7),
        ("author_id", 1),
    ],
)
def test_a_wrong_field_of_a_post_is_a_422_that_names_it(
    api: httpx2.Client, field: str, value: Any
) -> None:
    """AZ-08 for unknown fields; the same for POST and PATCH."""
    created = api.post("/posts", json=post_data("never") | {field: value})
    changed = api.patch("/posts/1", json={field: value})

    for answer in (created, changed):
        assert wrong(answer)[0][:2] == ["body", field]
    assert api.get("/posts", params={"q": "never made"}).status_code == 200


def test_missing_fields_of_a_post_are_named(api: httpx2.Client) -> None:
    """POST and PUT want a whole post."""
    expected = [["body", name] for name in ("title", "slug", "summary", "body", "author")]

    assert wrong(api.post("/posts", json={})) == expected
    assert wrong(api.put("/posts/1", json={})) == expected


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"title": NaN}']
)
def test_what_is_no_json_object_is_a_422(api: httpx2.Client, body: bytes) -> None:
    """BO-02: broken bodies are the client's mistake."""
    headers = {"Content-Type": "application/json"}

    assert api.post("/posts", content=body, headers=headers).status_code in {400, 422}


def test_json_has_to_be_called_json(api: httpx2.Client) -> None:
    """A form of another site can send text/plain without asking; so that is no JSON here."""
    answer = api.post("/posts", content=b'{"title": "x"}', headers={"Content-Type": "text/plain"})

    assert answer.status_code == 422


def test_a_comment_lives_from_creation_to_deletion(api: httpx2.Client) -> None:
    """POST, GET, PUT, PATCH, DELETE on one comment; its address is never shown."""
    post = create(api, "commented")
    answer = api.post(f"/posts/{post['id']}/comments", json=COMMENT)
    assert answer.status_code == 201
    comment = answer.json()
    path = f"/comments/{comment['id']}"
    assert answer.headers["location"] == f"/api{path}"
    assert set(comment) == {"id", "post_id", "name", "body", "created_at"}
    assert comment["post_id"] == post["id"]
    assert api.get(path).json() == comment
    assert api.get(f"/posts/{post['id']}/comments").json()["items"] == [comment]
    assert api.get("/comments").json()["items"][0] == comment

    replaced = api.put(path, json=COMMENT | {"body": "I do not."})
    assert replaced.json() == comment | {"body": "I do not."}
    changed = api.patch(path, json={"name": "Bo"})
    assert changed.json() == comment | {"body": "I do not.", "name": "Bo"}

    deleted = api.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api.get(path).status_code == 404
    assert api.get(f"/posts/{post['id']}/comments").json()["total"] == 0


def test_the_same_comment_twice_is_a_409(api: httpx2.Client) -> None:
    """On one post; on another one it may be said again."""
    one, other = create(api, "said"), create(api, "said-again")

    first = api.post(f"/posts/{one['id']}/comments", json=COMMENT)
    second = api.post(f"/posts/{one['id']}/comments", json=COMMENT)
    elsewhere = api.post(f"/posts/{other['id']}/comments", json=COMMENT)

    assert [a.status_code for a in (first, second, elsewhere)] == [201, 409, 201]
    assert second.json() == {"detail": "This comment is there already."}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("email", "x"), ("body", " "), ("body", None), ("post_id", 3), ("id", 1)],
)
def test_a_wrong_field_of_a_comment_is_a_422_that_names_it(
    api: httpx2.Client, field: str, value: Any
) -> None:
    """The rules are those of the form."""
    created = api.post("/posts/1/comments", json=COMMENT | {field: value})
    changed = api.patch("/comments/1", json={field: value})

    assert wrong(created) == wrong(changed) == [["body", field]]


def test_authors_and_tags_are_listed(api: httpx2.Client) -> None:
    """Their slugs are what a post refers to."""
    authors, tags = api.get("/authors").json(), api.get("/tags").json()

    assert len(authors) == 8
    assert len(tags) == 21
    assert {"name": "PostgreSQL", "slug": "postgresql"}.items() <= tags[10].items()


def test_unknown_addresses_and_methods_answer_in_json(api: httpx2.Client) -> None:
    """Below /api nobody wants a page."""
    nowhere, wrong_method = api.get("/nowhere"), api.put("/posts", json={})

    assert (nowhere.status_code, nowhere.json()) == (404, {"detail": "Not Found"})
    assert (wrong_method.status_code, wrong_method.json()) == (
        405,
        {"detail": "Method Not Allowed"},
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_sites_page_changes_nothing(api: httpx2.Client, method: str) -> None:
    """403 for every verb that changes something."""
    path = "/posts" if method == "POST" else "/posts/1"

    answer = api.request(
        method, path, json=post_data("x"), headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert answer.json() == {"detail": "This request comes from another site."}
    assert api.get("/posts/1").status_code == 200


def test_every_status_is_documented(api: httpx2.Client) -> None:
    """OpenAPI knows what each endpoint answers with; the pages are not in it."""
    schema = api.get(str(api.base_url.copy_with(path="/openapi.json"))).json()
    documented = {
        f"{method.upper()} {path}": sorted(operation["responses"])
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }

    assert documented == {
        "GET /api/posts": ["200", "422"],
        "POST /api/posts": ["201", "403", "409", "422"],
        "GET /api/posts/{post_id}": ["200", "404", "422"],
        "PUT /api/posts/{post_id}": ["200", "403", "404", "409", "422"],
        "PATCH /api/posts/{post_id}": ["200", "403", "404", "409", "422"],
        "DELETE /api/posts/{post_id}": ["204", "403", "404", "422"],
        "GET /api/comments": ["200", "422"],
        "GET /api/posts/{post_id}/comments": ["200", "404", "422"],
        "POST /api/posts/{post_id}/comments": ["201", "403", "404", "409", "422"],
        "GET /api/comments/{comment_id}": ["200", "404", "422"],
        "PUT /api/comments/{comment_id}": ["200", "403", "404", "422"],
        "PATCH /api/comments/{comment_id}": ["200", "403", "404", "422"],
        "DELETE /api/comments/{comment_id}": ["204", "403", "404", "422"],
        "GET /api/authors": ["200"],
        "GET /api/tags": ["200"],
    }
    assert schema["info"]["title"] == "The Long Table"
    patch = schema["components"]["schemas"]["PostPatch"]
    assert "required" not in patch
    assert all("default" not in field for field in patch["properties"].values())


def test_the_documentation_is_at_docs(api: httpx2.Client) -> None:
    """In DEBUG; the pages link to it."""
    root = api.base_url.copy_with(path="/")

    assert api.get(str(root.copy_with(path="/docs"))).status_code == 200
    assert 'href="/docs"' in api.get(str(root)).text
