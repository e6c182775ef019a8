"""Apps: the entries of INSTALLED_APPS, local plugins of the project."""

import importlib

import pytest
from workshop import Workshop

from raystack import AppError, ImproperlyConfigured, Kernel, PluginError


def ready() -> Kernel:
    """Return a kernel that is set up."""
    kernel = Kernel()
    kernel.setup()
    return kernel


def mistake() -> str:
    """Set a kernel up and return the error about apps it ends in."""
    with pytest.raises(AppError) as caught:
        Kernel().setup()
    return str(caught.value)


def test_an_app_without_a_config_gets_one(workshop: Workshop) -> None:
    root = workshop.project(settings="INSTALLED_APPS = ['apps.order_book']")
    workshop.app("order_book")

    app = ready().apps.get("order_book")

    assert (app.name, app.verbose_name, app.path) == (
        "apps.order_book",
        "Order Book",
        root / "apps" / "order_book",
    )


def test_an_app_config_changes_what_is_derived(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app(
        "blog",
        apps="from raystack import AppConfig\nclass BlogConfig(AppConfig):\n"
        "    name = 'apps.blog'\n    label = 'journal'\n    verbose_name = 'The journal'\n",
    )

    app = ready().apps.get("journal")

    assert (type(app).__name__, app.verbose_name) == ("BlogConfig", "The journal")


def test_an_entry_may_name_its_config(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog.apps.Second']")
    workshop.app(
        "blog",
        apps="from raystack import AppConfig\nclass First(AppConfig): ...\n"
        "class Second(AppConfig):\n    label = 'second'\n",
    )

    assert [app.label for app in ready().apps] == ["second"]


def test_apps_are_ready_once_all_are_loaded(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.one', 'apps.two']")
    config = (
        "from raystack import AppConfig, get_kernel\nseen = []\n"
        "class Config(AppConfig):\n"
        "    def ready(self): seen.append([app.label for app in get_kernel().apps])\n"
    )
    workshop.app("one", apps=config)
    workshop.app("two", apps=config)
    import raystack.kernel

    raystack.kernel._active = Kernel()
    raystack.kernel._active.setup()

    import apps.one.apps as one  # type: ignore[import-not-found]  # the workshop's

    assert one.seen == [["one", "two"]]


def test_an_app_is_a_local_plugin(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.one', 'apps.two']")
    plugin = (
        "from raystack import hookimpl\nloaded = []\n@hookimpl\n"
        "def raystack_app_loaded(kernel, app_config): loaded.append(app_config.label)\n"
    )
    workshop.app("one", plugin=plugin)
    workshop.app("two")

    kernel = ready()

    plugin_module = next(p.module for p in kernel.plugins if p.name == "apps.one")
    assert plugin_module.loaded == ["one", "two"]


def test_apps_order_their_hooks_by_their_configs(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.one', 'apps.two']")
    workshop.app(
        "one",
        plugin="",
        apps="from raystack import AppConfig\nclass One(AppConfig):\n    after = ('apps.two',)\n",
    )
    workshop.app("two", plugin="")

    assert [p.name for p in ready().plugins if not p.distribution] == ["apps.two", "apps.one"]


def test_an_app_whose_plugin_is_broken_is_named(workshop: Workshop) -> None:
    root = workshop.project(settings="INSTALLED_APPS = ['apps.one']")
    workshop.app("one", plugin="import nowhere_at_all\n")

    with pytest.raises(PluginError) as caught:
        Kernel().setup()

    assert str(caught.value) == (
        "the app apps.one cannot be imported: ModuleNotFoundError No module named "
        f"'nowhere_at_all' ({root}/apps/one/plugin.py, line 1).\n"
        "  It is the module apps.one.plugin of an entry in INSTALLED_APPS.\n"
        "  Repair or upgrade it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=apps.one"
    )


CONFIG = "from raystack import AppConfig\nclass Config(AppConfig):\n    {}\n"


def unmet(requires: str, workshop: Workshop, *, settings: str = "", plugin: str = "") -> str:
    """Install an app that requires something, and return the error that a start ends in."""
    workshop.project(settings=f"INSTALLED_APPS = ['apps.one']\n{settings}")
    workshop.app("one", plugin=plugin, apps=CONFIG.format(f"requires = ({requires!r},)"))
    with pytest.raises(PluginError) as caught:
        Kernel().setup()
    return str(caught.value)


def test_an_app_that_requires_what_nobody_has(workshop: Workshop) -> None:
    assert unmet("orn", workshop, plugin="raise SystemExit('imported')") == (
        'the app apps.one requires "orn", but no plugin or app has that name. Did you mean "orm"?\n'
        "  Install the plugin, list the app in INSTALLED_APPS, or correct `requires` of the "
        "AppConfig."
    )


def test_an_app_that_requires_an_app_which_is_not_listed(workshop: Workshop) -> None:
    workshop.app("two", plugin="")

    assert unmet("apps.two", workshop).splitlines()[0] == (
        'the app apps.one requires "apps.two", but no plugin or app has that name. '
        'Did you mean "apps.one"?'
    )


def test_an_app_that_requires_a_plugin_which_is_disabled(workshop: Workshop) -> None:
    workshop.distribution("acme-base")

    assert unmet("acme-base", workshop, settings="PLUGINS_DISABLED = ['acme-base']") == (
        'the app apps.one needs acme-base 1.0, whose plugin "acme-base" is disabled.\n'
        "  Enable it, or disable both: RAYSTACK_PLUGINS_DISABLED=acme-base,apps.one"
    )


def test_an_app_that_requires_an_app_which_is_disabled(workshop: Workshop) -> None:
    workshop.project(
        settings="INSTALLED_APPS = ['apps.one', 'apps.two']\nPLUGINS_DISABLED = ['apps.two']"
    )
    workshop.app("one", plugin="", apps=CONFIG.format("requires = ('apps.two',)"))
    workshop.app("two", plugin="")

    with pytest.raises(PluginError) as caught:
        Kernel().setup()

    assert str(caught.value) == (
        'the app apps.one needs the app apps.two, whose plugin "apps.two" is disabled.\n'
        "  Enable it, or disable both: RAYSTACK_PLUGINS_DISABLED=apps.two,apps.one"
    )


def test_an_app_without_a_plugin_requires_too(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.one']")
    workshop.app("one", apps=CONFIG.format("requires = ('orn',)"))

    with pytest.raises(PluginError, match='the app apps.one requires "orn", but no plugin or app'):
        Kernel().setup()


def test_skip_leaves_out_an_app_with_the_app_that_it_requires(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hooks are not called, nor is its ready(); it stays listed, with its models."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.project(settings="INSTALLED_APPS = ['apps.one', 'apps.two', 'apps.three']")
    fail = "requires = {}\n    def ready(self): raise SystemExit('started')"
    workshop.app("one", plugin="import nowhere_at_all\n")
    workshop.app("two", apps=CONFIG.format(fail.format("('apps.one',)")))
    workshop.app("three", plugin="", apps=CONFIG.format(fail.format("('apps.two',)")))

    kernel = ready()

    assert [problem.message.splitlines()[0] for problem in kernel.problems] == [
        "the app apps.one cannot be imported: ModuleNotFoundError No module named "
        f"'nowhere_at_all' ({workshop.root}/apps/one/plugin.py, line 1).",
        "the app apps.two is left out, for it needs the app apps.one.",
        "the app apps.three is left out, for it needs the app apps.two.",
    ]
    assert [plugin.name for plugin in kernel.plugins if not plugin.distribution] == []
    assert [app.label for app in kernel.apps] == ["one", "two", "three"]


def test_an_order_goes_through_an_app_without_a_plugin(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.a', 'apps.b', 'apps.c']")
    workshop.app("a", plugin="", apps=CONFIG.format("after = ('apps.b',)"))
    workshop.app("b", apps=CONFIG.format("after = ('apps.c',)"))
    workshop.app("c", plugin="")

    assert [p.name for p in ready().plugins if not p.distribution] == ["apps.c", "apps.a"]


@pytest.mark.parametrize("relation", ["after", "before", "requires"])
def test_names_of_others_are_not_one_string(workshop: Workshop, relation: str) -> None:
    """Its letters, or parts of it, would be taken for names."""
    workshop.project(settings="INSTALLED_APPS = ['apps.one']")
    workshop.app("one", apps=CONFIG.format(f"{relation} = 'orm'"))

    assert mistake() == (
        f"The app apps.one has {relation} = 'orm' on its AppConfig, which is one string.\n"
        f"  Write a tuple of names: {relation} = ('orm',)"
    )


def test_the_plugin_of_a_distribution_is_not_loaded_twice_for_its_app(workshop: Workshop) -> None:
    """Its package may be listed as an app, for its models."""
    workshop.distribution("acme-shop")
    workshop.project(settings="INSTALLED_APPS = ['acme_shop']")

    kernel = ready()

    assert [p.name for p in kernel.plugins if p.name.startswith("acme")] == ["acme-shop"]
    assert [app.name for app in kernel.apps] == ["acme_shop"]


def test_two_apps_with_one_label_are_both_named(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog', 'core.blog']")
    workshop.app("blog")
    workshop.write("core/__init__.py", "")
    workshop.write("core/blog/__init__.py", "")

    assert mistake() == (
        'Two apps have the label "blog": apps.blog and core.blog.\n'
        "  Give one of them another label on its AppConfig, or list it once."
    )


def test_an_app_that_does_not_exist(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blgo']")
    workshop.app("blog")

    assert mistake() == (
        "INSTALLED_APPS lists 'apps.blgo', but there is no such package.\n"
        "  Correct the name, create it with `raystack startapp`, or remove the entry."
    )


def test_an_app_is_a_package(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog.views']")
    workshop.app("blog")
    workshop.write("apps/blog/views.py", "")

    assert mistake() == (
        "INSTALLED_APPS lists 'apps.blog.views', which is a module. An app is a package.\n"
        "  List the package that it is in: 'apps.blog'."
    )


def test_a_packages_name_may_begin_with_a_capital(workshop: Workshop) -> None:
    """Though it reads like a class."""
    workshop.project(settings="INSTALLED_APPS = ['apps.Blog']")
    workshop.app("Blog")

    assert [app.name for app in ready().apps] == ["apps.Blog"]


def test_an_app_that_fails_to_import_shows_where(workshop: Workshop) -> None:
    root = workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog", apps="from raystack import AppConfg\n")
    init = importlib.import_module("raystack").__file__

    assert mistake() == (
        "The app apps.blog: apps.blog.apps cannot be imported: ImportError cannot import name "
        f"'AppConfg' from 'raystack' ({init}) ({root}/apps/blog/apps.py, line 1)."
    )


def test_several_configs_want_one_marked(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app(
        "blog",
        apps="from raystack import AppConfig\nclass A(AppConfig): ...\nclass B(AppConfig): ...\n",
    )

    assert mistake() == (
        "apps.blog.apps defines several AppConfigs (A, B).\n"
        "  Mark one with `default = True`, or name it in INSTALLED_APPS."
    )


def test_a_label_is_looked_up_with_the_nearest_in_the_error(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog")

    with pytest.raises(
        AppError, match='No installed app has the label "blgo". Did you mean "blog"?'
    ):
        ready().apps.get("blgo")


def test_the_innermost_app_contains_a_module(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.shop', 'apps.shop.pay']")
    workshop.app("shop")
    workshop.write("apps/shop/pay/__init__.py", "")

    apps = ready().apps

    found = [
        apps.containing(m) for m in ("apps.shop.models", "apps.shop.pay.models", "config.urls")
    ]
    assert [app.label if app else None for app in found] == ["shop", "pay", None]


def test_a_project_hidden_by_another_package_is_an_error(workshop: Workshop) -> None:
    """``import config`` would take the other one, and the site would run with its settings."""
    other = workshop.site / "config" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.write_text("")
    importlib.import_module("config")
    root = workshop.project(settings="DEBUG = True")

    with pytest.raises(ImproperlyConfigured) as caught:
        Kernel().setup()

    assert str(caught.value) == (
        f"The project's package 'config' ({root}/config) is hidden by {other.parent}. "
        f"Rename or uninstall the other one, or unload it before the project starts."
    )


def test_an_app_that_fails_to_get_ready_is_named(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app(
        "blog",
        apps="from raystack import AppConfig\nclass BlogConfig(AppConfig):\n"
        "    def ready(self): raise KeyError('posts')\n",
    )

    assert mistake() == (
        "The app apps.blog failed in BlogConfig.ready(): KeyError 'posts'.\n"
        "  Repair it, or take it out of INSTALLED_APPS."
    )
