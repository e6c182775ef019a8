"""raystack-hello, the example that people copy."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from code_blocks import Reader, blocks_of
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import Kernel, Raystack, SettingsError, use_kernel

EXAMPLE = Path(__file__).parents[2] / "examples" / "raystack-hello"
MakeApp = Callable[..., Raystack]


@pytest.fixture
def hello(workshop: Workshop) -> Path:
    """Install the example as pip would; return the folder it is in."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    entry_points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    )
    info = workshop.site / f"raystack_hello-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: raystack-hello\nVersion: {project['version']}\n")
    (info / "entry_points.txt").write_text(entry_points)
    (workshop.site / "raystack_hello").symlink_to(EXAMPLE / "src" / "raystack_hello")
    return workshop.site


@pytest.fixture
def make_app(hello: Path) -> Iterator[MakeApp]:
    """Build an application with the example and raystack-middleware."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Raystack:
            given = {"PLUGINS": ["hello", "middleware"], "ALLOWED_HOSTS": ["testserver"]}
            kernel = Kernel(settings={**given, **settings})
            stack.enter_context(use_kernel(kernel))
            return Raystack(kernel)

        yield make


def test_the_readme_is_true(hello: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.env["PYTHONPATH"] = str(hello)

    for block in blocks_of(EXAMPLE / "README.md"):
        reader.follow(block)


def test_the_greeting_is_on_every_answer(
    make_app: MakeApp, client: Callable[..., TestClient]
) -> None:
    """On a 500 and a refused host as well, which only the outer layer sees."""
    app = make_app()

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError

    with client(app) as visitor:
        answers = [
            visitor.get("/hello/Ann"),
            visitor.get("/nowhere"),
            visitor.get("/broken"),
            visitor.get("/", headers={"Host": "evil"}),
        ]

    assert [(answer.status_code, answer.headers["X-Greeting"]) for answer in answers] == [
        (200, "Hello"),
        (404, "Hello"),
        (500, "Hello"),
        (400, "Hello"),
    ]


@pytest.mark.parametrize("greeting", ["Привет", "a\r\nSet-Cookie: x=1", "a\n", "a\x00", "a\tb"])
def test_a_greeting_that_no_header_can_hold_is_refused(make_app: MakeApp, greeting: str) -> None:
    with pytest.raises(SettingsError) as raised:
        make_app(HELLO_GREETING=greeting)
    assert str(raised.value) == (
        "HELLO_GREETING (from Kernel(...)) should be printable ASCII: it is the value of a header. "
        "It belongs to raystack-hello."
    )


@pytest.mark.parametrize(("greeting", "sent"), [(" Good day ", "Good day"), ("", ""), ("~!", "~!")])
def test_another_greeting_may_be_set(make_app: MakeApp, greeting: str, sent: str) -> None:
    assert TestClient(make_app(HELLO_GREETING=greeting)).get("/").headers["X-Greeting"] == sent
