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


def test_an_app_that_fails_to_import_shows_where(workshop: Workshop) -> None:
    root = workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog", apps="from raystack import AppConfg\n")

    message = mistake()

    assert message.startswith("The app apps.blog: apps.blog.apps cannot be imported: ImportError: ")
    assert message.endswith(f"({root}/apps/blog/apps.py, line 1).")


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
