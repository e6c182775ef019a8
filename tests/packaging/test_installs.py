"""Each part works with only what it declares: installed from its wheel, in a clean environment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from blog_project import copy_blog
from environments import Environment
from servers import Server, free_port, serving

Make = Callable[..., Environment]

SETTINGS = "ALLOWED_HOSTS = ['127.0.0.1']\nSECRET_KEY = 'k' * 50\n"
URLS = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/")
def index(): return {"hello": "world"}
"""
MODEL = """
import raystack_orm
from raystack_orm import models

raystack_orm.configure(databases={"default": "sqlite:///rows.sqlite3"})

class Note(models.Model):
    text = models.CharField(max_length=100)

    class Meta:
        app_label = "notes"

raystack_orm.create_all()
Note.objects.create(text="kept")
print([note.text for note in Note.objects.filter(text__startswith="ke")])
"""

OTHERS = ["sqlalchemy", "jinja2", "typer"]
FILTER = """
from raystack import get_application
app = get_application()
app.build()
print("greet" in app.jinja_env.filters)
"""
LIFESPAN = """
from raystack import get_application
app = get_application()
app.build()
async with app.router.lifespan_context(app):
    print(hasattr(app.state, "guest_book"))
assert not hasattr(app.state, "guest_book")
"""


def write_project(folder: Path, urls: str = URLS) -> Path:
    """Write a project by hand."""
    for path, text in {
        "manage.py": "# raystack\n",
        "config/__init__.py": "",
        "config/settings.py": SETTINGS,
        "config/urls.py": urls,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@contextmanager
def serving_project(environment: Environment, project: Path) -> Iterator[Server]:
    """Serve a project with uvicorn."""
    port = free_port()
    command = [str(environment.python), "-m", "uvicorn", "raystack.asgi:app", "--port", str(port)]
    with serving(command, project, port, {"PYTHONPATH": "", "RAYSTACK_PROJECT": ""}) as server:
        yield server


def served(environment: Environment, project: Path) -> tuple[int, str]:
    """Serve a project and return the answer to a request of its first page."""
    with serving_project(environment, project) as server:
        return server.get()


def missing(environment: Environment, cwd: Path, *modules: str) -> list[str]:
    """Name those of the modules that are not installed."""
    return [module for module in modules if not environment.can_import(module, cwd)]


def test_core_alone_serves_a_fastapi_project(environment: Make, tmp_path: Path) -> None:
    """The kernel needs no other part, and none of their libraries."""
    made = environment("raystack-core[server]")
    project = write_project(tmp_path / "shop")

    assert served(made, project) == (200, '{"hello":"world"}')
    others = [*OTHERS, "itsdangerous", "raystack_cli", "raystack_orm"]
    assert missing(made, project, *others) == others


def test_core_and_cli_write_and_check_a_project(environment: Make, tmp_path: Path) -> None:
    """A project has no line of a part that is not installed."""
    made = environment("raystack-cli")

    made.raystack("startproject", "shop", cwd=tmp_path)
    project = tmp_path / "shop"

    assert made.raystack("check", cwd=project) == "No problems.\n"
    assert "startproject" in made.run("manage.py", "--help", cwd=project)
    assert "DATABASES" not in (project / "config" / "settings.py").read_text()
    assert not (project / "templates").exists()
    assert missing(made, project, "sqlalchemy", "itsdangerous") == ["sqlalchemy", "itsdangerous"]


def test_core_and_orm_keep_rows(environment: Make, tmp_path: Path) -> None:
    """The ORM works in a script, without a project."""
    made = environment("raystack-orm")
    (tmp_path / "notes.py").write_text(MODEL)

    assert made.run("notes.py", cwd=tmp_path) == "['kept']\n"
    assert missing(made, tmp_path, "jinja2", "typer") == ["jinja2", "typer"]


def test_core_and_templates_render(environment: Make, tmp_path: Path) -> None:
    """Templates are found and escaped without any other part."""
    made = environment("raystack-templates", "raystack-core[server]")
    urls = URLS.replace('{"hello": "world"}', 'render_template("hi.html", {"name": "<Ann>"})')
    project = write_project(
        tmp_path / "shop", "from raystack_templates import render_template\n" + urls
    )
    (project / "templates").mkdir()
    (project / "templates" / "hi.html").write_text("Hi {{ name }}")

    assert served(made, project) == (200, "Hi &lt;Ann&gt;")
    assert missing(made, project, "sqlalchemy", "typer") == ["sqlalchemy", "typer"]


def test_core_and_middleware_keep_a_session(environment: Make, tmp_path: Path) -> None:
    """Installing the middleware is all it takes."""
    made = environment("raystack-middleware", "raystack-core[test]")
    project = write_project(tmp_path / "shop")
    (project / "use.py").write_text(
        "from fastapi import Request\n"
        "from starlette.testclient import TestClient\n"
        "from raystack import Raystack\n"
        "app = Raystack()\n"
        "@app.get('/count')\n"
        "def count(request: Request):\n"
        "    request.session['n'] = request.session.get('n', 0) + 1\n"
        "    return request.session['n']\n"
        "client = TestClient(app, base_url='https://127.0.0.1')\n"
        "print([client.get('/count').json() for _ in range(3)])\n"
        "print(client.get('/count').headers['x-content-type-options'])\n"
    )

    assert made.run("use.py", cwd=project) == "[1, 2, 3]\nnosniff\n"
    assert missing(made, project, *OTHERS) == OTHERS


def test_everything_serves_a_new_project(environment: Make, tmp_path: Path) -> None:
    """``pip install raystack`` leads to a served project in four commands."""
    made = environment("raystack")

    made.raystack("startproject", "shop", cwd=tmp_path)
    project = tmp_path / "shop"
    made.raystack("startapp", "orders", cwd=project)
    made.raystack("migrate", cwd=project)

    assert "DATABASES" in (project / "config" / "settings.py").read_text()
    assert (project / "apps" / "orders" / "models.py").is_file()
    assert served(made, project)[0] == 200


def test_everything_is_all_that_the_example_blog_needs(environment: Make, tmp_path: Path) -> None:
    """The demo runs on what ``raystack`` declares, forms included."""
    made = environment("raystack")
    project = copy_blog(tmp_path)

    made.raystack("migrate", cwd=project)
    made.raystack("seed", cwd=project)

    status, page = served(made, project)
    assert (status, "<h1" in page) == (200, True)


def hello_in(made: Environment, project: Path) -> dict[str, bool]:
    """Say which of raystack-hello's seven contributions a project has."""
    settings = made.raystack("settings", cwd=project)
    silent = {"RAYSTACK_HELLO_GREETING": ""} if "HELLO_GREETING" in settings else {}
    with serving_project(made, project) as server:
        with urlopen(f"{server.url}/", timeout=10) as answer:
            greeting = answer.headers["X-Greeting"]
        route = server.get("/hello/Ann")
    return {
        "setting": "HELLO_GREETING" in settings,
        "route": route == (200, '{"greeting":"Hello, Ann!","guests":1}'),
        "middleware": greeting == "Hello",
        "command": "greet" in made.raystack("--help", cwd=project),
        "filter": made.raystack("shell", "-c", FILTER, cwd=project) == "True\n",
        "check": "hello.W001" in made.raystack("check", cwd=project, env=silent),
        "lifespan": made.raystack("shell", "-c", LIFESPAN, cwd=project) == "True\n",
    }


def test_a_plugin_appears_when_installed_and_vanishes_when_not(
    environment: Make, tmp_path: Path
) -> None:
    """All that it contributes; nothing in the project names it."""
    made = environment("raystack", "raystack-hello")
    made.raystack("startproject", "shop", cwd=tmp_path)
    project = tmp_path / "shop"
    names = ("setting", "route", "middleware", "command", "filter", "check", "lifespan")

    assert hello_in(made, project) == dict.fromkeys(names, True)
    assert made.raystack("greet", "--name", "Ann", cwd=project) == "Hello, Ann!\n"

    made.uninstall("raystack-hello")

    assert hello_in(made, project) == dict.fromkeys(names, False)
