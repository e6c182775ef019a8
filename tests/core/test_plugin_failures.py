"""Plugins that break: every error names plugin, distribution, version, hook and remedy."""

import sys

import pytest
from starlette.testclient import TestClient
from workshop import Workshop

from raystack import AppError, Kernel, PluginError, Raystack, SettingsError

HOOKIMPL = "from raystack import hookimpl\n"
READY = HOOKIMPL + "ran = []\n@hookimpl\ndef raystack_ready(kernel):\n    "
SECTION = """
from pydantic import Field
from raystack import Section, hookimpl

class OddSettings(Section):
    {fields}

@hookimpl
def raystack_settings():
    return OddSettings
"""


@pytest.fixture
def skip(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on without broken plugins."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")


def ready() -> Kernel:
    """Return a kernel that is set up."""
    kernel = Kernel()
    kernel.setup()
    return kernel


def diagnosed() -> Kernel:
    """Return a kernel that has noted what is broken, as for ``raystack plugins doctor``."""
    kernel = Kernel(collect=True)
    kernel.setup()
    return kernel


def first_lines(kernel: Kernel) -> list[str]:
    """Return what a kernel went on without, in short."""
    return [problem.message.splitlines()[0] for problem in kernel.problems]


def started(kernel: Kernel) -> list[str]:
    """Name the plugins of the workshop's distributions that start."""
    return [p.name for p in kernel.plugins if p.distribution.startswith("acme")]


def failure(kernel: Kernel) -> str:
    """Set a kernel up and return the error it ends in."""
    with pytest.raises(PluginError) as caught:
        kernel.setup()
    return str(caught.value)


def test_pl_01_a_plugin_that_cannot_be_imported(workshop: Workshop) -> None:
    workshop.distribution("acme-broken", "import nowhere_at_all\n", version="2.3")

    message = failure(Kernel())

    plugin = workshop.site / "acme_broken" / "plugin.py"
    assert message == (
        "acme-broken 2.3 cannot be imported: ModuleNotFoundError No module named "
        f"'nowhere_at_all' ({plugin}, line 1).\n"
        "  It was loaded from the entry point acme-broken = acme_broken.plugin.\n"
        "  Repair or upgrade it, or start without the plugin: "
        "RAYSTACK_PLUGINS_DISABLED=acme-broken"
    )


def test_pl_01_a_plugin_that_raises_in_a_hook(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-hello",
        HOOKIMPL + "@hookimpl\ndef raystack_ready(kernel):\n    raise KeyError('HELLO_GREETING')\n",
    )

    assert failure(Kernel()) == (
        "acme-hello 1.0 failed in the hook raystack_ready: KeyError 'HELLO_GREETING'.\n"
        f"  It was raised in {workshop.site / 'acme_hello' / 'plugin.py'}, line 4.\n"
        "  It was loaded from the entry point acme-hello = acme_hello.plugin.\n"
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-hello"
    )


