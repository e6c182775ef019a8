"""The environment: where templates come from, and what hooks and settings add."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jinja2.ext import Extension, do
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import ImproperlyConfigured, PluginError, Raystack, hookimpl
from raystack.checks.run import run_checks
from raystack_templates import get_environment, render_template, render_to_string

MakeSite = Callable[..., Raystack]
MakePlugin = Callable[..., ModuleType]


def test_the_project_comes_before_apps_and_apps_before_plugins(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    """Folders are searched in the order of INSTALLED_APPS; the first that has a name counts."""
    for app in ("blog", "shop"):
        workshop.app(app)
    workshop.project("INSTALLED_APPS = ['apps.blog', 'apps.shop']")
    places = {
        "project": "templates",
        "blog": "apps/blog/templates",
        "shop": "apps/shop/templates",
        "plugin": "plugin",
    }
    for depth, name in enumerate(["plugin", "shop", "blog", "project"]):
        for page in range(depth + 1):
            workshop.write(f"{places[name]}/{page}.html", name)
    plugin = make_plugin("hello", raystack_template_dirs=[workshop.root / "plugin"])
    make_site(plugin)

    rendered = [render_to_string(f"{page}.html") for page in range(4)]
    assert rendered == ["project", "project", "project", "project"]
    for path in (workshop.root / "templates").iterdir():
        path.unlink()
    make_site(plugin)
    assert [render_to_string(f"{page}.html") for page in range(3)] == ["blog", "blog", "blog"]
    (workshop.root / "apps/blog/templates/0.html").unlink()
    (workshop.root / "apps/shop/templates/0.html").unlink()
    make_site(plugin)
    assert [render_to_string(f"{page}.html") for page in (0, 1)] == ["plugin", "blog"]


def test_the_projects_folders_are_a_setting(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("pages/a.html", "from pages")
    absolute = workshop.folder / "elsewhere"
    absolute.mkdir()
    (absolute / "b.html").write_text("from elsewhere")
    make_site(TEMPLATE_DIRS=["pages", absolute])

    assert render_to_string("a.html") == "from pages"
    assert render_to_string("b.html") == "from elsewhere"


def test_each_hook_adds_what_it_says(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.write(
        "templates/page.html",
        "{{ site }} {{ 'a'|shout }} {{ 3 is odd_number }} {% do [1].pop() %}{{ path }}",
    )
    plugin = make_plugin(
        "hello",
        raystack_template_globals={"site": "Shop"},
        raystack_template_filters={"shout": str.upper},
        raystack_template_tests={"odd_number": lambda number: number % 2 == 1},
        raystack_template_extensions=[do],
        raystack_context_processors=[lambda request: {"path": request.url.path}],
    )
    app = make_site(plugin)
    app.get("/here")(lambda: render_template("page.html"))

    assert TestClient(app).get("/here").text == "Shop A True /here"


@pytest.mark.parametrize("kind", ["global", "filter", "test"])
def test_a_name_that_two_plugins_claim_is_an_error_naming_both(
    make_site: MakeSite, make_plugin: MakePlugin, kind: str
) -> None:
    hooks = {f"raystack_template_{kind}s": {"shout": str.upper}}
    one, two = make_plugin("plugin_a", **hooks), make_plugin("plugin_b", **hooks)

    with pytest.raises((PluginError, ImproperlyConfigured)) as raised:
        make_site(one, two)
    assert (
        f'The template {kind} "shout" is claimed twice: by the app plugin_a and by the app '
        "plugin_b. One of them has to rename it, or start without one: RAYSTACK_PLUGINS_DISABLED."
    ) in str(raised.value)


@pytest.mark.parametrize(
    ("kind", "name", "owner"),
    [
        ("filter", "upper", "Jinja2"),
        ("test", "defined", "Jinja2"),
        ("global", "range", "Jinja2"),
        ("global", "static", "the app raystack_templates.plugin"),
    ],
)
def test_pl_03_a_plugin_cannot_shadow_what_is_built_in(
    make_site: MakeSite, make_plugin: MakePlugin, kind: str, name: str, owner: str
) -> None:
    plugin = make_plugin("hello", **{f"raystack_template_{kind}s": {name: str.upper}})

    with pytest.raises((PluginError, ImproperlyConfigured)) as raised:
        make_site(plugin)
    message = str(raised.value)
    assert f'The template {kind} "{name}" is claimed twice: by ' in message
    assert owner in message
    assert "the app hello" in message


def test_a_tag_that_two_plugins_claim_is_an_error(
    make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    class Static(Extension):
        tags = {"static"}  # noqa: RUF012 - as Jinja2 declares it

    with pytest.raises((PluginError, ImproperlyConfigured)) as raised:
        make_site(make_plugin("hello", raystack_template_extensions=[Static]))
    assert 'The template tag "static" is claimed twice' in str(raised.value)


def test_an_extension_that_is_none_is_an_error_naming_the_plugin(
    make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    with pytest.raises((PluginError, ImproperlyConfigured)) as raised:
        make_site(make_plugin("hello", raystack_template_extensions=["jinja2.ext.do"]))
    assert "the app hello returned 'jinja2.ext.do' from raystack_template_extensions." in str(
        raised.value
    )


def test_a_hook_that_wants_the_environment_is_an_error_and_no_deadlock(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = ModuleType("hello")

    def raystack_template_globals(settings: Any) -> Any:
        return {"env": get_environment()}

    raystack_template_globals.__module__ = "hello"
    plugin.raystack_template_globals = hookimpl(raystack_template_globals)  # type: ignore[attr-defined]  # a module
    monkeypatch.setitem(sys.modules, "hello", plugin)

    with pytest.raises((PluginError, ImproperlyConfigured), match="while the environment is being"):
        make_site(plugin)


def test_jinja_env_of_the_application_is_the_one_that_renders(
    workshop: Workshop, make_site: MakeSite
) -> None:
    workshop.write("templates/page.html", "{{ 'a'|shout }}")
    app: Any = make_site()

    app.jinja_env.filters["shout"] = str.upper

    assert app.jinja_env is get_environment()
    assert render_to_string("page.html") == "A"


# Context processors ------------------------------------------------------------------------------


def test_context_processors_come_from_settings_too_and_a_views_names_win(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.write("core/__init__.py", "")
    workshop.write("core/context.py", "def site(request): return {'b': 'own', 'c': 'own'}")
    workshop.write("templates/page.html", "{{ a }} {{ b }} {{ c }}")
    plugin = make_plugin(
        "hello", raystack_context_processors=[lambda request: {"a": "plugin", "b": "plugin"}]
    )
    app = make_site(plugin, TEMPLATE_CONTEXT_PROCESSORS=["core.context.site"])
    app.get("/")(lambda: render_template("page.html", {"c": "view"}))

    assert TestClient(app).get("/").text == "plugin own view"


def test_pl_02_a_context_processor_that_raises_names_its_plugin(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.write("templates/page.html", "")

    def broken(request: Any) -> dict[str, Any]:
        raise KeyError("cart")

    app = make_site(make_plugin("hello", raystack_context_processors=[broken]))
    app.get("/")(lambda: render_template("page.html"))
    app.get("/fine")(lambda: "fine")
    client = TestClient(app, raise_server_exceptions=False)

    assert client.get("/").status_code == 500
    assert client.get("/fine").status_code == 200
    with pytest.raises(KeyError) as raised:
        TestClient(app).get("/")
    (note,) = raised.value.__notes__
    assert note.startswith("It was raised by the context processor ")
    assert note.endswith("broken of the app hello.")


def test_a_context_processor_that_is_not_there_is_an_error(make_site: MakeSite) -> None:
    with pytest.raises((PluginError, ImproperlyConfigured)) as raised:
        make_site(TEMPLATE_CONTEXT_PROCESSORS=["core.nothing"])
    assert "TEMPLATE_CONTEXT_PROCESSORS lists 'core.nothing', which cannot be imported" in str(
        raised.value
    )


# Addresses ---------------------------------------------------------------------------------------


def test_reverse_and_url_for_give_paths(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write(
        "templates/page.html", "{{ reverse('post', slug='a b') }} {{ url_for('post', slug='c') }}"
    )
    app = make_site()
    app.get("/posts/{slug}", name="post")(lambda slug: render_template("page.html"))

    assert TestClient(app).get("/posts/x").text == "/posts/a%20b /posts/c"


def test_the_language_is_known(workshop: Workshop, make_site: MakeSite) -> None:
    workshop.write("templates/page.html", '<html lang="{{ LANGUAGE_CODE }}">')
    make_site(LANGUAGE_CODE="de-ch")

    assert render_to_string("page.html") == '<html lang="de-ch">'


# Checks ------------------------------------------------------------------------------------------


def messages(app: Raystack) -> dict[str, str]:
    found = [m for m in run_checks(app.kernel) if m.id.startswith("templates.")]
    assert all(message.hint for message in found)
    return {message.id: message.message for message in found}


def test_a_name_that_two_apps_or_plugins_provide_is_reported(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.app("blog")
    workshop.project("INSTALLED_APPS = ['apps.blog']")
    for folder in ("templates", "static", "apps/blog/templates", "apps/blog/static", "plugin"):
        workshop.write(f"{folder}/card.html", "")
    plugin = make_plugin(
        "hello",
        raystack_template_dirs=[workshop.root / "plugin"],
        raystack_static_dirs=[workshop.root / "plugin"],
    )

    assert messages(make_site(plugin)) == {
        "templates.W001": 'The template "card.html" is provided by the app apps.blog and by the '
        "app hello. That of the app apps.blog is used.",
        "templates.W002": 'The static file "card.html" is provided by the app apps.blog and by '
        "the app hello. That of the app apps.blog is used.",
    }


def test_a_project_may_override_what_apps_and_plugins_provide(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.write("templates/card.html", "")
    workshop.write("plugin/card.html", "")
    plugin = make_plugin("hello", raystack_template_dirs=[workshop.root / "plugin"])

    assert messages(make_site(plugin)) == {}


def test_a_folder_of_the_settings_that_is_not_there_is_reported(
    workshop: Workshop, make_site: MakeSite
) -> None:
    app = make_site(TEMPLATE_DIRS=["tempaltes"], STATICFILES_DIRS=[Path("/nowhere/at/all")])

    found = [m.message for m in run_checks(app.kernel) if m.id == "templates.W003"]
    assert found == [
        "STATICFILES_DIRS lists /nowhere/at/all, which is not a folder.",
        f"TEMPLATE_DIRS lists {workshop.root}/tempaltes, which is not a folder.",
    ]
