"""Calling hooks: their order, and hooks that plugins bring themselves."""

import asyncio
from collections.abc import Mapping

import pytest
from workshop import Workshop, plugin

from raystack import Kernel, PluginError, run_sync, use_kernel

SPECS = """
from raystack import hookspec

@hookspec
def raystack_greetings(name): "Greet."

@hookspec(firstresult=True)
def raystack_greeting(name): "Greet once."

@hookspec
async def raystack_farewells(name): "Part, while the application serves."
"""
PLUGIN = """
from raystack import hookimpl

@hookimpl{marks}
def raystack_greetings(name):
    return "{word} " + name

@hookimpl
def raystack_greeting(name):
    return "{word} " + name
"""
BASE = """
from raystack import hookimpl

@hookimpl
def raystack_addhooks(pluginmanager):
    from acme_base import specs
    pluginmanager.add_hookspecs(specs)
"""


@pytest.fixture
def kernel(workshop: Workshop) -> Kernel:
    """A kernel with a plugin that specifies hooks and two that implement them."""
    workshop.distribution("acme-base", BASE)
    (workshop.site / "acme_base" / "specs.py").write_text(SPECS)
    workshop.distribution(
        "acme-a", PLUGIN.format(word="Moin", marks=""), requires=("acme-base", "acme-z")
    )
    workshop.distribution("acme-z", PLUGIN.format(word="Salut", marks=""), requires=("acme-base",))
    workshop.distribution("acme-m", PLUGIN.format(word="Hej", marks="(trylast=True)"))
    kernel = Kernel()
    kernel.register()
    return kernel


def test_collecting_hooks_call_requirements_first(kernel: Kernel) -> None:
    results = kernel.hooks.call("raystack_greetings", name="Ann")

    assert [(r.plugin.name, r.value) for r in results] == [
        ("acme-z", "Salut Ann"),
        ("acme-a", "Moin Ann"),
        ("acme-m", "Hej Ann"),  # trylast
    ]


def test_firstresult_hooks_ask_dependents_first(kernel: Kernel) -> None:
    result = kernel.hooks.first("raystack_greeting", name="Ann")

    assert result is not None
    assert result.plugin.name == "acme-a"


def farewell(name: str, function: str, workshop: Workshop) -> None:
    """Install a plugin with a hook implementation of its own."""
    text = f"from raystack import hookimpl\n@hookimpl(tryfirst=True)\n{function}\n"
    workshop.distribution(name, text, requires=("acme-base",))


def test_an_asynchronous_call_awaits_those_that_are_asynchronous(
    workshop: Workshop, kernel: Kernel
) -> None:
    """Hooks for later moments may be implemented in both colours, side by side."""
    farewell("acme-c", "def raystack_farewells(name): return 'Adieu ' + name", workshop)
    farewell("acme-d", "async def raystack_farewells(name): return 'Ahoj ' + name", workshop)
    kernel = Kernel()
    kernel.register()

    results = asyncio.run(kernel.hooks.acall("raystack_farewells", name="Ann"))

    assert [r.value for r in results] == ["Adieu Ann", "Ahoj Ann"]