def test_pl_01_skip_goes_on_without_the_plugin_and_says_so(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.distribution("acme-broken", "import nowhere_at_all\n")
    workshop.distribution("acme-good")

    kernel = Kernel()
    kernel.setup()

    assert [p.name for p in kernel.plugins if p.name.startswith("acme")] == ["acme-good"]
    assert [(p.plugin, p.skipped) for p in kernel.problems] == [("acme-broken", True)]
    assert "Going on without a plugin. acme-broken 1.0 cannot be imported" in caplog.text


def test_pl_01_skip_leaves_out_those_that_need_it_too(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.distribution(
        "acme-base",
        HOOKIMPL + "@hookimpl\ndef raystack_settings():\n    raise RuntimeError('no')\n",
    )
    workshop.distribution("acme-top", requires=("acme-base",))

    kernel = Kernel()
    kernel.setup()

    assert [p.plugin for p in kernel.problems] == ["acme-base", "acme-top"]
    assert kernel.problems[1].message == "acme-top 1.0 is left out, for it needs acme-base 1.0."


@pytest.mark.usefixtures("skip")
def test_skip_does_not_call_the_hooks_of_those_that_fell_on_the_way(workshop: Workshop) -> None:
    """The one that fails and the one that needs it implement the same hook."""
    workshop.distribution("acme-base", READY + "raise KeyError('X')\n")
    workshop.distribution("acme-top", READY + "ran.append(1)\n", requires=("acme-base",))
    workshop.distribution("acme-z", READY + "ran.append(1)\n")

    kernel = ready()

    assert first_lines(kernel) == [
        "acme-base 1.0 failed in the hook raystack_ready: KeyError 'X'.",
        "acme-top 1.0 is left out, for it needs acme-base 1.0.",
    ]
    assert started(kernel) == ["acme-z"]
    assert (sys.modules["acme_top.plugin"].ran, sys.modules["acme_z.plugin"].ran) == ([], [1])


@pytest.mark.usefixtures("skip")
def test_skip_does_not_import_what_needs_a_plugin_that_cannot_be(workshop: Workshop) -> None:
    workshop.distribution("acme-base", "import nowhere_at_all\n")
    workshop.distribution("acme-top", READY + "ran.append(1)\n", requires=("acme-base",))

    kernel = ready()

    assert [p.plugin for p in kernel.problems] == ["acme-base", "acme-top"]
    assert kernel.problems[1].message == "acme-top 1.0 is left out, for it needs acme-base 1.0."
    assert "acme_top.plugin" not in sys.modules


@pytest.mark.usefixtures("skip")
def test_skip_forgets_what_a_plugin_answered_before_it_fell(workshop: Workshop) -> None:
    section = SECTION.format(fields="ODD_NAME: str = Field('odd', description='A name.')")
    workshop.distribution("acme-a", section)
    workshop.distribution(
        "acme-b",
        HOOKIMPL + "from raystack import PluginError\ncalls = []\n"
        "@hookimpl\ndef raystack_settings():\n"
        "    calls.append(1)\n"
        "    if len(calls) == 1:\n"
        "        raise PluginError('acme-a is at fault.', plugin='acme-a')\n",
    )

    kernel = ready()

    assert [(p.plugin, p.message) for p in kernel.problems] == [("acme-a", "acme-a is at fault.")]
    assert "ODD_NAME" not in kernel.settings
    assert started(kernel) == ["acme-b"]
    assert sys.modules["acme_b.plugin"].calls == [1, 1]  # asked again, without what was at fault


def test_a_plugin_that_blames_one_that_does_not_exist_is_named_itself(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-hello",
        READY + "from raystack import PluginError\n    raise PluginError('No.', plugin='nobody')\n",
    )

    assert failure(Kernel()) == (
        "acme-hello 1.0 failed in the hook raystack_ready: PluginError No.\n"
        "  It was loaded from the entry point acme-hello = acme_hello.plugin.\n"
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-hello"
    )


ADDHOOKS = HOOKIMPL + (
    "@hookimpl\ndef raystack_addhooks(pluginmanager):\n    raise RuntimeError('no hooks')\n"
)


def test_pl_01_a_plugin_that_raises_while_it_adds_hooks(workshop: Workshop) -> None:
    workshop.distribution("acme-hello", ADDHOOKS)

    assert failure(Kernel()) == (
        "acme-hello 1.0 failed in the hook raystack_addhooks: RuntimeError no hooks.\n"
        f"  It was raised in {workshop.site / 'acme_hello' / 'plugin.py'}, line 4.\n"
        "  It was loaded from the entry point acme-hello = acme_hello.plugin.\n"
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-hello"
    )


@pytest.mark.usefixtures("skip")
def test_pl_01_skip_goes_on_where_two_fail_while_they_add_hooks(workshop: Workshop) -> None:
    workshop.distribution("acme-base", ADDHOOKS)
    workshop.distribution("acme-top", ADDHOOKS, requires=("acme-base",))

    assert first_lines(ready()) == [
        "acme-base 1.0 failed in the hook raystack_addhooks: RuntimeError no hooks.",
        "acme-top 1.0 is left out, for it needs acme-base 1.0.",
    ]


def test_pl_01_a_module_that_is_not_there_is_nobodys_line(workshop: Workshop) -> None:
    """The message names no file of Python's own importing."""
    workshop.distribution("acme-gone")
    (workshop.site / "acme_gone" / "plugin.py").unlink()

    assert failure(Kernel()) == (
        "acme-gone 1.0 cannot be imported: ModuleNotFoundError No module named "
        "'acme_gone.plugin'.\n"
        "  It was loaded from the entry point acme-gone = acme_gone.plugin.\n"
        "  Repair or upgrade it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-gone"
    )


def test_pl_01_a_syntax_error_is_named_with_its_line(workshop: Workshop) -> None:
    workshop.distribution("acme-broken", "hooks = [\n")
    plugin = workshop.site / "acme_broken" / "plugin.py"

    assert failure(Kernel()).splitlines()[0] == (
        f"acme-broken 1.0 cannot be imported: SyntaxError '[' was never closed ({plugin}, line 1)."
    )


@pytest.mark.usefixtures("skip")
def test_skip_goes_on_without_a_plugin_that_returns_no_section(workshop: Workshop) -> None:
    workshop.distribution("acme-odd", HOOKIMPL + "@hookimpl\ndef raystack_settings(): return 42\n")
    workshop.distribution("acme-top", requires=("acme-odd",))

    kernel = ready()

    assert first_lines(kernel) == [
        "acme-odd 1.0 returned an int from raystack_settings. It has to return a subclass of "
        "Section.",
        "acme-top 1.0 is left out, for it needs acme-odd 1.0.",
    ]
    assert started(kernel) == []


def install_rivals(workshop: Workshop) -> None:
    """Install two plugins that declare the same setting, and one that needs the second."""
    odd = SECTION.format(fields="ODD_NAME: str = Field('{}', description='A name.')")
    workshop.distribution("acme-one", odd.replace("{}", "first"))
    workshop.distribution("acme-two", odd.replace("{}", "second"))
    more = SECTION.format(fields="MORE: str = Field('more', description='More.')")
    workshop.distribution("acme-uses-two", more, requires=("acme-two",))


TWICE = (
    "The setting ODD_NAME is declared twice: by acme-one and by acme-two. One of them has to "
    "rename it, or start without one: RAYSTACK_PLUGINS_DISABLED.\n"
    "  It was loaded from the entry point acme-two = acme_two.plugin.\n"
    "  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-two"
)
USES_TWO = "acme-uses-two 1.0 is left out, for it needs acme-two 1.0."


@pytest.mark.usefixtures("skip")
def test_pl_03_skip_leaves_out_the_later_one_that_declares_a_setting(workshop: Workshop) -> None:
    install_rivals(workshop)

    kernel = ready()

    assert [p.message for p in kernel.problems] == [TWICE, USES_TWO]
    assert kernel.settings.ODD_NAME == "first"
    assert "MORE" not in kernel.settings


@pytest.mark.usefixtures("skip")
def test_skip_is_about_plugins_and_not_about_the_projects_own_mistakes(workshop: Workshop) -> None:
    install_rivals(workshop)
    workshop.project(settings="DEBUG = 'perhaps'\n")

    with pytest.raises(SettingsError) as caught:
        ready()

    assert str(caught.value) == (
        "DEBUG (from config.settings) should be true or false. It belongs to raystack-core."
    )


def test_others_report_a_failure_according_to_the_policy(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is found wrong outside of a hook, such as a middleware's name that is taken."""
    workshop.distribution("acme-hello")
    workshop.distribution("acme-top", requires=("acme-hello",))
    error = PluginError("acme-hello 1.0 takes a name that is taken.", plugin="acme-hello")

    with pytest.raises(PluginError) as caught:
        ready().plugin_failed(error)
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    kernel = ready()
    kernel.plugin_failed(error)

    assert caught.value is error
    assert [p.message for p in kernel.problems] == [
        "acme-hello 1.0 takes a name that is taken.",
        "acme-top 1.0 is left out, for it needs acme-hello 1.0.",
    ]
    assert started(kernel) == []


def test_a_plugin_that_is_left_out_may_fail_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is noted: nothing is swallowed."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.distribution("acme-hello")
    kernel = ready()

    kernel.plugin_failed(PluginError("First.", plugin="acme-hello"))
    kernel.plugin_failed(PluginError("Second.", plugin="acme-hello"))

    assert [p.message for p in kernel.problems] == ["First.", "Second."]


APP_BY_SECTION = SECTION.replace("    {fields}", "    apps = ('acme_shop.site',)")


def shop_with_an_app(workshop: Workshop, **modules: str) -> None:
    """Install a plugin whose section adds an app with these modules."""
    workshop.distribution("acme-shop", APP_BY_SECTION)
    folder = workshop.site / "acme_shop" / "site"
    folder.mkdir()
    for name, text in {"__init__": "", **modules}.items():
        (folder / f"{name}.py").write_text(text)


def test_an_app_that_a_section_adds_is_loaded(workshop: Workshop) -> None:
    shop_with_an_app(workshop)

    assert [app.name for app in ready().apps] == ["acme_shop.site"]


def test_an_app_that_a_section_adds_has_no_plugin_of_its_own(workshop: Workshop) -> None:
    """Registering is over when sections are read."""
    shop_with_an_app(workshop, plugin="")

    assert failure(Kernel()) == (
        "acme-shop 1.0 adds the app acme_shop.site with its settings section, which does not work: "
        "All plugins are registered by now, and its acme_shop.site.plugin would never be loaded. "
        "Move its hooks to acme_shop.plugin.\n"
        "  It was loaded from the entry point acme-shop = acme_shop.plugin.\n"
        "  Repair or upgrade it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-shop"
    )


@pytest.mark.usefixtures("skip")
def test_skip_goes_on_without_a_plugin_whose_app_is_broken(workshop: Workshop) -> None:
    shop_with_an_app(workshop, apps="raise RuntimeError('no')\n")
    file = workshop.site / "acme_shop" / "site" / "apps.py"

    kernel = ready()

    assert first_lines(kernel) == [
        "acme-shop 1.0 adds the app acme_shop.site with its settings section, which does not work: "
        f"The app acme_shop.site: acme_shop.site.apps cannot be imported: RuntimeError no "
        f"({file}, line 1)."
    ]
    assert (list(kernel.apps), started(kernel)) == ([], [])


def test_an_essential_plugin_is_never_skipped(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Skipping a plugin that guards something would open the door that it guards."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    workshop.distribution(
        "acme-guard",
        "import nowhere_at_all\n",
        entry_points="[raystack.essential]\nacme-guard = acme_guard.plugin\n",
    )

    assert "acme-guard 1.0 cannot be imported" in failure(Kernel())


def test_pl_07_a_misspelt_hook_is_named_with_the_nearest(workshop: Workshop) -> None:
    """Pluggy alone would accept it and never call it."""
    workshop.distribution("acme-typo", HOOKIMPL + "@hookimpl\ndef raystack_redy(kernel): ...\n")

    first = failure(Kernel()).split("\n")[0]

    assert first == (
        'acme-typo 1.0: it implements the hook "raystack_redy", which does not exist. '
        'Did you mean "raystack_ready"?'
    )


def test_pl_07_a_hook_without_the_prefix_is_named_with_the_nearest(workshop: Workshop) -> None:
    workshop.distribution("acme-typo", HOOKIMPL + "@hookimpl\ndef redy(kernel): ...\n")

    assert 'Did you mean "raystack_ready"?' in failure(Kernel())


def test_pl_07_a_wrong_argument_is_named_with_the_nearest(workshop: Workshop) -> None:
    workshop.distribution("acme-typo", HOOKIMPL + "@hookimpl\ndef raystack_ready(kernal): ...\n")

    assert failure(Kernel()).split("\n")[:2] == [
        'acme-typo 1.0: its hook raystack_ready takes an argument "kernal" which the hook does not '
        'have. Did you mean "kernel"?',
        "  Arguments of raystack_ready: kernel.",
    ]


def test_pl_07_a_hook_that_is_not_marked_is_an_error(workshop: Workshop) -> None:
    workshop.distribution("acme-typo", "def raystack_ready(kernel): ...\n")

    assert failure(Kernel()).split("\n")[0] == (
        "acme-typo 1.0: its function raystack_ready is not marked with @hookimpl, so nothing "
        "calls it."
    )


def test_an_optional_hook_may_be_unknown(workshop: Workshop) -> None:
    """It belongs to a plugin that may be absent."""
    workshop.distribution(
        "acme-soft",
        HOOKIMPL + "@hookimpl(optionalhook=True)\ndef raystack_of_another(thing): ...\n",
    )

    kernel = Kernel()
    kernel.setup()

    assert kernel.problems == []


def test_reading_settings_while_registering_is_an_error(workshop: Workshop) -> None:
    workshop.distribution("acme-early", "from raystack import settings\nsettings.DEBUG\n")
    import raystack.kernel

    raystack.kernel._active = kernel = Kernel()

    assert "Settings are read in the kernel's step 'register', before they exist." in failure(
        kernel
    )


def test_collecting_reports_all_broken_plugins_at_once(workshop: Workshop) -> None:
    """What ``raystack plugins doctor`` stands on."""
    workshop.distribution("acme-import", "import nowhere_at_all\n")
    workshop.distribution(
        "acme-hook", HOOKIMPL + "@hookimpl\ndef raystack_ready(kernel):\n    1 / 0\n"
    )
    workshop.distribution("acme-typo", HOOKIMPL + "@hookimpl\ndef raystack_redy(kernel): ...\n")
    workshop.project(settings="DEBUG = 'perhaps'\n")

    kernel = Kernel(collect=True)
    kernel.setup()

    assert [problem.plugin for problem in kernel.problems] == [
        "acme-import",
        "acme-typo",
        "",
        "acme-hook",
    ]


@pytest.mark.usefixtures("skip")
def test_skip_goes_on_without_a_plugin_whose_app_takes_a_label(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.site']")
    workshop.app("site")
    shop_with_an_app(workshop)

    kernel = ready()

    assert first_lines(kernel) == [
        "acme-shop 1.0 adds the app acme_shop.site with its settings section, which does not work: "
        'Two apps have the label "site": apps.site and acme_shop.site.'
    ]
    assert [app.name for app in kernel.apps] == ["apps.site"]


def test_collecting_goes_on_with_a_plugin_that_returns_no_section(workshop: Workshop) -> None:
    workshop.distribution("acme-odd", HOOKIMPL + "@hookimpl\ndef raystack_settings(): return 42\n")

    assert first_lines(diagnosed()) == [
        "acme-odd 1.0 returned an int from raystack_settings. It has to return a subclass of "
        "Section."
    ]


def test_collecting_blames_the_later_of_two_that_declare_a_setting(workshop: Workshop) -> None:
    install_rivals(workshop)

    assert [p.message for p in diagnosed().problems] == [TWICE, USES_TWO]


def test_collecting_names_logging_that_cannot_be_configured(workshop: Workshop) -> None:
    workshop.project(settings="LOGGING = {'version': 2}")
    workshop.distribution("acme-hello", READY + "raise KeyError('X')\n")

    assert first_lines(diagnosed()) == [
        "LOGGING (from config.settings) is not what logging.config.dictConfig takes: Unsupported "
        "version: 2. It belongs to raystack-core.",
        "acme-hello 1.0 failed in the hook raystack_ready: KeyError 'X'.",
    ]


def test_collecting_goes_on_after_a_typo_in_the_allow_list(workshop: Workshop) -> None:
    workshop.project(settings="PLUGINS = ['acme-broken', 'acme-god', 'acme-good']")
    workshop.distribution("acme-broken", "import nowhere_at_all\n")
    workshop.distribution("acme-good")
    workshop.distribution("acme-other", "import nowhere_at_all\n")

    kernel = diagnosed()

    assert first_lines(kernel) == [
        'PLUGINS lists "acme-god", but no plugin of that name is installed. Did you mean '
        '"acme-good"?',
        "acme-broken 1.0 cannot be imported: ModuleNotFoundError No module named 'nowhere_at_all' "
        f"({workshop.site / 'acme_broken' / 'plugin.py'}, line 1).",
    ]
    assert started(kernel) == ["acme-good"]


def test_collecting_names_a_list_that_is_none_once(workshop: Workshop) -> None:
    workshop.project(settings="PLUGINS_DISABLED = 7\nINSTALLED_APPS = 'apps.blog'\n")
    workshop.distribution("acme-broken", "import nowhere_at_all\n")

    assert [(p.plugin, p.message.split()[0]) for p in diagnosed().problems] == [
        ("", "INSTALLED_APPS"),
        ("", "PLUGINS_DISABLED"),
        ("acme-broken", "acme-broken"),
    ]


def test_collecting_keeps_the_settings_that_are_right(workshop: Workshop) -> None:
    """A plugin that reads one is not to blame for a mistake in another."""
    workshop.project(settings="DEBUG = 'perhaps'\nSHOP = 'open'\nTIME_ZONE = 'Europe/Zurich'\n")
    workshop.distribution(
        "acme-reads", READY + "ran.append((kernel.settings.SHOP, kernel.settings.TIME_ZONE))\n"
    )

    kernel = diagnosed()

    assert first_lines(kernel) == [
        "DEBUG (from config.settings) should be true or false. It belongs to raystack-core."
    ]
    assert sys.modules["acme_reads.plugin"].ran == [("open", "Europe/Zurich")]


def test_collecting_names_every_app_that_does_not_get_ready(workshop: Workshop) -> None:
    workshop.project(settings="INSTALLED_APPS = ['apps.one', 'apps.two', 'apps.none']")
    config = (
        "from raystack import AppConfig\nclass Config(AppConfig):\n    requires = ({requires})\n"
        "    def ready(self): raise KeyError(self.label)\n"
    )
    workshop.app("one", apps=config.format(requires=""))
    workshop.app("two", apps=config.format(requires="'apps.none',"))
    workshop.distribution("acme-hello", READY + "raise KeyError('X')\n")

    assert first_lines(diagnosed()) == [
        "INSTALLED_APPS lists 'apps.none', but there is no such package.",
        "the app apps.two is left out, for it needs the app apps.none.",
        "The app apps.one failed in Config.ready(): KeyError 'one'.",
        "acme-hello 1.0 failed in the hook raystack_ready: KeyError 'X'.",
    ]


@pytest.mark.parametrize(
    ("hook", "argument", "returned", "message"),
    [
        (
            "raystack_routers",
            "settings",
            "['x']",
            "returned a str from raystack_routers. It has to return a sequence of APIRouter.",
        ),
        (
            "raystack_middleware",
            "settings",
            "Middleware('x', print)",
            "returned a Middleware from raystack_middleware. It has to return a sequence of "
            "Middleware.",
        ),
        (
            "raystack_settings",
            "",
            "dict",
            "returned a type from raystack_settings. It has to return a subclass of Section.",
        ),
        (
            "raystack_exception_handlers",
            "settings",
            "[print]",
            "returned a list from raystack_exception_handlers. It has to return a mapping from "
            "exception classes or status codes to handlers.",
        ),
        (
            "raystack_exception_handlers",
            "settings",
            "{'404': print}",
            "returned a str from raystack_exception_handlers. It has to return a mapping from "
            "exception classes or status codes to handlers.",
        ),
        (
            "raystack_exception_handlers",
            "settings",
            "{404: None}",
            "returned a NoneType from raystack_exception_handlers. It has to return a mapping from "
            "exception classes or status codes to handlers.",
        ),
    ],
)
def test_a_hook_that_returns_something_else_is_named(
    workshop: Workshop, hook: str, argument: str, returned: str, message: str
) -> None:
    workshop.distribution(
        "acme-odd",
        f"{HOOKIMPL}@hookimpl\ndef {hook}({argument}):\n"
        f"    from raystack import Middleware\n    return {returned}\n",
    )

    with pytest.raises(PluginError) as caught:
        Raystack(Kernel()).build()

    assert str(caught.value).splitlines()[0] == f"acme-odd 1.0 {message}"


ADDS = """
from fastapi import APIRouter
from raystack import Middleware, hookimpl

class Passing:
    def __init__(self, app): self.app = app
    async def __call__(self, *event): await self.app(*event)

def handler(request, error): ...

def router(path):
    made = APIRouter()
    made.get(path)(print)
    return made

@hookimpl
def raystack_middleware(settings): return [Middleware({name!r}, Passing)]
@hookimpl
def raystack_exception_handlers(settings): return {{{code}: handler}}
"""
ROUTERS = "@hookimpl\ndef raystack_routers(settings): return {value}\n"


@pytest.fixture
def acme(workshop: Workshop) -> Kernel:
    """A kernel that skips broken plugins, and a plugin with a middleware, a handler, a route."""
    workshop.distribution(
        "acme-good",
        ADDS.format(name="good", code=410) + ROUTERS.format(value="[router('/good')]"),
    )
    return Kernel(settings={"PLUGIN_ERRORS": "skip", "PLUGINS": ["acme-good", "acme-half"]})


def added(app: Raystack) -> tuple[list[str], list[str], list[int]]:
    """List the middleware, the paths and the handled status codes of plugins."""
    names = [entry.name for entry in app.layers.inner]
    paths = [info.path for info in app.router.iter_routes()]
    return names, paths, [code for code in app.exception_handlers if isinstance(code, int)]


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (
            ROUTERS.format(value="['x']"),
            "acme-half 1.0 returned a str from raystack_routers. It has to return a sequence of "
            "APIRouter.",
        ),
        (
            ROUTERS.format(value="1 / 0"),
            "acme-half 1.0 failed in the hook raystack_routers: ZeroDivisionError division by "
            "zero.",
        ),
        (
            ROUTERS.format(value="[router('/half')]")
            + "@hookimpl\ndef raystack_application(app): 1 / 0\n",
            "acme-half 1.0 failed in the hook raystack_application: ZeroDivisionError division by "
            "zero.",
        ),
    ],
    ids=["wrong routers", "failing routers", "failing at last"],
)
def test_a_plugin_is_left_out_as_a_whole(
    workshop: Workshop, acme: Kernel, rest: str, message: str
) -> None:
    """Not its routes without its middleware, nor the other way round."""
    workshop.distribution("acme-half", ADDS.format(name="half", code=411) + rest)

    app = Raystack(acme, openapi_url=None)

    assert added(app) == (["good"], ["/good"], [410])
    assert [problem.message.splitlines()[0] for problem in acme.problems] == [message]


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        (
            "good",
            411,
            'The middleware name "good" is taken twice: by acme-good 1.0 and by acme-half 1.0. One '
            "of them has to rename it.",
        ),
        (
            "half",
            410,
            "Two plugins handle the exception 410: acme-good 1.0 and acme-half 1.0. Disable one of "
            "them, or handle it in the application, which wins over both.",
        ),
    ],
)
def test_a_taken_name_leaves_out_the_later_plugin(
    workshop: Workshop, acme: Kernel, name: str, code: int, message: str
) -> None:
    workshop.distribution(
        "acme-half",
        ADDS.format(name=name, code=code) + ROUTERS.format(value="[router('/half')]"),
    )

    app = Raystack(acme, openapi_url=None)

    assert added(app) == (["good"], ["/good"], [410])
    assert [problem.message for problem in acme.problems] == [
        f"{message}\n"
        "  It was loaded from the entry point acme-half = acme_half.plugin.\n"
        "  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-half"
    ]


