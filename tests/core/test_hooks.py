"""Calling hooks: their order, and hooks that plugins bring themselves."""

import asyncio

import pytest
from workshop import Workshop

from raystack import Kernel

SPECS = """
from raystack import hookspec

@hookspec
def raystack_greetings(name): "Greet."

@hookspec(firstresult=True)
def raystack_greeting(name): "Greet once."
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


def test_an_asynchronous_call_awaits_those_that_are_asynchronous(
    workshop: Workshop, kernel: Kernel
) -> None:
    """Hooks for later moments may be implemented in both colours, side by side."""
    workshop.distribution(
        "acme-async",
        PLUGIN.format(word="Ahoj", marks="").replace(
            "def raystack_greetings", "async def raystack_greetings"
        ),
        requires=("acme-base",),
    )
    kernel = Kernel()
    kernel.register()

    results = asyncio.run(kernel.hooks.acall("raystack_greetings", name="Ann"))

    assert {r.value for r in results} == {"Salut Ann", "Moin Ann", "Hej Ann", "Ahoj Ann"}


def test_the_hooks_that_a_plugin_uses_are_known(kernel: Kernel) -> None:
    plugin = next(p for p in kernel.plugins if p.name == "acme-a")

    assert kernel.hooks.used_by(plugin) == ["raystack_greeting", "raystack_greetings"]