def test_an_error_in_an_asynchronous_call_is_raised_whatever_the_policy(
    workshop: Workshop, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that the application already serves with cannot be left out."""
    monkeypatch.setenv("RAYSTACK_PLUGIN_ERRORS", "skip")
    farewell("acme-c", "async def raystack_farewells(name): raise KeyError(name)", workshop)
    kernel = Kernel()
    kernel.register()

    with pytest.raises(PluginError) as caught:
        asyncio.run(kernel.hooks.acall("raystack_farewells", name="Ann"))

    assert str(caught.value) == (
        "acme-c 1.0 failed in the hook raystack_farewells: KeyError 'Ann'.\n"
        f"  It was raised in {workshop.site / 'acme_c' / 'plugin.py'}, line 3.\n"
        "  It was loaded from the entry point acme-c = acme_c.plugin.\n"
        "  Repair the cause, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-c"
    )


BLAMING = """def {hook}({argument}):
    from raystack import PluginError
    raise PluginError("acme-m has no greeting.", plugin="acme-m")"""


def test_a_plugin_may_find_another_one_at_fault(workshop: Workshop, kernel: Kernel) -> None:
    """Its error is told as it is, in all three ways of calling hooks."""
    for hook in ("raystack_greetings", "raystack_greeting"):
        name = f"acme-{hook[-1]}{hook[-1]}"
        farewell(name, BLAMING.format(hook=hook, argument="name"), workshop)
    blaming = BLAMING.format(hook="raystack_farewells", argument="name")
    farewell("acme-b", f"async {blaming}", workshop)
    kernel = Kernel()
    kernel.register()

    messages = []
    with pytest.raises(PluginError) as caught:
        kernel.hooks.call("raystack_greetings", name="Ann")
    messages.append(str(caught.value))
    with pytest.raises(PluginError) as caught:
        kernel.hooks.first("raystack_greeting", name="Ann")
    messages.append(str(caught.value))
    with pytest.raises(PluginError) as caught:
        asyncio.run(kernel.hooks.acall("raystack_farewells", name="Ann"))
    messages.append(str(caught.value))

    assert messages == ["acme-m has no greeting."] * 3


@pytest.mark.parametrize(
    ("implementation", "fault"),
    [
        (
            "async def raystack_ready(kernel): ...",
            "its hook raystack_ready is an `async def`, which nothing awaits.\n"
            "  Write it with `def`. What has to be awaited belongs in the context manager that "
            "raystack_lifespan returns.",
        ),
        (
            "async def raystack_lifespan(app): yield",
            "its hook raystack_lifespan is an `async def`, which nothing awaits.\n"
            "  Write it with `def`. What has to be awaited belongs in the context manager that "
            "raystack_lifespan returns.",
        ),
        (
            "def raystack_ready(kernel=None): ...",
            'its hook raystack_ready gives the argument "kernel" a default, with which it would '
            "always be called.\n"
            "  Remove the default: the hook's caller passes every argument.",
        ),
    ],
)
def test_a_hook_that_would_not_run_as_it_reads_is_an_error(
    workshop: Workshop, implementation: str, fault: str
) -> None:
    """Pluggy passes no argument that has a default, and nobody awaits before the server serves."""
    workshop.distribution(
        "acme-odd", f"from raystack import hookimpl\n@hookimpl\n{implementation}\n"
    )

    with pytest.raises(PluginError) as caught:
        Kernel().register()

    assert str(caught.value) == (
        f"acme-odd 1.0: {fault}\n"
        "  It was loaded from the entry point acme-odd = acme_odd.plugin.\n"
        "  Repair or upgrade it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-odd"
    )


def test_a_default_for_an_argument_of_its_own_is_no_mistake() -> None:
    def raystack_ready(kernel: Kernel, limit: int = 3) -> None:
        assert limit == 3

    Kernel(plugins=[plugin("acme_own", raystack_ready=raystack_ready)], discover=False).setup()


def test_a_single_value_is_checked_by_its_class(kernel: Kernel) -> None:
    results = kernel.hooks.call("raystack_greetings", name="Ann")

    assert results[0].one(str, "raystack_greetings") == "Salut Ann"
    with pytest.raises(PluginError) as caught:
        results[0].one(Mapping, "raystack_greetings")

    assert str(caught.value) == (
        "acme-z 1.0 returned a str from raystack_greetings. It has to return an instance of "
        "Mapping.\n"
        "  It was loaded from the entry point acme-z = acme_z.plugin.\n"
        "  Repair it, or start without the plugin: RAYSTACK_PLUGINS_DISABLED=acme-z"
    )


def test_a_text_is_no_sequence_of_texts(kernel: Kernel) -> None:
    """Its letters would be taken for the items."""
    results = kernel.hooks.call("raystack_greetings", name="Ann")

    with pytest.raises(PluginError) as caught:
        list(results[0].each(str, "raystack_greetings"))

    assert str(caught.value).splitlines()[0] == (
        "acme-z 1.0 returned a str from raystack_greetings. It has to return a sequence of str."
    )


def test_a_sync_runner_that_is_none_is_named() -> None:
    def raystack_sync_runner() -> int:
        return 42

    module = plugin("acme_runner", raystack_sync_runner=raystack_sync_runner)

    with use_kernel(Kernel(plugins=[module], discover=False)), pytest.raises(PluginError) as caught:
        asyncio.run(run_sync(print))

    assert str(caught.value).splitlines()[0] == (
        "the app acme_runner returned an int from raystack_sync_runner. It has to return an "
        "asynchronous function."
    )


def test_the_hooks_that_a_plugin_uses_are_known(kernel: Kernel) -> None:
    used = next(p for p in kernel.plugins if p.name == "acme-a")

    assert kernel.hooks.used_by(used) == ["raystack_greeting", "raystack_greetings"]