def test_an_app_that_cannot_be_imported_is_not_the_fault_of_who_imports_it(
    workshop: Workshop,
) -> None:
    """The plugin that owns models or commands only comes upon the app's mistake."""
    workshop.project("INSTALLED_APPS = ['apps.blog']")
    workshop.app("blog", models="import nowhere_at_all")
    workshop.distribution(
        "acme-models",
        HOOKIMPL + "@hookimpl\ndef raystack_app_loaded(kernel, app_config):\n"
        "    app_config.import_module('models')\n",
    )
    kernel = Kernel(settings={"PLUGINS": ["acme-models"]})

    with pytest.raises(AppError) as raised:
        kernel.setup()

    assert str(raised.value) == (
        "The app apps.blog: apps.blog.models cannot be imported: "
        "ModuleNotFoundError No module named 'nowhere_at_all' "
        f"({workshop.root / 'apps' / 'blog' / 'models.py'}, line 1)."
    )
    diagnosed = Kernel(settings={"PLUGINS": ["acme-models"]}, collect=True)
    diagnosed.setup()
    assert [(p.plugin, p.message) for p in diagnosed.problems] == [("", str(raised.value))]


@pytest.mark.usefixtures("skip")
def test_what_raystacks_own_plugins_claim_is_nobody_elses(workshop: Workshop) -> None:
    """Whatever comes first in the alphabet, the other one is at fault."""
    workshop.project("DEBUG = True")
    section = SECTION.format(fields="STATIC_URL: str = Field('/x/', description='A name.')")
    workshop.distribution("acme-section", section)
    workshop.distribution(
        "acme-middleware",
        HOOKIMPL + "from raystack import Middleware\nclass M:\n    def __init__(self, app): ...\n"
        "@hookimpl\ndef raystack_middleware(settings):\n    return [Middleware('sessions', M)]\n",
    )
    workshop.distribution(
        "acme-hookspec",
        HOOKIMPL + "from raystack import hookspec\nclass S:\n    @hookspec\n"
        "    def raystack_template_filters(settings): ...\n"
        "@hookimpl\ndef raystack_addhooks(pluginmanager):\n    pluginmanager.add_hookspecs(S)\n",
    )
    kernel = ready()

    Raystack(kernel).assemble()

    assert [p.plugin for p in kernel.problems] == [
        "acme-hookspec",
        "acme-section",
        "acme-middleware",
    ]


