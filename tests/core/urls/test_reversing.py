"""reverse(): from a name and parameters to a url."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.datastructures import QueryParams, URLPath
from starlette.routing import Host, Mount, NoMatchFound, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Kernel, NoReverseMatch, Raystack, reverse, use_kernel


async def nothing() -> None:
    """An endpoint."""


@pytest.fixture
def app() -> Iterator[Raystack]:
    """The active application of a kernel without plugins."""
    with use_kernel(Kernel(discover=False)) as kernel:
        yield Raystack(kernel)


@pytest.fixture
def urls(app: Raystack) -> Any:
    """reverse() in an application that has routes of every kind."""
    router = APIRouter()
    router.add_api_route("/", nothing, name="index")
    router.add_api_route("/archive", nothing, name="archive")
    router.add_api_route("/archive/{year:int}", nothing, name="archive")
    router.add_api_route("/posts/{slug}", nothing, name="post")
    router.add_api_route("/price/{amount:float}", nothing, name="price")
    router.add_api_route("/by-id/{id:uuid}", nothing, name="by_id")
    router.add_api_route("/files/{path:path}", nothing, name="file")
    router.add_api_route("/search/{query}", nothing, name="search")
    router.add_api_route("/über uns/100%", nothing, name="about")
    router.add_api_route("/{code:int}/either", nothing, name="either")
    router.add_api_route("/{code}/or", nothing, name="either")
    router.add_api_websocket_route("/live/{room}", nothing, name="live")
    app.include_router(router, prefix="/blog")
    app.add_api_route("/{start:path}", nothing, name="anything")
    inner = Route("/{id:int}", nothing, name="detail")
    app.router.routes += [
        Mount("/static", StaticFiles(directory="."), name="static"),
        Mount("/of/{user}", routes=[inner, Route("/{user}", nothing, name="twice")], name="of"),
        Mount("/open", routes=[Route("/door", nothing, name="door")]),
        Host("{tenant}.example.org", FastAPI(routes=[inner]), name="tenant"),
    ]
    return reverse


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("index", {}, "/blog/"),
        ("archive", {}, "/blog/archive"),
        ("archive", {"year": 2026}, "/blog/archive/2026"),
        ("archive", {"year": "2026"}, "/blog/archive/2026"),
        ("post", {"slug": "a b/c".replace("/", "?")}, "/blog/posts/a%20b%3Fc"),
        ("post", {"slug": "100%"}, "/blog/posts/100%25"),
        ("post", {"slug": "größe#1"}, "/blog/posts/gr%C3%B6%C3%9Fe%231"),
        ("post", {"slug": "a:b@c,d;e=f"}, "/blog/posts/a:b@c,d;e=f"),
        ("post", {"slug": 7}, "/blog/posts/7"),
        ("price", {"amount": 1.5}, "/blog/price/1.5"),
        ("by_id", {"id": uuid.UUID(int=7)}, f"/blog/by-id/{uuid.UUID(int=7)}"),
        ("file", {"path": "a/b c.txt"}, "/blog/files/a/b%20c.txt"),
        ("file", {"path": ""}, "/blog/files/"),
        ("about", {}, "/blog/%C3%BCber%20uns/100%25"),
        ("either", {"code": 7}, "/blog/7/either"),
        ("either", {"code": "x"}, "/blog/x/or"),
        ("live", {"room": "a"}, "/blog/live/a"),
        ("anything", {"start": "/evil.example"}, "/%2Fevil.example"),
        ("static", {"path": "css/a b.css"}, "/static/css/a%20b.css"),
        ("static", {"path": "/css/x.css"}, "/static/css/x.css"),
        ("of:detail", {"user": "ann", "id": 7}, "/of/ann/7"),
        ("of", {"user": "ann", "path": "x"}, "/of/ann/x"),
        ("door", {}, "/open/door"),
        ("tenant:detail", {"tenant": "shop", "id": 7}, "//shop.example.org/7"),
        ("tenant:detail", {"tenant": "a@b:1", "id": 7}, "//a%40b%3A1.example.org/7"),
        ("tenant", {"tenant": "shop", "path": "/x"}, "//shop.example.org/x"),
    ],
)
def test_a_url_is_made_from_a_name(urls: Any, name: str, params: Any, expected: str) -> None:
    """Routes of one name differ by their parameters; values are written and encoded."""
    assert urls(name, **params) == expected


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("post", {"slug": "a/b"}),
        ("post", {"slug": ""}),
        ("post", {"slug": None}),
        ("archive", {"year": "soon"}),
        ("archive", {"year": -1}),
        ("archive", {"year": None}),
        ("price", {"amount": float("nan")}),
        ("by_id", {"id": "7"}),
    ],
)
def test_a_value_that_the_route_would_not_match_is_refused(
    urls: Any, name: str, params: Any
) -> None:
    """A url that leads to a 404 is found here instead; the value is not shown."""
    with pytest.raises(NoReverseMatch, match=r"does not fit /blog/"):
        urls(name, **params)


def test_a_refused_value_is_explained(urls: Any) -> None:
    """The value itself may be a secret, as in a link that resets a password."""
    with pytest.raises(NoReverseMatch) as error:
        urls("post", slug="secret/token")

    assert str(error.value) == (
        'reverse("post"): the value given for "slug" (of type str) does not fit '
        "/blog/posts/{slug}.\n  Expected something that matches [^/]+"
    )


def test_an_unknown_name_is_answered_with_the_closest(urls: Any) -> None:
    """Or with how to see them all."""
    with pytest.raises(NoReverseMatch) as error:
        urls("pots", slug="x")
    assert str(error.value) == 'reverse("pots"): no route has this name. Did you mean "post"?'

    with pytest.raises(NoReverseMatch) as error:
        urls("zzzzzzzz")
    assert str(error.value) == (
        'reverse("zzzzzzzz"): no route has this name. `raystack routes` lists them all.'
    )


def test_wrong_parameters_are_answered_with_the_expected_ones(urls: Any) -> None:
    """Every route of that name is listed."""
    with pytest.raises(NoReverseMatch) as error:
        urls("archive", slug="x")

    assert str(error.value) == (
        'reverse("archive"): wrong parameters. Given: slug.\n'
        "  Expected for /blog/archive: none.\n"
        "  Expected for /blog/archive/{year}: year."
    )


def test_a_query_and_a_fragment_are_added(urls: Any) -> None:
    """As in Django 5.2: lists give their key several times."""
    assert (
        urls("index", query={"q": "a b&c", "tag": ["x", "ü"]})
        == "/blog/?q=a+b%26c&tag=x&tag=%C3%BC"
    )
    assert urls("index", query=QueryParams("a=1&a=2")) == "/blog/?a=1&a=2"
    assert urls("index", query={}) == "/blog/"
    assert urls("index", fragment="part 1") == "/blog/#part%201"
    assert urls("index", query={"q": 1}, fragment="x") == "/blog/?q=1#x"


def test_none_in_a_query_is_refused(urls: Any) -> None:
    """It would be written as the word "None"."""
    with pytest.raises(NoReverseMatch) as error:
        urls("index", query={"q": None})

    assert str(error.value) == (
        "reverse(query=...): None cannot stand in a query string. Leave the key out, or give an "
        "empty string."
    )


def test_parameters_may_be_given_as_a_mapping(urls: Any) -> None:
    """For those that are named like an argument of reverse()."""
    assert urls("search", {"query": "x"}, query={"page": 2}) == "/blog/search/x?page=2"


def test_a_name_added_later_is_known(app: Any, urls: Any) -> None:
    """The names are rebuilt together with the routes."""
    urls("index")
    app.get("/later", name="later")(nothing)

    assert urls("later") == "/later"


def test_url_path_for_answers_as_starlette_does(app: Any, urls: Any) -> None:
    """Unencoded, with protocol and host, and with Starlette's own error."""
    cases: list[tuple[str, dict[str, Any]]] = [
        ("index", {}),
        ("archive", {"year": 7}),
        ("file", {"path": "a b"}),
        ("live", {"room": "a"}),
        ("static", {"path": "/x"}),
        ("of:detail", {"user": "a", "id": 1}),
        ("of", {"user": "a", "path": "x"}),
        ("door", {}),
        ("tenant:detail", {"tenant": "t", "id": 1}),
        ("tenant", {"tenant": "t", "path": "/x"}),
    ]
    plain = APIRouter(routes=app.routes)

    for name, params in cases:
        found: URLPath = app.url_path_for(name, **params)
        expected = plain.url_path_for(name, **params)
        assert (found, found.protocol, found.host) == (expected, expected.protocol, expected.host)
    with pytest.raises(NoMatchFound, match='No route exists for name "of:twice"'):
        app.url_path_for("of:twice", user="a")


