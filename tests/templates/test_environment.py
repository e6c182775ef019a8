"""The environment: where templates come from, and what hooks and settings add."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jinja2.ext import Extension, do
from starlette.testclient import TestClient
from workshop import Workshop, plugin

from raystack import Kernel, PluginError, Raystack, use_kernel
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


# Mistakes in hooks -------------------------------------------------------------------------------


def without(name: str, advice: str = "Repair it") -> str:
    """The end of a message about a plugin: where it is from, and how to start without it."""
    return (
        f"\n  It is the module {name} of an entry in INSTALLED_APPS.\n"
        f"  {advice}, or start without the plugin: RAYSTACK_PLUGINS_DISABLED={name}"
    )


@pytest.mark.parametrize("kind", ["global", "filter", "test"])
def test_a_name_that_two_plugins_claim_is_the_mistake_of_the_later_one(
    make_site: MakeSite, make_plugin: MakePlugin, kind: str
) -> None:
    hooks = {f"raystack_template_{kind}s": {"shout": str.upper}}
    one, two = make_plugin("plugin_a", **hooks), make_plugin("plugin_b", **hooks)

    with pytest.raises(PluginError) as raised:
        make_site(one, two)
    assert raised.value.plugin == "plugin_b"
    assert str(raised.value) == (
        f'The template {kind} "shout" is claimed twice: by the app plugin_a and by the app '
        f"plugin_b.{without('plugin_b', 'Rename it')}"
    )


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
    """Whatever the order of the two, raystack-templates is never the one that is left out."""
    plugin = make_plugin("hello", **{f"raystack_template_{kind}s": {name: str.upper}})

    with pytest.raises(PluginError) as raised:
        make_site(plugin)
    assert raised.value.plugin == "hello"
    assert str(raised.value) == (
        f'The template {kind} "{name}" is claimed twice: by {owner} and by the app hello.'
        f"{without('hello', 'Rename it')}"
    )


def test_a_tag_that_two_plugins_claim_is_an_error(
    make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    class Static(Extension):
        tags = {"static"}  # noqa: RUF012 - as Jinja2 declares it

    with pytest.raises(PluginError) as raised:
        make_site(make_plugin("hello", raystack_template_extensions=[Static]))
    assert raised.value.plugin == "hello"
    assert str(raised.value) == (
        'The template tag "static" is claimed twice: by the app raystack_templates.plugin and by '
        f"the app hello.{without('hello', 'Rename it')}"
    )


async def coroutine_function(request: Any) -> dict[str, Any]:
    return {}


class AsyncCallable:
    async def __call__(self, request: Any) -> dict[str, Any]:
        return {}


PROCESSORS = "a sequence of synchronous functions"
NAMED = "a mapping of names to"


@pytest.mark.parametrize(
    ("hook", "returned", "found", "wanted"),
    [
        ("raystack_template_globals", ["a"], "a list", f"{NAMED} values"),
        ("raystack_template_filters", [str.upper], "a list", f"{NAMED} functions"),
        ("raystack_template_filters", {"a": 3}, "an int", f'{NAMED} functions, also for "a"'),
        ("raystack_template_filters", {3: str.upper}, "an int", f"{NAMED} functions"),
        ("raystack_template_tests", {"a": None}, "a NoneType", f'{NAMED} functions, also for "a"'),
        (
            "raystack_template_extensions",
            ["jinja2.ext.do"],
            "a str",
            "a sequence of jinja2.ext.Extension classes",
        ),
        (
            "raystack_template_extensions",
            do,
            "a type",
            "a sequence of jinja2.ext.Extension classes",
        ),
        ("raystack_template_dirs", [None], "a NoneType", "a sequence of Path"),
        ("raystack_template_dirs", "templates", "a str", "a sequence of Path"),
        ("raystack_template_dirs", Path("templates"), "a PosixPath", "a sequence of Path"),
        ("raystack_static_dirs", "static", "a str", "a sequence of Path"),
        ("raystack_context_processors", len, "a builtin_function_or_method", PROCESSORS),
        ("raystack_context_processors", ["core.site"], "a str", PROCESSORS),
        ("raystack_context_processors", [coroutine_function], "a function", PROCESSORS),
        ("raystack_context_processors", [AsyncCallable()], "an AsyncCallable", PROCESSORS),
    ],
)
def test_pl_02_a_hook_that_returns_something_else_is_its_plugins_mistake(
    make_site: MakeSite, make_plugin: MakePlugin, hook: str, returned: Any, found: str, wanted: str
) -> None:
    with pytest.raises(PluginError) as raised:
        make_site(make_plugin("hello", **{hook: returned}))
    assert raised.value.plugin == "hello"
    assert str(raised.value) == (
        f"the app hello returned {found} from {hook}. It has to return {wanted}.{without('hello')}"
    )


def test_pl_02_skip_leaves_out_the_plugin_at_fault_and_no_other(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin
) -> None:
    workshop.write("templates/page.html", "{{ static('a.css') }}")
    odd = make_plugin("hello", raystack_template_globals={"static": str.upper})
    app = make_site(odd, PLUGIN_ERRORS="skip")

    assert [plugin.name for plugin in app.kernel.plugins] == ["raystack_templates.plugin"]
    assert [(p.plugin, p.skipped) for p in app.kernel.problems] == [("hello", True)]
    assert render_to_string("page.html") == "/static/a.css"


def test_a_hook_that_wants_the_environment_is_an_error_and_no_deadlock(
    make_site: MakeSite,
) -> None:
    def raystack_template_globals(settings: Any) -> Any:
        return {"env": get_environment()}

    with pytest.raises(PluginError) as raised:
        make_site(plugin("hello", raystack_template_globals=raystack_template_globals))
    assert raised.value.plugin == "hello"
    assert str(raised.value) == (
        "the app hello failed in the hook raystack_template_globals: ImproperlyConfigured A hook "
        "of raystack-templates asked for the template environment, or rendered, while the "
        "environment is being made. Change it in raystack_application instead."
        f"{without('hello', 'Repair the cause')}"
    )


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
    assert raised.value.__notes__ == [
        f"It was raised by the context processor {broken.__qualname__} of the app hello."
    ]


def test_pl_02_a_distributions_context_processor_is_named_once(workshop: Workshop) -> None:
    """By the kernel, which notes the plugin of any exception."""
    workshop.distribution(
        "acme-cart",
        """\
        from raystack import hookimpl

        def cart(request):
            raise KeyError("cart")

        @hookimpl
        def raystack_context_processors(settings):
            return [cart]
        """,
    )
    workshop.project()
    workshop.write("templates/page.html", "")
    with use_kernel(Kernel(settings={"PLUGINS": ["templates", "acme-cart"]})) as kernel:
        app = Raystack(kernel)
        app.get("/")(lambda: render_template("page.html"))

        with pytest.raises(KeyError) as raised:
            TestClient(app).get("/")
    assert raised.value.__notes__ == ["Raised in the plugin acme-cart (acme-cart 1.0)."]


@pytest.mark.parametrize("returned", [None, [("a", 1)]])
def test_a_context_processor_that_returns_no_mapping_is_named(
    workshop: Workshop, make_site: MakeSite, make_plugin: MakePlugin, returned: Any
) -> None:
    workshop.write("core/__init__.py", "")
    workshop.write("core/context.py", f"def site(request): return {returned!r}")
    workshop.write("templates/page.html", "")

    def cart(request: Any) -> Any:
        return returned

    of_a_plugin = make_site(make_plugin("hello", raystack_context_processors=[cart]))
    of_a_setting = make_site(TEMPLATE_CONTEXT_PROCESSORS=["core.context.site"])
    errors = []
    for app in (of_a_plugin, of_a_setting):
        app.get("/")(lambda: render_template("page.html"))
        with use_kernel(app.kernel), pytest.raises(TypeError) as raised:
            TestClient(app).get("/")
        errors.append(str(raised.value))

    end = f"returned a {type(returned).__name__}. It has to return a mapping of names to values."
    assert errors == [
        f"The context processor {cart.__qualname__} of the app hello {end}",
        f"The context processor site of TEMPLATE_CONTEXT_PROCESSORS {end}",
    ]


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ("core.nothing", "which cannot be imported: module 'core' has no attribute 'nothing'"),
        ("core.WORD", "which is no synchronous function"),
        ("core.later", "which is no synchronous function"),
    ],
)
def test_a_context_processor_of_the_settings_that_cannot_be_called_is_an_error(
    workshop: Workshop, make_site: MakeSite, listed: str, reason: str
) -> None:
    workshop.write("core/__init__.py", "WORD = 'x'\nasync def later(request): return {}\n")

    with pytest.raises(PluginError) as raised:
        make_site(TEMPLATE_CONTEXT_PROCESSORS=[listed])
    assert str(raised.value) == (
        "the app raystack_templates.plugin failed in the hook raystack_application: "
        f"ImproperlyConfigured TEMPLATE_CONTEXT_PROCESSORS lists {listed!r}, {reason}."
        f"{without('raystack_templates.plugin', 'Repair the cause')}"
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


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_folder_with_the_whole_project_in_it_is_no_folder_of_static_files(
    workshop: Workshop, make_site: MakeSite, folder: str
) -> None:
    """Settings, code and database would be served."""
    app = make_site(STATICFILES_DIRS=[folder])

    [found] = [m for m in run_checks(app.kernel) if m.id == "templates.E001"]
    assert found.message == (
        f"STATICFILES_DIRS lists {workshop.root / folder}, which has the whole project in it: "
        "everybody can read its settings, code and database."
    )