@pytest.mark.usefixtures("skip")
@pytest.mark.parametrize("code", ["raise SystemExit(3)", READY + "raise SystemExit(3)"])
def test_a_plugin_does_not_end_the_process(workshop: Workshop, code: str) -> None:
    workshop.distribution("acme-exit", code)

    assert [p.plugin for p in ready().problems] == ["acme-exit"]


def test_an_exception_that_cannot_say_anything_is_told_by_its_class(workshop: Workshop) -> None:
    workshop.distribution(
        "acme-mute",
        "class Mute(Exception):\n    def __str__(self): return 1 / 0\nraise Mute\n",
    )

    assert failure(Kernel()).startswith("acme-mute 1.0 cannot be imported: Mute (")


@pytest.mark.usefixtures("skip")
def test_skip_goes_on_where_a_wrong_section_leaves_a_variable_behind(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_ODD_NAME", "x")
    section = SECTION.format(fields="odd_name: str = Field('a', description='Lower case.')")
    workshop.distribution("acme-odd", section)

    kernel = ready()

    assert kernel.notes == [
        "RAYSTACK_ODD_NAME in the environment: there is no setting ODD_NAME. "
        "It may belong to a plugin that is left out: acme-odd."
    ]


def test_a_variable_of_an_app_that_is_disabled_is_a_note(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAYSTACK_BLOG_SIZE", "3")
    workshop.project("INSTALLED_APPS = ['apps.blog']\nPLUGINS_DISABLED = ['apps.blog']")
    workshop.app("blog", plugin="")

    assert ready().notes[0].endswith("It may belong to a plugin that is left out: apps.blog.")


@pytest.mark.usefixtures("skip")
def test_a_plugin_that_falls_with_the_one_it_blames_is_not_called_again(
    workshop: Workshop,
) -> None:
    workshop.distribution("acme-b")
    workshop.distribution(
        "acme-a",
        HOOKIMPL + "from raystack import PluginError\ncalls = []\n"
        "@hookimpl\ndef raystack_ready(kernel):\n    calls.append(1)\n"
        "    raise PluginError('b is at fault.', plugin='acme-b')\n",
        requires=("acme-b",),
    )

    assert [p.plugin for p in ready().problems] == ["acme-b", "acme-a"]
    assert sys.modules["acme_a.plugin"].calls == [1]


@pytest.mark.usefixtures("skip")
def test_a_plugin_that_asks_for_an_app_in_vain_is_at_fault_itself(workshop: Workshop) -> None:
    workshop.distribution("acme-ask", READY + "kernel.apps.get('blogg')\n")

    assert first_lines(ready()) == [
        "acme-ask 1.0 failed in the hook raystack_ready: "
        'AppError No installed app has the label "blogg".'
    ]


def test_a_misspelt_hook_is_found_where_it_is_imported_from_elsewhere(workshop: Workshop) -> None:
    workshop.distribution("acme-split", "from acme_split.impl import raystack_redy\n")
    impl = HOOKIMPL + "@hookimpl\ndef raystack_redy(kernel): ...\n"
    (workshop.site / "acme_split" / "impl.py").write_text(impl)

    assert 'implements the hook "raystack_redy", which does not exist' in failure(Kernel())


def test_one_module_is_one_plugin(workshop: Workshop) -> None:
    workshop.distribution("acme-one")
    info = next(workshop.site.glob("acme_one-*.dist-info")) / "entry_points.txt"
    info.write_text(info.read_text() + "acme-two = acme_one.plugin\n")

    assert failure(Kernel()) == (
        "The module acme_one.plugin is two plugins: acme-one of acme-one 1.0 and acme-two of "
        "acme-one 1.0.\n"
        "  A plugin has a module of its own. Start without one: RAYSTACK_PLUGINS_DISABLED=acme-two"
    )


def test_middleware_of_a_plugin_that_is_left_out_may_be_named(workshop: Workshop) -> None:
    """It may be turned off, and others may ask for a place next to it."""
    workshop.project("DEBUG = True\nMIDDLEWARE = ['-hello']\nPLUGINS_DISABLED = ['acme-hello']")
    workshop.distribution("acme-hello")

    Raystack(ready()).assemble()


def test_a_build_that_has_failed_raises_the_same_error_without_growing(workshop: Workshop) -> None:
    workshop.project("DEBUG = True", "1 / 0")
    app = Raystack(ready())
    lengths = []
    for _ in range(3):
        with pytest.raises(ZeroDivisionError) as raised:
            app.openapi()
        lengths.append(len(list(raised.traceback)))

    assert lengths[1] == lengths[2]


def test_the_fastapi_setting_is_named_when_fastapi_does_not_take_it(workshop: Workshop) -> None:
    workshop.project("FASTAPI = {'nope': 3}")

    with pytest.raises(SettingsError) as raised:
        Raystack(ready())

    assert str(raised.value) == (
        "FASTAPI (from config.settings) has what FastAPI does not take: "
        "FastAPI.__init__() got an unexpected keyword argument 'nope'. "
        "It belongs to raystack-core."
    )


def test_a_lifespan_that_is_no_context_manager_is_named(workshop: Workshop) -> None:
    """An async generator without ``@asynccontextmanager``, the classic mistake."""
    workshop.distribution(
        "acme-life",
        HOOKIMPL + "async def life():\n    yield\n"
        "@hookimpl\ndef raystack_lifespan(app):\n    return life()\n",
    )

    with pytest.raises(PluginError) as raised, TestClient(Raystack(Kernel())):
        pass

    assert str(raised.value).startswith(
        "acme-life 1.0 returned an async_generator from raystack_lifespan. "
        "It has to return an instance of AbstractAsyncContextManager."
    )
