"""The order of middleware: layers, wishes, the project's own, and what cannot be ordered."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from workshop import Workshop, plugin

from raystack import ImproperlyConfigured, Kernel, Middleware, MiddlewareError, Raystack
from raystack.checks.run import run_checks


class Noting:
    """Writes its name down when a request passes."""

    seen: list[str]

    def __init__(self, app: Any, name: str = "", **_options: Any) -> None:
        self.app = app
        self.name = name

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            Noting.seen.append(self.name)
        await self.app(scope, receive, send)


def entry(name: str, **place: Any) -> Middleware:
    """Make an entry that notes its name."""
    return Middleware(name, Noting, {"name": name}, **place)


def application(*entries: Middleware, **settings: Any) -> Raystack:
    """Make an application with these entries of a plugin."""
    contributed = plugin("acme_layers", raystack_middleware=lambda settings: list(entries))
    return Raystack(Kernel(discover=False, plugins=[contributed], settings=settings))


def order(app: Raystack) -> list[str]:
    """Name the middleware in the order in which a request passes it."""
    Noting.seen = []
    TestClient(app, raise_server_exceptions=False).get("/")
    return Noting.seen


def mistake(app: Raystack) -> str:
    """Build an application and return the error it ends in."""
    with pytest.raises(MiddlewareError) as caught:
        app.build()
    return str(caught.value)


def test_wishes_decide_the_order(workshop: Workshop) -> None:
    app = application(
        entry("c", after={"b"}), entry("b"), entry("a", before={"b"}), entry("d", after={"a"})
    )

    assert order(app) == ["a", "b", "c", "d"]


def test_the_outer_layer_goes_first_and_added_middleware_in_between(workshop: Workshop) -> None:
    app = application(entry("inner"), entry("outer", layer="outer"))
    app.add_middleware(Noting, name="added")

    assert order(app) == ["outer", "added", "inner"]


def test_the_outer_layer_sees_the_answer_to_an_error(workshop: Workshop) -> None:
    """A header set inside of FastAPI's stack is missing on a 500."""

    class Header:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def with_header(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], (b"x-outer", b"1")]
                await send(message)

            await self.app(scope, receive, with_header)

    app = application(Middleware("header", Header, layer="outer"))

    @app.get("/")
    def broken() -> None:
        raise ValueError

    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert (answer.status_code, answer.headers["x-outer"]) == (500, "1")


def test_the_project_appends_its_own_and_turns_others_off(workshop: Workshop) -> None:
    app = application(entry("a"), entry("b"), MIDDLEWARE=["-a", entry("own")])

    assert order(app) == ["b", "own"]


def test_a_middleware_may_be_named_by_its_path(workshop: Workshop) -> None:
    workshop.project(settings="MIDDLEWARE = ['core.noting.Quiet']")
    workshop.write("core/__init__.py", "")
    workshop.write("core/noting.py", "class Quiet:\n    def __init__(self, app): self.app = app\n")

    assert [m.name for m in Raystack(Kernel(discover=False)).layers.inner] == ["core.noting.Quiet"]


def test_a_cycle_names_all_and_their_owners(workshop: Workshop) -> None:
    message = mistake(application(entry("a", after={"b"}), entry("b", after={"a"})))

    assert "cannot be put in an order, each has to come before the next: " in message
    assert '"a" (the app acme_layers) -> "b" (the app acme_layers)' in message
    assert 'Turn one off in MIDDLEWARE, as "-' in message


def test_an_unknown_name_is_an_error_with_the_nearest(workshop: Workshop) -> None:
    message = mistake(application(entry("sessions"), entry("mine", after={"session"})))

    assert message == (
        'The middleware "mine" of the app acme_layers wants a place next to "session", which does '
        'not exist. Did you mean "sessions"?\n  Middleware there is: mine, sessions.'
    )


def test_a_name_taken_twice_names_both_owners(workshop: Workshop) -> None:
    message = mistake(application(entry("a"), MIDDLEWARE=[entry("a")]))

    assert message == (
        'The middleware name "a" is taken twice: by the app acme_layers and by the setting '
        "MIDDLEWARE. One of them has to rename it."
    )