def test_a_name_inside_of_a_mount_added_later_is_found_by_url_path_for(app: Any, urls: Any) -> None:
    """A mounted application may grow without notice: FastAPI's search stays behind the index."""
    sub = FastAPI()
    app.mount("/sub", sub, name="sub")
    app.url_path_for("index")
    sub.get("/late", name="late")(nothing)

    assert app.url_path_for("sub:late") == "/sub/late"


@pytest.fixture
def telling(app: Raystack) -> Raystack:
    """An application whose pages answer with a url."""

    @app.get("/url/{item}", name="url")
    def url(item: str) -> str:
        return reverse("url", item=item)

    sub = FastAPI()
    sub.get("/url")(lambda: reverse("url", item="in"))
    app.mount("/sub", sub)
    return app


@pytest.mark.usefixtures("telling")
def test_reverse_speaks_of_the_active_application() -> None:
    """Outside of a request as well."""
    assert reverse("url", item="a b", query={"q": 1}) == "/url/a%20b?q=1"


def test_reverse_adds_the_path_at_which_the_application_is_served(telling: Raystack) -> None:
    """As Django adds its script name; a mount inside of the application does not count."""
    client = TestClient(telling, root_path="/site")

    assert client.get("/site/url/x").json() == "/site/url/x"
    assert client.get("/site/sub/url").json() == "/site/url/in"


def test_reverse_while_the_urls_are_imported_says_that_it_is_too_early(workshop: Workshop) -> None:
    """The route is there, only not yet."""
    workshop.project(
        urls="from fastapi import APIRouter\nfrom raystack import reverse\nrouter = APIRouter()\n"
        "router.add_api_route('/', print, name='index')\nHOME = reverse('index')\n"
    )

    with use_kernel(Kernel(discover=False)) as kernel, pytest.raises(NoReverseMatch) as raised:
        Raystack(kernel).build()

    assert str(raised.value) == (
        'reverse("index"): no route has this name. `raystack routes` lists them all.\n'
        "  The application is still being built: call reverse() in a function that answers a "
        "request, not while its module is imported."
    )
