"""Contracts: everything that is judged before any plugin's code runs."""

import sys

import pytest
from workshop import Workshop

from raystack import ImproperlyConfigured, Kernel, PluginError, SettingsError

CONFIG = "from raystack import AppConfig\nclass Config(AppConfig):\n    {}\n"
LOUD = "raise SystemExit('this plugin was imported')\n"


def names(kernel: Kernel) -> list[str]:
    """Name the plugins of the workshop's distributions, in their order."""
    return [p.name for p in kernel.plugins if p.distribution.startswith("acme")]


def test_a_plugin_is_found_by_its_entry_point(workshop: Workshop) -> None:
    """Installing is enough; the project names nothing."""
    workshop.distribution("acme-one")

    kernel = Kernel()
    kernel.register()

    plugin = next(p for p in kernel.plugins if p.name == "acme-one")
    assert (plugin.distribution, plugin.version) == ("acme-one", "1.0")


def test_pl_04_a_kernel_that_is_too_old_is_named_before_any_import(workshop: Workshop) -> None:
    workshop.distribution("acme-far", LOUD, requires=("raystack-core>=9",))

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        "acme-far 1.0 needs raystack-core>=9, but raystack-core 0.1.0 is installed.\n"
        "  Install versions that fit together, or start without the plugin: "
        "RAYSTACK_PLUGINS_DISABLED=acme-far"
    )


def test_pl_04_a_missing_requirement_is_named_before_any_import(workshop: Workshop) -> None:
    workshop.distribution("acme-shop", LOUD, requires=("raystack-payments>=2",))

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        "acme-shop 1.0 needs raystack-payments>=2, which is not installed.\n"
        "  Install it: pip install 'raystack-payments>=2'\n"
        "  or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-shop"
    )


@pytest.mark.parametrize("line", ["raystack-core>=>1", 'acme-z; python_version >> "3"'])
def test_pl_04_a_requirement_that_nobody_can_read_is_named(workshop: Workshop, line: str) -> None:
    workshop.distribution("acme-odd", LOUD, requires=(line,))
    workshop.distribution("acme-z")

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        f"acme-odd 1.0 has a malformed Requires-Dist line in its metadata: {line}\n"
        "  Repair or upgrade it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-odd"
    )


def test_pl_04_a_cycle_names_all_its_plugins(workshop: Workshop) -> None:
    for name, other in (("acme-a", "acme-b"), ("acme-b", "acme-a")):
        module = f"{name.replace('-', '_')}.plugin"
        workshop.distribution(name, LOUD, entry_points=f"[raystack.after]\n{other} = {module}\n")

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    message = str(caught.value)
    assert message.startswith("These plugins cannot be put in an order, each has to go before the")
    assert "acme-a 1.0 -> acme-b 1.0" in message or "acme-b 1.0 -> acme-a 1.0" in message
    assert "RAYSTACK_PLUGINS_DISABLED=acme-" in message


def test_pl_03_a_name_claimed_twice_names_both(workshop: Workshop) -> None:
    workshop.distribution("acme-one", LOUD, entry="pay")
    workshop.distribution("acme-two", LOUD, entry="pay")

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        'The plugin name "pay" is claimed twice: by acme-one 1.0 (acme_one.plugin) and by '
        "acme-two 1.0 (acme_two.plugin).\n  Uninstall one of them: pip uninstall acme-two"
    )


def test_pl_03_an_app_cannot_take_the_name_of_one_of_our_plugins(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['orm']")
    workshop.write("orm/__init__.py", "")
    workshop.write("orm/plugin.py", LOUD)

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        'The plugin name "orm" is claimed twice: by raystack-orm 0.1.0 (raystack_orm.plugin) and '
        "by the app orm (orm.plugin).\n"
        "  Rename the package orm, or take it out of INSTALLED_APPS."
    )


def test_pl_03_what_needs_the_name_is_not_left_out_with_a_rival(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.project(settings="INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog", plugin="", apps=CONFIG.format("requires = ('orm',)"))
    workshop.distribution("acme-orm", LOUD, entry="orm")

    kernel = Kernel()
    kernel.register()

    assert [problem.plugin for problem in kernel.problems] == ["orm"]
    assert "apps.blog" in [plugin.name for plugin in kernel.plugins]


def test_pl_03_a_plugin_cannot_take_the_name_of_one_of_ours(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The distribution that is named for the plugin keeps the name, whatever the alphabet says."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.distribution("acme-orm", LOUD, entry="orm")

    kernel = Kernel()
    kernel.register()

    assert [p.distribution for p in kernel.plugins if p.name == "orm"] == ["raystack-orm"]
    assert "acme-orm 1.0" in kernel.problems[0].message


def test_pl_05_an_allow_list_leaves_others_unimported(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGINS", "acme-good")
    workshop.distribution("acme-good")
    workshop.distribution("acme-other", LOUD)

    kernel = Kernel()
    kernel.register()

    assert [plugin.name for plugin in kernel.plugins] == ["acme-good"]
    assert "acme_other.plugin" not in sys.modules


def test_a_disabled_plugin_is_not_imported(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGINS_DISABLED", "acme-other")
    workshop.distribution("acme-other", LOUD)

    kernel = Kernel()
    kernel.register()

    assert names(kernel) == []
    assert "acme_other.plugin" not in sys.modules


def test_a_name_in_the_allow_list_that_is_not_installed_is_an_error(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGINS", '["acme-god"]')
    workshop.distribution("acme-good")

    with pytest.raises(ImproperlyConfigured) as caught:
        Kernel().register()

    first, _ = str(caught.value).split("\n")
    assert first == (
        'PLUGINS lists "acme-god", but no plugin of that name is installed. '
        'Did you mean "acme-good"?'
    )


def test_disabling_a_plugin_that_another_requires_names_both(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGINS_DISABLED", "acme-base")
    workshop.distribution("acme-base")
    workshop.distribution("acme-top", requires=("acme-base",))

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        'acme-top 1.0 needs acme-base 1.0, whose plugin "acme-base" is disabled.\n'
        "  Enable it, or disable both: RAYSTACK_PLUGINS_DISABLED=acme-base,acme-top"
    )


def test_requirements_go_first_then_wishes_then_the_alphabet(workshop: Workshop) -> None:
    workshop.distribution("acme-a", requires=("acme-z",))
    workshop.distribution("acme-b", entry_points="[raystack.before]\nacme-a = acme_b.plugin\n")
    workshop.distribution("acme-c")
    workshop.distribution("acme-z")

    kernel = Kernel()
    kernel.register()

    assert names(kernel) == ["acme-b", "acme-c", "acme-z", "acme-a"]


def test_an_extra_that_is_not_asked_for_is_no_requirement(workshop: Workshop) -> None:
    workshop.distribution("acme-x", requires=('raystack-payments>=2; extra == "pay"',))

    kernel = Kernel()
    kernel.register()

    assert names(kernel) == ["acme-x"]


def test_plugin_errors_says_what_it_may_be(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skipp")
    workshop.distribution("acme-broken", "import nowhere_at_all\n")

    with pytest.raises(SettingsError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        "PLUGIN_ERRORS (from RAYSTACK_PLUGIN_ERRORS in the environment) should be "
        '"raise" or "skip". Did you mean "skip"? It belongs to raystack-core.'
    )
