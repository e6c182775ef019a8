"""The comment form of the example blog, on a real server."""

import html
import re
from collections.abc import Iterator

import httpx2
import pytest
from blog_project import serving_blog

GOOD = {"name": "Ann Example", "email": "ann@example.org", "body": "I have tried it.\n\nIt works."}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_blog(tmp_path_factory.mktemp("comments")) as server:
        yield server.url


@pytest.fixture
def visitor(url: str) -> Iterator[httpx2.Client]:
    """A visitor with cookies of their own."""
    with httpx2.Client(base_url=url) as client:
        yield client


def shown(page: httpx2.Response) -> int:
    """Return how many comments a page shows."""
    return len(re.findall('<li class="comment"', page.text))


def errors(page: httpx2.Response) -> dict[str, str]:
    """Return the errors that are shown at the fields."""
    found = re.findall('<p class="wrong" id="wrong-([a-z]+)">(.*?)</p>', page.text)
    return {name: html.unescape(text) for name, text in found}


def test_a_comment_is_posted_and_confirmed_once(visitor: httpx2.Client) -> None:
    """Redirect after POST; the confirmation comes through the session and is gone on reload."""
    before = shown(visitor.get("/posts/hello"))

    answer = visitor.post("/posts/hello", data=GOOD)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/posts/hello#comments"

    page = visitor.get("/posts/hello")
    assert shown(page) == before + 1
    assert "Thank you, Ann Example. Your comment is below." in page.text
    assert '<p class="text">I have tried it.\n\nIt works.</p>' in page.text
    assert "ann@example.org" not in page.text
    assert "Thank you" not in visitor.get("/posts/hello").text


def test_the_confirmation_is_the_visitors_own(url: str, visitor: httpx2.Client) -> None:
    """Another visitor sees the comment and no thanks."""
    visitor.post("/posts/null-is-not-a-value", data=GOOD)

    with httpx2.Client(base_url=url) as other:
        assert "Thank you, Ann" not in other.get("/posts/null-is-not-a-value").text
    assert "Thank you, Ann" in visitor.get("/posts/null-is-not-a-value").text


def test_an_empty_form_names_each_field(visitor: httpx2.Client) -> None:
    """Errors stand at their fields, tied to them for screen readers; nothing is stored."""
    page = visitor.post("/posts/measure-first", data={"name": " ", "email": "", "body": "\r\n"})

    assert page.status_code == 422
    assert errors(page) == {
        "name": "Your name is missing.",
        "email": "Your e-mail address is missing.",
        "body": "The comment is empty.",
    }
    for field in ("name", "email", "body"):
        assert re.search(
            f'id="comment-form-{field}"[^>]*aria-invalid="true" aria-describedby="wrong-{field}"',
            page.text,
        )
    assert "3 things are not right yet." in page.text
    assert shown(page) == 2


def test_what_was_typed_is_kept(visitor: httpx2.Client) -> None:
    """The wrong value, too: people correct faster than they retype."""
    page = visitor.post(
        "/posts/measure-first", data=GOOD | {"email": "ann@", "name": "Ann O'Neill & Söhne"}
    )

    assert errors(page) == {
        "email": "This e-mail address is not complete: name@example.org.",
    }
    text = html.unescape(page.text)
    assert 'value="Ann O\'Neill & Söhne"' in text
    assert 'value="ann@"' in text
    assert ">\nI have tried it.\n\nIt works.</textarea>" in text


def test_missing_fields_are_empty_fields(visitor: httpx2.Client) -> None:
    """A form that is sent without its fields is answered like an empty one."""
    assert set(errors(visitor.post("/posts/hello", data={"x": "1"}))) == {"name", "email", "body"}
    assert set(errors(visitor.post("/posts/hello"))) == {"name", "email", "body"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "x" * 81, "This is too long: 80 characters at most."),
        ("email", "a" * 250 + "@b.cd", "This is too long: 254 characters at most."),
        ("email", "no address", "This e-mail address is not complete: name@example.org."),
        ("email", "a@b@c.d", "This e-mail address is not complete: name@example.org."),
        ("body", "x" * 4001, "This is too long: 4000 characters at most."),
        ("body", "a\0b", "The text contains a nul character."),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    visitor: httpx2.Client, field: str, value: str, message: str
) -> None:
    """Lengths are those of the columns; PostgreSQL could not store a NUL."""
    page = visitor.post("/posts/measure-first", data=GOOD | {field: value})

    assert page.status_code == 422
    assert errors(page) == {field: message}


