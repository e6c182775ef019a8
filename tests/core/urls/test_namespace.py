"""include(): a router of another module, under a namespace."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Form
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from raystack import RouteError, include

BLOG = """
from fastapi import APIRouter

router = APIRouter(prefix="/posts", tags=["blog"])


@router.get("/{slug}", name="detail")
async def show_post(slug: str) -> str:
    return slug


@router.get("/")
async def list_posts() -> str:
    return "all"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    (tmp_path / "urls_of_blog.py").write_text(BLOG)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def names(app: Any) -> list[str]:
    return [info.name for info in app.router.iter_routes() if info.name and info.owner == "test"]


def add(app: Any, router: APIRouter, prefix: str = "") -> None:
    with app.router.owned_by("test"):
        app.include_router(router, prefix=prefix)


def one_route() -> APIRouter:
    router = APIRouter()

    @router.get("/one")
    async def read_one() -> str:
        return "one"

    return router


def test_the_routers_names_get_the_namespace(app: Any, client: TestClient, project: Path) -> None:
    """A name given by hand and one taken from the function are both in it."""
    add(app, include("urls_of_blog", namespace="blog"), "/blog")

    assert names(app) == ["blog:detail", "blog:list_posts"]
    assert client.get(app.url_path_for("blog:detail", slug="x")).json() == "x"


def test_urls_are_included_from_a_name_a_module_or_a_router(app: Any, project: Path) -> None:
    """The name is imported; the router is the module's attribute ``router``."""
    import urls_of_blog  # type: ignore[import-not-found]  # written by the fixture

    for number, urls in enumerate(("urls_of_blog", urls_of_blog, urls_of_blog.router)):
        add(app, include(urls), f"/{number}")

    assert names(app) == ["detail", "list_posts"] * 3


def test_the_original_router_is_left_alone(project: Path) -> None:
    """It can be included elsewhere under its own names."""
    router = one_route()
    route = router.routes[0]

    included = include(router, namespace="a")

    assert included is not router
    assert router.routes == [route]
    assert router.routes[0].name == "read_one"  # type: ignore[attr-defined]


def test_the_same_urls_are_included_twice(app: Any, client: TestClient, project: Path) -> None:
    """Each time with its own prefix and namespace."""
    add(app, include("urls_of_blog", namespace="news"), "/news")
    add(app, include("urls_of_blog", namespace="blog"), "/blog")

    assert str(app.url_path_for("news:detail", slug="x")) == "/news/posts/x"
    assert str(app.url_path_for("blog:detail", slug="x")) == "/blog/posts/x"
    assert client.get("/news/posts/x").json() == client.get("/blog/posts/x").json() == "x"


def test_namespaces_nest(app: Any) -> None:
    """Each include() puts its own in front, also of routers that were included plainly."""
    inner, middle, outer = one_route(), APIRouter(), APIRouter()
    middle.include_router(include(inner, namespace="c"), prefix="/c")
    middle.include_router(one_route(), prefix="/plain")
    outer.include_router(include(middle, namespace="b"), prefix="/b")

    add(app, include(outer, namespace="a"), "/a")

    assert names(app) == ["a:b:c:read_one", "a:b:read_one"]
    assert str(app.url_path_for("a:b:c:read_one")) == "/a/b/c/one"


def test_mounts_and_websockets_are_in_the_namespace(app: Any) -> None:
    """So are the names inside of a mount without a name."""
    router = one_route()
    router.add_websocket_route("/live", PlainTextResponse, name="live")  # type: ignore[arg-type]
    router.routes.append(Mount("/static", PlainTextResponse("file"), name="static"))
    router.routes.append(Mount("/unnamed", routes=list(one_route().routes)))

    add(app, include(router, namespace="blog"))

    assert names(app) == ["blog:read_one", "blog:live", "blog:static", "blog"]
    assert str(app.url_path_for("blog:static", path="/x.css")) == "/static/x.css"
    assert app.router.reverser.url("blog:live", {}) == "/live"


def test_everything_else_of_the_router_is_kept(app: Any, client: TestClient) -> None:
    """Prefix, tags, dependencies, response class, lifespan: as if the original was included."""
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[dict[str, str]]:
        events.append("enter")
        yield {"made": "here"}
        events.append("leave")

    async def guard() -> None:
        events.append("guarded")

    router = APIRouter(
        prefix="/in",
        tags=["tag"],
        dependencies=[Depends(guard)],
        default_response_class=PlainTextResponse,
        lifespan=lifespan,
    )
    router.get("/read")(lambda: "plain")
    add(app, include(router, namespace="ns"), "/out")

    with TestClient(app) as running:
        assert running.get("/out/in/read").text == "plain"
    assert events == ["enter", "guarded", "leave"]
    assert app.openapi()["paths"]["/out/in/read"]["get"]["tags"] == ["tag"]