def test_turning_off_what_is_not_there_is_an_error(workshop: Workshop) -> None:
    assert mistake(application(entry("csrf"), MIDDLEWARE=["-crsf"])) == (
        'MIDDLEWARE turns off "crsf", which does not exist. Did you mean "csrf"?'
    )


def test_the_inner_layer_cannot_come_before_the_outer(workshop: Workshop) -> None:
    message = mistake(application(entry("o", layer="outer"), entry("i", before={"o"})))

    assert message.startswith(
        'The middleware "i" is in the inner layer and cannot come before "o", which is in the '
        "outer one."
    )


def test_a_wish_about_what_is_turned_off_is_forgotten(workshop: Workshop) -> None:
    app = application(entry("a"), entry("b", after={"a"}), MIDDLEWARE=["-a"])

    assert order(app) == ["b"]


def test_a_path_that_cannot_be_imported_is_named(workshop: Workshop) -> None:
    assert mistake(application(MIDDLEWARE=["core.nowhere.Thing"])).startswith(
        "MIDDLEWARE lists 'core.nowhere.Thing', which cannot be imported: "
    )


class Broken:
    """Cannot be made."""

    def __init__(self, app: Any, error: Exception | None = None) -> None:
        raise error or ValueError("no")


@pytest.mark.parametrize(
    ("app", "told"),
    [
        (
            lambda: application(Middleware("half", Broken)),
            'The middleware "half" of the app acme_layers cannot be made: ValueError no.\n'
            '  {here}, line {line}: raise error or ValueError("no")\n'
            '  Repair it, or turn it off: MIDDLEWARE = ["-half"].',
        ),
        (
            lambda: application(Middleware("half", Broken, {"nonsense": 1}, layer="outer")),
            'The middleware "half" of the app acme_layers cannot be made: TypeError '
            "Broken.__init__() got an unexpected keyword argument 'nonsense'.\n"
            '  Repair it, or turn it off: MIDDLEWARE = ["-half"].',
        ),
        (
            lambda: application(
                Middleware("half", Broken, {"error": ImproperlyConfigured("Set X.\n  Like this.")})
            ),
            'The middleware "half" of the app acme_layers cannot be made: ImproperlyConfigured '
            "Set X.\n  Like this.\n"
            '  Repair it, or turn it off: MIDDLEWARE = ["-half"].',
        ),
        (
            lambda: application(MIDDLEWARE=[Middleware("own", Broken)]),
            'The middleware "own" of the setting MIDDLEWARE cannot be made: ValueError no.\n'
            '  {here}, line {line}: raise error or ValueError("no")\n'
            "  Repair it, or take it out of MIDDLEWARE.",
        ),
    ],
    ids=["inner", "outer", "well reported", "own"],
)
def test_a_middleware_that_cannot_be_made_is_named(
    workshop: Workshop, app: Callable[[], Raystack], told: str
) -> None:
    line = Broken.__init__.__code__.co_firstlineno + 1
    with pytest.raises(MiddlewareError) as caught:
        app().assemble()

    assert str(caught.value) == told.format(here=__file__, line=line)


def test_an_added_middleware_that_cannot_be_made_is_named(workshop: Workshop) -> None:
    app = application()
    app.add_middleware(Noting, "positional", nonsense=1)
    app.assemble()
    app.add_middleware(Broken, error=KeyError("X"))

    with pytest.raises(MiddlewareError) as caught:
        app.assemble()

    line = Broken.__init__.__code__.co_firstlineno + 1
    assert str(caught.value) == (
        "The middleware \"Broken\" of the project cannot be made: KeyError 'X'.\n"
        f'  {__file__}, line {line}: raise error or ValueError("no")\n'
        "  Repair it, or take out the add_middleware() that adds it."
    )


def test_a_middleware_that_cannot_be_made_stops_the_check(workshop: Workshop) -> None:
    kernel = application(Middleware("half", Broken)).kernel

    with pytest.raises(MiddlewareError, match='The middleware "half" of the app acme_layers'):
        run_checks(kernel)
