"""Plugins that break: every error names plugin, distribution, version, hook and remedy."""

import pytest
from workshop import Workshop

from raystack import Kernel, PluginError, Raystack

HOOKIMPL = "from raystack import hookimpl\n"


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