def test_limits_and_frontends_are_kept(app: Any, client: TestClient, tmp_path: Path) -> None:
    """What stays with FastAPI's own dispatch is found through a namespace too."""
    (tmp_path / "index.html").write_text("the front page")

    async def count(number: Annotated[list[int], Form()]) -> int:
        return len(number)

    inner = APIRouter(form_limits={"max_fields": 1})
    inner.post("/count")(count)
    router = APIRouter()
    router.include_router(inner)
    router.frontend("/site", directory=tmp_path)
    add(app, include(router, namespace="ns"))

    assert client.post("/count", data={"number": ["1", "2"]}).status_code == 400
    assert client.get("/site/").text == "the front page"
    assert str(app.url_path_for("ns:count")) == "/count"


def test_openapi_speaks_of_the_function_and_not_of_the_namespace(app: Any, project: Path) -> None:
    """The summary reads as in FastAPI; operation ids stay unique with two namespaces."""
    add(app, include("urls_of_blog", namespace="news"), "/news")
    add(app, include("urls_of_blog", namespace="blog"), "/blog")
    plain = FastAPI()
    plain.include_router(include("urls_of_blog"), prefix="/news")

    paths, expected = app.openapi()["paths"], plain.openapi()["paths"]

    operations = [paths[path]["get"] for path in paths]
    assert operations[0]["summary"] == expected["/news/posts/{slug}"]["get"]["summary"] == "Detail"
    assert operations[1]["summary"] == "List Posts"
    assert len({operation["operationId"] for operation in operations}) == 4


def test_a_route_added_to_the_original_afterwards_raises(app: Any) -> None:
    """The copy would not have it."""
    inner, router = one_route(), one_route()
    router.include_router(inner, prefix="/inner")
    add(app, include(router, namespace="blog"))

    for changed in (router, inner):
        with pytest.raises(RouteError) as error:
            changed.get("/late")(lambda: "late")
        assert str(error.value).startswith(
            "A route was added to a router too late. "
            "The router was given to include() before, which has copied its routes.\n"
        )


def test_a_subclass_of_apiroute_stays_one(app: Any, client: TestClient) -> None:
    """Its handler is called, and attributes of its own are there."""

    class LoudRoute(APIRoute):
        volume = 11

    router = APIRouter(route_class=LoudRoute)
    router.get("/one")(lambda: "one")
    router.routes[0].extra = "own"  # type: ignore[attr-defined]

    add(app, include(router, namespace="blog"))

    route = app.router.build().flat[-1].route
    assert type(route) is LoudRoute
    assert (route.extra, route.name) == ("own", "blog:<lambda>")  # type: ignore[attr-defined]


def test_a_missing_module_is_named(project: Path) -> None:
    """Also when it is a part of the way that is missing."""
    (project / "apps_here").mkdir()
    (project / "apps_here" / "__init__.py").write_text("")

    for name, missing in (("no_such.urls", "no_such"), ("apps_here.urls", "apps_here.urls")):
        with pytest.raises(RouteError) as error:
            include(name)
        assert str(error.value) == (
            f'include("{name}"): there is no module "{missing}".\n'
            "  Check the spelling, that each folder on the way has an __init__.py, and that you "
            "run from inside of the project."
        )


def test_an_import_error_inside_of_the_module_is_not_masked(project: Path) -> None:
    """The error is the module's own, with its own traceback."""
    (project / "broken_urls.py").write_text("import missing_dependency")

    with pytest.raises(ModuleNotFoundError, match="No module named 'missing_dependency'"):
        include("broken_urls")


def test_a_module_without_a_router_is_named(project: Path) -> None:
    """The message has the file, and what to write into it."""
    file = project / "no_router.py"
    file.write_text("")

    with pytest.raises(RouteError) as error:
        include("no_router")

    assert str(error.value) == (
        f"include(): no_router has no router ({file}).\n"
        "  Write in it: router = APIRouter(). If it does, its import is not finished: look for a "
        "module that includes itself."
    )


def test_a_router_of_another_class_is_named(project: Path) -> None:
    """Another ASGI application is mounted instead."""
    file = project / "an_application.py"
    file.write_text("from fastapi import FastAPI\nrouter = FastAPI()")

    with pytest.raises(RouteError) as error:
        include("an_application")

    assert str(error.value) == (
        f"include(): router in an_application is a FastAPI, not an APIRouter ({file}).\n"
        "  Write in it: router = APIRouter(). Another ASGI application is mounted: "
        "router.mount(path, app)."
    )


@pytest.mark.parametrize("namespace", ["", "a:b"])
def test_a_malformed_namespace_is_refused(namespace: str) -> None:
    """A colon stands between namespaces, so none has one inside."""
    with pytest.raises(RouteError) as error:
        include(APIRouter(), namespace=namespace)

    assert str(error.value) == (
        f"include(namespace={namespace!r}): a namespace is a name without a colon. Nest include() "
        "calls for nested namespaces."
    )


@pytest.mark.usefixtures("another_fastapi")
def test_a_namespace_around_an_include_of_an_unknown_kind_is_refused() -> None:
    """Its names would be served without the namespace, and the first reverse() would say so."""
    router = APIRouter()
    router.include_router(APIRouter())

    with pytest.raises(RouteError) as error:
        include(router, namespace="shop")

    assert str(error.value) == (
        "include(The router, namespace='shop'): it includes a router in a way that Raystack does "
        "not know (_IncludedRouter). Give the namespace to an include() inside of it instead."
    )