def test_a_line_end_counts_as_one_character(visitor: httpx2.Client) -> None:
    """Browsers send two and count one: what the field accepts, the server accepts."""
    body = "x\r\n" * 1999 + "xx"
    assert len(body.replace("\r\n", "\n")) == 4000

    answer = visitor.post("/posts/sharp-enough", data=GOOD | {"body": body})

    assert answer.status_code == 303


def test_the_same_comment_twice_is_a_mistake(visitor: httpx2.Client) -> None:
    """A double click leaves one comment."""
    assert visitor.post("/posts/truing-a-wheel", data=GOOD).status_code == 303
    page = visitor.post("/posts/truing-a-wheel", data=GOOD)

    assert page.status_code == 422
    assert errors(page) == {"body": "You have posted this comment already."}


def test_xs_01_markup_in_a_comment_is_text(visitor: httpx2.Client) -> None:
    """XS-01, XS-05: in the name, in the text, in the confirmation, and back in the fields."""
    evil = {
        "name": "<script>alert(1)</script>",
        "email": "x\"onfocus=alert(1)autofocus='@evil.example",
        "body": "</textarea></p><img src=x onerror=alert(1)>",
    }
    again = visitor.post("/posts/boring-deployments", data=evil | {"email": evil["email"][:-13]})
    assert again.status_code == 422
    posted = visitor.post("/posts/boring-deployments", data=evil)
    assert posted.status_code == 303

    for page in (again, visitor.get("/posts/boring-deployments")):
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert '"onfocus' not in page.text
        assert page.text.count("</textarea>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_a_comment_on_no_post_is_a_404(visitor: httpx2.Client) -> None:
    """The form's address is the post's."""
    assert visitor.post("/posts/nowhere", data=GOOD).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_comment(
    url: str, visitor: httpx2.Client, headers: dict[str, str]
) -> None:
    """What a browser says about the origin of a request decides; nothing is stored."""
    page = visitor.post("/posts/hello", data=GOOD | {"body": "From elsewhere"}, headers=headers)

    assert page.status_code == 403
    assert "Not from there" in page.text
    assert "From elsewhere" not in visitor.get("/posts/hello").text


def test_the_sites_own_page_can_comment(url: str, visitor: httpx2.Client) -> None:
    """Both headers as a browser sends them."""
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}

    answer = visitor.post("/posts/hello", data=GOOD | {"body": "From here"}, headers=headers)
    older = visitor.post(
        "/posts/hello", data=GOOD | {"body": "Older browser"}, headers={"Origin": url}
    )

    assert (answer.status_code, older.status_code) == (303, 303)


def test_the_sessions_cookie_stays_with_the_site(visitor: httpx2.Client) -> None:
    """SE-10: no script reads it, and other sites' forms do not send it."""
    answer = visitor.post("/posts/hello", data=GOOD | {"body": "For the cookie"})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_file_where_text_belongs_is_refused(visitor: httpx2.Client) -> None:
    """A multipart form with a file in a text field gets a page, no traceback."""
    files = {"name": ("x.txt", b"x", "text/plain")}

    page = visitor.post("/posts/hello", data={"email": "a@b.cd", "body": "x"}, files=files)

    assert page.status_code == 422
    assert "That is not what the form sends" in page.text


def test_a_form_cannot_set_more_than_its_fields(visitor: httpx2.Client) -> None:
    """AZ-08: other columns of the table are not the visitor's to set."""
    data = GOOD | {"body": "Mass", "id": "1", "post_id": "1", "created_at": "1999-01-01"}

    visitor.post("/posts/hello", data=data)

    page = visitor.get("/posts/hello").text
    assert "Mass" in page
    assert "1999" not in page
